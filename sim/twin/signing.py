"""Signatures without cryptography: certificates are the profiles of the country, and a signature
says over what, with which and when it was made. Whether one is good is asked of the profile."""

import datetime as dt
import hashlib
from functools import cache
from typing import Final

from portal.ports.clock import Clock
from portal.ports.signatures import (
    CertificateFacts,
    CertificateStatus,
    SignatureFacts,
    WrongSignature,
)
from signatures.certificates import Request, SubjectData, issue
from signatures.keys import derived_key
from signatures.pkcs12 import container
from world.certificate_profiles import CertificateProfile

__all__ = ["ProfileSignatures", "container_file", "facts_of"]

_SEPARATOR: Final = b"\0"


class ProfileSignatures:
    """The port `Signatures` for the certificate that lies before it: `present` puts it there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[bytes, tuple[CertificateProfile, CertificateFacts]] = {}

    def present(self, profile: CertificateProfile, facts: CertificateFacts) -> None:
        """Know this certificate, and none that was known before."""
        self._known = {facts.der: (profile, facts)}

    def sign(self, content: bytes, facts: CertificateFacts, skew_s: int) -> bytes:
        """A signature made now, by a clock that is so many seconds ahead."""
        at = self._clock.now() + dt.timedelta(seconds=skew_s)
        digest = hashlib.sha256(content).hexdigest()
        return _SEPARATOR.join((digest.encode(), at.isoformat().encode(), facts.der))

    def certificate(self, file: bytes) -> CertificateFacts:
        """As the port says."""
        known = self._known.get(file)
        if known is None:
            raise WrongSignature("malformed", "Подпись или сертификат не разбирается")
        return known[1]

    def verify(self, message: bytes, content: bytes) -> SignatureFacts:
        """As the port says; there are no time stamps."""
        digest, at, file = (*message.split(_SEPARATOR, 2), b"", b"")[:3]
        facts = self.certificate(file)
        if digest != hashlib.sha256(content).hexdigest().encode():
            raise WrongSignature("digest", "Подписанные данные изменены: хеш не совпадает")
        signed_at = dt.datetime.fromisoformat(at.decode())
        return SignatureFacts(certificate=facts, signing_time=signed_at, stamped=None)

    def verify_xml(self, document: bytes) -> SignatureFacts:
        """As the port says: nobody signs XML here."""
        raise WrongSignature("malformed", "Подпись или сертификат не разбирается")

    def status(self, certificate: CertificateFacts, at: dt.datetime) -> CertificateStatus:
        """As the port says. A certificate has one status: of an authority that is not accredited
        nobody asks whether it has revoked."""
        profile = self._known[certificate.der][0]
        if not profile.authority.accredited:
            return "not_accredited"
        if profile.revoked_on is not None and profile.revoked_on <= at.date():
            return "revoked"
        return "expired" if at > certificate.not_after else "good"


def facts_of(profile: CertificateProfile, zone: dt.tzinfo | None) -> CertificateFacts:
    """What a certificate of that profile says; its days are those of `zone`."""
    subject = profile.subject
    of_legal = subject.legal_inn is not None
    der = repr(profile).encode()
    return CertificateFacts(
        fingerprint=hashlib.sha256(der).hexdigest(),
        serial=profile.serial,
        common_name=subject.common_name,
        inn=subject.inn,
        legal_inn=subject.legal_inn,
        ogrn=subject.ogrn if of_legal else None,
        ogrnip=None if of_legal else subject.ogrn,
        snils=subject.snils,
        issuer=profile.authority.name,
        algorithm=profile.algorithm,
        not_before=dt.datetime.combine(profile.not_before, dt.time.min, zone),
        not_after=dt.datetime.combine(profile.not_after, dt.time.max, zone),
        der=der,
    )


@cache
def container_file() -> bytes:
    """A real container of a key and its certificate, as people upload one (CERT-05): the same for
    everybody, of which nothing but its form is looked at."""
    key = derived_key("ecc", "container")
    subject = SubjectData(common_name="Полигон")
    certificate = issue(
        Request(
            serial=1,
            subject=subject,
            spki=key.spki,
            not_before=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            not_after=dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
        ),
        key,
    )
    return container(key, certificate, "poligon", salt=b"twin")
