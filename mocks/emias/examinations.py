"""Medical examinations: a case of an organization, a result of each employee."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.terms import years_after
from mocks.case_work.work import Works
from mocks.core.tenant import Tenant
from world.population import chosen

__all__ = [
    "CONCLUSIONS",
    "MOST_EMPLOYEES",
    "SERVICE",
    "STATES",
    "Examination",
    "Examinations",
    "Result",
]

SERVICE: Final = "emias"

ConclusionCode: TypeAlias = Literal["fit", "fit_with_limits", "unfit_for_a_time", "more_tests"]

CONCLUSIONS: Final[dict[ConclusionCode, str]] = {
    "fit": "Медицинские противопоказания не выявлены",
    "fit_with_limits": "Годен с ограничениями",
    "unfit_for_a_time": "Выявлены временные медицинские противопоказания",
    "more_tests": "Требуется дополнительное обследование",
}

_SHARES: Final[dict[ConclusionCode, float]] = {
    "fit": 0.86,
    "fit_with_limits": 0.07,
    "unfit_for_a_time": 0.03,
    "more_tests": 0.04,
}
"""Assumption."""

VALID_YEARS: Final = 1
"""Most factors ask for an examination every year (приказ Минздрава от 28.01.2021 № 29н)."""

MOST_EMPLOYEES: Final = 500
"""Assumption: employees in one list."""

_MOST_EXAMINATIONS: Final = 1_000  # kept for a tenant: each may have as many employees
_MOST_RESULTS: Final = 100_000  # kept for a tenant, the latest ones

STATES: Final = StateTable(
    titles={"in_progress": "Осмотр проводится", "completed": "Заключительный акт сформирован"},
    follows={"in_progress": frozenset({"completed"})},
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a medical board concluded; it holds to the end of `valid_until`."""

    snils: str
    factors: tuple[str, ...]
    conclusion: ConclusionCode
    examined: dt.date
    valid_until: dt.date

    def view(self, today: dt.date) -> dict[str, Any]:
        """The conclusion without any diagnosis (323-ФЗ, art. 13)."""
        return {
            "snils": self.snils,
            "factors": list(self.factors),
            "conclusion": self.conclusion,
            "conclusion_title": CONCLUSIONS[self.conclusion],
            "examined": self.examined.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "valid": today <= self.valid_until,
        }


@dataclass
class Examination:
    """A list of employees with the harmful factors of their work, and the results so far."""

    organization: int
    factors: dict[str, tuple[str, ...]]
    results: dict[str, Result] = field(default_factory=dict)

    @property
    def waiting(self) -> list[str]:
        """СНИЛС of those who have no result yet."""
        return [snils for snils in self.factors if snils not in self.results]


class Examinations:
    """A tenant's examinations; everybody's visit is work of its own."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Examination] = Docket(
            "MED", STATES, _MOST_EXAMINATIONS, self._works.drop
        )
        self._latest: OrderedDict[str, Result] = OrderedDict()

    def begin(self, case: Case[Examination], lost: str | None, now_us: int) -> None:
        """Let everybody be examined; the result of `lost` never comes."""
        for snils in case.subject.factors:
            if snils != lost:
                conclude = partial(self._conclude, snils)
                self._works.on(case, conclude, part=snils).begin_surely(now_us)

    def latest(self, snils: str) -> Result | None:
        """The last conclusion about an employee."""
        return self._latest.get(snils)

    def _conclude(self, snils: str, case: Case[Examination], now_us: int) -> None:
        calendar = self._tenant.clock.calendar
        result = Result(
            snils=snils,
            factors=case.subject.factors[snils],
            conclusion=chosen(_SHARES, case.key.about(snils).uniform("conclusion")),
            examined=calendar.date(now_us),
            valid_until=years_after(calendar, now_us, VALID_YEARS),
        )
        case.subject.results[snils] = result
        self._latest[snils] = result
        self._latest.move_to_end(snils)
        if len(self._latest) > _MOST_RESULTS:
            self._latest.popitem(last=False)
        if not case.subject.waiting:
            case.move("completed", now_us, f"Осмотрено работников: {len(case.subject.results)}")
