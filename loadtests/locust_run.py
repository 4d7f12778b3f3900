"""A run on all nodes of Locust: people are prepared everywhere, then everybody begins at once.

The master (or the only process) tells each worker who it is; workers prepare and say so; the
master lets the clock run, tells the moment of the start, and ends the run once all have ended.
"""

import datetime as dt
import logging
import time
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]
from locust.runners import MasterRunner, WorkerRunner

from loadtests.applicants import NobodyLeft
from loadtests.locust_wire import LocustWire, session
from loadtests.open_arrivals import OpenArrivals
from loadtests.plan import OPEN, ClosedShape, LoadPlan, PlanError
from loadtests.preparation import Preparation
from loadtests.refusal import Refusal, refusal_of, write_refusal
from loadtests.samples import SampleWriter, write_start
from loadtests.target import StandMismatch, Target, TargetError, Timing
from loadtests.work import Place, Work
from scenarios.loader import load
from scenarios.problems import ScenarioError
from world.microseconds import SECOND_US

__all__ = ["LocustRun"]

_log: Final = logging.getLogger(__name__)

_PREPARE, _PREPARED = "poligon-prepare", "poligon-prepared"
_BEGIN, _ENDED = "poligon-begin", "poligon-ended"
_LEAD_S: Final = 0.5  # from the word to the start: it has to reach everybody
_STANDING: Final = 1e-6  # speed of a clock that stands, as far as one may divide by it
_LOOK_S: Final = 0.05
_STRIDE: Final = 7_919  # so that runs of one minute do not meet the same people
_IDLE_S: Final = 0.5
_PREPARING: Final = 20.0
"""Speed of the clock before the scenario's start: messages come at once, and a code, which lives
for five minutes (AUTH-05), is good for fifteen seconds of the wall on a machine that is busy."""
_PLACES: Final = 2**31
_BAD_INPUT, _FAULT = 2, 3  # exit codes
_PROBED: Final = (0, 1, 2, 5)  # organizations by which a country is known


_WRONG: Final = (TargetError, StandMismatch, NobodyLeft, PlanError, ScenarioError)
"""What whoever runs it can mend: the target, its country, a country that is too small for the run,
the options, the scenario."""


class LocustRun:
    """What a node does in the runs of its life, one after another. `begun` is set at the start,
    `is_over` is true once all cases have ended."""

    def __init__(self, environment: Any) -> None:
        self.environment = environment
        self.plan: LoadPlan | None = None
        self.begun = Event()
        self.is_over = False
        self.work: Work | None = None
        self.walking = 0
        self._failed = False
        self._timing: Timing | None = None
        self._opens: OpenArrivals | None = None
        self._prepared: set[str] = set()
        self._ended: set[str] = set()
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            runner.register_message(_PREPARE, self._on_prepare, concurrent=True)
            runner.register_message(_BEGIN, self._on_begin, concurrent=True)
        elif isinstance(runner, MasterRunner):
            runner.register_message(_PREPARED, self._on_prepared)
            runner.register_message(_ENDED, self._on_ended)

    @property
    def now_s(self) -> float | None:
        """Seconds since the start; None before it."""
        return None if self._timing is None else self._timing.now_us() / SECOND_US

    @property
    def is_closing(self) -> bool:
        """Whether no case begins any more."""
        now_s = self.now_s
        return now_s is not None and self.plan is not None and now_s >= self.plan.horizon_s

    def walk(self, journey: str, wire: LocustWire) -> None:
        """The next case of a closed user; half a second of nothing if none begins any more."""
        self.begun.wait()
        if self.work is None or self.is_closing:
            gevent.sleep(_IDLE_S)
            return
        self.walking += 1
        try:
            self.work.walk(self.work.closed(journey), wire)
        finally:
            self.walking -= 1

    # --- the master's side

    def conduct(self, plan: LoadPlan) -> None:
        """Take a run from its preparation through its start to its end."""
        self._forget(plan)
        try:
            self._conduct(plan)
        except _WRONG as error:
            self._give_up(str(error), _BAD_INPUT, refusal_of(error))
        except Exception:  # nobody else would end the run
            _log.exception("the load test has failed")
            self._give_up("the load test has failed", _FAULT)

    def _conduct(self, plan: LoadPlan) -> None:
        wire = LocustWire(session(self._root(plan), self.environment))
        target = _target(plan)
        people_from = plan.people_from
        if people_from is None:
            people_from = int(time.time()) * _STRIDE % _PLACES
        told = {**_hasten(plan, target, wire), "people_from": people_from, "plan": plan.text()}
        runner = self.environment.runner
        workers: list[str] = []
        if isinstance(runner, MasterRunner):
            workers = [client.id for client in runner.clients.all]
            for number, client in enumerate(workers):
                place = {"worker": number, "workers": len(workers), **told}
                runner.send_message(_PREPARE, place, client)
            self._wait(self._prepared, len(workers))
        else:
            self._prepare({"worker": 0, "workers": 1, **told})
        if self._failed:
            return
        self._start(plan, target, wire)
        if isinstance(runner, MasterRunner):
            self._wait(self._ended, len(workers))
        else:
            self._drive()
        self.is_over = True

    def _start(self, plan: LoadPlan, target: Target, wire: LocustWire) -> None:
        start = _start_of(plan)  # the first, for it takes a while, and the clock may run
        now, speed = _clock(target, wire)
        if target.is_stand and start is not None and now < start:
            target.set_clock(wire, start)
            now, speed = start, 0.0
        now += dt.timedelta(seconds=_LEAD_S * speed)
        epoch_us = time.time_ns() // 1000 + round(_LEAD_S * SECOND_US)
        write_start(plan.results, epoch_us)
        if target.is_stand and not speed:
            gevent.spawn_later(_LEAD_S, target.run_clock, wire, plan.speed)
        told = {"epoch_us": epoch_us, "now": now.isoformat(), "speed": speed or plan.speed}
        if isinstance(self.environment.runner, MasterRunner):
            self.environment.runner.send_message(_BEGIN, told)
        self._begin(told)

    def _forget(self, plan: LoadPlan) -> None:
        self.plan = plan
        self.begun = Event()
        self.is_over = self._failed = False
        self.work = self._timing = self._opens = None
        self.walking = 0
        self._prepared.clear()
        self._ended.clear()

    def _root(self, plan: LoadPlan) -> str:
        address = urlsplit(plan.portal)
        return f"{address.scheme}://{address.netloc}"

    def _wait(self, heard: set[str], count: int) -> None:
        while len(heard) < count and not self._failed:
            gevent.sleep(_LOOK_S)

    def _give_up(self, reason: str, code: int, refusal: Refusal | None = None) -> None:
        _log.error("%s", reason)
        if self.plan is not None and refusal is not None:
            write_refusal(self.plan.results, refusal)
        self._failed = self.is_over = True
        self.environment.process_exit_code = code
        self.environment.runner.quit()

    def _on_prepared(self, environment: Any, msg: Any, **_: Any) -> None:
        if msg.data["failed"]:
            refused = msg.data["refusal"]
            refusal = None if refused is None else Refusal(**refused)
            self._give_up(msg.data["failed"], msg.data["code"], refusal)
        self._prepared.add(msg.data["client"])

    def _on_ended(self, environment: Any, msg: Any, **_: Any) -> None:
        self._ended.add(msg.data["client"])

    # --- a worker's side

    def _on_prepare(self, environment: Any, msg: Any, **_: Any) -> None:
        failed, code, refusal = "", 0, None
        try:
            self._forget(LoadPlan.parse(msg.data["plan"]))
            self._prepare(msg.data)
        except _WRONG as error:
            failed, code, refusal = str(error), _BAD_INPUT, asdict(refusal_of(error))
        except Exception as error:  # the master waits for a word
            _log.exception("preparing has failed")
            failed, code = f"a worker has failed: {error}", _FAULT
        runner = self.environment.runner
        told = {"client": runner.client_id, "failed": failed, "code": code, "refusal": refusal}
        runner.send_message(_PREPARED, told)

    def _on_begin(self, environment: Any, msg: Any, **_: Any) -> None:
        runner = self.environment.runner
        try:
            self._begin(msg.data)
            self._drive()
        finally:
            runner.send_message(_ENDED, {"client": runner.client_id})

    def _prepare(self, told: Any) -> None:
        assert self.plan is not None
        place = Place(told["worker"], told["workers"], told["people_from"])
        before = Timing(
            epoch_us=time.time_ns() // 1000,
            began=dt.datetime.fromisoformat(told["now"]),
            speed=told["speed"],
            end_us=2**62,
        )
        writer = SampleWriter(self.plan.results, place.worker)
        self.work = Work(self.plan, place, before, writer)
        wire = LocustWire(session(self._root(self.plan), self.environment))
        _check_country(self.work, wire)
        arrivals, root = self.plan.arrivals, self._root(self.plan)
        if isinstance(arrivals, ClosedShape):
            users = self.work.users_before(arrivals)
            Preparation(self.work, self.environment, root).people(users)
        else:
            self._opens = OpenArrivals(self.work, self.environment, root)
            self._opens.prepare()

    def _begin(self, told: Any) -> None:
        assert self.plan is not None
        end_s = self.plan.horizon_s + self.plan.drain_s
        self._timing = Timing(
            epoch_us=told["epoch_us"],
            began=dt.datetime.fromisoformat(told["now"]),
            speed=told["speed"],
            end_us=round(end_s * SECOND_US),
        )
        if self.work is not None:
            self.work.begin(self._timing)
        if self.plan.arrivals != OPEN:
            self.environment.stats.reset_all()  # what preparation made fail is no stress's limit
        gevent.sleep(max(-self._timing.now_us() / SECOND_US - _LOOK_S, 0.0))
        self.begun.set()

    def _drive(self) -> None:
        """Until all cases have ended."""
        assert self._timing is not None
        if self._opens is not None:
            self._opens.run(self._timing)
            return
        while not self.is_closing or self.walking:
            if self._timing.now_us() >= self._timing.end_us:
                return
            gevent.sleep(_LOOK_S)


def _hasten(plan: LoadPlan, target: Target, wire: LocustWire) -> dict[str, Any]:
    """Let a clock that stands run while people are prepared, if it shows a time before the
    scenario's start, or if nobody comes at an instant of the scenario's; what it shows, and its
    speed."""
    start = _start_of(plan)
    now, speed = _clock(target, wire)
    is_before = start is not None and now < start
    if target.is_stand and not speed and (is_before or plan.arrivals != OPEN):
        speed = _PREPARING if is_before else plan.speed
        target.run_clock(wire, speed)
    return {"now": now.isoformat(), "speed": speed or _STANDING}


def _start_of(plan: LoadPlan) -> dt.datetime | None:
    """When the scenario begins, aware; None without one."""
    if plan.scenario is None:
        return None
    return load(plan.scenario, [*plan.overrides]).calendar.local(0)


def _target(plan: LoadPlan) -> Target:
    return Target(plan.portal, plan.mocks, plan.administration)


def _check_country(work: Work, wire: LocustWire) -> None:
    """StandMismatch if the server's organizations are not those of the plan."""
    if not work.target.is_stand:
        return
    for index in _PROBED:
        if work.target.organization_inn(wire, index) != work.world.organization(index).inn:
            raise StandMismatch(work.plan.portal)


def _clock(target: Target, wire: LocustWire) -> tuple[dt.datetime, float]:
    if target.is_stand:
        return target.clock(wire)
    return dt.datetime.now(dt.UTC), 0.0
