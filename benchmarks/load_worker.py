"""One worker of a load test, in a process that Locust has patched: PLAN rate|open|timer NUMBER."""

import json
import os
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from gevent import monkey  # type: ignore[import-untyped]

monkey.patch_all()  # before anything else has imported sockets, as Locust itself does

import gevent  # noqa: E402
from locust.env import Environment  # noqa: E402

from loadtests.locust_wire import LocustWire, session  # noqa: E402
from loadtests.open_arrivals import OpenArrivals  # noqa: E402
from loadtests.plan import LoadPlan  # noqa: E402
from loadtests.samples import SampleWriter  # noqa: E402
from loadtests.target import Timing  # noqa: E402
from loadtests.work import Due, Place, Work  # noqa: E402
from scenarios.loader import load  # noqa: E402
from world.microseconds import SECOND_US  # noqa: E402

_TOGETHER: Final = 16
_AHEAD_US: Final = 500_000
_NEVER_US: Final = 2**62
_WARM: Final = 2_000
_JOURNEY: Final = "ask"


def main() -> None:
    """Do it, and tell what it took."""
    plan, what, number = LoadPlan.read(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    environment: Any = Environment()
    environment.create_local_runner()
    writer = SampleWriter(plan.results, number)
    work = Work(plan, Place(number, plan.workers, 0), _timing(plan, 0), writer)
    told = {"rate": _at_rate, "open": _open, "timer": _timer}[what](work, environment)
    print(json.dumps({"requests": environment.stats.total.num_requests, **told}))


def _at_rate(work: Work, environment: Any) -> dict[str, float]:
    """As many cases as can be, one after another in each of some clients."""
    work.begin(replace(_timing(work.plan, time.time_ns() // 1000), end_us=_NEVER_US))
    numbers = count()

    def client(until: int) -> None:
        wire = LocustWire(session(str(work.plan.mocks), environment))
        for number in numbers:
            if number >= until:
                return
            work.walk(Due(0, _JOURNEY, number, None), wire)

    def together(until: int) -> None:
        gevent.joinall([gevent.spawn(client, until) for _ in range(_TOGETHER)], raise_error=True)

    together(_WARM)
    numbers = count()
    requests = int(os.environ["REQUESTS"])
    answered = environment.stats.total.num_requests
    begun_s = time.process_time()
    together(requests)
    used_s = time.process_time() - begun_s
    return {"rate": (environment.stats.total.num_requests - answered) / used_s}


def _open(work: Work, environment: Any) -> dict[str, float]:
    """The arrivals of the plan."""
    arrivals = OpenArrivals(work, environment, str(work.plan.mocks))
    arrivals.prepare()
    timing = _timing(work.plan, time.time_ns() // 1000 + _AHEAD_US)
    work.begin(timing)
    begun_s = time.process_time()
    arrivals.run(timing)
    return {"cpu_s": time.process_time() - begun_s}


def _timer(work: Work, environment: Any) -> dict[str, float]:
    """A loop that does nothing at the instants of the arrivals: how late the machine itself is."""
    due = [each.at_us for each in work.arrivals()]
    timing = _timing(work.plan, time.time_ns() // 1000 + _AHEAD_US)
    late = []
    for at_us in due:
        gevent.sleep(max(at_us - timing.now_us(), 0) / SECOND_US)
        late.append(timing.now_us() - at_us)
    return {"p99_ms": sorted(late)[len(late) * 99 // 100] / 1000.0}


def _timing(plan: LoadPlan, epoch_us: int) -> Timing:
    assert plan.scenario is not None
    end_us = round((plan.horizon_s + plan.drain_s) * SECOND_US)
    return Timing(epoch_us, load(plan.scenario).calendar.local(0), plan.speed, end_us)


if __name__ == "__main__":
    main()
