"""Proof Key for Code Exchange (RFC 7636), S256 alone, bound for confidential clients too."""

import base64
import hashlib
import re
from hmac import compare_digest
from typing import Final

from mocks.esia.errors import Declined
from mocks.esia.parameters import Parameters

__all__ = ["challenge_of", "check_verifier"]

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of SHA-256
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge_of(given: Parameters) -> str | None:
    """The challenge of a request for a code, None if it has none; Declined 007003 for another
    method than S256 or another form."""
    challenge, method = given.get("code_challenge"), given.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256":
        raise Declined("007003", "code_challenge_method: принимается только S256")
    if challenge is None or not _CHALLENGE.fullmatch(challenge):
        raise Declined("007003", "code_challenge: ожидается base64url от SHA-256, 43 знака")
    return challenge


def check_verifier(challenge: str | None, given: Parameters) -> None:
    """Declined 007039 for a verifier without a challenge, 007014 for a challenge without a
    verifier, 007040 if they do not fit."""
    verifier = given.get("code_verifier")
    if challenge is None:
        if verifier is not None:
            raise Declined("007039")
        return
    if not verifier:
        raise Declined("007014", "code_verifier")
    if not _VERIFIER.fullmatch(verifier):
        raise Declined("007040")
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    if not compare_digest(made.decode(), challenge):
        raise Declined("007040")
