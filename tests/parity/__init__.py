"""Flow and twin give the same trace."""
