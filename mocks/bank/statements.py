"""What the bank says of an organization, signed: a JWS with EdDSA (RFC 7515, RFC 8037).

Ed25519 signs the same bytes the same way always, so answers stay deterministic.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["Signer"]

_KEY_ID: Final = "bank-1"


class Signer:
    """The bank's key in the country of a tenant with `seed`."""

    def __init__(self, seed: int) -> None:
        self._key = _private_key(f"bank/{seed}")
        self._stranger = _private_key(f"not the bank/{seed}")

    def signed(self, claims: Mapping[str, Any], *, by_stranger: bool = False) -> str:
        """`claims` as a compact JWS; `by_stranger` names the bank's key and uses another."""
        header = {"alg": "EdDSA", "typ": "JWT", "kid": _KEY_ID}
        payload = f"{_encoded(header)}.{_encoded(claims)}"
        key = self._stranger if by_stranger else self._key
        return f"{payload}.{_base64url(key.sign(payload.encode()))}"

    def public_keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517) by which anybody can check."""
        public = self._key.public_key().public_bytes_raw()
        key = {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": _KEY_ID,
            "use": "sig",
            "alg": "EdDSA",
            "x": _base64url(public),
        }
        return {"keys": [key]}


def _private_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def _encoded(value: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
