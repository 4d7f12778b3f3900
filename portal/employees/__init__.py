"""Employees of an organization, their roles and rights (chapter ROLE)."""
