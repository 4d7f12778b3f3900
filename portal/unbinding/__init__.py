"""Untying an organization from an account (chapter UNB)."""
