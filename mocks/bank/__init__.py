"""Банк: identification of an organization by its account or card, and checks of both (AUTH-09,
ACC-03, AUTH-16)."""
