"""Certificates and declarations of conformity: numbers, products, the tenant's registry."""

import datetime as dt
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mocks.case_work.cases import Step
from mocks.case_work.entries import Entry, expire_after_term
from mocks.case_work.terms import last_moment
from mocks.core.tenant import Tenant
from world.attributes import Attributes
from world.dates import LAST_DAY, anniversary
from world.records import Organization

__all__ = [
    "LONGEST_YEARS",
    "MOST_CERTIFICATES",
    "REGULATIONS",
    "Certificate",
    "CertificateKind",
    "Certificates",
]

CertificateKind: TypeAlias = Literal["certificate", "declaration"]

LONGEST_YEARS: Final = 5
"""Technical regulations let a certificate of serial production be valid so long (ТР ТС 004/2011,
art. 7)."""

MOST_CERTIFICATES: Final = 20_000
"""Issued or changed entries kept for a tenant, the latest ones."""

REGULATIONS: Final[dict[str, str]] = {
    "ТР ТС 004/2011": "Низковольтное оборудование",
    "ТР ТС 010/2011": "Машины и оборудование",
    "ТР ТС 017/2011": "Продукция лёгкой промышленности",
    "ТР ТС 020/2011": "Технические средства, создающие электромагнитные помехи",
    "ТР ТС 021/2011": "Пищевая продукция",
}
"""Technical regulations of the customs union and what they are about."""

# Assumptions: which organizations had certificates when the country was described.
_SHARE_CERTIFIED: Final = 0.3
_MOST_OLD: Final = 2
_FIRST_YEAR: Final = dt.date(2021, 1, 1)

_NUMBER: Final = re.compile(
    r"ЕАЭС (?:RU С|N RU Д)-RU\.(?P<body>[А-Я]{2})(?P<high>\d{2})\.В\.(?P<low>\d{5})/\d{2}"
)
_BODIES: Final = ("АЖ", "НА")  # of an organization's first and second old certificate
_NEW_BODY: Final = "РА"
_FORMS: Final[dict[CertificateKind, str]] = {"certificate": "RU С", "declaration": "N RU Д"}
_FIRST_NEW_ID: Final = 900_000_000


@dataclass(eq=False, kw_only=True)
class Certificate(Entry):
    """An entry of the registry; `id` names it in paths, `basis` is the expertise it rests on."""

    id: str
    kind: CertificateKind
    product: str
    regulation: str
    organization: int
    basis: str

    def view(self, tenant: Tenant, as_of_us: int) -> dict[str, Any]:
        """The entry as it stood at `as_of_us`, when it was there."""
        return {
            "id": self.id,
            "kind": self.kind,
            "product": self.product,
            "regulation": self.regulation,
            **super().view(tenant, as_of_us),
            "basis": self.basis,
        }


class Certificates:
    """The registry of `tenant`: what the country has had, and what came since."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._kept: OrderedDict[str, Certificate] = OrderedDict()
        self._issued = 0

    def by_id(self, certificate_id: str) -> Certificate | None:
        """The entry of that id."""
        kept = self._kept.get(certificate_id)
        if kept is not None or not re.fullmatch(r"[0-9]{8}", certificate_id):
            return kept
        try:
            organization = self._tenant.records.world.organization(int(certificate_id[:7]))
        except IndexError:
            return None
        return next((one for one in self._old(organization) if one.id == certificate_id), None)

    def by_number(self, number: str) -> Certificate | None:
        """The entry of a full number."""
        match = _NUMBER.fullmatch(number)
        if match is None:
            return None
        place = int(match["high"] + match["low"])
        if match["body"] == _NEW_BODY:
            found = self.by_id(str(_FIRST_NEW_ID + place))
        elif match["body"] in _BODIES:
            found = self.by_id(f"{place:07}{_BODIES.index(match['body'])}")
        else:
            return None
        return found if found is not None and found.number == number else None

    def of_organization(self, organization: Organization) -> list[Certificate]:
        """Entries of an organization, by id."""
        kept = [one for one in self._kept.values() if one.organization == organization.index]
        if organization.index >= 0:
            old = self._old(self._tenant.records.world.organization(organization.index))
            kept.extend(one for one in old if one.id not in self._kept)
        return sorted(kept, key=lambda certificate: certificate.id)

    def issue(
        self,
        organization: Organization,
        kind: CertificateKind,
        product: str,
        regulation: str,
        valid_until: dt.date,
        basis: str,
        now_us: int,
    ) -> Certificate:
        """A new entry from today to the end of `valid_until`."""
        today = self._tenant.clock.calendar.date(now_us)
        place, self._issued = self._issued, self._issued + 1
        certificate = Certificate(
            id=str(_FIRST_NEW_ID + place),
            kind=kind,
            number=_number(kind, _NEW_BODY, place, today.year),
            product=product,
            regulation=regulation,
            organization=organization.index,
            inn=organization.inn,
            valid_from=today,
            valid_until=valid_until,
            basis=basis,
            history=[Step(now_us, "active", "Внесено в реестр", None)],
        )
        self._keep(certificate)
        return certificate

    def move(self, certificate: Certificate, state: str, now_us: int, comment: str) -> None:
        """Bring an entry into `state`; Refusal 409 if its present state does not allow it."""
        certificate.move(state, now_us, comment)
        if certificate.id not in self._kept:
            self._keep(certificate)

    def _keep(self, certificate: Certificate) -> None:
        def expire(now_us: int) -> None:
            certificate.move("expired", now_us, "Срок действия истёк")

        self._kept[certificate.id] = certificate
        if len(self._kept) > MOST_CERTIFICATES:
            self._kept.popitem(last=False)[1].drop()
        expire_after_term(self._tenant, certificate, expire)

    def _old(self, holder: Organization) -> list[Certificate]:
        """Those of the country's description, with what time has made of them."""
        draws = Attributes("certificates", self._tenant.records.world.seed, holder.index)
        if holder.kind != "legal" or draws.unit("certified") >= _SHARE_CERTIFIED:
            return []
        count = 1 + draws.below("number", _MOST_OLD)
        return [
            self._kept.get(f"{holder.index:07}{k}") or self._old_one(holder, draws, k)
            for k in range(count)
        ]

    def _old_one(self, holder: Organization, draws: Attributes, k: int) -> Certificate:
        calendar, now_us = self._tenant.clock.calendar, self._tenant.now_us
        first = max(holder.registered, _FIRST_YEAR)
        last = max(first, holder.closed or LAST_DAY)
        issued = draws.day(f"issued {k}", first, last)
        valid_until = anniversary(issued, 1 + draws.below(f"years {k}", LONGEST_YEARS))
        valid_until -= dt.timedelta(days=1)
        regulation = draws.one_of(f"regulation {k}", tuple(REGULATIONS))
        kind: CertificateKind = draws.one_of(f"kind {k}", ("certificate", "declaration"))
        history = [Step(calendar.midnight(issued), "active", "Внесено в реестр", None)]
        ends_us = last_moment(calendar, valid_until)
        if now_us > ends_us:
            history.append(Step(ends_us + 1, "expired", "Срок действия истёк", None))
        return Certificate(
            id=f"{holder.index:07}{k}",
            kind=kind,
            number=_number(kind, _BODIES[k], holder.index, issued.year),
            product=REGULATIONS[regulation],
            regulation=regulation,
            organization=holder.index,
            inn=holder.inn,
            valid_from=issued,
            valid_until=valid_until,
            basis="",
            history=history,
        )


def _number(kind: CertificateKind, body: str, place: int, year: int) -> str:
    """Number of the unified form (решение Коллегии ЕЭК от 25.12.2012 № 293): country, certifying
    body, serial, year; the seven digits of `place` are two of the body's code and the serial."""
    high, low = divmod(place, 100_000)
    return f"ЕАЭС {_FORMS[kind]}-RU.{body}{high:02}.В.{low:05}/{year % 100:02}"
