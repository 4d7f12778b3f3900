"""Certificates and extracts: ordered from agencies, paid for, kept among the documents (APP-06)."""
