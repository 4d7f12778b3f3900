"""The served portal's own work, live and predicted: calibrated alone and together, then loaded."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.samples import OUTCOMES, Outcome, read_samples, read_start
from loadtests.validation.comparison import Pair
from loadtests.validation.prediction import Cases
from loadtests.validation.probes import Probe, ProbeTask
from loadtests.validation.processor import ProcessorPace, read_pieces
from loadtests.validation.shared_calibration import TooFew, Trace, speeds_of, works_of
from loadtests.validation.shared_server import SharedServer, SpeedPoint
from poligon.children import child
from poligon.interruption import heed
from poligon.load.locust_run import LoaderBroken
from poligon.load.monitor import Monitor
from poligon.load.stand import Stand
from poligon.load.watching import LoadWatch
from poligon.validation.levels import Replication, level_of
from poligon.validation.portal_probes import MIX, probes_of
from portal.http.admission import Limits
from reports.load.result import ServerSeries
from reports.load.validation import Calibrated, Level
from world.draws import combine, text_key, uniform, unit_exponential

__all__ = ["Lengths", "PortalPath", "cases_of_probes", "portal_path"]

_CALIBRATED: Final = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)  # utilisations, by a first look
_CROWDS: Final = (32, 256)  # clients of the calibration, after that
_TOLERANCES: Final[Mapping[float, Mapping[str, float]]] = {
    0.3: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.5: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.7: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    1.3: {"throughput": 0.10, "refused": 0.10, "failed": 0.01},
}
_TOO_MANY: Final = 1.6  # utilisation at which it is measured what a refusal takes
_STEADY: Final = 0.1  # a processor that changes its speed by more makes it another utilisation
_SET_ASIDE: Final = 3  # replications for each one asked for, at most
_FILLED: Final = 0.25  # of the time of a crowd, until every place is taken
_LOOK_S: Final = 0.1
_LATE_S: Final = 180.0
_PIECES: Final = "processor.bin"
_ARRIVALS: Final = text_key("validation/arrivals")
_CALIBRATION: Final = text_key("validation/calibration")
_MANY: Final = text_key("validation/many")
_OPERATIONS: Final = text_key("validation/operations")
_WORK: Final = text_key("validation/work")

Samples = npt.NDArray[np.void]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lengths:
    """How often a level is repeated, and how long a run of the calibration and a replication of a
    level last."""

    replications: int
    alone_s: float
    level_s: float


@dataclass(frozen=True)
class _Measured:
    """A run of probes: its samples, what was seen of the server, and how fast its processor was."""

    samples: Samples
    server: ServerSeries
    pace: ProcessorPace

    def of(self, outcome: Outcome) -> Samples:
        """Samples that ended like that."""
        found: Samples = self.samples[self.samples["outcome"] == OUTCOMES.index(outcome)]
        return found

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
        return self.pace.mean_speed(0.0, float(self.samples["ended_us"].max()) / 1e6)


@contextmanager
def portal_path(
    stand: Stand,
    processors: frozenset[int] | None,
    seed: int,
    folder: Path,
    watch: LoadWatch,
    lengths: Lengths,
) -> Iterator["PortalPath"]:
    """A PortalPath beside which the server's `processors` are watched."""
    pieces = folder / _PIECES
    words: list[str | Path] = [sys.executable, "-m", "loadtests.validation.processor", pieces]
    with child(words, folder / "processor.log", processors=processors):
        yield PortalPath(stand, seed, folder, watch, pieces, lengths)


class PortalPath:
    """Measures and predicts requests to the portal of `stand`; files go into `folder`.

    `pieces` is the file of `loadtests.validation.processor`.
    """

    def __init__(
        self,
        stand: Stand,
        seed: int,
        folder: Path,
        watch: LoadWatch,
        pieces: Path,
        lengths: Lengths,
    ) -> None:
        assert stand.server is not None
        self._stand = stand
        self._pid = stand.server.pid
        self._seed = seed
        self._folder = folder
        self._watch = watch
        self._pieces = pieces
        self._reference_ns = 0.0
        self._replications = lengths.replications
        self._alone_s = lengths.alone_s
        self._level_s = lengths.level_s
        self._runs = 0
        self._probes: Sequence[Probe] = ()
        self._work_s: dict[str, Floats] = {}
        self._model = SharedServer((SpeedPoint(1.0, 1.0),), 1, 1)
        self._speed = 1.0  # of the processor, lately

    def calibrate(self) -> Calibrated:
        """What requests take alone, and how much faster they are together."""
        self._watch.phase("validate_sessions")
        self._probes = probes_of(self._stand, self._seed)
        runs = 2 + len(_CALIBRATED) + len(_CROWDS)
        self._watch.phase("validate_calibrates", self._alone_s * runs)
        limits = Limits()
        look = self._measured(self._probes, clients=limits.threads, duration_s=self._alone_s)
        traces: list[Trace] = []
        for utilisation in _CALIBRATED:
            rate = utilisation * look.carried * self._speed
            key = combine(_CALIBRATION, len(traces))
            traces.append(self._measured(self._poisson(rate, self._alone_s, key)).trace)
        for clients in _CROWDS:
            crowd = self._measured(self._probes, clients=clients, duration_s=self._alone_s)
            traces.append(crowd.trace)
        mean_s, speeds = _speeds(traces)
        server = SharedServer(speeds, limits.threads, limits.threads + limits.waiting)
        self._work_s = _works(traces, server, mean_s)
        saturation = server.greatest_speed / mean_s
        rate = _TOO_MANY * saturation * self._speed
        refusal_s = _refusal_s(
            self._measured(self._poisson(rate, self._alone_s, _MANY)), server.full_speed / mean_s
        )
        self._model = replace(server, refusal_s=refusal_s)
        return Calibrated(
            alone_ms={name: float(times.mean() * 1e3) for name, times in self._work_s.items()},
            requests={name: len(times) for name, times in self._work_s.items()},
            speeds=[(point.inside, point.speed) for point in speeds],
            refusal_ms=refusal_s * 1e3,
            saturation=saturation,
        )

    def levels(self, calibrated: Calibrated) -> Iterator[Level]:
        """Each utilisation, with all its replications. One during which the processor was not as
        fast as it was planned for is of another utilisation, whatever came out: it is set aside and
        made again, so often as is reasonable."""
        for utilisation, tolerances in _TOLERANCES.items():
            seen: list[Replication] = []
            set_aside = 0
            while len(seen) < self._replications:
                self._watch.phase(
                    "validate_portal", self._level_s, utilisation=utilisation,
                    number=len(seen) + 1, total=self._replications,
                )  # fmt: skip
                planned = self._speed
                rate = utilisation * calibrated.saturation * planned
                found = self._replication(rate, len(seen))
                is_level = utilisation >= 1.0 or abs(self._speed / planned - 1.0) <= _STEADY
                if not is_level and set_aside < _SET_ASIDE * self._replications:
                    set_aside += 1
                    continue
                seen.append(replace(found, is_unsteady=not is_level))
            yield level_of("portal", utilisation, seen, tolerances, set_aside)

    # --- inside

    def _replication(self, rate: float, replication: int) -> Replication:
        """Poisson arrivals, each with a time alone that one like it has had, in both worlds."""
        key = combine(_ARRIVALS, replication)
        probes = self._poisson(rate, self._level_s, key)
        work_s = []
        for number, probe in enumerate(probes):
            seen = self._work_s[probe.operation]
            place = int(uniform(combine(key, self._seed), _WORK, number, 0) * len(seen))
            work_s.append(float(seen[place]))
        found = self._measured(probes)
        arrived_s = np.array([probe.at_us for probe in probes], np.float64) / 1e6
        model = self._model.serve(found.pace.standard_s(arrived_s), work_s)
        ended_s = found.pace.moments_s(model.arrived_s + model.time_s)
        time_s = np.where(model.completed, ended_s - arrived_s, 0.0)
        predicted = replace(model, arrived_s=arrived_s, time_s=time_s)
        live = cases_of_probes(found.samples, len(probes))
        pair = Pair(predicted, live, self._level_s)
        return Replication(pair, rate, found.samples, found.server, found.mean_speed)

    def _poisson(self, rate: float, duration_s: float, stream: int) -> list[Probe]:
        """Poisson arrivals of the mix, by draws of `stream`."""
        key = combine(stream, self._seed)
        probes: list[Probe] = []
        at_s = 0.0
        while (at_s := at_s + unit_exponential(key, len(probes), 0, 0) / rate) < duration_s:
            place = int(uniform(key, _OPERATIONS, len(probes), 0) * len(self._probes))
            probes.append(replace(self._probes[place], at_us=round(at_s * 1e6)))
        return probes

    def _measured(
        self, probes: Sequence[Probe], *, clients: int = 0, duration_s: float = 0.0
    ) -> _Measured:
        self._runs += 1
        results = self._folder / f"portal-{self._runs}"
        results.mkdir()
        task = ProbeTask(self._stand.root, str(results), probes, clients, duration_s)
        path = results / "task.json"
        task.write(path)
        words: list[str | Path] = [sys.executable, "-m", "loadtests.validation.probe_driver", path]
        with child(words, results / "driver.log") as driver:
            monitor = Monitor(self._stand.portal, self._pid)
            monitor.start()
            try:
                waited_s = 0.0
                while driver.wait(_LOOK_S) is None:
                    heed()
                    self._stand.check()
                    waited_s += _LOOK_S
                    if waited_s > self._level_s + duration_s + _LATE_S:
                        raise LoaderBroken(driver.said())
            finally:
                monitor.stop()
        epoch_us = read_start(results)
        if driver.exit_code != 0 or epoch_us is None:
            raise LoaderBroken(driver.said())
        samples = read_samples(results)
        found = _Measured(samples, monitor.seen(epoch_us), self._pace(samples, epoch_us))
        self._speed = found.mean_speed
        return found

    def _pace(self, samples: Samples, epoch_us: int) -> ProcessorPace:
        """Of the processor while `samples` were taken; the first run is the reference."""
        last_us = epoch_us + int(samples["ended_us"].max())
        pieces = read_pieces(self._pieces, epoch_us, last_us)
        if not self._reference_ns:
            self._reference_ns = float(np.median(pieces[:, 1]))
        return ProcessorPace.of_pieces(pieces, epoch_us, self._reference_ns)


def _speeds(traces: Sequence[Trace]) -> tuple[float, tuple[SpeedPoint, ...]]:
    try:
        return speeds_of(traces)
    except TooFew:
        raise LoaderBroken(
            "no request of the calibration was alone: the machine has too much else to do"
        ) from None


def _works(traces: Sequence[Trace], server: SharedServer, mean_s: float) -> dict[str, Floats]:
    found = works_of(traces, server, mean_s)
    if len(found) < len(MIX):
        raise LoaderBroken(f"of {len(MIX)} operations the portal does {sorted(found)}")
    return found


def _refusal_s(crowd: _Measured, carried: float) -> float:
    """What it takes to refuse somebody: the time that is missing of what is `carried` a second
    with every place taken and nobody refused."""
    last_us = crowd.samples["intended_us"].max()
    first_us = _FILLED * last_us

    def then(outcome: Outcome) -> int:
        ended_us = crowd.of(outcome)["ended_us"]
        return int(((ended_us > first_us) & (ended_us <= last_us)).sum())

    first, last = crowd.pace.standard_s(np.array([first_us, last_us]) / 1e6)
    shed = then("shed")
    return max(float(last - first) - then("ok") / carried, 0.0) / shed if shed else 0.0


def cases_of_probes(samples: Samples, count: int) -> Cases:
    """Answers by the number of their probes; one that is wrong, and a probe that has none, has
    failed."""
    time_s = np.zeros(count)
    arrived_s = np.zeros(count)
    completed = np.zeros(count, bool)
    numbers = samples["entity"]
    time_s[numbers] = (samples["ended_us"] - samples["intended_us"]) / 1e6
    arrived_s[numbers] = samples["intended_us"] / 1e6
    completed[numbers] = samples["outcome"] == OUTCOMES.index("ok")
    shed = np.zeros(count, bool)
    shed[numbers] = samples["outcome"] == OUTCOMES.index("shed")
    failed = int((~completed & ~shed).sum())
    return Cases(np.arange(count), arrived_s, time_s, completed, failed)
