"""What is kept of the token of a session or of a link in a letter: its digest alone."""

import hashlib

__all__ = ["token_digest"]


def token_digest(token: str) -> str:
    """SHA-256 of a token, hexadecimal. Tokens are long and random, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
