"""A case: its number, where it stands and how it got there (APP-02), by a table of states."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from mocks.case_work.applicants import Submission
from mocks.core.agenda import Agenda, Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.moments import moment
from mocks.core.register import digest_of, request_id_taken
from mocks.core.service import Call
from mocks.core.tenant import Tenant

__all__ = ["MOST_CASES", "Case", "Docket", "StateTable", "Step"]

T = TypeVar("T")

MOST_CASES: Final = 10_000
"""Cases a docket keeps, the latest ones: a client may file as many as it likes."""


@dataclass(frozen=True)
class StateTable:
    """States with what people read, and which states follow each; the first one is the start.

    A state that nothing follows is an end.
    """

    titles: Mapping[str, str]
    follows: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        named = {*self.follows, *(state for after in self.follows.values() for state in after)}
        if named != set(self.titles):
            raise ValueError(f"states without a title or a place: {named ^ set(self.titles)}")

    @property
    def start(self) -> str:
        """The state of a new case."""
        return next(iter(self.titles))

    def is_end(self, state: str) -> bool:
        """Whether a case stays in `state` for ever."""
        return not self.follows.get(state)


@dataclass(frozen=True, slots=True)
class Step:
    """A case came into `state`: when, why, and when that stage ends at the latest."""

    at_us: int
    state: str
    comment: str
    due_us: int | None


@dataclass(eq=False)
class Case(Generic[T]):
    """One application: `subject` is what it is about, `digest` is of what was submitted, `key` the
    key of its draws."""

    number: str
    inn: str
    request_id: str
    digest: str
    subject: T
    key: DrawKey
    table: StateTable
    history: list[Step] = field(default_factory=list)
    planned: list[Appointment] = field(default_factory=list, repr=False)

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.history[-1].state

    @property
    def due_us(self) -> int | None:
        """When its stage ends at the latest."""
        return self.history[-1].due_us

    def move(self, state: str, now_us: int, comment: str = "", due_us: int | None = None) -> None:
        """Go on to `state`; ValueError if the table does not let it."""
        allowed = self.table.follows.get(self.state, frozenset())
        if state not in allowed:
            raise ValueError(f"{self.number}: {self.state} does not lead to {state}")
        self.history.append(Step(now_us, state, comment, due_us))

    def require(self, *states: str) -> None:
        """Refusal 409 unless it stands in one of `states`."""
        if self.state not in states:
            title = self.table.titles[self.state]
            message = f"Дело {self.number} в состоянии «{title}»: действие невозможно"
            raise Refusal(409, "wrong-state", message)

    def view(self, tenant: Tenant, now_us: int) -> dict[str, Any]:
        """The case as answers show it."""
        due_us = self.due_us
        return {
            "number": self.number,
            "request_id": self.request_id,
            "inn": self.inn,
            "status": self.state,
            "status_title": self.table.titles[self.state],
            "due": None if due_us is None else moment(tenant, due_us),
            "overdue": due_us is not None and now_us > due_us,
            "history": [
                {
                    "at": moment(tenant, step.at_us),
                    "status": step.state,
                    "comment": step.comment,
                    "due": None if step.due_us is None else moment(tenant, step.due_us),
                }
                for step in self.history
            ],
        }


class Docket(Generic[T]):
    """The cases of one sort in the order of their numbers `{prefix}-{year}-{NNNNNN}`; the latest
    `most` are kept, `on_drop` is told of each that is not."""

    def __init__(
        self,
        prefix: str,
        table: StateTable,
        most: int = MOST_CASES,
        on_drop: Callable[[Case[T]], None] | None = None,
    ) -> None:
        self._prefix = prefix
        self._table = table
        self._most = most
        self._on_drop = on_drop
        self._cases: OrderedDict[str, Case[T]] = OrderedDict()
        self._by_request: dict[tuple[str, str], Case[T]] = {}
        self._opened = 0

    def __len__(self) -> int:
        return len(self._cases)

    def repeated(self, submission: Submission) -> Case[T] | None:
        """The case that this very submission has opened; Refusal 409 if its number of request was
        given to another content (OPS-07: nothing is filed twice)."""
        found = self._by_request.get((submission.inn, submission.request_id))
        if found is not None and found.digest != digest_of(submission):
            raise request_id_taken(submission.request_id)
        return found

    def open(
        self,
        call: Call,
        submission: Submission,
        subject: T,
        comment: str = "",
        due_us: int | None = None,
    ) -> Case[T]:
        """A new case in the first state."""
        self._opened += 1
        year = call.tenant.clock.calendar.date(call.now_us).year
        number = f"{self._prefix}-{year}-{self._opened:06}"
        case = Case(
            number=number,
            inn=submission.inn,
            request_id=submission.request_id,
            digest=digest_of(submission),
            subject=subject,
            key=call.key,
            table=self._table,
        )
        case.history.append(Step(call.now_us, self._table.start, comment, due_us))
        self._cases[number] = self._by_request[case.inn, case.request_id] = case
        if len(self._cases) > self._most:
            oldest = next(iter(self._cases.values()))
            self.forget(oldest)
            if self._on_drop is not None:
                self._on_drop(oldest)
        return case

    def plan(
        self, agenda: Agenda, at_us: int, case: Case[T], happening: Callable[[Case[T], int], None]
    ) -> None:
        """Let `happening` happen to `case` at model time `at_us`, if it is kept until then."""
        case.planned = [one for one in case.planned if not one.off]
        case.planned.append(agenda.at(at_us, lambda now_us: happening(case, now_us)))

    def forget(self, case: Case[T]) -> None:
        """Keep `case` and its request's number no longer; what was planned for it is called
        off."""
        for appointment in case.planned:
            appointment.cancel()
        del self._cases[case.number]
        del self._by_request[case.inn, case.request_id]

    def case(self, number: str) -> Case[T]:
        """The case of that number; Refusal 404 if there is none."""
        found = self._cases.get(number)
        if found is None:
            raise Refusal(404, "no-such-case", f"Дела {number} нет")
        return found

    def of(self, inn: str) -> list[Case[T]]:
        """The cases of an applicant, oldest first."""
        return [case for case in self._cases.values() if case.inn == inn]
