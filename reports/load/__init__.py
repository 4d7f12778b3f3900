"""What people read of a load test: its figures, its page, its files."""
