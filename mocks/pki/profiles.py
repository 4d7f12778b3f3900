"""What the certificate says that the country describes by a profile."""

import hashlib
from dataclasses import replace
from typing import Final

from signatures.certificates import SubjectData
from world.certificate_profiles import CertificateProfile

__all__ = ["profile_serial", "profile_subject"]

_OGRNIP_DIGITS: Final = 15
_SERIAL_BITS: Final = 64  # of a profile
_DIGEST_BYTES: Final = 6  # with them a number keeps far below the 20 bytes of RFC 5280


def profile_serial(profile: CertificateProfile) -> int:
    """The serial number: it ends with that of the profile and begins with a digest of all the
    rest, for of two profiles with one number, one may be revoked."""
    said = replace(profile, carrier="file", file="cer")  # of these a certificate says nothing
    digest = hashlib.sha256(repr(said).encode()).digest()[:_DIGEST_BYTES]
    return int.from_bytes(digest) << _SERIAL_BITS | int(profile.serial, 16)


def profile_subject(profile: CertificateProfile) -> SubjectData:
    """The subject."""
    subject = profile.subject
    person = subject.person
    proprietor = subject.ogrn is not None and len(subject.ogrn) == _OGRNIP_DIGITS
    return SubjectData(
        common_name=subject.common_name,
        surname=person.last,
        given_name=" ".join(part for part in (person.first, person.patronymic) if part),
        country="RU",
        inn=subject.inn,
        snils=subject.snils,
        legal_inn=subject.legal_inn,
        ogrn=None if proprietor else subject.ogrn,
        ogrnip=subject.ogrn if proprietor else None,
    )
