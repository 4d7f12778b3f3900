"""Runs of probes against the served portal: what came of them, and how fast its processor was."""

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.results.result import ServerSeries
from loadtests.samples import OUTCOMES, Outcome, read_samples, read_start
from loadtests.validation.probes import Probe, ProbeTask
from loadtests.validation.processor import ProcessorPace, read_pieces
from loadtests.validation.shared_calibration import Trace
from poligon.children import Child, child
from poligon.interruption import heed
from poligon.load.locust_run import LoaderBroken
from poligon.load.monitor import Monitor
from poligon.load.stand import Stand
from rulebook import Text
from world.draws import combine, text_key, uniform, unit_exponential

__all__ = ["Measured", "NotMeasured", "PortalRuns", "Samples", "runs_of"]

_LOOK_S: Final = 0.1
_LATE_S: Final = 180.0
_PIECES: Final = "processor.bin"
_OPERATIONS: Final = text_key("validation/operations")
_NO_WATCH: Final = Text(
    "за скоростью процессора никто не следил: {said}",
    "nothing watched the speed of the processor: {said}",
)

Samples = npt.NDArray[np.void]


class NotMeasured(Exception):
    """What came of a run tells nothing; `why` in words, with `values` in their places."""

    def __init__(self, why: Text, **values: str) -> None:
        self.why = Text(why.ru.format(**values), why.en.format(**values))
        super().__init__(self.why.en)


@dataclass(frozen=True)
class Measured:
    """A run of probes: its samples, what was seen of the server, and how fast its processor was."""

    samples: Samples
    server: ServerSeries
    pace: ProcessorPace

    def of(self, outcome: Outcome) -> Samples:
        """Samples that ended like that."""
        found: Samples = self.samples[self.samples["outcome"] == OUTCOMES.index(outcome)]
        return found

    def felt(self, elasticity: float) -> "Measured":
        """On the processor as such a server has it."""
        return replace(self, pace=self.pace.felt(elasticity))

    @property
    def effort(self) -> tuple[float, float] | None:
        """While requests were sent, how fast the processor was, and how many seconds it worked for
        one good answer; None if the server was hardly looked at."""
        last_us = int(self.samples["intended_us"].max())
        last_s = last_us / 1e6
        at = np.array(self.server.at)
        # Each is of the time since the one before it: the first begins before the run.
        busy = np.array(self.server.cpu)[1:][at[1:] <= last_s]
        done = int((self.of("ok")["ended_us"] <= last_us).sum())
        if not len(busy) or not done:
            return None
        return self.mean_speed, float(busy.mean()) * last_s / done

    @property
    def cost_s(self) -> float | None:
        """Seconds of a processor at speed 1 that one good answer took (standard ones of the server
        once `felt`); None as of `effort`."""
        return math.prod(self.effort) if self.effort else None

    @property
    def trace(self) -> Trace:
        """Who was served, in standard seconds."""
        good = self.of("ok")
        came, went = (self.pace.standard_s(good[at] / 1e6) for at in ("intended_us", "ended_us"))
        return Trace(good["operation"], came, went)

    @property
    def carried(self) -> float:
        """Good answers in a standard second, from the first request on to the last answer."""
        good = self.of("ok")
        ends = np.array([good["sent_us"].min(), good["ended_us"].max()]) / 1e6
        first, last = self.pace.standard_s(ends)
        return len(good) / float(last - first)

    @property
    def mean_speed(self) -> float:
        """Of the processor, while requests were sent."""
        return self.pace.mean_speed(0.0, float(self.samples["intended_us"].max()) / 1e6)


@contextmanager
def runs_of(
    stand: Stand, processors: frozenset[int] | None, seed: int, folder: Path
) -> Iterator["PortalRuns"]:
    """PortalRuns beside which the server's `processors` are watched; files go into `folder`."""
    pieces = folder / _PIECES
    words: list[str | Path] = [sys.executable, "-m", "loadtests.validation.processor", pieces]
    with child(words, folder / "processor.log", processors=processors) as watcher:
        yield PortalRuns(stand, seed, folder, pieces, watcher)


class PortalRuns:
    """Sends probes to the portal of `stand`. `pieces` is what `watcher` writes
    (`loadtests.validation.processor`); instants of probes are of standard time, for a server of
    that `elasticity`."""

    def __init__(self, stand: Stand, seed: int, folder: Path, pieces: Path, watcher: Child) -> None:
        assert stand.server is not None
        self.stand = stand
        self.seed = seed
        self.elasticity = 1.0
        self._pid = stand.server.pid
        self._folder = folder
        self._pieces = pieces
        self._watcher = watcher
        self._reference_ns = 0.0
        self._runs = 0

    def poisson(
        self, probes: Sequence[Probe], rate: float, duration_s: float, stream: int
    ) -> list[Probe]:
        """Some of `probes` at the instants of Poisson arrivals, by draws of `stream`; `rate` is of
        standard seconds, and so is `duration_s`."""
        key = combine(stream, self.seed)
        sent: list[Probe] = []
        at_s = 0.0
        while (at_s := at_s + unit_exponential(key, len(sent), 0, 0) / rate) < duration_s:
            place = int(uniform(key, _OPERATIONS, len(sent), 0) * len(probes))
            sent.append(replace(probes[place], at_us=round(at_s * 1e6)))
        return sent

    def measured(self, probes: Sequence[Probe], duration_s: float, *, clients: int = 0) -> Measured:
        """What comes of probes at their instants, or of `clients` who send one after another for
        `duration_s`; the first run must be of clients: it is what standard seconds are. Raises
        LoaderBroken, StandBroken, and NotMeasured if the processor was not watched."""
        self._runs += 1
        results = self._folder / f"portal-{self._runs}"
        results.mkdir()
        task = ProbeTask(
            self.stand.root, str(results), probes, clients, duration_s,
            str(self._pieces), self._reference_ns, self.elasticity,
        )  # fmt: skip
        path = results / "task.json"
        task.write(path)
        words: list[str | Path] = [sys.executable, "-m", "loadtests.validation.probe_driver", path]
        with child(words, results / "driver.log") as driver:
            monitor = Monitor(self.stand.portal, self._pid)
            monitor.start()
            try:
                self._wait(driver, duration_s + _LATE_S)
            finally:
                monitor.stop()
        epoch_us = read_start(results)
        if driver.exit_code != 0 or epoch_us is None:
            raise LoaderBroken(driver.said())
        samples = read_samples(results)
        return Measured(samples, monitor.seen(epoch_us), self._pace(samples, epoch_us))

    def _wait(self, driver: Child, most_s: float) -> None:
        waited_s = 0.0
        while driver.wait(_LOOK_S) is None:
            heed()
            self.stand.check()
            waited_s += _LOOK_S
            if waited_s > most_s:
                raise LoaderBroken(driver.said())

    def _pace(self, samples: Samples, epoch_us: int) -> ProcessorPace:
        """Of the processor while `samples` were taken; the first run is the reference."""
        last_us = epoch_us + int(samples["ended_us"].max())
        pieces = read_pieces(self._pieces, epoch_us, last_us)
        is_told = len(pieces) > 0 and bool((pieces[:, 1] > 0).all())
        if self._watcher.exit_code is not None or not is_told:
            raise NotMeasured(_NO_WATCH, said=self._watcher.said().strip())
        if not self._reference_ns:
            self._reference_ns = 1.0 / float((1.0 / pieces[:, 1]).mean())
        return ProcessorPace.of_pieces(pieces, epoch_us, self._reference_ns)
