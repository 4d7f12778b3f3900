"""Compact JWS changed as what they are: headers, claims, signatures, and how Base64 is written."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from asn1crypto import pem

from signatures import jws
from signatures.keys import SigningKey, derived_key
from tests.fuzz import octets

__all__ = ["altered"]

_STRANGER: Final = derived_key("rsa", "a stranger")
_STRANGER_ECC: Final = derived_key("ecc", "a stranger")
_CHANGE_COUNTS: Final = (1, 1, 2)
_ALGORITHMS: Final[Sequence[Any]] = (
    "none", "None", "", "HS256", "RS256", "RS512", "PS256", "ES256", "EdDSA", "rs256",
    "GOST3410_2012_256", None, 0, [], {"alg": "RS256"},
)  # fmt: skip
_VALUES: Final[Sequence[Any]] = (
    None, True, -1, 0, 2**63, 1e308, "", "0", "\0", "\ud7ff", "я" * 1_000, [], {}, [[]], ["a"],
    {"": {}},
)  # fmt: skip

Parts = list[str]
"""Header, claims and signature as they are written."""


def altered(chance: Random, token: str, seeds: Sequence[str], spki: bytes) -> str:
    """A token with one or two changes; whoever makes them knows others (`seeds`) and the public key
    that it is verified by, and has keys of their own."""
    parts = token.split(".")
    for _ in range(chance.choice(_CHANGE_COUNTS)):
        if len(parts) < 3:
            break
        parts = chance.choice(_CHANGES)(chance, parts, seeds, spki)
    return ".".join(parts)


# --- changes --------------------------------------------------------------------------------------


def _header_changed(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    return [_written(chance, _object(parts[0]) | _odd_header(chance)), *parts[1:]]


def _signed_with_nothing(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    none = chance.choice(("none", "None", "NONE", "nOnE", ""))
    header = _written(chance, {**_object(parts[0]), "alg": none})
    return [header, parts[1], chance.choice(("", parts[2], "AA"))]


def _signed_with_public_key(chance: Random, parts: Parts, _: Sequence[str], spki: bytes) -> Parts:
    """The public key as the secret of a HMAC (CVE-2015-9235)."""
    header = _written(chance, {**_object(parts[0]), "alg": chance.choice(("HS256", "RS256"))})
    armored = pem.armor("PUBLIC KEY", spki)
    secret = chance.choice((spki, armored, armored.strip()))
    made = hmac.new(secret, f"{header}.{parts[1]}".encode(), hashlib.sha256).digest()
    return [header, parts[1], _base64(made)]


def _signed_by_stranger(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    """With the key, or where to have it, in the header."""
    key: SigningKey = chance.choice((_STRANGER, _STRANGER_ECC))
    header = _object(parts[0]) | _odd_header(chance)
    claims = _object(parts[1]) | _odd_claims(chance)
    return jws.signed(claims, key, header).split(".")


def _claims_changed(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    return [parts[0], _written(chance, _object(parts[1]) | _odd_claims(chance)), parts[2]]


def _claims_of_another(chance: Random, parts: Parts, seeds: Sequence[str], _: bytes) -> Parts:
    other = chance.choice(seeds).split(".")
    at = chance.randrange(3)
    return [*parts[:at], other[at], *parts[at + 1 :]]


def _written_otherwise(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    """Base64 that a lenient reader takes for the same bytes."""
    at = chance.randrange(len(parts))
    text = parts[at]
    other = chance.choice(
        (
            text + "=",
            text + "=" * (-len(text) % 4),
            text.translate(str.maketrans("-_", "+/")),
            text[: len(text) // 2] + "\n" + text[len(text) // 2 :],
            text[:-1] + chr(ord(text[-1:] or "A") + 1),  # bits that are left over
            text + " ",
            "%20" + text,
        )
    )
    return [*parts[:at], other, *parts[at + 1 :]]


def _bytes_altered(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    at = chance.randrange(3)
    return [*parts[:at], _base64(octets.altered(chance, _octets(parts[at]))), *parts[at + 1 :]]


def _text_altered(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    whole = octets.altered(chance, ".".join(parts).encode())
    return whole.decode("utf-8", "replace").split(".")


def _parts_changed(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    return chance.choice(
        (parts[:2], [*parts, ""], [*parts, *parts], parts[::-1], [""] * 3, parts * 100)
    )


def _nested(chance: Random, parts: Parts, _: Sequence[str], __: bytes) -> Parts:
    depth = chance.choice((10, 1_000, 40_000))
    deep = chance.choice(("[" * depth, '{"a":' * depth, "[" * depth + "]" * depth))
    return [_base64(deep.encode()), *parts[1:]]


_Change = Callable[[Random, Parts, Sequence[str], bytes], Parts]
_CHANGES: Final[Sequence[_Change]] = (
    _header_changed, _signed_with_nothing, _signed_with_public_key, _signed_by_stranger,
    _claims_changed, _claims_of_another, _written_otherwise, _bytes_altered, _text_altered,
    _parts_changed, _nested,
)  # fmt: skip


# --- parts ----------------------------------------------------------------------------------------


def _odd_header(chance: Random) -> dict[str, Any]:
    certificate = base64.b64encode(_STRANGER.spki).decode()
    return chance.choice(
        (
            {"alg": chance.choice(_ALGORITHMS)},
            {"kid": chance.choice(("../../dev/null", "' OR 1=1", 0, None))},
            {"jku": "http://a.test/keys"},
            {"x5u": "http://a.test/certificate"},
            {"x5c": [certificate]},
            {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
            {"crit": chance.choice((["exp"], [], None, "exp"))},
            {"b64": False, "crit": ["b64"]},
            {"zip": "DEF"},
            {chance.choice(("typ", "ver", "sbt")): chance.choice(_VALUES)},
        )
    )


def _odd_claims(chance: Random) -> dict[str, Any]:
    names = ("exp", "iat", "nbf", "iss", "client_id", "scope", "urn:esia:sid", "urn:esia:sbj_id")
    return {chance.choice(names): chance.choice(_VALUES)}


def _written(chance: Random, value: dict[str, Any]) -> str:
    text = json.dumps(value)
    if chance.random() < 0.1:  # a name that is there twice
        text = f'{text[:-1]}, "alg": "none", "exp": 0}}'
    return _base64(text.encode())


def _object(text: str) -> dict[str, Any]:
    """The object in a part; an empty one if changes have left none there."""
    try:
        value = json.loads(_octets(text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _octets(text: str) -> bytes:
    """What is written, as far as it can be read."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii", "replace") + b"==")
    except ValueError:
        return text.encode()
