"""Labour contracts of a tenant: the country's, and what employers have reported since."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from mocks.core.http import Refusal
from mocks.core.register import Numbered
from mocks.core.tenant import Tenant
from world.dates import ONE_DAY
from world.records import Organization, Person

__all__ = ["Contract", "Contracts", "Event", "LabourEvent", "contract_view"]

Event: TypeAlias = Literal["ПРИЕМ", "ПЕРЕВОД", "УВОЛЬНЕНИЕ"]
"""Kinds of ЕФС-1, subsection 1.1 (form of СФР)."""

_MOST_CHANGED: Final = 10_000
"""Contracts that employers may change; more are refused."""

_MOST_REPORTS: Final = 100
"""Reports about one contract; more are refused."""

_FARTHEST: Final = dt.timedelta(days=366)  # a report about a later day is a mistake; assumption

Text = Annotated[str, Field(min_length=1, max_length=200)]


class LabourEvent(Numbered):
    """What an employer reports: who, what, since which day.

    The day of a dismissal is the last day of work (Labour Code of Russia, art. 84.1).
    """

    inn: str
    snils: str
    event: Event
    date: dt.date
    position: Text | None = None
    department: Text | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A labour contract of `person` with `organization` (indices); it is in force through
    `until`."""

    person: int
    organization: int
    position: str
    department: str
    since: dt.date
    until: dt.date | None = None

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the person works there on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(slots=True)
class _Reported:
    """A report that takes effect at model time `at_us`, and the contract since then."""

    at_us: int
    event: LabourEvent
    contract: Contract


class Contracts:
    """Who works where, for one tenant. Not locked: its tenant locks.

    `on_change` are called with the contract once a report takes effect.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._reported: dict[tuple[int, int], list[_Reported]] = {}
        self.on_change: list[Callable[[Contract, int], None]] = []

    def of(
        self, person: Person, organization: Organization, as_of_us: int | None = None
    ) -> Contract | None:
        """Their contract, in force or ended, by what was reported until `as_of_us` (now)."""
        until_us = self._tenant.now_us if as_of_us is None else as_of_us
        reports = self._reported.get((person.index, organization.index), ())
        known = [report.contract for report in reports if report.at_us <= until_us]
        return known[-1] if known else self._natural(person, organization)

    def report(
        self, event: LabourEvent, person: Person, organization: Organization, now_us: int
    ) -> Contract:
        """What the employer says, in effect at once or on its day.

        Refusal 409 if it does not follow from the contract of that day, or what was reported about
        later days no longer follows from it; 422 for what a report lacks.
        """
        calendar = self._tenant.clock.calendar
        if event.date > calendar.date(now_us) + _FARTHEST:
            raise Refusal(422, "bad-date", "Дата дальше года от сегодняшней", field="date")
        reports = self._reports_of(person, organization)
        effect = event.date + ONE_DAY if event.event == "УВОЛЬНЕНИЕ" else event.date
        effect_us = max(calendar.midnight(effect), now_us)
        place = bisect_right(reports, effect_us, key=lambda report: report.at_us)
        before = reports[place - 1].contract if place else self._natural(person, organization)
        after = _after(event, before, person, organization)
        later, contracts = reports[place:], [after]
        for report in later:
            contracts.append(_after(report.event, contracts[-1], person, organization))
        for report, contract in zip(later, contracts[1:], strict=True):
            report.contract = contract
        reported = _Reported(effect_us, event, after)
        reports.insert(place, reported)
        self._reported[person.index, organization.index] = reports
        if effect_us > now_us:
            self._tenant.agenda.at(effect_us, lambda at_us: self._tell(reported.contract, at_us))
        else:
            self._tell(after, now_us)
        return after

    def _tell(self, contract: Contract, now_us: int) -> None:
        for listener in self.on_change:
            listener(contract, now_us)

    def _reports_of(self, person: Person, organization: Organization) -> list[_Reported]:
        """Reports about one contract, to which one more may be added; Refusal 507 if not."""
        reports = self._reported.get((person.index, organization.index), [])
        if len(reports) >= _MOST_REPORTS or (not reports and len(self._reported) >= _MOST_CHANGED):
            raise Refusal(507, "too-many", "Изменено слишком много трудовых договоров")
        return reports

    def _natural(self, person: Person, organization: Organization) -> Contract | None:
        """As the country has it; a head has a contract too (Labour Code of Russia, chapter 43)."""
        head = organization.head
        if head.person == person.index and organization.kind == "legal":
            until = organization.closed
            return Contract(
                person.index, organization.index, head.position, "Руководство", head.since, until
            )
        found = None
        if person.index >= 0:
            found = self._tenant.records.world.employer_of(person.index)
        if found is None or found.organization != organization.index:
            return None
        return Contract(
            person.index, organization.index, found.position, found.department, found.since,
            organization.closed,
        )  # fmt: skip


def contract_view(contract: Contract | None, today: dt.date) -> dict[str, Any]:
    """A contract as answers show it; without one nothing is told about other employers."""
    if contract is None:
        return {"status": "none", "status_title": "Трудового договора нет"}
    status, title = "none", "Трудовой договор ещё не действует"
    if contract.is_in_force(today):
        status, title = "employed", "Трудовой договор действует"
    elif contract.since <= today:
        status, title = "dismissed", "Трудовой договор прекращён"
    return {
        "status": status,
        "status_title": title,
        "position": contract.position,
        "department": contract.department,
        "since": contract.since.isoformat(),
        "until": None if contract.until is None else contract.until.isoformat(),
    }


def _after(
    event: LabourEvent, before: Contract | None, person: Person, organization: Organization
) -> Contract:
    """The contract after `event`."""
    works = before is not None and before.until is None
    if event.event == "ПРИЕМ":
        if works:
            raise Refusal(409, "already-employed", "Трудовой договор с работником уже действует")
        if event.position is None or event.department is None:
            message = "Для приёма нужны position и department"
            raise Refusal(422, "no-position", message, field="position")
        if before is not None and before.until is not None and event.date <= before.until:
            message = "Приём не может быть раньше увольнения"
            raise Refusal(422, "bad-date", message, field="date")
        return Contract(
            person.index, organization.index, event.position, event.department, event.date
        )
    if before is None or not works:
        raise Refusal(409, "not-employed", "Трудового договора с работником нет")
    if event.date < before.since:
        raise Refusal(422, "bad-date", "Дата раньше приёма на работу", field="date")
    if event.event == "УВОЛЬНЕНИЕ":
        return replace(before, until=event.date)
    return replace(
        before,
        position=event.position or before.position,
        department=event.department or before.department,
    )
