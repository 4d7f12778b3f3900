"""The slow hash that passwords and one-time codes are kept as (SEC-01)."""

from typing import Protocol

__all__ = ["Passwords"]


class Passwords(Protocol):
    """Hashes secrets so that who has the hashes has not the secrets. Thread-safe."""

    def hash(self, secret: str) -> str:
        """A hash with a salt of its own."""

    def verify(self, hashed: str, secret: str) -> bool:
        """Whether `hashed` was made of `secret`; takes as long for any `hashed`, an empty one
        included, which is nobody's."""
