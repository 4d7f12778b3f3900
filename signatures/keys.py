"""Keys of signatures in the three algorithms of CERT-07.

`rsa` is RSASSA-PKCS1-v1_5 with SHA-256, `ecc` ECDSA on P-256 with SHA-256 (deterministic, RFC
6979), `gost` GOST R 34.10-2012 of 256 bits with Streebog-256. Signatures have the form that X.509
and CMS give them; `to_plain` and `from_plain` lead to the r||s of XMLDSig and JWS and back.
"""

import hashlib
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Protocol

from asn1crypto import pem
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from signatures import gost
from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "RESERVED",
    "PrivateKey",
    "PublicKey",
    "SigningKey",
    "WeakKey",
    "WrongKey",
    "derived_key",
    "digest",
    "from_plain",
    "reserved_key",
    "to_plain",
]

RESERVED: Final = 16
"""RSA keys of the pool that only `reserved_key` gives."""

LEAST_RSA_BITS: Final = 2048

_RSA_POOL: Final = Path(__file__).parent / "data" / "rsa_keys.pem"
_PEM_LABEL: Final = "PRIVATE KEY"
_KINDS: Final = "a key is RSA, P-256, or GOST R 34.10-2012"
_HALF: Final = 32  # bytes of r and of s
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Parameter set A of CryptoPro (RFC 4357, 11.4), the one most certificates have.
_GOST_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893
# PKCS#8 up to the 32 bytes of the number, which are little-endian (RFC 9215).
_GOST_PKCS8: Final = bytes.fromhex(
    "3046020100301f06082a85030701010101301306072a85030202230106082a8503070101020204 20"
)
_GOST_OID: Final = bytes.fromhex("06082a85030701010101")


class WrongKey(ValueError):
    """The bytes are no key of an algorithm that the country uses (CERT-07)."""


class WeakKey(WrongKey):
    """An RSA key of fewer bits than the country allows (SEC-02)."""


class SigningKey(Protocol):
    """A key that signs, wherever it lies: in memory, or in an HSM that never gives it out."""

    @property
    def algorithm(self) -> KeyAlgorithm:
        """Its algorithm."""

    @property
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo of its public half, DER."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, which is digested first; GostUnavailable."""


class PublicKey:
    """The public half of a key, from its SubjectPublicKeyInfo.

    WrongKey for other algorithms and curves, WeakKey for RSA of less than 2048 bits;
    GostUnavailable for a GOST key where there is no GOST.
    """

    def __init__(self, spki: bytes) -> None:
        self.spki = spki
        self.algorithm: KeyAlgorithm
        self._verify: Callable[[bytes, bytes], None]
        if _GOST_OID in spki[:_HALF]:
            self.algorithm, self._verify = "gost", _gost_verifier(spki)
            return
        try:
            key = serialization.load_der_public_key(spki)
        except (ValueError, UnsupportedAlgorithm):
            raise WrongKey("not a public key of a known algorithm") from None
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < LEAST_RSA_BITS:
                raise WeakKey(f"an RSA key of {key.key_size} bits, not of {LEAST_RSA_BITS} or more")
            self.algorithm = "rsa"
            self._verify = lambda signature, data: key.verify(
                signature, data, padding.PKCS1v15(), hashes.SHA256()
            )
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            self.algorithm = "ecc"
            self._verify = lambda signature, data: key.verify(
                signature, data, ec.ECDSA(hashes.SHA256())
            )
        else:
            raise WrongKey(_KINDS)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature` is this key's over `data`."""
        try:
            self._verify(signature, data)
        except InvalidSignature:
            return False
        return True


class PrivateKey:
    """A private key in memory, from its PKCS#8 (DER, no password).

    WrongKey and GostUnavailable as of PublicKey.
    """

    def __init__(self, pkcs8: bytes) -> None:
        self.pkcs8 = pkcs8
        self.algorithm: KeyAlgorithm
        self._sign: Callable[[bytes], bytes]
        if _GOST_OID in pkcs8[:_HALF]:
            try:
                key = gost.GostKey(pkcs8)
            except ValueError as error:
                raise WrongKey(str(error)) from None
            self.algorithm = "gost"
            self._sign = lambda data: key.sign(gost.digest(data))
            self.spki = key.spki
            return
        try:
            read = serialization.load_der_private_key(pkcs8, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise WrongKey("not a private key of a known algorithm") from None
        if isinstance(read, rsa.RSAPrivateKey):
            self._sign = lambda data: read.sign(data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(read, ec.EllipticCurvePrivateKey):
            signing = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
            self._sign = lambda data: read.sign(data, signing)
        else:
            raise WrongKey(_KINDS)
        self.spki = read.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.algorithm = PublicKey(self.spki).algorithm

    @classmethod
    def from_pem(cls, text: bytes) -> "PrivateKey":
        """The key of a PEM file of PKCS#8; WrongKey, GostUnavailable."""
        try:
            label, _, pkcs8 = pem.unarmor(text)
        except ValueError:
            raise WrongKey("not a PEM file") from None
        if label != _PEM_LABEL:
            raise WrongKey(f"a PEM file with {label}, not with {_PEM_LABEL} (PKCS#8)")
        return cls(pkcs8)

    @cached_property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.spki)

    @property
    def pem(self) -> bytes:
        """PKCS#8 as PEM."""
        armored: bytes = pem.armor(_PEM_LABEL, self.pkcs8)
        return armored

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, which is digested first."""
        return self._sign(data)


def derived_key(algorithm: KeyAlgorithm, name: str, seed: int = 0) -> PrivateKey:
    """The key called `name` in the country of `seed`: the same one each time, and no secret.

    P-256 and GOST keys are made of a hash of the name, RSA keys are picked by it from a small pool,
    so two names may have the same RSA key; never one of the RESERVED. GostUnavailable.
    """
    number = int.from_bytes(hashlib.sha512(f"{seed}/{algorithm}/{name}".encode()).digest())
    match algorithm:
        case "rsa":
            pool = _rsa_pool()[RESERVED:]
            return pool[number % len(pool)]
        case "ecc":
            private = ec.derive_private_key(1 + number % (_P256_ORDER - 1), ec.SECP256R1())
            return PrivateKey(
                private.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        case "gost":
            scalar = 1 + number % (_GOST_ORDER - 1)
            return PrivateKey(_GOST_PKCS8 + scalar.to_bytes(_HALF, "little"))


def reserved_key(algorithm: KeyAlgorithm, place: int, name: str, seed: int = 0) -> PrivateKey:
    """Like `derived_key`, but that the RSA key is that of `place` (below RESERVED): of authorities,
    whose keys must differ. GostUnavailable."""
    if algorithm != "rsa":
        return derived_key(algorithm, name, seed)
    return _rsa_pool()[:RESERVED][place]


def digest(algorithm: KeyAlgorithm, data: bytes) -> bytes:
    """What a key of that algorithm signs: Streebog-256 for `gost`, otherwise SHA-256."""
    return gost.digest(data) if algorithm == "gost" else hashlib.sha256(data).digest()


def to_plain(signature: bytes) -> bytes:
    """An ECDSA signature as r||s of 64 bytes (RFC 7518, 3.4), from its DER; ValueError."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def from_plain(signature: bytes) -> bytes:
    """An ECDSA signature as DER, from its r||s of 64 bytes; ValueError."""
    if len(signature) != 2 * _HALF:
        raise ValueError(f"r||s of P-256 has {2 * _HALF} bytes, not {len(signature)}")
    return encode_dss_signature(
        int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:])
    )


@cache
def _rsa_pool() -> tuple[PrivateKey, ...]:
    keys = pem.unarmor(_RSA_POOL.read_bytes(), multiple=True)
    return tuple(PrivateKey(pkcs8) for _, _, pkcs8 in keys)


def _gost_verifier(spki: bytes) -> Callable[[bytes, bytes], None]:
    try:
        key = gost.GostPublicKey(spki)
    except ValueError as error:
        raise WrongKey(str(error)) from None

    def verify(signature: bytes, data: bytes) -> None:
        if not key.verify(signature, gost.digest(data)):
            raise InvalidSignature

    return verify
