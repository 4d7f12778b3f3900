"""What people read of a validation: predictions beside measurements, its page, its files."""
