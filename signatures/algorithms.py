"""Names of algorithms in ASN.1, and the check of a signature by such a name."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

from asn1crypto import algos, core
from asn1crypto.keys import PublicKeyInfo
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_SIGNATURE_VALIDATOR,
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)

from signatures import gost
from signatures.keys import PublicKey, WrongKey
from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "DIGESTS",
    "GOST_DIGEST",
    "AlgorithmRefused",
    "CountrySignatureValidator",
    "cms_algorithm",
    "digest_algorithm",
    "signed_algorithm",
]

GOST_DIGEST: Final = "1.2.643.7.1.1.2.2"  # id-tc26-gost3411-12-256
_GOST_KEY: Final = "1.2.643.7.1.1.1.1"  # id-tc26-gost3410-12-256
_GOST_SIGNATURE: Final = "1.2.643.7.1.1.3.2"  # id-tc26-signwithdigest-gost3410-12-256

DIGESTS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha384": lambda data: hashlib.sha384(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
    GOST_DIGEST: gost.digest,
}
"""Digests that signatures may have, by asn1crypto's names; SHA-1 and MD5 are no more."""

_X509: Final[Mapping[KeyAlgorithm, str]] = {
    "rsa": "sha256_rsa",
    "ecc": "sha256_ecdsa",
    "gost": _GOST_SIGNATURE,
}
_CMS: Final[Mapping[KeyAlgorithm, str]] = {
    "rsa": "rsassa_pkcs1v15",
    "ecc": "sha256_ecdsa",
    "gost": _GOST_KEY,  # as OpenSSL and CryptoPro write it
}
_PSS: Final = "rsassa_pss"
_ACCEPTED: Final = frozenset(
    {
        "rsassa_pkcs1v15",
        _PSS,
        *(
            f"{digest}_{kind}"
            for digest in ("sha256", "sha384", "sha512")
            for kind in ("rsa", "ecdsa")
        ),
        _GOST_KEY,
        _GOST_SIGNATURE,
    }
)


class AlgorithmRefused(InvalidSignature):
    """The algorithm of a signature is none of the country's (CERT-07)."""


def signed_algorithm(algorithm: KeyAlgorithm) -> algos.SignedDigestAlgorithm:
    """How X.509, CRL and OCSP name a signature by a key of that algorithm (RFC 4055, RFC 9215)."""
    return _named(_X509[algorithm], algorithm)


def cms_algorithm(algorithm: KeyAlgorithm) -> algos.SignedDigestAlgorithm:
    """How CMS names it."""
    return _named(_CMS[algorithm], algorithm)


def digest_algorithm(algorithm: KeyAlgorithm) -> algos.DigestAlgorithm:
    """The digest that a key of that algorithm signs."""
    return algos.DigestAlgorithm({"algorithm": GOST_DIGEST if algorithm == "gost" else "sha256"})


class CountrySignatureValidator(SignatureValidator):
    """Checks signatures in the algorithms of the country and in no other."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """InvalidSignature unless `signature` over `signed_data` is the key's; AlgorithmRefused for
        an algorithm or a key that is not accepted, GostUnavailable."""
        name = signature_algorithm["algorithm"].native
        if name not in _ACCEPTED or not _digest_accepted(name, signature_algorithm):
            raise AlgorithmRefused(name)
        try:
            key = PublicKey(public_key_info.dump())
        except WrongKey as error:
            raise AlgorithmRefused(str(error)) from None
        is_gost = name in (_GOST_KEY, _GOST_SIGNATURE)
        if (key.algorithm == "gost") != is_gost:
            raise InvalidSignature(name)
        if not is_gost and not _is_usual(name, key.algorithm, public_key_info, context):
            _validate(signature, signed_data, public_key_info, signature_algorithm, context)
        elif not key.verify(signature, signed_data):
            raise InvalidSignature(name)


def _is_usual(
    name: str,
    algorithm: KeyAlgorithm,
    public_key_info: PublicKeyInfo,
    context: SignatureValidationContext,
) -> bool:
    """Whether that is what a key of `algorithm` makes here: then it is checked in half the time."""
    digest_apart = name == _CMS["rsa"] and context.contextual_md_algorithm == "sha256"
    usual = (_X509["rsa"] if digest_apart else name) == _X509[algorithm]
    return usual and not context.prehashed and public_key_info.algorithm != _PSS


def _digest_accepted(name: str, signature_algorithm: algos.SignedDigestAlgorithm) -> bool:
    """PSS names its digest apart, SHA-1 if it says nothing (RFC 4055, 3.1)."""
    if name != _PSS:
        return True
    digest = signature_algorithm["parameters"]["hash_algorithm"]["algorithm"].native
    return digest in DIGESTS


def _validate(
    signature: bytes,
    signed_data: bytes,
    public_key_info: PublicKeyInfo,
    signature_algorithm: algos.SignedDigestAlgorithm,
    context: SignatureValidationContext,
) -> None:
    try:
        DEFAULT_SIGNATURE_VALIDATOR.validate_signature(
            signature, signed_data, public_key_info, signature_algorithm, context
        )
    except (AssertionError, ValueError) as error:  # the key is of another algorithm, DER is broken
        raise InvalidSignature(str(error)) from None


def _named(name: str, algorithm: KeyAlgorithm) -> algos.SignedDigestAlgorithm:
    parameters = {"parameters": core.Null()} if algorithm == "rsa" else {}  # RFC 4055, 5
    return algos.SignedDigestAlgorithm({"algorithm": name, **parameters})
