"""The course of a civil case in an arbitration court, by the terms of АПК РФ."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.courts_law.terms import months_later, on_working_day, working_days_later
from world.calendar import Calendar
from world.population import chosen

__all__ = ["TITLES", "State", "Step", "course_of"]

State: TypeAlias = Literal[
    "filed", "accepted", "hearing", "satisfied", "partly_satisfied", "dismissed", "terminated",
    "appealed", "upheld", "reversed", "in_force",
]  # fmt: skip

TITLES: Final[dict[State, str]] = {
    "filed": "Исковое заявление поступило",
    "accepted": "Исковое заявление принято к производству",
    "hearing": "Проведено предварительное судебное заседание",
    "satisfied": "Иск удовлетворён полностью",
    "partly_satisfied": "Иск удовлетворён частично",
    "dismissed": "В иске отказано",
    "terminated": "Производство по делу прекращено",
    "appealed": "Подана апелляционная жалоба",
    "upheld": "Решение оставлено без изменения",
    "reversed": "Решение отменено",
    "in_force": "Решение вступило в законную силу",
}

_ACCEPTED_DAYS: Final = 5  # working days; art. 127, part 1
_DECIDED_MONTHS: Final = 6  # art. 152, part 1
_APPEAL_MONTHS: Final = 1  # art. 259, part 1
_APPEAL_RULED_MONTHS: Final = 2  # art. 267, part 1

_OUTCOMES: Final[dict[State, float]] = {
    "satisfied": 0.65,
    "partly_satisfied": 0.12,
    "dismissed": 0.11,
    "terminated": 0.12,
}
_APPEALED: Final = 0.2
_RULINGS: Final[dict[State, float]] = {"upheld": 0.85, "reversed": 0.15}
"""Shares are assumptions."""


@dataclass(frozen=True, slots=True)
class Step:
    """The case came into `state` on `day`."""

    day: dt.date
    state: State


def course_of(filed: dt.date, calendar: Calendar, draw: Callable[[str], float]) -> tuple[Step, ...]:
    """Every step of a case filed on `filed`; `draw` gives a number in (0, 1) for each name.

    A decision that nobody appeals against is in force when the month for an appeal is over,
    otherwise on the day of the ruling that leaves it (art. 180, part 1).
    """
    accepted = working_days_later(calendar, filed, 1 + int(draw("accepted") * _ACCEPTED_DAYS))
    last = months_later(filed, _DECIDED_MONTHS)
    decided = _between(calendar, accepted, last, 0.5 + draw("decided") / 2)
    hearing = _between(calendar, accepted, decided, draw("hearing"))
    outcome = chosen(_OUTCOMES, draw("outcome"))
    begun = (Step(filed, "filed"), Step(accepted, "accepted"), Step(hearing, "hearing"))
    steps: tuple[Step, ...] = (*begun, Step(decided, outcome))
    if outcome == "terminated":
        return steps
    appeal_until = on_working_day(calendar, months_later(decided, _APPEAL_MONTHS))
    if draw("appealed") >= _APPEALED:
        return (*steps, Step(appeal_until + dt.timedelta(days=1), "in_force"))
    appealed = _between(calendar, decided, appeal_until, draw("appeal"))
    ruled_until = months_later(appealed, _APPEAL_RULED_MONTHS)
    ruled = _between(calendar, appealed, ruled_until, 0.5 + draw("ruled") / 2)
    ruling = chosen(_RULINGS, draw("ruling"))
    steps = (*steps, Step(appealed, "appealed"), Step(ruled, ruling))
    return (*steps, Step(ruled, "in_force")) if ruling == "upheld" else steps


def _between(calendar: Calendar, first: dt.date, last: dt.date, share: float) -> dt.date:
    """The working day after `first`, at most the last one by `last`, at that share of the time."""
    day = first + dt.timedelta(days=1 + int(share * (last - first).days))
    if on_working_day(calendar, day) <= last:
        return on_working_day(calendar, day)
    return working_days_later(calendar, last + dt.timedelta(days=1), -1)
