"""What is kept of a token that whoever bears it is let in with (a session's, a key of the API, a
saved profile, a link in a letter): its digest alone."""

import hashlib

__all__ = ["token_digest"]


def token_digest(token: str) -> str:
    """SHA-256 of a token, hexadecimal. Tokens are long and random, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
