"""Росреестр: real estate of organizations, extracts, transfers of rights (INT-05, APP-06)."""
