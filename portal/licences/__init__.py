"""Licences and permits: applied for with documents and a signature, granted by authorities
(APP-09)."""
