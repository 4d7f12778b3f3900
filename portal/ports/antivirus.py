"""The scanner of uploads (DOC-07)."""

from typing import Protocol

__all__ = ["Antivirus"]


class Antivirus(Protocol):
    """Scans files."""

    def scan(self, name: str, content: bytes) -> str | None:
        """The name of what was found in the file; None if it is clean. Unavailable."""
