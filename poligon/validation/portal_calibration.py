"""The served portal's own work, calibrated: alone and together, before it is loaded."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

__all__ = ["RUNS", "CalibratedPortal", "Calibration"]

# By a first look; predicted is what is between them.
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
    """What is known of the portal by rounds of runs, of `run_s` seconds each. Its methods raise as
    `PortalRuns.measured`, and NotMeasured if the runs tell nothing."""

    def __init__(self, runs: PortalRuns, probes: Sequence[Probe], run_s: float) -> None:
        self._runs = runs
        self._probes = probes
        self._run_s = run_s
        self._limits = Limits()
        self._streams = 0
        look = _believed(runs.measured(probes, run_s, clients=self._limits.threads))
        self._open: dict[float, list[Measured]] = {
            utilisation * look.carried: [] for utilisation in _UTILISATIONS
        }
        self._closed: list[Measured] = []
        self._crowds: list[Measured] = []

    @property
    def elasticity(self) -> float:
        """How the portal slows down with the processor, by the loads at which nobody is refused."""
        quiet = list(self._open.values())[:_QUIET]
        efforts = [[run.effort for run in runs] for runs in quiet]
        return elasticity_of([[each for each in load if each is not None] for load in efforts])

    def go_on(self) -> None:
        """One more round."""
        runs, run_s = self._runs, self._run_s
        for rate, found in self._open.items():
            found.append(_believed(runs.measured(self._poisson(rate), run_s)))
        self._closed.append(_believed(runs.measured(self._probes, run_s, clients=_CROWD)))
        many = self._poisson(_TOO_MANY * self.saturation)
        self._crowds.append(runs.measured(many, run_s))
        runs.elasticity = self.elasticity

    @property
    def saturation(self) -> float:
        """Requests a standard second with every thread taken, by open arrivals."""
        limits = self._limits
        arrived = [trace for traces in self._traces()[:-1] for trace in traces]
        rate = rate_with(arrived, limits.threads + 1, limits.threads + limits.waiting)
        if rate is None:
            raise NotMeasured(_NEVER_FULL)
        return rate

    def told(self) -> Calibrated:
        """Of all rounds and loads together."""
        every = [trace for traces in self._traces() for trace in traces]
        portal = self._of([Near(every, 1.0)])
        server, work_s = portal.server, portal.work_s
        return Calibrated(
            alone_ms={name: float(times.mean() * 1e3) for name, times in work_s.items()},
            requests={name: len(times) for name, times in work_s.items()},
            speeds=[(point.inside, point.speed) for point in server.speeds],
            refusal_ms=server.refusal_s * 1e3,
            saturation=self.saturation,
            elasticity=self.elasticity,
        )

    def portal(self, rate: float) -> CalibratedPortal:
        """As it is with `rate` requests a standard second, by the runs at the loads next to it."""
        rates = [*self._open, math.inf]
        above = min(max(bisect_right(rates, rate), 1), len(rates) - 1)
        low, high = rates[above - 1], rates[above]
        share = 0.5 if high == math.inf else max((rate - low) / (high - low), 0.0)
        traces = self._traces()
        return self._of([Near(traces[above - 1], 1.0 - share), Near(traces[above], share)])

    # --- inside

    def _traces(self) -> list[list[Trace]]:
        """Of each load, the closed one last."""
        elasticity = self.elasticity
        groups = [*self._open.values(), self._closed]
        return [[each.felt(elasticity).trace for each in group] for group in groups]

    def _of(self, near: Sequence[Near]) -> CalibratedPortal:
        limits = self._limits
        every = [trace for traces in self._traces() for trace in traces]
        mean_s, speeds = _speeds(near, every)
        server = SharedServer(speeds, limits.threads, limits.threads + limits.waiting)
        crowds = [crowd.felt(self.elasticity) for crowd in self._crowds]
        refusal_s = _refusal_s(crowds, server.full_speed / mean_s)
        work_s = works_of([trace for each in near for trace in each.traces], server, mean_s)
        if min((len(times) for times in work_s.values()), default=0) < _LEAST or len(work_s) < len(
            MIX
        ):
            work_s = _works(every, server, mean_s)
        return CalibratedPortal(replace(server, refusal_s=refusal_s), work_s)

    def _poisson(self, rate: float) -> list[Probe]:
        self._streams += 1
        stream = combine(_STREAM, self._streams)
        return self._runs.poisson(self._probes, rate, self._run_s, stream)


def _believed(found: Measured) -> Measured:
    """Whoever is refused for want of a place is no wrong answer: a crowd takes every place."""
    wrong = len(found.of("failed")) / max(len(found.samples), 1)
    if wrong > _MOST_WRONG:
        raise NotMeasured(_ALL_WRONG, share=f"{wrong:.0%}")
    return found


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
