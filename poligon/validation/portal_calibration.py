"""The served portal's own work, calibrated: alone and together, in rounds between its levels."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.samples import Outcome
from loadtests.validation.elasticity import elasticity_of
from loadtests.validation.probes import Probe
from loadtests.validation.result import Calibrated
from loadtests.validation.shared_calibration import (
    Near,
    TooFew,
    Trace,
    rate_with,
    speeds_of,
    works_of,
)
from loadtests.validation.shared_server import SharedServer, SpeedPoint
from poligon.validation.portal_probes import MIX
from poligon.validation.portal_runs import Measured, NotMeasured, PortalRuns
from portal.http.admission import Limits
from rulebook import Text
from world.draws import combine, text_key

__all__ = ["RUNS", "CalibratedPortal", "Calibration", "Known"]

# By a first look; levels up to saturation are between them.
_UTILISATIONS: Final = (0.15, 0.4, 0.6, 0.8, 0.95, 1.1)
_QUIET: Final = 4  # the first of them: nobody is refused there
_CROWD: Final = 256  # clients, after that; fewer come in step, and are served too fast
_TOO_MANY: Final = 1.6  # utilisation at which it is measured what a refusal takes
RUNS: Final = 2 + len(_UTILISATIONS)
"""Of a round."""
_MOST_WRONG: Final = 0.01  # of all answers: what is left out of a trace bends its curve
_LEAST: Final = 200  # requests of an operation whose works are drawn
_FILLED: Final = 0.25  # of the time of a crowd, until every place is taken
_STREAM: Final = text_key("validation/calibration")
_ALL_WRONG: Final = Text(
    "портал при калибровке отвечает не то: {share} ответов",
    "the portal gives wrong answers during its calibration: {share} of them",
)
_NEVER_ALONE: Final = Text(
    "при калибровке запросы почти не оставались одни: машина слишком занята",
    "hardly a request of the calibration was alone: the machine has too much else to do",
)
_NEVER_FULL: Final = Text(
    "при калибровке не удалось занять все места портала",
    "the calibration has not kept all of the portal busy",
)
_MISSING: Final = Text(
    "при калибровке портал выполнил не все операции: {done}",
    "the portal has not done every operation of the calibration: {done}",
)


@dataclass(frozen=True)
class CalibratedPortal:
    """The model of the portal: its server, and works (standard s) by operation, to draw from."""

    server: SharedServer
    work_s: dict[str, npt.NDArray[np.float64]]


class Calibration:
    """Gathers what is known of the portal in rounds of runs, of `run_s` seconds each. Its methods
    raise as `PortalRuns.measured`, and NotMeasured if the runs tell nothing."""

    def __init__(self, runs: PortalRuns, probes: Sequence[Probe], run_s: float) -> None:
        self._runs = runs
        self._probes = probes
        self._run_s = run_s
        self._streams = 0
        look = _believed(runs.measured(probes, run_s, clients=Limits().threads))
        self._open: dict[float, list[Measured]] = {
            utilisation * look.carried: [] for utilisation in _UTILISATIONS
        }
        self._closed: list[Measured] = []
        self._crowds: list[Measured] = []

    def go_on(self) -> None:
        """One more round."""
        runs, run_s = self._runs, self._run_s
        for place, (rate, found) in enumerate(self._open.items()):
            run = runs.measured(self._poisson(rate), run_s)
            found.append(_believed(run, is_full=place >= _QUIET))
        closed = runs.measured(self._probes, run_s, clients=_CROWD)
        self._closed.append(_believed(closed, is_full=True))
        many = self._poisson(_TOO_MANY * self.known().saturation)
        self._crowds.append(runs.measured(many, run_s))
        runs.elasticity = self.known().elasticity

    def known(self) -> "Known":
        """What all rounds so far tell."""
        quiet = list(self._open.values())[:_QUIET]
        efforts = [[run.effort for run in runs] for runs in quiet]
        elasticity = elasticity_of([[each for each in load if each] for load in efforts])
        felt = {rate: [run.felt(elasticity) for run in runs] for rate, runs in self._open.items()}
        return Known(
            elasticity,
            {rate: [run.trace for run in runs] for rate, runs in felt.items()},
            [run.felt(elasticity).trace for run in self._closed],
            [run.felt(elasticity) for run in self._crowds],
            _costs([*felt.items()][:_QUIET]),
        )

    def _poisson(self, rate: float) -> list[Probe]:
        self._streams += 1
        stream = combine(_STREAM, self._streams)
        return self._runs.poisson(self._probes, rate, self._run_s, stream)


class Known:
    """The portal by traces of open arrivals at their rates (a standard second, ascending) and of
    closed clients, and by the `crowds` of whom it refuses many. `elasticity` is how it slows down
    with the processor, `saturation` what leaves a standard second with every thread taken, by open
    arrivals; `costs` has the standard seconds of processor that an answer takes by the rate, as far
    as nobody is refused. NotMeasured if that tells nothing."""

    def __init__(
        self,
        elasticity: float,
        arrived: Mapping[float, Sequence[Trace]],
        closed: Sequence[Trace],
        crowds: Sequence[Measured],
        costs: Mapping[float, float],
    ) -> None:
        limits = Limits()
        self._threads, self._places = limits.threads, limits.threads + limits.waiting
        self.elasticity = elasticity
        self._costs = costs
        self._loads = [*arrived.items(), (math.inf, closed)]
        self._every = [trace for _, traces in self._loads for trace in traces]
        open_ones = [trace for traces in arrived.values() for trace in traces]
        self.saturation = _rate(open_ones, self._threads + 1, self._places)
        carried = _rate(closed, self._places // 2 + 1, self._places)
        self._refusal_s = _refusal_s(crowds, carried)

    def told(self) -> Calibrated:
        """Of all rounds and loads together."""
        portal = self._of([Near(self._every, 1.0)])
        server, work_s = portal.server, portal.work_s
        return Calibrated(
            alone_ms={name: float(times.mean() * 1e3) for name, times in work_s.items()},
            requests={name: len(times) for name, times in work_s.items()},
            speeds=[(point.inside, point.speed) for point in server.speeds],
            refusal_ms=server.refusal_s * 1e3,
            saturation=self.saturation,
            elasticity=self.elasticity,
        )

    def dearness(self, found: Measured, rate: float) -> float | None:
        """How much of the processor an answer took in a run at `rate`, beside what it takes there
        by the calibration (1.05: 5% more); None beyond the rates that it knows of.

        The service demand of the utilisation law (Denning, Buzen 1978), by which the processor was
        that much slower for the portal than the small pieces of work beside it have felt. Between
        the rates of the calibration it is interpolated by the logarithm: the more come, the more of
        them share wake-ups and commits.
        """
        cost_s = found.felt(self.elasticity).cost_s
        if not cost_s or not self._costs or not min(self._costs) <= rate <= max(self._costs):
            return None
        expected_s = np.interp(math.log(rate), np.log([*self._costs]), [*self._costs.values()])
        return float(cost_s / expected_s)

    def portal(self, rate: float) -> CalibratedPortal:
        """As it is with `rate` requests a standard second, by the runs at the loads next to it;
        beyond the last of them it is half of that and half of the closed clients."""
        rates = [each for each, _ in self._loads]
        above = min(max(bisect_right(rates, rate), 1), len(rates) - 1)
        (low, traces), (high, more) = self._loads[above - 1 : above + 1]
        share = 0.5 if high == math.inf else (rate - low) / (high - low)
        near = [Near(traces, 1.0 - share), Near(more, share)]
        return self._of([each for each in near if each.weight > 0.0])

    def _of(self, near: Sequence[Near]) -> CalibratedPortal:
        mean_s, speeds = _speeds(near, self._every)
        server = SharedServer(speeds, self._threads, self._places, self._refusal_s)
        work_s = works_of([trace for each in near for trace in each.traces], server, mean_s)
        if any(len(work_s.get(name, ())) < _LEAST for name, _ in MIX):
            work_s = _works(self._every, server, mean_s)
        return CalibratedPortal(server, work_s)


def _believed(found: Measured, *, is_full: bool = False) -> Measured:
    """Whoever is refused for want of a place is no wrong answer where the portal `is_full`."""
    good, failed = len(found.of("ok")), len(found.of("failed"))
    wrong = failed if is_full and good else len(found.samples) - good
    share = wrong / max(len(found.samples), 1)
    if share > _MOST_WRONG or not good:
        raise NotMeasured(_ALL_WRONG, share=f"{share:.0%}")
    return found


def _costs(loads: Sequence[tuple[float, Sequence[Measured]]]) -> dict[float, float]:
    """The mean cost of an answer (s) by the rate, of runs that know it."""
    known = {rate: [run.cost_s for run in runs if run.cost_s] for rate, runs in loads}
    return {rate: fmean(costs) for rate, costs in known.items() if costs}


def _rate(traces: Sequence[Trace], least: int, most: int) -> float:
    rate = rate_with(traces, least, most)
    if rate is None:
        raise NotMeasured(_NEVER_FULL)
    return rate


def _speeds(near: Sequence[Near], every: Sequence[Trace]) -> tuple[float, tuple[SpeedPoint, ...]]:
    try:
        return speeds_of(near, every)
    except TooFew:
        raise NotMeasured(_NEVER_ALONE) from None


def _works(
    traces: Sequence[Trace], server: SharedServer, mean_s: float
) -> dict[str, npt.NDArray[np.float64]]:
    found = works_of(traces, server, mean_s)
    if len(found) < len(MIX):
        raise NotMeasured(_MISSING, done=", ".join(sorted(found)))
    return found


def _refusal_s(crowds: Sequence[Measured], carried: float) -> float:
    """What it takes to refuse somebody: the time that is missing of what is `carried` a second
    with every place taken and nobody refused."""
    missing_s, shed = 0.0, 0
    for crowd in crowds:
        last_us = crowd.samples["intended_us"].max()
        first_us = _FILLED * last_us
        first, last = crowd.pace.standard_s(np.array([first_us, last_us]) / 1e6)
        missing_s += float(last - first) - _between(crowd, "ok", first_us, last_us) / carried
        shed += _between(crowd, "shed", first_us, last_us)
    return max(missing_s, 0.0) / shed if shed else 0.0


def _between(crowd: Measured, outcome: Outcome, first_us: float, last_us: float) -> int:
    """How many ended like that then."""
    ended_us = crowd.of(outcome)["ended_us"]
    return int(((ended_us > first_us) & (ended_us <= last_us)).sum())
