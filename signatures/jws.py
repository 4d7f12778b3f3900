"""Compact JWS (RFC 7515) signed by keys of the country: RS256, ES256, GOST3410_2012_256.

Who verifies a token names the key, and the key its algorithm: what the token's header says about it
is only compared. So a header cannot choose a weaker check, and `none` is no algorithm at all.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from signatures.keys import PublicKey, SigningKey, from_plain, to_plain
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm

__all__ = ["ALGORITHMS", "signed", "unverified_claims", "verified_claims"]

ALGORITHMS: Final[Mapping[KeyAlgorithm, str]] = MappingProxyType(
    {"rsa": "RS256", "ecc": "ES256", "gost": "GOST3410_2012_256"}
)
"""`alg` of each kind of key: RFC 7518, 3.1; the last one is ЕСИА's, with signatures of 64 bytes as
certificates have them."""

LONGEST: Final = 65_536
"""Characters of a token; a longer one is malformed."""


def signed(
    claims: Mapping[str, Any], key: SigningKey, header: Mapping[str, Any] | None = None
) -> str:
    """`claims` as JSON with a signature of `key`; `header` comes before `alg`. GostUnavailable."""
    head = {**(header or {}), "alg": ALGORITHMS[key.algorithm]}
    content = f"{_encoded(_json(head))}.{_encoded(_json(claims))}"
    signature = key.sign(content.encode())
    if key.algorithm == "ecc":
        signature = to_plain(signature)
    return f"{content}.{_encoded(signature)}"


def verified_claims(token: str, key: PublicKey) -> dict[str, Any]:
    """What `token` claims, signed by `key`.

    SignatureRefused `malformed`, `algorithm` if its header names another one than the key's,
    `signature`.
    """
    header, claims, signature, content = _parts(token)
    if header.get("alg") != ALGORITHMS[key.algorithm]:
        raise SignatureRefused("algorithm", f"ожидается {ALGORITHMS[key.algorithm]}")
    if "crit" in header:  # RFC 7515, 4.1.11: extensions that must be understood, and none is
        raise SignatureRefused("malformed", "расширения заголовка не поддерживаются")
    if key.algorithm == "ecc":
        try:
            signature = from_plain(signature)
        except ValueError:
            raise SignatureRefused("signature") from None
    if not key.verify(signature, content):
        raise SignatureRefused("signature")
    return claims


def unverified_claims(token: str) -> dict[str, Any]:
    """What `token` claims, true or not: by it one finds the key to verify with.

    SignatureRefused `malformed`.
    """
    return _parts(token)[1]


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, signature, and what is signed."""
    parts = token.split(".") if len(token) <= LONGEST else []
    if len(parts) != 3:
        raise SignatureRefused("malformed", "ожидаются три части через точку")
    try:
        header, claims = (_object(_decoded(part)) for part in parts[:2])
        signature = _decoded(parts[2])
    except (ValueError, RecursionError):
        raise SignatureRefused("malformed", "часть маркера не читается") from None
    return header, claims, signature, f"{parts[0]}.{parts[1]}".encode()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _object(text: bytes) -> dict[str, Any]:
    value = json.loads(text.decode("utf-8"), object_pairs_hook=_unique)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")  # RFC 7515, 4: readers differ about which counts
    return found


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """The bytes of base64url without padding (RFC 7515, 2), written in the one right way."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
    if _encoded(content) != text:
        raise ValueError("not as base64url is written")
    return content
