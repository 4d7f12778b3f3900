"""The work of an agency on one case, which an outage or an error only delays."""

from collections.abc import Callable
from typing import Final, TypeVar

from mocks.case_work.cases import Case, Docket
from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.jobs import Job
from mocks.core.tenant import Tenant
from world.microseconds import MINUTE_US, SECOND_US

__all__ = ["BEGIN_ANEW_US", "Work", "Works", "take_in"]

T = TypeVar("T")

BEGIN_ANEW_US: Final = 30 * MINUTE_US
"""Until an official takes up again what an outage or an error has ended, or what found the queue
full: the pause after a failed check in the model's journey `verification` (an assumption there)."""

_RETRY_S: Final = BEGIN_ANEW_US // SECOND_US


class Work:
    """A job of `service` by its station of the scenario; `on_done` is called once with the model
    time (µs) at which it is done.

    A job that fails is begun anew, with draws of its own, so no case is lost (OPS-07).
    """

    def __init__(
        self,
        tenant: Tenant,
        service: str,
        name: str,
        key: DrawKey,
        on_done: Callable[[int], None],
    ) -> None:
        self._tenant = tenant
        self._service = service
        self._name = name
        self._key = key
        self._on_done = on_done
        self._attempts = 0
        self._priority = 0
        self._job: Job | None = None
        self._again: Appointment | None = None

    @property
    def begun(self) -> bool:
        """Whether somebody has taken it into hand, perhaps to lay it aside at a shift's end."""
        return self._job is not None and self._job.state != "waiting"

    def hurry(self, priority: int) -> None:
        """Go before work of a larger priority number, also when begun anew (VER-06)."""
        self._priority = priority
        if self._job is not None:
            self._tenant.jobs(self._service).hurry(self._job, priority)

    def withdraw(self, now_us: int) -> None:
        """Give it up: `on_done` is not called."""
        if self._again is not None:
            self._again.cancel()
        if self._job is not None:
            self._tenant.jobs(self._service).withdraw(self._job, now_us)

    def begin(self, now_us: int) -> None:
        """Take it in; Refusal 503 if no waiting place is left."""
        if not self._submit(now_us):
            message = "Очередь дел заполнена, повторите позже"
            raise Refusal(503, "queue-full", message, retry_after_s=_RETRY_S)

    def begin_surely(self, now_us: int) -> None:
        """Take it in now or as soon as there is a waiting place."""
        if not self._submit(now_us):
            self._begin_anew(now_us)

    def _submit(self, now_us: int) -> bool:
        key = self._key if not self._attempts else self._key.about(f"attempt {self._attempts}")
        job = Job(self._name, key, self._ended, self._priority)
        taken = self._tenant.jobs(self._service).submit(job, now_us)
        self._job = job if taken else None
        return taken

    def _ended(self, job: Job) -> None:
        now_us = self._tenant.now_us if job.ended_us is None else job.ended_us
        self._job = None
        if job.state == "done":
            self._on_done(now_us)
            return
        self._attempts += 1
        self._begin_anew(now_us)

    def _begin_anew(self, now_us: int) -> None:
        self._again = self._tenant.agenda.at(now_us + BEGIN_ANEW_US, self.begin_surely)


def take_in(docket: Docket[T], case: Case[T], work: Work, now_us: int) -> None:
    """Begin `work` on a new `case`; Refusal 503 if there is no waiting place: it is not filed."""
    try:
        work.begin(now_us)
    except Refusal:
        docket.forget(case)
        raise


class Works:
    """The work of `service` on the cases of a docket; of a case that the docket drops, it is given
    up."""

    def __init__(self, tenant: Tenant, service: str) -> None:
        self._tenant = tenant
        self._service = service
        self._works: dict[str, dict[str, Work]] = {}

    def on(self, case: Case[T], on_done: Callable[[Case[T], int], None], part: str = "") -> Work:
        """The work on `case`, or on a `part` of it with draws of its own; still to be begun."""

        def done(now_us: int) -> None:
            self._forget(case.number, part)
            on_done(case, now_us)

        name = f"{case.number}/{part}" if part else case.number
        key = case.key.about(part) if part else case.key
        work = Work(self._tenant, self._service, name, key, done)
        self._works.setdefault(case.number, {})[part] = work
        return work

    def take_in(
        self,
        docket: Docket[T],
        case: Case[T],
        on_done: Callable[[Case[T], int], None],
        now_us: int,
    ) -> None:
        """Begin the work on a new `case`; Refusal 503 if there is no waiting place: it is not
        filed."""
        try:
            take_in(docket, case, self.on(case, on_done), now_us)
        except Refusal:
            self._forget(case.number, "")
            raise

    def drop(self, case: Case[T]) -> None:
        """Give up whatever is worked on for `case`."""
        for work in self._works.pop(case.number, {}).values():
            work.withdraw(self._tenant.now_us)

    def _forget(self, number: str, part: str) -> None:
        parts = self._works.get(number, {})
        parts.pop(part, None)
        if not parts:
            self._works.pop(number, None)
