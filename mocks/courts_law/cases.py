"""Cases of arbitration courts: those of the country, and those that a test has filed.

In a year every organization is sued once at most, by one other: who sues whom is a keyed
permutation, so the cases of both parties are found from either, and none is stored. The serial of a
number is a permutation of the defendant's index: it has up to seven digits, those of filed cases
eight.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from mocks.core.draw_keys import DrawKey, seeded_key
from mocks.core.http import Refusal
from mocks.core.register import Numbered, Register, new_id
from mocks.core.tenant import Tenant
from mocks.courts_law.course import TITLES, Step, course_of
from mocks.courts_law.courts import Court, court_of
from mocks.courts_law.terms import on_working_day
from rulebook.kinds import Tier
from world import draws
from world.attributes import Attributes
from world.numbering import MOST_ORGANIZATIONS
from world.records import Organization

__all__ = ["MOST_FILED", "Case", "Cases", "Claim"]

FIRST_YEAR: Final = 2023  # older cases are left out; assumption
ACT_HOUR: Final = dt.time(12)  # when steps of a case are seen in the card; assumption

_SUED: Final[dict[Tier, float]] = {"small": 0.1, "medium": 0.4, "large": 0.9}
"""Share of organizations that are sued in a year; assumption."""

_SUBJECTS: Final = (
    "о взыскании задолженности по договору поставки",
    "о взыскании задолженности по договору подряда",
    "о взыскании арендной платы и пеней",
    "о взыскании неосновательного обогащения",
    "о взыскании стоимости услуг по передаче энергии",
)
_LEAST_KOPECKS, _MOST_KOPECKS = 10_000_00, 5_000_000_00  # of a claim; assumption
MOST_FILED: Final = 10_000  # the latest
_NUMBER: Final = re.compile(r"[АA](\d{2})-(\d{1,8})/(\d{4})")


class Claim(Numbered):
    """A claim that is filed today."""

    plaintiff_inn: str
    defendant_inn: str
    kopecks: Annotated[int, Field(ge=1, le=10**15)]
    subject: Annotated[str, Field(min_length=1, max_length=300)] = _SUBJECTS[0]


@dataclass(frozen=True, slots=True)
class Case:
    """A case and its whole course; `plaintiff` and `defendant` are indices."""

    id: str
    number: str
    court: Court
    judge: str
    plaintiff: int
    defendant: int
    subject: str
    kopecks: int
    steps: tuple[Step, ...]

    def steps_by(self, day: dt.date) -> tuple[Step, ...]:
        """What has happened by the end of `day`."""
        return tuple(step for step in self.steps if step.day <= day)


class Cases:
    """The cases that one tenant sees. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._seed = tenant.records.world.seed
        self._filed: Register[Case] = Register(MOST_FILED)
        self._opened = 0

    # --- filing

    def repeated(self, claim: Claim) -> Case | None:
        """The case that this very claim has opened; Refusal 409 as of `Register`, 404 if a party of
        it is nobody any more."""
        case = self._filed.repeated(claim)
        if case is not None and not self._has_parties(case):
            raise Refusal(404, "no-such-case", f"Дела {case.id} нет: сторона изъята из реестра")
        return case

    def file(
        self,
        claim: Claim,
        plaintiff: Organization,
        defendant: Organization,
        key: DrawKey,
        now_us: int,
    ) -> Case:
        """Open a case today; its court is that of the defendant."""
        self._opened += 1
        calendar = self._tenant.clock.calendar
        filed = calendar.date(now_us)
        court = court_of(defendant.address.region)
        case = Case(
            id=new_id(key, "case"),
            number=f"{court.code}-{MOST_ORGANIZATIONS + self._opened}/{filed.year}",
            court=court,
            judge=self._judge(key.uniform("judge")),
            plaintiff=plaintiff.index,
            defendant=defendant.index,
            subject=claim.subject,
            kopecks=claim.kopecks,
            steps=course_of(filed, calendar, key.uniform),
        )
        self._filed.keep(case.id, case, claim)
        return case

    # --- finding

    def of(self, organization: Organization, day: dt.date) -> list[Case]:
        """Every case of which it is a party, filed by `day`, latest first."""
        years = range(FIRST_YEAR, day.year + 1)
        natural = [case for year in years for case in self.natural_of(organization, year)]
        index = organization.index
        filed = [case for case in self._filed if index in (case.plaintiff, case.defendant)]
        found = [case for case in (*natural, *filed) if self._is_seen(case, day)]
        return sorted(found, key=lambda case: (case.steps[0].day, case.number), reverse=True)

    def natural_of(self, organization: Organization, year: int) -> Iterator[Case]:
        """The country's cases of `year` of which it is a party, as defendant first."""
        index = organization.index
        size = self._tenant.records.world.organizations
        if not 0 <= index < size:
            return
        sued_by_it = draws.unpermute(self._year_key("parties", year), index, size)
        for defendant in dict.fromkeys((index, sued_by_it)):
            case = self._natural(defendant, year)
            if case is not None:
                yield case

    def by_number(self, number: str, day: dt.date) -> Case | None:
        """The case of that number if it is filed by `day`."""
        match = _NUMBER.fullmatch(number)
        if match is None:
            return None
        number = f"А{match[1]}-{match[2]}/{match[3]}"
        place, year = int(match[2]) - 1, int(match[3])
        case = next((case for case in self._filed if case.number == number), None)
        if case is None and 0 <= place < MOST_ORGANIZATIONS and FIRST_YEAR <= year <= day.year:
            key = self._year_key("number", year)
            case = self._natural(draws.unpermute(key, place, MOST_ORGANIZATIONS), year)
        found = case is not None and case.number == number and self._is_seen(case, day)
        return case if found else None

    def by_id(self, case_id: str, day: dt.date) -> Case | None:
        """The case of that id if it is filed by `day`: ids of the country's cases tell the
        defendant and the year."""
        case = self._filed.find(case_id)
        if case is None:
            digits = case_id.replace("-", "")
            try:
                year, defendant = int(digits[8:12]), int(digits[20:])
            except ValueError:
                return None
            if FIRST_YEAR <= year <= day.year:
                case = self._natural(defendant, year)
        found = case is not None and case.id == case_id and self._is_seen(case, day)
        return case if found else None

    def _is_seen(self, case: Case, day: dt.date) -> bool:
        return case.steps[0].day <= day and self._has_parties(case)

    def _has_parties(self, case: Case) -> bool:
        """Whether both are on record: a test may take back whom it has added."""
        known = self._tenant.records.known_organization
        return known(case.plaintiff) is not None and known(case.defendant) is not None

    def _natural(self, defendant: int, year: int) -> Case | None:
        """The case of `year` against an organization of the country."""
        world, calendar = self._tenant.records.world, self._tenant.clock.calendar
        if not 0 <= defendant < world.organizations:
            return None
        sued = world.organization(defendant)
        attributes = Attributes("court", self._seed, defendant)

        def draw(name: str) -> float:
            return attributes.unit(f"{year}/{name}")

        key = self._year_key("parties", year)
        plaintiff = draws.permute(key, defendant, world.organizations)
        if plaintiff == defendant or draw("sued") >= _SUED[sued.tier]:
            return None
        first = dt.date(year, 1, 1)
        filed = on_working_day(calendar, first + dt.timedelta(days=int(draw("filed") * 350)))
        if not all(_exists(one, filed) for one in (sued, world.organization(plaintiff))):
            return None
        court = court_of(sued.address.region)
        place = draws.permute(self._year_key("number", year), defendant, MOST_ORGANIZATIONS)
        return Case(
            id=f"{attributes.below('case', 16**8):08x}-{year}-8000-8000-{defendant:012}",
            number=f"{court.code}-{place + 1}/{year}",
            court=court,
            judge=self._judge(draw("judge")),
            plaintiff=plaintiff,
            defendant=defendant,
            subject=_SUBJECTS[int(draw("subject") * len(_SUBJECTS))],
            kopecks=_LEAST_KOPECKS + int(draw("sum") * (_MOST_KOPECKS - _LEAST_KOPECKS)),
            steps=course_of(filed, calendar, draw),
        )

    def _year_key(self, purpose: str, year: int) -> int:
        return draws.combine(seeded_key(f"court/{purpose}", self._seed), year)

    def _judge(self, unit: float) -> str:
        name = self._tenant.records.world.person(int(unit * self._tenant.records.world.people)).name
        parts = (name.first, name.patronymic)
        return " ".join((name.last, *(f"{part[0]}." for part in parts if part)))

    # --- reading

    def item(self, case: Case) -> dict[str, Any]:
        """The case as a search of the Картотека has it."""
        return {
            "CaseId": case.id,
            "CaseNumber": case.number,
            "CaseType": "Г",
            "CourtName": case.court.name,
            "Judge": case.judge,
            "Date": f"{case.steps[0].day.isoformat()}T00:00:00",
            "Plaintiffs": self._side(case.plaintiff),
            "Respondents": self._side(case.defendant),
            "IsSimpleJustice": False,
        }

    def card(self, case: Case, day: dt.date) -> dict[str, Any]:
        """The case with all that has happened in it by `day`."""
        steps = case.steps_by(day)
        records = self._tenant.records
        return {
            "case_id": case.id,
            "number": case.number,
            "court": case.court.name,
            "judge": case.judge,
            "plaintiff_inn": records.organization(case.plaintiff).inn,
            "defendant_inn": records.organization(case.defendant).inn,
            "subject": case.subject,
            "kopecks": case.kopecks,
            "state": steps[-1].state,
            "state_title": TITLES[steps[-1].state],
            "history": [
                {"day": step.day.isoformat(), "state": step.state, "title": TITLES[step.state]}
                for step in steps
            ],
        }

    def _side(self, index: int) -> dict[str, Any]:
        one = self._tenant.records.organization(index)
        participant = {"Name": one.short_name, "Inn": one.inn, "Address": str(one.address)}
        return {"Count": 1, "Participants": [participant]}


def _exists(organization: Organization, day: dt.date) -> bool:
    closed = organization.closed
    return organization.registered < day and (closed is None or day < closed)
