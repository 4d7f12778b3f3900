"""Claims of chapter CERT: what is asserted of certificates, files and keys, and what is known.

Rules about them are in `portal.rules.certificates`; facts and statuses come from
`portal.ports.signatures`.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from portal.ports.signatures import CertificateFacts, CertificateStatus
from rulebook import Kind

__all__ = [
    "ORDER_STEPS",
    "CabinetCertificate",
    "CertificateOrder",
    "ClientClock",
    "Expiring",
    "FileContent",
    "KeyAccess",
    "KeyAlgorithmClaim",
    "Management",
    "OrderStep",
    "OrganizationCertificate",
    "PinEntry",
    "PresentedCertificate",
    "Reminded",
    "Replacement",
    "SignInFile",
    "Trial",
    "UnknownStatus",
    "Upload",
]

FileContent: TypeAlias = Literal["certificate", "pkcs12", "pkcs7", "private_key", "other"]
"""What a file is by its content; a private key is one in PEM or PKCS#8, perhaps beside others."""

OrderStep: TypeAlias = Literal[
    "founding_documents", "head", "inn", "ogrn", "payment", "identification"
]
ORDER_STEPS: Final[tuple[OrderStep, ...]] = get_args(OrderStep)
"""What comes before a certificate is issued (CERT-13), in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCertificate:
    """A certificate that somebody signs with at a moment, and how it stands then; `status` None:
    there is no answer yet (CERT-08)."""

    facts: CertificateFacts
    status: CertificateStatus | None
    at: dt.datetime
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStatus:
    """A signature of which somebody's status is not known yet, before anything else is told."""

    field: str = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCertificate:
    """A certificate, and the ИНН and ОГРН (ОГРНИП) of the organization it is to be of."""

    facts: CertificateFacts
    kind: Kind
    inn: str
    ogrn: str
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file given as a certificate to be bound, and whether anything of it was kept."""

    content: FileContent
    kept: bool = False
    field: str = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFile:
    """A file to sign in with."""

    content: FileContent
    field: str = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAlgorithmClaim:
    """The algorithm of a key, by whatever name."""

    algorithm: str
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinEntry:
    """A PIN was entered; before it so many in a row were wrong."""

    is_right: bool
    failed_before: int
    field: str = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientClock:
    """When the signer's computer says that it signs (None: it does not), and when that came."""

    signing_time: dt.datetime | None
    at: dt.datetime
    field: str = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """Which reminders (days before the end) of a certificate bound at a moment were sent by now."""

    not_after: dt.datetime
    bound_at: dt.datetime
    now: dt.datetime
    sent: Collection[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """A certificate of the cabinet that is looked at, at a moment."""

    not_after: dt.datetime
    at: dt.datetime
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CabinetCertificate:
    """A certificate of the cabinet that is used at a moment."""

    not_after: dt.datetime
    at: dt.datetime
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Whether a trial signature was made with a bound certificate."""

    made: bool
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """The steps that an applicant of that kind has done, and how the certificate is to come."""

    kind: Kind
    done: Collection[OrderStep]
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What was done to put one certificate in the place of another."""

    code_confirmed: bool
    trial_made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAccess:
    """Where a key lies, whether it could be used, whose it is (ИНН of a person) and who signs."""

    carrier: str
    available: bool
    owner_inn: str | None
    signer_inn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """The rights that somebody has in an organization whose certificates they manage."""

    rights: Collection[str]
