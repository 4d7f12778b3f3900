"""Keys that keep data keys of AES-256 from everybody else (SEC-02)."""

import hmac
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signatures.keys import PrivateKey, WrongKey

__all__ = ["DATA_KEY_BYTES", "ExchangeKey", "NotUnwrapped", "WrappingKey"]

DATA_KEY_BYTES: Final = 32

_NONCE_BYTES: Final = 12  # of GCM (NIST SP 800-38D, 8.2)
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)


class NotUnwrapped(ValueError):
    """The bytes are no data key that this key has wrapped."""


class WrappingKey:
    """A key of AES-256-GCM, from 64 bytes of `material`.

    The nonce is a MAC of the data key: no two data keys have the same one, and equal ones are
    wrapped alike, as by RFC 3394.
    """

    def __init__(self, material: bytes) -> None:
        self._cipher = AESGCM(material[:DATA_KEY_BYTES])
        self._nonce_key = material[DATA_KEY_BYTES:]

    def wrap(self, data_key: bytes) -> bytes:
        """Nonce, ciphertext and tag, 60 bytes."""
        nonce = hmac.digest(self._nonce_key, data_key, "sha256")[:_NONCE_BYTES]
        return nonce + self._cipher.encrypt(nonce, data_key, None)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key; NotUnwrapped."""
        try:
            return self._cipher.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], None)
        except (ValueError, InvalidTag):  # too short for a nonce, of another key, altered
            raise NotUnwrapped from None


class ExchangeKey:
    """A key of RSAES-OAEP with SHA-256 (RFC 8017, 7.1): who has the public half wraps, this
    unwraps. WrongKey for a key that is not RSA's."""

    def __init__(self, key: PrivateKey) -> None:
        if key.algorithm != "rsa":
            raise WrongKey(f"a key of RSA is needed, not of {key.algorithm}")
        private = serialization.load_der_private_key(
            key.pkcs8,
            password=None,
            unsafe_skip_rsa_key_validation=True,  # PrivateKey has checked
        )
        self._private = cast(rsa.RSAPrivateKey, private)
        self.spki = key.spki

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key; NotUnwrapped also if what was wrapped is none of AES-256."""
        try:
            data_key = self._private.decrypt(wrapped, _OAEP)
        except ValueError:
            raise NotUnwrapped from None
        if len(data_key) != DATA_KEY_BYTES:
            raise NotUnwrapped
        return data_key
