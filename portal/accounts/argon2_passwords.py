"""Argon2id (RFC 9106) as the hash of passwords and codes."""

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["Argon2Passwords"]


class Argon2Passwords:
    """The port `Passwords`; the defaults are RFC 9106's second choice, 64 MiB and three passes.

    As many are hashed at once as there are processors: more would take as long together, each of
    them longer, and 64 MiB each.
    """

    def __init__(
        self, *, time_cost: int = 3, memory_kib: int = 65536, parallelism: int = 4
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism, type=Type.ID
        )
        self._nobodys = self._hasher.hash("")
        self._turns = BoundedSemaphore(os.cpu_count() or 1)

    def hash(self, secret: str) -> str:
        """As the port says."""
        with self._turns:
            return self._hasher.hash(secret)

    def verify(self, hashed: str, secret: str) -> bool:
        """As the port says."""
        try:
            with self._turns:
                return self._hasher.verify(hashed or self._nobodys, secret) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False
