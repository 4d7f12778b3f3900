"""A tenant: a country of its own with its clock, faults, journal and everything services remember.

Two tenants share nothing that changes, so tests that run side by side do not meet.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from mocks.core.agenda import Agenda
from mocks.core.clock import VirtualClock
from mocks.core.companions import Companion
from mocks.core.draw_keys import DrawKey, DrawKeys
from mocks.core.faults import ActiveFault, Fault, FaultPlan
from mocks.core.feed import Feed
from mocks.core.inboxes import Inboxes
from mocks.core.jobs import Jobs
from mocks.core.journal import Journal
from mocks.core.records import Records
from mocks.core.slots import Slots
from mocks.core.stations import Stations
from rulebook import Policy
from world.calendar import Calendar
from world.country import World

__all__ = ["Tenant"]

S = TypeVar("S")

UNLIMITED: Final = 2**31  # servers, more than connections can be


class Tenant:
    """The mocks' world for one user. Whoever reads or changes it holds `lock`, except for the
    methods that say they take it.

    `plan` makes its empty plan of faults. `companions` are stopped for when its clock is moved by
    `mocks.controls`. Everything that should have happened by itself has
    happened after `settle`.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        world: World,
        calendar: Calendar,
        stations: Stations,
        policy: Policy,
        plan: Callable[[], FaultPlan],
    ) -> None:
        self.name = name
        self.seed = seed
        self.lock = threading.RLock()
        self.clock = VirtualClock(calendar)
        self.records = Records(world)
        self.faults = plan()
        self.journal = Journal()
        self.inboxes = Inboxes()
        self.agenda = Agenda()
        self.keys = DrawKeys(seed)
        self.stations = stations
        self.policy = policy
        self.on_move: list[Callable[[], None]] = []
        self.companions: list[Companion] = []
        self._happening_us: int | None = None
        self._states: dict[Any, Any] = {}
        self._jobs: dict[str, Jobs] = {}
        self._slots: dict[str, Slots] = {}

    # --- time

    @property
    def now_us(self) -> int:
        """Model time: of what is happening right now if something does, else the clock's."""
        return self.clock.now_us if self._happening_us is None else self._happening_us

    def settle(self) -> int:
        """Let everything happen that is due; returns the model time (µs)."""
        now_us = self.clock.now_us
        if self._happening_us is not None:
            return self._happening_us
        while (due_us := self.agenda.next_us) is not None and due_us <= now_us:
            self._happening_us = due_us
            try:
                self.agenda.settle(due_us)
            finally:
                self._happening_us = None
        return now_us

    def advance(self, us: int) -> int:
        """Move the clock forward by `us` µs and let happen what falls into that time; takes the
        lock, returns the new model time. ClockError if negative."""
        with self.lock:
            self.clock.advance(us)
            return self._moved()

    def set_time(self, us: int) -> int:
        """Like `advance`, to model time `us`. ClockError if that has passed."""
        with self.lock:
            self.clock.set(us)
            return self._moved()

    def run(self, speed: float) -> int:
        """Let the clock go by itself, `speed` times as fast as real time (0: stop); takes the
        lock, returns the model time (µs). ClockError for a negative or endless speed."""
        with self.lock:
            self.clock.run(speed)
            return self._moved()

    def _moved(self) -> int:
        now_us = self.settle()
        self._fill_slots()
        for listener in list(self.on_move):
            listener()
        return now_us

    # --- what services keep

    def state(self, kind: Callable[["Tenant"], S]) -> S:
        """This tenant's own object of class `kind`, made by `kind(tenant)` when first asked
        for."""
        found = self._states.get(kind)
        if found is None:
            found = self._states[kind] = kind(self)
        return found

    def feed(self, service: str) -> Feed:
        """The messages that `service` sends; faults of the plan reach them."""
        found = self._states.get(("feed", service))
        if found is None:
            found = Feed(lambda kind, key, now_us: self.faults.hit(kind, service, key, now_us))
            self._states[("feed", service)] = found
        return found

    def jobs(self, service: str) -> Jobs:
        """The cases that `service` works on, by its station of the scenario or the default one."""
        found = self._jobs.get(service)
        if found is None:
            station = self.stations.working(service)
            found = self._jobs[service] = Jobs(service, station, self.agenda, self)
        return found

    def hit(self, kind: str, service: str, key: DrawKey) -> bool:
        """Whether a fault of `kind` hits what `key` is about."""
        return self.faults.hit(kind, service, key, self.now_us) is not None

    # --- faults

    def plan_fault(self, fault: Fault) -> ActiveFault:
        """Add `fault` to the plan; takes the lock. FaultError if it cannot be planned."""
        with self.lock:
            now_us = self.settle()
            active = self.faults.add(fault, now_us)
            if fault.kind == "outage":
                self.agenda.at(max(active.from_us, now_us), lambda _: self._begin_outage(active))
                self.agenda.at(max(active.to_us, now_us), lambda _: self._fill_slots())
            self._moved()
            return active

    def remove_fault(self, fault_id: str) -> None:
        """Take a fault out of the plan; takes the lock. KeyError if there is none."""
        with self.lock:
            now_us = self.settle()
            removed = self.faults.remove(fault_id)
            if removed.spec.kind == "outage":
                for jobs in list(self._jobs.values()):
                    jobs.resume(now_us)
            self._moved()

    def _begin_outage(self, fault: ActiveFault) -> None:
        if fault not in self.faults:  # removed before it began
            return
        now_us = self.now_us
        for service, jobs in list(self._jobs.items()):
            if fault.holds(service, now_us):
                jobs.fail_in_hand(now_us)
        for service, slots in list(self._slots.items()):
            if fault.holds(service, now_us):
                slots.throw_out()

    # `Conditions` of jobs

    def outage_until(self, service: str, now_us: int) -> int | None:
        """When the outage of `service` that holds now ends; None if there is none."""
        return self.faults.outage_until(service, now_us)

    def job_us(self, service: str, key: DrawKey, drawn_us: int, now_us: int) -> tuple[int, bool]:
        """The service time (µs) of a job begun now, and whether it ends with an error."""
        effects = self.faults.effects(service, None, key, now_us)
        return effects.service_us(drawn_us), effects.error is not None

    # --- slots

    def slots(self, service: str) -> Slots:
        """Slots of `service`, none of them open in an outage; as many as one likes if no station
        of the scenario is its answering."""
        found = self._slots.get(service)
        if found is None:
            station = self.stations.answering(service)

            def servers() -> int:
                now_us = self.now_us
                if self.faults.outage_until(service, now_us) is not None:
                    return 0
                return UNLIMITED if station is None else self.stations.servers(station, now_us)

            limit = None if station is None else station.queue_limit
            found = self._slots[service] = Slots(servers, limit)
            if station is not None:
                changes = self.stations.changes(station, self.now_us)
                next(changes)  # how many are on duty now
                self._follow_shifts(found, changes)
        return found

    def _fill_slots(self) -> None:
        for slots in list(self._slots.values()):
            slots.fill()

    def _follow_shifts(self, slots: Slots, changes: Iterator[tuple[int, int]]) -> None:
        """Let those in who wait for a shift when it begins."""
        change = next(changes, None)
        if change is None:
            return

        def begin(_: int) -> None:
            slots.fill()
            self._follow_shifts(slots, changes)

        self.agenda.at(change[0], begin)
