"""The served portal's own work, live and predicted: calibrated and loaded by turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.samples import OUTCOMES
from loadtests.validation.comparison import Pair
from loadtests.validation.levels import Replication, level_of
from loadtests.validation.prediction import Cases
from loadtests.validation.probes import Probe
from loadtests.validation.processor import ProcessorPace
from loadtests.validation.result import Calibrated, Level
from poligon.interruption import heed
from poligon.load.watching import LoadWatch
from poligon.validation.portal_calibration import RUNS, CalibratedPortal, Calibration, Known
from poligon.validation.portal_probes import probes_of
from poligon.validation.portal_runs import Measured, PortalRuns, Samples
from world.draws import combine, text_key, uniform

__all__ = ["Lengths", "cases_of_probes", "portal_levels"]

_TOLERANCES: Final[Mapping[float, Mapping[str, float]]] = {
    0.3: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.5: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.7: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    1.3: {"throughput": 0.10, "refused": 0.10, "failed": 0.01},
}
_DRAWS: Final = 8  # of works for the same arrivals: what is compared is the model, not its luck
_ARRIVALS: Final = text_key("validation/arrivals")
_WORK: Final = text_key("validation/work")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lengths:
    """How many rounds there are, how long a run of the calibration lasts, and a replication of a
    level: standard seconds of arrivals, of the wall for clients."""

    rounds: int
    calibration_s: float
    level_s: float


def portal_levels(
    runs: PortalRuns, watch: LoadWatch, lengths: Lengths
) -> tuple[list[Level], Calibrated]:
    """Each utilisation, measured and predicted, and what the portal was calibrated to be.

    In each round the calibration goes on, then every level has a replication: what the machine does
    meanwhile is in both alike. Predictions come last, by the calibration of all rounds. Raises as
    `PortalRuns.measured`, and NotMeasured if the calibration tells nothing.
    """
    watch.phase("validate_sessions")
    probes = probes_of(runs.stand, runs.seed)
    calibration = Calibration(runs, probes, lengths.calibration_s)
    lived: dict[float, list[_Lived]] = {utilisation: [] for utilisation in _TOLERANCES}
    for number in range(lengths.rounds):
        turn = {"number": number + 1, "total": lengths.rounds}
        watch.phase("validate_calibrates", lengths.calibration_s * RUNS, **turn)
        calibration.go_on()
        saturation = calibration.known().saturation
        for utilisation, seen in lived.items():
            watch.phase("validate_portal", lengths.level_s, utilisation=utilisation, **turn)
            seen.append(_live(runs, probes, utilisation * saturation, lengths.level_s, number))
    watch.phase("validate_predicts")
    known = calibration.known()
    levels = [
        level_of("portal", each, [_replication(known, one) for one in seen], _TOLERANCES[each])
        for each, seen in lived.items()
    ]
    return levels, known.told()


@dataclass(frozen=True)
class _Lived:
    """A live replication of `rate` requests a standard second; `key` is that of its draws."""

    rate: float
    probes: Sequence[Probe]
    found: Measured
    key: int


def _live(
    runs: PortalRuns, probes: Sequence[Probe], rate: float, span_s: float, number: int
) -> _Lived:
    """Poisson arrivals, `rate` a standard second."""
    stream = combine(_ARRIVALS, number)
    sent = runs.poisson(probes, rate, span_s, stream)
    return _Lived(rate, sent, runs.measured(sent, span_s), combine(stream, runs.seed))


def _replication(known: Known, lived: _Lived) -> Replication:
    """Beside its predictions: the same arrivals, each with a work that one like it has had."""
    heed()
    model, dearness = known.portal(lived.rate), known.dearness(lived.found, lived.rate)
    slower = 1.0 if dearness is None else dearness
    pace = lived.found.pace.felt(known.elasticity, 1.0 / slower)
    live = cases_of_probes(lived.found.samples, len(lived.probes))
    drawn = [_predicted(model, lived, pace, live.arrived_s, n) for n in range(_DRAWS)]
    span_s = float(live.arrived_s[-1])
    return Replication(
        pair=Pair(drawn, live, span_s),
        rate=len(live) / span_s,
        samples=lived.found.samples,
        server=lived.found.server,
        processor=lived.found.mean_speed,
        dearness=dearness,
    )


def _predicted(
    model: CalibratedPortal, lived: _Lived, pace: ProcessorPace, arrived_s: Floats, draw: int
) -> Cases:
    """On a processor as fast as it was meanwhile (`pace`), in seconds of the wall."""
    work_s = []
    for number, probe in enumerate(lived.probes):
        had_s = model.work_s[probe.operation]
        work_s.append(float(had_s[int(uniform(lived.key, _WORK, number, draw) * len(had_s))]))
    found = model.server.serve(pace.standard_s(arrived_s), work_s)
    ended_s = pace.moments_s(found.arrived_s + found.time_s)
    time_s = np.where(found.completed, ended_s - arrived_s, 0.0)
    return replace(found, arrived_s=arrived_s, time_s=time_s)


def cases_of_probes(samples: Samples, count: int) -> Cases:
    """Answers by the number of their probes; one that is wrong, and a probe that has none, has
    failed: it has come between those before and after it."""
    time_s = np.zeros(count)
    completed = np.zeros(count, bool)
    numbers = samples["entity"]
    time_s[numbers] = (samples["ended_us"] - samples["intended_us"]) / 1e6
    order = np.argsort(numbers)
    arrived_s = np.interp(np.arange(count), numbers[order], samples["intended_us"][order] / 1e6)
    completed[numbers] = samples["outcome"] == OUTCOMES.index("ok")
    shed = np.zeros(count, bool)
    shed[numbers] = samples["outcome"] == OUTCOMES.index("shed")
    failed = int((~completed & ~shed).sum())
    return Cases(np.arange(count), arrived_s, time_s, completed, failed)
