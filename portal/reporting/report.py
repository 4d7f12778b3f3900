"""A version of a report as the portal keeps it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.agency_case import AgencyCase
from portal.ports.reporting import IntakeState
from portal.reporting.kinds import REPORT_KINDS
from portal.state_table import StateTable
from portal.store.derived_id import derived_id
from portal.store.entity import Entity
from portal.use_case import Context

__all__ = [
    "PAPERS",
    "REPORT_STATES",
    "Operation",
    "ReportSignature",
    "ReportState",
    "ReportVersion",
    "report_id",
    "versions_of",
]

ReportState: TypeAlias = Literal[
    "draft", "sending", "sent", "delivered", "accepted", "refused", "entered"
]

REPORT_STATES: Final[StateTable[ReportState]] = StateTable(
    name="report",
    titles={
        "draft": "Подготовлен, не подписан",
        "sending": "Подписан, передаётся",
        "sent": "Отправлен",
        "delivered": "Получен инспекцией",
        "accepted": "Принят",
        "refused": "Отказано в приёме",
        "entered": "Обработан",
    },
    first="draft",
    transitions={
        ("draft", "sign"): "sending",
        ("sending", "sent"): "sent",
        ("sending", "delivered"): "delivered",
        ("sending", "accepted"): "accepted",
        ("sending", "refused"): "refused",
        ("sending", "entered"): "entered",
        ("sent", "delivered"): "delivered",
        ("sent", "accepted"): "accepted",
        ("sent", "refused"): "refused",
        ("sent", "entered"): "entered",
        ("delivered", "accepted"): "accepted",
        ("delivered", "refused"): "refused",
        ("delivered", "entered"): "entered",
        ("accepted", "entered"): "entered",
    },
)
"""States between may be missed while the agency is silent."""

PAPERS: Final[Mapping[str, IntakeState]] = {
    "filing_certificate": "sent",
    "acceptance_act": "accepted",
}
"""Documents of the cabinet, and the states whose papers they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of the books that a report rests on."""

    day: dt.date
    kopecks: int


@dataclass(frozen=True, kw_only=True)
class ReportVersion(AgencyCase):
    """One version of a report of a `kind` and a period; all are kept (APP-08).

    `correction` counts accepted versions from 0, `place` all of them from 1. `number` is given when
    it is filed, `agency_number` once the agency has it; `papers` are documents of the cabinet by
    what they are.
    """

    KIND: ClassVar[str] = "report_version"

    report: str
    organization: str
    kind: str
    period_code: str
    year: int
    place: int
    correction: int
    lines: Mapping[str, int]
    operations: tuple[Operation, ...]
    author: str
    prepared_at: dt.datetime
    state: ReportState = "draft"
    number: str = ""
    agency_number: str = ""
    filed_at: dt.datetime | None = None
    due: dt.datetime | None = None
    errors: tuple[str, ...] = ()
    papers: Mapping[str, str] = field(default_factory=dict)

    def keys(self) -> Mapping[str, str]:
        """By the report and by whose it is."""
        return {"report": self.report, "organization": self.organization}

    @property
    def title(self) -> str:
        """As people call it."""
        period = f"период {self.period_code} {self.year} года"
        return f"{REPORT_KINDS[self.kind].title}, {period}, корректировка {self.correction}"

    @property
    def is_over(self) -> bool:
        """Whether it was refused, or entered with all papers here."""
        has_all = self.papers.keys() == PAPERS.keys()
        return self.state == "refused" or (self.state == "entered" and has_all)

    @property
    def is_under_way(self) -> bool:
        """Whether the agency has not said yet whether it takes it."""
        return self.state in ("sending", "sent", "delivered")

    @property
    def is_taken(self) -> bool:
        """Whether the agency has taken it."""
        return self.state in ("accepted", "entered")

    @property
    def text(self) -> str:
        """What the signature is over: JSON with sorted keys and without spaces."""
        signed = {
            "report": self.id,
            "kind": self.kind,
            "period_code": self.period_code,
            "year": self.year,
            "correction": self.correction,
            "lines": dict(self.lines),
            "operations": [[each.day.isoformat(), each.kopecks] for each in self.operations],
        }
        return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def shown(self) -> dict[str, Any]:
        """As lists show it: without its figures."""
        return {
            "report_version": self.id,
            "report": self.report,
            "kind": self.kind,
            "title": self.title,
            "period_code": self.period_code,
            "year": self.year,
            "place": self.place,
            "correction": self.correction,
            "state": self.state,
            "state_title": REPORT_STATES.titles[self.state],
            "number": self.number,
            "agency_number": self.agency_number,
            "author": self.author,
            "prepared_at": self.prepared_at.isoformat(),
            "filed_at": None if self.filed_at is None else self.filed_at.isoformat(),
            "due": None if self.due is None else self.due.isoformat(),
            "errors": list(self.errors),
            "papers": dict(self.papers),
        }


@dataclass(frozen=True, kw_only=True)
class ReportSignature(Entity):
    """The CMS signature (Base64) that the version of the same id was filed with; apart from it, so
    that lists do not read it."""

    KIND: ClassVar[str] = "report_signature"

    signature: str


def report_id(organization: str, kind: str, code: str, year: int) -> str:
    """The id of the report of a kind and a period."""
    return derived_id(organization, kind, code, str(year))


def versions_of(context: Context, report: str) -> list[ReportVersion]:
    """All versions of a report, the earliest first."""
    found = context.unit.find(ReportVersion, "report", report)
    return sorted(found, key=lambda each: each.place)
