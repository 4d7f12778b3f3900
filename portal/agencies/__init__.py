"""What agencies say of an organization (INT-05)."""
