"""The served portal's own work, live and predicted: calibrated, then loaded level by level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from loadtests.samples import OUTCOMES
from loadtests.validation.comparison import Pair
from loadtests.validation.levels import Replication, level_of
from loadtests.validation.prediction import Cases
from loadtests.validation.probes import Probe
from loadtests.validation.processor import ProcessorPace
from loadtests.validation.result import Calibrated, Level
from poligon.load.watching import LoadWatch
from poligon.validation.portal_calibration import RUNS, CalibratedPortal, calibrated
from poligon.validation.portal_probes import probes_of
from poligon.validation.portal_runs import PortalRuns, Samples
from world.draws import combine, text_key, uniform

__all__ = ["Lengths", "PortalPath", "cases_of_probes"]

_TOLERANCES: Final[Mapping[float, Mapping[str, float]]] = {
    0.3: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.5: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.7: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    1.3: {"throughput": 0.10, "refused": 0.10, "failed": 0.01},
}
_DRAWS: Final = 8  # of works for the same arrivals: what is compared is the model, not its luck
_STEADY: Final = 0.1  # a processor that changes its speed by more makes it another utilisation
_SET_ASIDE: Final = 3  # replications for each one asked for, at most
_ARRIVALS: Final = text_key("validation/arrivals")
_WORK: Final = text_key("validation/work")


@dataclass(frozen=True)
class Lengths:
    """How often a level is repeated, and how long a run of the calibration and a replication of a
    level last."""

    replications: int
    alone_s: float
    level_s: float


class PortalPath:
    """Measures and predicts requests to the portal by `runs`. Its methods raise as
    `PortalRuns.measured`."""

    def __init__(self, runs: PortalRuns, watch: LoadWatch, lengths: Lengths) -> None:
        self._runs = runs
        self._watch = watch
        self._lengths = lengths
        watch.phase("validate_sessions")
        self._probes: Sequence[Probe] = probes_of(runs.stand, runs.seed)
        watch.phase("validate_calibrates", lengths.alone_s * RUNS)
        self._model: CalibratedPortal = calibrated(runs, self._probes, lengths.alone_s)

    @property
    def calibrated(self) -> Calibrated:
        """What requests take alone, and how much faster they are together."""
        return self._model.told

    def levels(self) -> Iterator[Level]:
        """Each utilisation, with all its replications. One during which the processor was not as
        fast as it was planned for is of another utilisation, whatever came out: it is set aside and
        made again, so often as is reasonable."""
        wanted = self._lengths.replications
        for utilisation, tolerances in _TOLERANCES.items():
            seen: list[Replication] = []
            aside: list[Replication] = []
            while len(seen) < wanted:
                self._watch.phase(
                    "validate_portal", self._lengths.level_s, utilisation=utilisation,
                    number=len(seen) + 1, total=wanted,
                )  # fmt: skip
                planned = self._runs.speed
                rate = utilisation * self._model.told.saturation * planned
                found = self._replication(rate, len(seen) + wanted * len(aside))
                is_level = utilisation >= 1.0 or abs(self._runs.speed / planned - 1.0) <= _STEADY
                if not is_level and len(aside) < _SET_ASIDE * wanted:
                    aside.append(found)
                    continue
                seen.append(replace(found, is_unsteady=not is_level))
            yield level_of("portal", utilisation, seen, tolerances, aside)

    # --- inside

    def _replication(self, rate: float, replication: int) -> Replication:
        """Poisson arrivals, each with a work that one like it has had, in both worlds."""
        stream = combine(_ARRIVALS, replication)
        span_s = self._lengths.level_s
        probes = self._runs.poisson(self._probes, rate, span_s, stream)
        found = self._runs.measured(probes, span_s)
        key = combine(stream, self._runs.seed)
        drawn = [self._predicted(probes, found.pace, key, draw) for draw in range(_DRAWS)]
        live = cases_of_probes(found.samples, len(probes))
        pair = Pair(drawn, live, span_s)
        return Replication(pair, rate, found.samples, found.server, found.mean_speed)

    def _predicted(
        self, probes: Sequence[Probe], pace: ProcessorPace, key: int, draw: int
    ) -> Cases:
        """On a processor of that pace, in seconds of the wall."""
        work_s = []
        for number, probe in enumerate(probes):
            had_s = self._model.work_s[probe.operation]
            work_s.append(float(had_s[int(uniform(key, _WORK, number, draw) * len(had_s))]))
        arrived_s = np.array([probe.at_us for probe in probes], np.float64) / 1e6
        model = self._model.server.serve(pace.standard_s(arrived_s), work_s)
        ended_s = pace.moments_s(model.arrived_s + model.time_s)
        time_s = np.where(model.completed, ended_s - arrived_s, 0.0)
        return replace(model, arrived_s=arrived_s, time_s=time_s)


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
