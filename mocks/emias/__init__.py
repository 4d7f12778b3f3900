"""ЕМИАС: medical examinations and sick leaves of an organization's own employees (INT-05)."""
