"""The journal as people see it, and the history of an organization's data."""
