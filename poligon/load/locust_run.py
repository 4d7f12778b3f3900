"""One run of Locust against a stand: started, watched, ended, and what it has left."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

import loadtests
from loadtests.plan import PLAN_VARIABLE, LoadPlan
from loadtests.refusal import Refusal, read_refusal
from loadtests.results.result import ServerSeries
from loadtests.samples import (
    SAMPLE,
    Acknowledged,
    JourneyEnd,
    Note,
    Unanswered,
    read_acknowledged,
    read_journeys,
    read_notes,
    read_samples,
    read_start,
    read_unanswered,
)
from poligon.children import Child, child
from poligon.interruption import heed
from poligon.load.monitor import Monitor
from poligon.load.stand import Stand
from poligon.load.watching import LoadWatch
from poligon.options import OptionError, OptionProblem
from world.microseconds import SECOND_US

__all__ = ["LoaderBroken", "RawRun", "run_locust"]

LOCUSTFILE: Final = Path(loadtests.__file__).parent / "locustfile.py"
_PREPARED_S: Final = 300.0  # without the portal taking anything, before the first case begins
_LATE_S: Final = 60.0  # more than the plan says, until the loader is taken for stuck
_LOOK_S: Final = 0.2
_SAID: Final = 2000  # characters of what a broken process wrote last


class LoaderBroken(Exception):
    """Locust has ended by itself, or does not end; `said` is what it wrote last."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class RawRun:
    """What a run has left. `elapsed_s` is from its start to the last answer."""

    samples: npt.NDArray[np.void]
    ends: Sequence[JourneyEnd]
    acknowledged: Sequence[Acknowledged]
    unanswered: Sequence[Unanswered]
    notes: Sequence[Note]
    server: ServerSeries
    elapsed_s: float


def run_locust(plan: LoadPlan, stand: Stand, folder: Path, watch: LoadWatch) -> RawRun:
    """Do `plan`, whose results are in `folder`. OptionError if the stand or the country is not what
    the plan needs, LoaderBroken, StandBroken."""
    path = folder / "plan.json"
    plan.write(path)
    words: list[str | Path] = [
        sys.executable, "-m", "locust", "-f", LOCUSTFILE, "--headless", "--only-summary",
        "--exit-code-on-error", "0",
    ]  # fmt: skip
    if plan.workers > 1:
        words += ["--processes", str(plan.workers)]
    with child(words, folder / "locust.log", {PLAN_VARIABLE: str(path)}) as locust:
        monitor = Monitor(stand.portal, None if stand.server is None else stand.server.pid)
        monitor.start()
        try:
            _wait(plan, stand, locust, watch)
        finally:
            monitor.stop()
    refusal = read_refusal(plan.results)
    if refusal is not None:
        raise OptionError([_problem(refusal)])
    epoch_us = read_start(plan.results)
    if locust.exit_code != 0 or epoch_us is None:
        raise LoaderBroken(locust.said()[-_SAID:])
    samples = read_samples(plan.results)
    ended_us = int(samples["ended_us"].max()) if len(samples) else 0
    return RawRun(
        samples=samples,
        ends=read_journeys(plan.results),
        acknowledged=read_acknowledged(plan.results),
        unanswered=read_unanswered(plan.results),
        notes=read_notes(plan.results),
        server=monitor.seen(epoch_us),
        elapsed_s=ended_us / SECOND_US,
    )


def _problem(refusal: Refusal) -> OptionProblem:
    """On one line, whatever the target has answered."""
    params = {name: " ".join(value.split()) for name, value in refusal.params.items()}
    return OptionProblem(f"load_refused_{refusal.code}", "", "", params)


def _wait(plan: LoadPlan, stand: Stand, locust: Child, watch: LoadWatch) -> None:
    """Until Locust has ended."""
    moved_s, taken = time.monotonic(), 0
    started_s: float | None = None
    while locust.wait(_LOOK_S) is None:
        heed()
        stand.check()
        now_s = time.monotonic()
        if started_s is None and read_start(plan.results) is not None:
            started_s = now_s
        if started_s is None:
            if (more := _taken(plan.results)) > taken:
                moved_s, taken = now_s, more
            if now_s > moved_s + _PREPARED_S:
                raise LoaderBroken(locust.said()[-_SAID:])
            continue
        watch.reach(now_s - started_s, _answered(plan.results))
        if now_s > started_s + plan.horizon_s + plan.drain_s + _LATE_S:
            raise LoaderBroken(locust.said()[-_SAID:])
    stand.check()


def _taken(results: Path) -> int:
    """What the portal has taken so far, in bytes: people are prepared as long as it grows."""
    return sum(each.stat().st_size for each in results.glob("acknowledged-*.jsonl"))


def _answered(results: Path) -> int:
    """Samples so far, by the size of their files."""
    return sum(each.stat().st_size for each in results.glob("samples-*.bin")) // SAMPLE.itemsize
