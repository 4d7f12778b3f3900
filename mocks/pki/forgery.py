"""Signatures that are wrong on purpose."""

from dataclasses import dataclass

from signatures.keys import SigningKey
from world.certificate_profiles import KeyAlgorithm

__all__ = ["ForgingKey", "forged"]


@dataclass(frozen=True)
class ForgingKey:
    """A key whose signatures do not fit."""

    key: SigningKey

    @property
    def algorithm(self) -> KeyAlgorithm:
        """That of the key."""
        return self.key.algorithm

    @property
    def spki(self) -> bytes:
        """That of the key."""
        return self.key.spki

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, but for its last bit."""
        return forged(self.key.sign(data))


def forged(content: bytes) -> bytes:
    """`content` with another last bit."""
    return content[:-1] + bytes([content[-1] ^ 1])
