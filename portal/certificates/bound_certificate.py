"""A certificate that is bound to an organization's cabinet."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.ports.signatures import CertificateFacts
from portal.rules.certificate_claims import PinEntry
from portal.rules.certificates import pin
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context
from rulebook import Policy

__all__ = ["CERTIFICATE_STATES", "BoundCertificate", "CertificateState", "bound_to", "shown"]

CertificateState: TypeAlias = Literal[
    "checking", "bound", "active", "expired", "replaced", "refused"
]

CERTIFICATE_STATES: Final[StateTable[CertificateState]] = StateTable(
    name="certificate",
    titles={
        "checking": "Статус проверяется",
        "bound": "Привязан, нужна пробная подпись",
        "active": "Действует",
        "expired": "Срок истёк",
        "replaced": "Заменён",
        "refused": "Не принят",
    },
    first="checking",
    transitions={
        ("checking", "accept"): "bound",  # CERT-08
        ("checking", "refuse"): "refused",
        ("checking", "expire"): "expired",
        ("bound", "try"): "active",  # CERT-14
        ("bound", "expire"): "expired",  # CERT-12
        ("bound", "replace"): "replaced",
        ("active", "expire"): "expired",
        ("active", "replace"): "replaced",  # CERT-15
        ("expired", "replace"): "replaced",
    },
)


@dataclass(frozen=True, kw_only=True)
class BoundCertificate(Entity):
    """An open certificate of an organization, bound by an account, whose key lies on `carrier`.

    `file` is the certificate itself in Base64. `challenge` is what the trial signature is over.
    `pin_failures` are wrong PINs in a row (CERT-09), `reminded` the reminders that were sent, by
    their days before the end (CERT-11). `replaces` is the id of the certificate that this one is to
    take the place of.
    """

    KIND: ClassVar[str] = "certificate"

    organization: str
    account: str
    carrier: str
    file: str
    fingerprint: str
    serial: str
    common_name: str
    issuer: str
    algorithm: str
    signer_inn: str | None
    not_before: dt.datetime
    not_after: dt.datetime
    bound_at: dt.datetime
    challenge: str
    state: CertificateState = "checking"
    pin_failures: int = 0
    reminded: tuple[int, ...] = ()
    replaces: str | None = None

    def keys(self) -> Mapping[str, str]:
        """By the organization and by what it is."""
        return {"organization": self.organization, "fingerprint": self.fingerprint}

    @property
    def is_bound(self) -> bool:
        """Whether it belongs to the cabinet, usable or not."""
        return self.state in ("checking", "bound", "active", "expired")

    def is_locked(self, policy: Policy) -> bool:
        """Whether its carrier is, after so many wrong PINs (CERT-09)."""
        return bool(pin(PinEntry(is_right=True, failed_before=self.pin_failures), policy))

    @staticmethod
    def of(facts: CertificateFacts, **more: Any) -> "BoundCertificate":
        """The record of a certificate that says so."""
        return BoundCertificate(
            file=base64.b64encode(facts.der).decode(),
            fingerprint=facts.fingerprint,
            serial=facts.serial,
            common_name=facts.common_name or "",
            issuer=facts.issuer,
            algorithm=facts.algorithm,
            signer_inn=facts.inn,
            not_before=facts.not_before,
            not_after=facts.not_after,
            **more,
        )


def bound_to(context: Context, organization: str) -> list[BoundCertificate]:
    """The certificates of a cabinet, by id."""
    found = context.unit.find(BoundCertificate, "organization", organization)
    return [each for each in found if each.is_bound]


def shown(certificate: BoundCertificate, policy: Policy) -> dict[str, Any]:
    """A certificate as people see it in the cabinet."""
    return {
        "certificate": certificate.id,
        "serial": certificate.serial,
        "common_name": certificate.common_name,
        "issuer": certificate.issuer,
        "algorithm": certificate.algorithm,
        "carrier": certificate.carrier,
        "fingerprint": certificate.fingerprint,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "state": certificate.state,
        "state_title": CERTIFICATE_STATES.titles[certificate.state],
        "locked": certificate.is_locked(policy),
        "challenge": certificate.challenge if certificate.state == "bound" else None,
    }
