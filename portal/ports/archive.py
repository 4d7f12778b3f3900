"""What the archive of documents stands on (EDI-04): a cipher, and a second place for copies."""

from typing import Final, Protocol

__all__ = ["KEY_BYTES", "Archive", "DamagedCopy"]

KEY_BYTES: Final = 32
"""Of the archive's key, and of the salt that each copy has of its own."""


class DamagedCopy(Exception):
    """The bytes are no copy that was sealed with this key: altered, cut, or of another archive."""


class Archive(Protocol):
    """A cipher by GOST, and a place apart from the portal's database. Names are ids of copies."""

    def sealed(self, key: bytes, salt: bytes, content: bytes) -> bytes:
        """`content` encrypted and protected against alteration; the same key takes each salt once.
        Unavailable where there is no GOST."""

    def opened(self, key: bytes, copy: bytes) -> bytes:
        """What was sealed. DamagedCopy; Unavailable where there is no GOST."""

    def back_up(self, name: str, copy: bytes) -> None:
        """Keep a sealed copy in the second place, instead of the one that is there. Unavailable."""

    def backup_of(self, name: str) -> bytes | None:
        """The copy in the second place; None if there is none. Unavailable."""
