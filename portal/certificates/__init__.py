"""Certificates of a cabinet and what is signed with them (CERT, SIG)."""
