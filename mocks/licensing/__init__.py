"""Лицензирующие и региональные органы: licences and permits from a set of documents (APP-09)."""
