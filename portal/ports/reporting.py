"""Where reports are filed (APP-07): ФНС takes them all in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["FiledReport", "IntakeState", "ReportNotTaken", "ReportView", "Reporting"]

IntakeState: TypeAlias = Literal["sent", "delivered", "accepted", "refused", "entered"]
"""How far a report has come; each state comes with a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReport:
    """A report as it is filed: lines (kopecks by code), operations (day and kopecks), and the
    detached CMS signature."""

    inn: str
    ogrn: str
    kind: str
    period_code: str
    year: int
    correction: int
    lines: Mapping[str, int]
    operations: Sequence[tuple[dt.date, int]]
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as the agency shows it: its `number` there, the last moment of the stage, the
    reasons of a refusal."""

    number: str
    state: IntakeState
    due: dt.datetime | None = None
    errors: Sequence[str] = ()


class ReportNotTaken(Exception):
    """The agency does not take such a report in; `field` is what is wrong in it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


class Reporting(Protocol):
    """The agency that takes reports."""

    def file(self, request_id: str, report: FiledReport) -> ReportView:
        """File a report; a repetition of `request_id` gives the one that there is. ReportNotTaken,
        Unavailable."""

    def view(self, number: str) -> ReportView:
        """How far it has come. Unavailable."""

    def paper(self, number: str, state: IntakeState) -> bytes:
        """The paper of a state as PDF. Unavailable."""
