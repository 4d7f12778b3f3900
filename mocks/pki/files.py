"""Keys, certificates and lists as the files that people download."""

from collections.abc import Iterable
from typing import Final

from mocks.core.http import Answer
from signatures.certificates import Certificate, armored
from signatures.cms import bundle
from signatures.keys import PrivateKey

__all__ = ["PEM", "bundle_file", "certificate_file", "certificate_pem", "key_pem"]

PEM: Final = "application/x-pem-file"


def certificate_file(certificate: Certificate) -> Answer:
    """A file .cer: DER (RFC 2585, 4.1)."""
    return Answer(200, certificate.dump(), "application/pkix-cert")


def certificate_pem(*certificates: Certificate) -> Answer:
    """Certificates as PEM, one after another."""
    return Answer(200, b"".join(armored(each) for each in certificates), PEM)


def key_pem(key: PrivateKey) -> Answer:
    """A private key as PEM of PKCS#8 without a password."""
    return Answer(200, key.pem, PEM)


def bundle_file(certificates: Iterable[Certificate]) -> Answer:
    """A file .p7b."""
    return Answer(200, bundle(certificates), "application/x-pkcs7-certificates")
