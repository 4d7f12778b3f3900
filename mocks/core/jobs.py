"""Work that takes hours or days of model time: cases in hand, a queue before them, shifts.

A job is to a service what a visit is to a station of the model: the same servers, shifts, queue
discipline and faults, on the tenant's clock.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from mocks.core.agenda import Agenda, Appointment
from mocks.core.draw_keys import DrawKey
from scenarios.distributions import Distribution

__all__ = ["Conditions", "Job", "JobState", "JobStation", "Jobs"]

JobState: TypeAlias = Literal["waiting", "in_service", "suspended", "done", "failed"]


class Conditions(Protocol):
    """What the plan of faults says of a station."""

    def outage_until(self, service: str, now_us: int) -> int | None:
        """When the outage that holds now ends; None if there is none."""

    def job_us(self, service: str, key: DrawKey, drawn_us: int, now_us: int) -> tuple[int, bool]:
        """The service time (µs) of a job begun now, and whether it ends with an error."""


@dataclass(frozen=True)
class JobStation:
    """How a service works: `capacity(from_us)` gives (µs, servers) at that time and every later
    change; `queue_limit` waiting jobs (None: unlimited)."""

    service: Distribution
    capacity: Callable[[int], Iterator[tuple[int, int]]]
    priority: bool = False
    suspend: bool = False
    queue_limit: int | None = None


@dataclass(eq=False)
class Job:
    """One case of a service, and where it is; times in µs. `on_end` gets the job when it is done
    or has failed."""

    id: str
    key: DrawKey
    on_end: Callable[["Job"], None]
    priority: int = 0
    state: JobState = "waiting"
    started_us: int | None = None
    ended_us: int | None = None
    left_us: int = 0
    errs: bool = False
    _since_us: int = 0
    _completion: Appointment | None = field(default=None, repr=False)


class Jobs:
    """The cases of one service of one tenant. Not locked: its tenant locks."""

    def __init__(
        self, service: str, station: JobStation, agenda: Agenda, conditions: Conditions
    ) -> None:
        self._service = service
        self._station = station
        self._agenda = agenda
        self._conditions = conditions
        self._waiting: OrderedDict[Job, None] = OrderedDict()
        self._suspended: list[Job] = []
        self._in_hand: dict[Job, None] = {}
        self._capacity = 0
        self._changes: Iterator[tuple[int, int]] | None = None
        self._resumption: tuple[int, Appointment] | None = None

    def submit(self, job: Job, now_us: int) -> bool:
        """Take `job` into hand or into the queue; False if there is no waiting place."""
        self._watch_capacity(now_us)
        self._waiting[job] = None
        self._start_waiting(now_us)
        limit = self._station.queue_limit
        if job in self._waiting and limit is not None and len(self._waiting) > limit:
            del self._waiting[job]
            return False
        return True

    def withdraw(self, job: Job, now_us: int) -> None:
        """Give `job` up wherever it is; `on_end` is not called."""
        self._waiting.pop(job, None)
        if job in self._suspended:
            self._suspended.remove(job)
        if job in self._in_hand:
            self._release(job)
        self._start_waiting(now_us)

    def hurry(self, job: Job, priority: int) -> None:
        """Let a waiting `job` go before others of a larger priority number (VER-06)."""
        job.priority = priority

    def fail_in_hand(self, now_us: int) -> None:
        """An outage begins: every case in service fails at once (the contract's semantics, 5)."""
        for job in list(self._in_hand):
            if job in self._in_hand:  # the end of another may have withdrawn it
                self._release(job)
                self._end(job, "failed", now_us)
        self._start_waiting(now_us)

    def resume(self, now_us: int) -> None:
        """An outage has been called off: who waits begins now, not when it would have ended."""
        self._start_waiting(now_us)

    @property
    def queue_length(self) -> int:
        """How many wait, those sent back at a shift's end included."""
        return len(self._waiting) + len(self._suspended)

    @property
    def in_hand(self) -> int:
        """How many are in service."""
        return len(self._in_hand)

    # --- servers

    def _watch_capacity(self, now_us: int) -> None:
        """Changes are followed from the first job on, as long as there is work."""
        if self._changes is None:
            self._changes = self._station.capacity(now_us)
            _, self._capacity = next(self._changes)
            self._await_change()

    def _await_change(self) -> None:
        change = next(self._changes, None) if self._changes is not None else None
        if change is not None:
            at_us, servers = change
            self._agenda.at(at_us, lambda now_us: self._change_capacity(servers, now_us))

    def _change_capacity(self, servers: int, now_us: int) -> None:
        self._capacity = servers
        if self._station.suspend:
            while len(self._in_hand) > servers:
                self._suspend(next(reversed(self._in_hand)), now_us)
        self._start_waiting(now_us)
        if self._in_hand or self._waiting or self._suspended:
            self._await_change()
        else:
            self._changes = None

    def _suspend(self, job: Job, now_us: int) -> None:
        self._release(job)
        job.left_us -= now_us - job._since_us
        job.state = "suspended"
        self._suspended.append(job)

    # --- jobs

    def _start_waiting(self, now_us: int) -> None:
        until_us = self._conditions.outage_until(self._service, now_us)
        if until_us is not None:
            if self.queue_length:
                self._resume_at(until_us)
            return
        while len(self._in_hand) < self._capacity and self.queue_length:
            if self._suspended:
                self._serve(self._suspended.pop(), now_us)
                continue
            job = self._next_waiting()
            del self._waiting[job]
            drawn_us = job.key.duration_us(self._station.service)
            job.left_us, job.errs = self._conditions.job_us(
                self._service, job.key, drawn_us, now_us
            )
            job.started_us = now_us
            self._serve(job, now_us)

    def _resume_at(self, us: int) -> None:
        """Once, however often work comes in meanwhile."""
        if self._resumption is None or self._resumption[1].off or self._resumption[0] != us:
            self._resumption = us, self._agenda.at(us, self._start_waiting)

    def _next_waiting(self) -> Job:
        if self._station.priority:
            return min(self._waiting, key=lambda job: job.priority)  # the first of equals
        return next(iter(self._waiting))

    def _serve(self, job: Job, now_us: int) -> None:
        job.state = "in_service"
        job._since_us = now_us
        self._in_hand[job] = None
        job._completion = self._agenda.at(
            now_us + job.left_us, lambda at_us: self._complete(job, at_us)
        )

    def _complete(self, job: Job, now_us: int) -> None:
        self._release(job)
        self._end(job, "failed" if job.errs else "done", now_us)
        self._start_waiting(now_us)

    def _release(self, job: Job) -> None:
        del self._in_hand[job]
        if job._completion is not None:
            job._completion.cancel()

    @staticmethod
    def _end(job: Job, state: JobState, now_us: int) -> None:
        job.state = state
        job.ended_us = now_us
        job.on_end(job)
