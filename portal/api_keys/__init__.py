"""Keys of the open API: programs of an organization act with them (INT-04)."""
