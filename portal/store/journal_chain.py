"""The chain of the journal: each line's digest covers the one before (AUD-01)."""

import hashlib
from collections.abc import Iterable
from typing import Final

from portal.ports.store import JournalLine

__all__ = ["FIRST", "broken_at", "digest_of"]

FIRST: Final = bytes(32)
"""What the first line is chained to."""


def digest_of(before: bytes, number: int, subject: str, body: bytes) -> bytes:
    """SHA-256 over the digest of the line before and what the line says."""
    head = f"{number}\0{subject}\0".encode()
    return hashlib.sha256(before + head + body).digest()


def broken_at(lines: Iterable[JournalLine]) -> int | None:
    """The number of the first line, of all from the first on, that does not fit the one before;
    None if the chain is whole."""
    before, expected = FIRST, 1
    for line in lines:
        fits = digest_of(before, line.number, line.subject, line.body) == line.digest
        if line.number != expected or not fits:
            return expected
        before, expected = line.digest, expected + 1
    return None
