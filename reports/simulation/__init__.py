"""What people read of a simulation: its answers, its page, its files."""
