"""What a certificate of an electronic signature says: the description that authorities issue from.

There is no cryptography here. Certification authorities of the country mint the certificate that a
profile describes; names of subject attributes are those of приказ ФСБ от 27.12.2011 № 795.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from world.records import FullName

__all__ = [
    "ACCREDITED",
    "ALGORITHMS",
    "CARRIERS",
    "LIFETIME_DAYS",
    "NOT_ACCREDITED",
    "Authority",
    "Carrier",
    "CertificateFile",
    "CertificateProfile",
    "CertificateSubject",
    "KeyAlgorithm",
]

KeyAlgorithm: TypeAlias = Literal["rsa", "ecc", "gost"]
"""Algorithms of CERT-07."""

Carrier: TypeAlias = Literal["token", "smartcard", "file", "cloud"]
"""Where the private key lies (CERT-16)."""

CertificateFile: TypeAlias = Literal["cer", "pfx"]
"""What was uploaded: an open certificate, or a container with the private key (CERT-05)."""

ALGORITHMS: Final[tuple[KeyAlgorithm, ...]] = get_args(KeyAlgorithm)
CARRIERS: Final[tuple[Carrier, ...]] = get_args(Carrier)

LIFETIME_DAYS: Final = 456
"""15 months, the usual term of a qualified certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A certification authority and whether the register of accredited ones has it (CERT-01)."""

    id: str
    name: str
    accredited: bool


ACCREDITED: Final = (
    Authority(id="north", name="УЦ «Северная подпись»", accredited=True),
    Authority(id="guarantor", name="УЦ «Гарант документа»", accredited=True),
    Authority(id="treasury", name="УЦ «Казначейский ключ»", accredited=True),
)
NOT_ACCREDITED: Final = (
    Authority(id="express", name="УЦ «Экспресс-подпись»", accredited=False),
    Authority(id="homemade", name="Корпоративный УЦ «Свой ключ»", accredited=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSubject:
    """Whose certificate it is.

    `inn` (ИНН) and `snils` are the person's, who signs. An organization's certificate also has the
    `legal_inn` (ИННЮЛ) and the `ogrn`; a sole proprietor's has the `ogrn` alone (ОГРНИП); a
    personal one neither.
    """

    common_name: str
    person: FullName
    inn: str
    snils: str
    legal_inn: str | None = None
    ogrn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateProfile:
    """A certificate to be issued; it is valid from `not_before` to the end of `not_after`.

    `serial` is 16 hexadecimal digits, `revoked_on` the first day on which CRL and OCSP name it.
    """

    subject: CertificateSubject
    authority: Authority
    serial: str
    not_before: dt.date
    not_after: dt.date
    revoked_on: dt.date | None = None
    algorithm: KeyAlgorithm
    carrier: Carrier
    file: CertificateFile = "cer"
