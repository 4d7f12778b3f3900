"""Chapter APP, the reports of organizations: what is taken, and until when it is corrected."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = ["CorrectedReport", "ReportClaim", "corrected_before_closing", "report_is_right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaim:
    """A report that is to be filed `today`: the first and the last day of its `period` (None: its
    form has no such one), lines (None: an empty one) by code, the days of its operations.
    `is_signed` is None while nobody asks for the signature yet."""

    kind: str
    period: tuple[dt.date, dt.date] | None
    today: dt.date
    lines: Mapping[str, int | None]
    operations: Sequence[dt.date] = ()
    is_signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedReport:
    """A report of a period that was reported before, filed `now`: whether the version before is
    still looked at, and the last moment in which the period is open (None: the agency has taken
    no version yet, so this is the first one, which is late one day and taken all the same)."""

    is_under_way: bool
    open_until: dt.datetime | None
    now: dt.datetime


@rule("APP-07")
def report_is_right(claim: ReportClaim, policy: Policy) -> Iterator[Found]:
    """A form of reporting and a period of it that is over, no empty fields, data of that period
    alone, and a qualified signature."""
    if claim.kind not in policy.texts("APP-07.kinds"):
        yield Found("kind", Text("такой формы нет", "there is no such form"))
    elif claim.period is None:
        yield Found("period_code", Text("у формы нет такого периода", "no period of that form"))
    elif claim.period[1] >= claim.today:
        yield Found("period_code", Text("период ещё не кончился", "the period is not over yet"))
    if not claim.lines:
        yield Found("lines", Text("ни одной строки", "there is not one line"))
    for code, value in claim.lines.items():
        if value is None:
            yield Found(f"lines.{code}", Text("строка пуста", "the line is empty"))
    if claim.period is not None:
        first, last = claim.period
        for place, day in enumerate(claim.operations):
            if not first <= day <= last:
                yield Found(f"operations.{place}.day", Text("не за период", "outside the period"))
    if claim.is_signed is False:
        yield Found("signature", Text("нет КЭП", "there is no qualified signature"))


@rule("APP-08")
def corrected_before_closing(claim: CorrectedReport, policy: Policy) -> Iterator[Found]:
    """A corrected version comes after the one before was looked at, and before its period is
    closed."""
    if claim.is_under_way:
        yield Found("report", Text("прежняя версия ещё рассматривается", "one is under way"))
    if claim.open_until is not None and claim.now > claim.open_until:
        until = f"{claim.open_until:%d.%m.%Y}"
        yield Found("period_code", Text(f"период закрыт {until}", f"it was closed on {until}"))
