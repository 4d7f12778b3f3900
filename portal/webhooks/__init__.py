"""Webhooks: what happens to an organization is told to its own programs, signed and in order
(INT-03)."""
