"""Where codes and identifiers come from."""

from typing import Protocol

__all__ = ["Entropy"]


class Entropy(Protocol):
    """Gives what nobody can guess; a test's gives the same each time."""

    def code(self, purpose: str, digits: int) -> str:
        """A one-time code of so many digits."""

    def token(self, purpose: str) -> str:
        """An identifier or a secret of 128 bits, 32 hexadecimal digits."""
