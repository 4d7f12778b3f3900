"""Росстандарт: certificates of conformity, declarations, results of expertise (INT-05)."""
