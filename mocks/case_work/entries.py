"""An entry of a registry: the states it has been in, and the term after which it ends."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from mocks.case_work.cases import StateTable, Step
from mocks.case_work.terms import last_moment
from mocks.core.agenda import Appointment
from mocks.core.http import Refusal
from mocks.core.moments import moment
from mocks.core.tenant import Tenant

__all__ = ["ENTRY_STATES", "MOST_STEPS", "Entry", "expire_after_term"]

MOST_STEPS: Final = 100
"""Steps of an entry that are kept, the latest ones."""

ENTRY_STATES: Final = StateTable(
    titles={
        "active": "Действует",
        "suspended": "Действие приостановлено",
        "expired": "Срок действия истёк",
        "terminated": "Действие прекращено",
    },
    follows={
        "active": frozenset({"suspended", "expired", "terminated"}),
        "suspended": frozenset({"active", "expired", "terminated"}),
    },
)
"""States of what is granted for a term and can be suspended."""


@dataclass(eq=False, kw_only=True)
class Entry:
    """What a registry keeps about somebody: `valid_until` is the last day, None without a term;
    `expiry` is what will end it then."""

    states: ClassVar[StateTable] = ENTRY_STATES

    number: str
    inn: str
    valid_from: dt.date
    valid_until: dt.date | None
    history: list[Step]
    expiry: Appointment | None = None

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.history[-1].state

    @property
    def in_force(self) -> bool:
        """Whether its term still runs, suspended or not."""
        return not self.states.is_end(self.state)

    def state_at(self, us: int) -> str | None:
        """Where it stood at model time `us`; None before it was entered."""
        return next((step.state for step in reversed(self.history) if step.at_us <= us), None)

    def move(self, state: str, now_us: int, comment: str) -> None:
        """Go on to `state`; Refusal 409 if the table of states does not let it."""
        if state not in self.states.follows.get(self.state, frozenset()):
            title = self.states.titles[self.state]
            message = f"Запись {self.number} в состоянии «{title}»: действие невозможно"
            raise Refusal(409, "wrong-state", message)
        self.note(state, now_us, comment)

    def note(self, state: str, now_us: int, comment: str) -> None:
        """Write a step down without asking the table."""
        self.history.append(Step(now_us, state, comment, None))
        del self.history[:-MOST_STEPS]

    def drop(self) -> None:
        """The registry keeps it no longer."""
        if self.expiry is not None:
            self.expiry.cancel()

    def view(self, tenant: Tenant, as_of_us: int) -> dict[str, Any]:
        """The entry as it stood at `as_of_us`, when it was there."""
        known = [step for step in self.history if step.at_us <= as_of_us]
        return {
            "number": self.number,
            "inn": self.inn,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
            "status": known[-1].state,
            "status_title": self.states.titles[known[-1].state],
            "history": [
                {
                    "at": moment(tenant, step.at_us),
                    "status": step.state,
                    "comment": step.comment,
                }
                for step in known
            ],
        }


def expire_after_term(tenant: Tenant, entry: Entry, expire: Callable[[int], None]) -> None:
    """Let `expire` happen after the entry's last day, instead of what was to happen after another
    one, unless the entry is over by then or dropped."""
    entry.drop()
    if entry.valid_until is None:
        return

    def at_end(now_us: int) -> None:
        if entry.in_force:
            expire(now_us)

    ends_us = last_moment(tenant.clock.calendar, entry.valid_until)
    entry.expiry = tenant.agenda.at(ends_us + 1, at_end)
