"""Requests to certify a key (PKCS#10, RFC 2986), signed by that key to show that one has it."""

from asn1crypto import core, csr, pem
from cryptography.exceptions import InvalidSignature

from signatures import der
from signatures.algorithms import AlgorithmRefused, CountrySignatureValidator, signed_algorithm
from signatures.certificates import SubjectData, distinguished_name
from signatures.der import MALFORMED_ASN1
from signatures.keys import PublicKey, SigningKey, WeakKey, WrongKey
from signatures.refusals import SignatureRefused

__all__ = ["requested_key", "signing_request"]

_NO_ATTRIBUTES = b"\xa0\x00"


def signing_request(key: SigningKey, subject: SubjectData) -> bytes:
    """The DER of a request for `key` in the name of `subject`; GostUnavailable."""
    info = der.sequence(
        der.integer(0), distinguished_name(subject).dump(), key.spki, _NO_ATTRIBUTES
    )
    signature = core.OctetBitString(key.sign(info)).dump()
    return der.sequence(info, signed_algorithm(key.algorithm).dump(), signature)


def requested_key(content: bytes) -> PublicKey:
    """The key that a request in DER or PEM is for; of the name in it nothing is said here.

    SignatureRefused `malformed`, `algorithm`, `weak-key`, `signature` (whoever asks does not have
    the key). GostUnavailable.
    """
    try:
        if pem.detect(content):
            _, _, content = pem.unarmor(content)
        request = csr.CertificationRequest.load(content, strict=True)
        info = request["certification_request_info"].dump()
        public = request["certification_request_info"]["subject_pk_info"]
        key = PublicKey(public.dump())
        CountrySignatureValidator().validate_signature(
            request["signature"].native, info, public, request["signature_algorithm"]
        )
    except WeakKey as error:
        raise SignatureRefused("weak-key", str(error)) from None
    except (WrongKey, AlgorithmRefused) as error:
        raise SignatureRefused("algorithm", str(error)) from None
    except InvalidSignature:
        raise SignatureRefused("signature", "запрос подписан не тем ключом") from None
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается запрос PKCS#10") from None
    return key
