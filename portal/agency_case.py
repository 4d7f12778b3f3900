"""What the portal has put before an agency, and follows until it is over: it asks, goes where the
answer leads, tells whom it concerns, and plans the next look."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from portal.ports.unavailable import Unavailable
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context

__all__ = ["AgencyCase", "Course", "Shown"]


@dataclass(frozen=True, kw_only=True)
class AgencyCase(Entity):
    """A matter that an agency has, or will have once it answers, in a `state` of its table."""

    state: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come from the agency."""
        raise NotImplementedError


class Shown(Protocol):
    """A case as its agency shows it."""

    @property
    def state(self) -> str:
        """The event that leads to its state here."""


C = TypeVar("C", bound=AgencyCase)
V = TypeVar("V", bound=Shown)


@dataclass(frozen=True, kw_only=True)
class Course(Generic[C, V]):
    """How cases of a `kind` go from state to state.

    `ask` puts a case before the agency, or asks how one stands that it has; `take` adds to a case,
    which is in its new state already, what the agency has told. Both may raise Unavailable. `tell`
    is for whom a change concerns. Until a case is over, the task named `watch` is planned anew
    every `pause`.
    """

    kind: type[C]
    states: StateTable[Any]
    ask: Callable[[Context, C], V]
    take: Callable[[Context, C, V], C]
    tell: Callable[[Context, C], None]
    watch: str
    pause: dt.timedelta

    def begun(self, context: Context, case: C) -> C:
        """The case as the agency has taken it; if it is silent, it is asked again later."""
        try:
            return self.followed(context, case, self.ask(context, case))
        except Unavailable:
            return self.awaited(context, case)

    def followed(self, context: Context, case: C, told: V) -> C:
        """The case as the agency shows it; a change of its state is told. Unavailable."""
        moved = case
        if told.state != case.state:
            moved = replace(case, state=self.states.after(case.state, told.state))
        after = context.unit.put(self.take(context, moved, told))
        if after.state != case.state:
            self.tell(context, after)
        return after if after.is_over else self.awaited(context, after)

    def awaited(self, context: Context, case: C) -> C:
        """The case as it is, to be looked at again."""
        schedule(context.unit, self.watch, case.id, context.now + self.pause)
        return context.unit.put(case)

    def watched(self, context: Context, planned: Task) -> None:
        """Look at the case of a task, unless it is over; Unavailable plans it again."""
        case = context.unit.get(self.kind, planned.subject)
        if case is not None and not case.is_over:
            self.followed(context, case, self.ask(context, case))
