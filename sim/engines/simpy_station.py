"""A station on SimPy: one completion event per visit, whatever the queue, the shifts and the
faults do."""

from collections.abc import Callable, Iterator

from sim.engines.queues import queue_of
from sim.engines.recording import Outcome, Recorder
from sim.engines.recovery import RecoveryWatch
from sim.engines.run import StationRun
from sim.engines.simpy_clock import (
    CAPACITY,
    COMPLETION,
    PATIENCE,
    TIMEOUT,
    Callback,
    Clock,
    Moment,
)
from sim.engines.visits import UNFINISHED, Visit
from sim.model.stations import StationSpec
from world.attempts import any_error_hits, error_k, patience_k, service_k
from world.draws import uniform

__all__ = ["SERVED", "Station"]

SERVED = Outcome.SERVED
_FAULT_BEGINS, _SHIFT, _FAULT_ENDS = range(3)


class Station:
    """Servers, a queue before them, and everything that can go wrong there."""

    def __init__(
        self,
        env: Clock,
        index: int,
        spec: StationSpec,
        changes: Iterator[tuple[int, int]],
        recorder: Recorder,
    ) -> None:
        self.env = env
        self.index = index
        self.spec = spec
        self.retry = spec.retry
        self._limit = spec.queue_limit
        self._timeout_us = spec.timeout_us
        self.capacity = 0
        self.busy = 0
        self.longest_queue = 0
        self.overtime: list[tuple[int, int, int]] = []
        self.watch = RecoveryWatch(spec.faults) if spec.faults else None
        self.queue = queue_of(spec)
        self.suspended: list[Visit] = []
        self.schedule: list[
            tuple[int, int]
        ] = []  # (µs, servers on duty), as far as the run has come
        self._in_service: dict[Visit, None] = {}
        self._down = 0
        faults = sorted(spec.faults, key=lambda fault: fault.id)
        self._slow = [fault for fault in faults if fault.kind == "slow"]
        self._errors = [fault for fault in faults if fault.kind == "error"]
        self._outages = [fault for fault in faults if fault.kind == "outage"]
        self._next_change: tuple[int, int] | None = None
        self._border_us = -1
        self._extend = recorder.visit_buffer.extend
        self._over_since = 0
        self._changes = changes
        self._on_completion = self._completed
        self._set_capacity(*next(changes))
        self._schedule_change()
        for outage in self._outages:
            self._at(max(outage.from_us, 0), _FAULT_BEGINS, self._begin_outage)
            self._at(outage.to_us, _FAULT_ENDS, self._end_outage)

    # --- visits

    def admit(self, visit: Visit) -> bool:
        """Let `visit` in, to a server or into the queue; False if it was refused, then its
        outcome says so."""
        visit.on_end = visit.callbacks = [self._on_completion]
        visit.enter = now = self.env._now
        if self.watch is not None and visit.attempt == 0:
            self.watch.change(now, 1)
        if self.busy < self.capacity and self._may_begin(now):
            self._begin(visit, now)
            return True
        queue = self.queue
        if self._limit is not None and len(queue) >= self._limit:
            visit.outcome = Outcome.REFUSED
            self._record(visit, now, Outcome.REFUSED)
            return False
        queue.push(visit)
        self.longest_queue = max(self.longest_queue, len(queue))
        if self._timeout_us is not None:
            visit.timer = self._wait_limit(TIMEOUT, visit, self._timeout_us, self._timed_out)
        if self.spec.patience is not None:
            patience = self.spec.patience.draw(
                visit.case.key, visit.node.key, visit.number, patience_k(visit.attempt)
            )
            visit.patience = self._wait_limit(PATIENCE, visit, patience, self._lost_patience)
        return True

    def _begin(self, visit: Visit, now: int) -> None:
        visit.start = visit.resumed = now
        self.busy += 1
        case, node = visit.case, visit.node
        work = case.first_draws[node.local]
        if work < 0 or visit.number or visit.attempt:
            work = node.service.draw(case.key, node.key, visit.number, service_k(visit.attempt))
        for fault in self._slow:
            if fault.from_us <= now < fault.to_us:
                work = round(work * fault.factor)
        if self._errors:
            self._draw_error(visit, now)
        self.env.at(COMPLETION + visit.order, work, visit)
        if visit.patience is not None:
            self.env.cancel(visit.patience)
            visit.patience = None
        visit.due = now + work
        self._in_service[visit] = None
        limit = self._timeout_us
        if limit is not None and visit.timer is None and work > limit:
            visit.timer = self._wait_limit(TIMEOUT, visit, limit, self._timed_out)

    def _completed(self, visit: Visit) -> None:
        now = self.env._now
        if self.busy > self.capacity:
            self._count_overtime(now)
        self.busy -= 1
        del self._in_service[visit]
        if visit.timer is not None:
            self.env.cancel(visit.timer)
            visit.timer = None
        if visit.outcome is UNFINISHED:
            visit.outcome = SERVED
            self._extend(
                (
                    visit.case.entity, visit.node_visit, visit.attempt_bits | SERVED,
                    visit.enter, visit.start, visit.resumed, now,
                )
            )  # fmt: skip
            if self.watch is not None:
                self.watch.change(now, -1)
        else:
            self._record(
                visit, now, Outcome.HELD if visit.outcome is Outcome.TIMEOUT else visit.outcome
            )
        if self.queue or self.suspended:
            self._feed(now)

    def _feed(self, now: int) -> None:
        """Give free servers to suspended visits, then to the queue."""
        while self.busy < self.capacity and self._may_begin(now):
            if self.suspended:
                self._resume(self.suspended.pop(0), now)
            elif self.queue:
                self._begin(self.queue.pop_first(), now)
            else:
                return

    def _may_begin(self, now: int) -> bool:
        """Whether a server that is free may begin at `now`.

        Completions come before the changes of their instant, but a shift excludes its end and an
        outage includes its begin: nothing begins on a server that leaves or fails at `now`.
        """
        if self._down:
            return False
        if now != self._border_us:
            return True
        if any(outage.from_us == now for outage in self._outages):
            return False
        change = self._next_change
        return change is None or change[0] != now or self.busy < change[1]

    def _find_border(self) -> None:
        """The next instant at which servers leave or fail."""
        now = self.env.now
        borders = [outage.from_us for outage in self._outages if outage.from_us > now]
        if self._next_change is not None:
            borders.append(self._next_change[0])
        self._border_us = min(borders, default=-1)

    def _record(self, visit: Visit, end: int, outcome: Outcome) -> None:
        self._extend(
            (
                visit.case.entity, visit.node_visit, visit.attempt_bits | outcome,
                visit.enter, visit.start, visit.resumed, end,
            )
        )  # fmt: skip

    @property
    def run(self) -> StationRun:
        """What there is to tell of it when the run is over."""
        return StationRun(self.schedule, self.overtime, self.longest_queue)

    def record_unfinished(self, now: int) -> None:
        """The run ends at `now` with visits still here: recorded in the order of their events."""
        here = (*self.queue, *self.suspended, *self._in_service)
        for visit in sorted(here, key=lambda visit: visit.order):
            in_vain = visit.outcome is Outcome.TIMEOUT
            if not in_vain or visit.resumed >= 0:
                self._record(visit, now, Outcome.HELD if in_vain else UNFINISHED)
        if self.watch is not None:
            self.watch.finish(now)
        self._count_overtime(now)

    # --- giving up

    def _wait_limit(
        self, kind: int, visit: Visit, after: int, callback: Callable[[Visit], None]
    ) -> Moment:
        moment = Moment(lambda _: callback(visit))
        self.env.at(kind + visit.order, after, moment)
        return moment

    def _lost_patience(self, visit: Visit) -> None:
        visit.patience = None
        self.queue.remove(visit)
        self._leave(visit, Outcome.IMPATIENT)

    def _timed_out(self, visit: Visit) -> None:
        """The client leaves; a server at work goes on in vain unless the station cancels."""
        visit.timer = None
        now = self.env.now
        if visit.start < 0:
            self.queue.remove(visit)
        elif self.spec.cancel and visit in self._in_service:
            self._free(visit, now)
            self._feed(now)
        elif self.spec.cancel:
            self.suspended.remove(visit)
        self._leave(visit, Outcome.TIMEOUT)
        if visit in self._in_service:
            visit.resumed = now

    def _free(self, visit: Visit, now: int) -> None:
        """Take `visit` from its server before it is done."""
        self._count_overtime(now)
        self.env.cancel(visit if visit.resumption is None else visit.resumption)
        self.busy -= 1
        del self._in_service[visit]

    def _leave(self, visit: Visit, outcome: Outcome) -> None:
        """The case goes on with `outcome`; work left behind, if any, stays the station's."""
        for moment in (visit.timer, visit.patience):
            if moment is not None:
                self.env.cancel(moment)
        visit.timer = visit.patience = None
        visit.outcome = outcome
        self._record(visit, self.env.now, outcome)
        walks = visit.on_end[1:]
        del visit.on_end[1:]
        for walk in walks:
            walk(visit)

    # --- shifts

    def _schedule_change(self) -> None:
        change = self._next_change = next(self._changes, None)
        self._find_border()
        if change is not None:
            self._at(change[0], _SHIFT, lambda _: self._change_shift(*change))

    def _change_shift(self, now: int, capacity: int) -> None:
        self._count_overtime(now)
        self._set_capacity(now, capacity)
        if self.spec.suspend and self.busy > capacity:
            latest_first = sorted(self._in_service, key=_by_start, reverse=True)
            for visit in latest_first[: self.busy - capacity]:
                self._suspend(visit, now)
            self.suspended.sort(key=_by_start)
        self._schedule_change()
        self._feed(now)

    def _set_capacity(self, now: int, capacity: int) -> None:
        self.capacity = capacity
        self.schedule.append((now, capacity))

    def _suspend(self, visit: Visit, now: int) -> None:
        self._free(visit, now)
        self._record(visit, now, Outcome.HELD)
        visit.due -= now
        visit.resumed = -1
        self.suspended.append(visit)
        limit = self.spec.timeout_us
        if limit is not None and visit.timer is None and visit.outcome is not Outcome.TIMEOUT:
            after = visit.enter + limit - now
            visit.timer = self._wait_limit(TIMEOUT, visit, after, self._timed_out)

    def _resume(self, visit: Visit, now: int) -> None:
        self.busy += 1
        self._in_service[visit] = None
        visit.resumed = now
        work = visit.due
        visit.due += now
        visit.resumption = Moment(lambda _: _call(visit.on_end, visit))
        self.env.at(COMPLETION + visit.order, work, visit.resumption)

    def _count_overtime(self, now: int) -> None:
        """Note the server time above the schedule since the last time it was noted."""
        over = self.busy - self.capacity
        if over > 0 and now > self._over_since:
            self.overtime.append((self._over_since, now, over))
        self._over_since = now

    # --- faults

    def _begin_outage(self, _: object) -> None:
        self._down += 1
        self._find_border()
        self._fail_in_service(self.env.now)

    def _end_outage(self, _: object) -> None:
        self._down -= 1
        self._feed(self.env.now)

    def _fail_in_service(self, now: int) -> None:
        victims = sorted(self._in_service, key=lambda visit: visit.order)
        for visit in victims:
            self._free(visit, now)
        for visit in victims:
            if visit.outcome is Outcome.TIMEOUT:
                self._record(visit, now, Outcome.HELD)
            else:
                self._leave(visit, Outcome.OUTAGE)

    def _draw_error(self, visit: Visit, now: int) -> None:
        """An error answer takes as long as a good one; overlapping faults err independently."""
        errors = [fault for fault in self._errors if fault.from_us <= now < fault.to_us]
        if not errors:
            return
        u = uniform(visit.case.key, visit.node.key, visit.number, error_k(visit.attempt))
        if any_error_hits((fault.p for fault in errors), u):
            visit.outcome = Outcome.ERROR
            visit.retry_after = max(fault.retry_after_us for fault in errors)

    def _at(self, time: int, part: int, callback: Callback) -> None:
        """Call back at `time` (µs); at one instant faults begin before shifts change and end
        after."""
        if time >= 0:
            key = CAPACITY + (self.index << 2) + part
            self.env.at(key, time - self.env.now, Moment(callback))


def _by_start(visit: Visit) -> tuple[int, int]:
    return visit.start, visit.order


def _call(callbacks: list[Callback], visit: Visit) -> None:
    for callback in callbacks:
        callback(visit)
