"""Electronic signatures: is one good, and whose is it (CERT, SIG)."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "CertificateFacts",
    "CertificateStatus",
    "SignatureFacts",
    "Signatures",
    "WrongSignature",
]

CertificateStatus: TypeAlias = Literal[
    "good", "revoked", "on_hold", "expired", "not_yet_valid", "not_accredited", "unknown_root"
]
"""`not_accredited`: the register of accredited authorities is fresh and has not its issuer
(CERT-01); `unknown_root`: no chain leads to a root of a list that may be outdated (CERT-17)."""


class WrongSignature(Exception):
    """A signature or a certificate cannot be read, or does not fit its content; `code` is one of
    `signatures.refusals.REFUSALS`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a certificate says; numbers are digits. `fingerprint` is its SHA-256, 64 hex digits."""

    fingerprint: str
    serial: str
    common_name: str | None
    inn: str | None
    legal_inn: str | None
    ogrn: str | None
    ogrnip: str | None
    snils: str | None
    issuer: str
    algorithm: KeyAlgorithm
    not_before: dt.datetime
    not_after: dt.datetime
    der: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """A signature that fits its content: whose it is, when it says to be made, the time of its
    stamp if it has one (SIG-05)."""

    certificate: CertificateFacts
    signing_time: dt.datetime | None
    stamped: dt.datetime | None


class Signatures(Protocol):
    """Reads and checks signatures."""

    def certificate(self, file: bytes) -> CertificateFacts:
        """What an open certificate (DER or PEM) says; WrongSignature."""

    def verify(self, message: bytes, content: bytes) -> SignatureFacts:
        """A CMS signature over exactly that content; WrongSignature. Of the signer trust is not
        asked, of the service of a time stamp it is: Unavailable while there is no answer."""

    def verify_xml(self, document: bytes) -> SignatureFacts:
        """An enveloped XMLDSig signature of a whole document (SIG-09); WrongSignature."""

    def status(self, certificate: CertificateFacts, at: dt.datetime) -> CertificateStatus:
        """Whether the certificate is good at that moment: chain, validity, revocation.
        Unavailable while there is no answer (CERT-08)."""
