"""Удостоверяющие центры: certificates from an application to their end (CERT-07, CERT-13)."""
