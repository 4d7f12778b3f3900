"""Tying an organization to the account of a person (chapter BND)."""
