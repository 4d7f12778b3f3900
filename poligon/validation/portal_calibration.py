"""The served portal's own work, calibrated: alone and together, before it is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.validation.probes import Probe
from loadtests.validation.result import Calibrated
from loadtests.validation.shared_calibration import TooFew, Trace, speeds_of, works_of
from loadtests.validation.shared_server import SharedServer, SpeedPoint
from poligon.validation.portal_probes import MIX
from poligon.validation.portal_runs import Measured, NotMeasured, PortalRuns
from portal.http.admission import Limits
from rulebook import Text
from world.draws import combine, text_key

__all__ = ["RUNS", "CalibratedPortal", "calibrated"]

_UTILISATIONS: Final = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05)  # by a first look
_CROWDS: Final = (256,)  # clients, after that; fewer come in step, and are served too fast
_TOO_MANY: Final = 1.6  # utilisation at which it is measured what a refusal takes
RUNS: Final = 2 + len(_UTILISATIONS) + len(_CROWDS)
"""How many runs it takes."""
_MOST_WRONG: Final = 0.01  # of all answers: what is left out of a trace bends its curve
_FILLED: Final = 0.25  # of the time of a crowd, until every place is taken
_STREAM: Final = text_key("validation/calibration")
_MANY: Final = text_key("validation/many")
_ALL_WRONG: Final = Text(
    "портал при калибровке отвечает не то: {share} ответов",
    "the portal gives wrong answers during its calibration: {share} of them",
)
_NEVER_ALONE: Final = Text(
    "при калибровке запросы почти не оставались одни: машина слишком занята",
    "hardly a request of the calibration was alone: the machine has too much else to do",
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
    told: Calibrated


def calibrated(runs: PortalRuns, probes: Sequence[Probe], run_s: float) -> CalibratedPortal:
    """From runs of `run_s` seconds each. Raises as `PortalRuns.measured`, and NotMeasured if they
    tell nothing."""
    limits = Limits()
    look = _believed(runs.measured(probes, run_s, clients=limits.threads))
    traces: list[Trace] = []
    for utilisation in _UTILISATIONS:
        rate = utilisation * look.carried * runs.speed
        sent = runs.poisson(probes, rate, run_s, combine(_STREAM, len(traces)))
        traces.append(_believed(runs.measured(sent, run_s)).trace)
    for clients in _CROWDS:
        traces.append(_believed(runs.measured(probes, run_s, clients=clients)).trace)
    mean_s, speeds = _speeds(traces)
    server = SharedServer(speeds, limits.threads, limits.threads + limits.waiting)
    work_s = _works(traces, server, mean_s)
    saturation = server.greatest_speed / mean_s
    many = runs.poisson(probes, _TOO_MANY * saturation * runs.speed, run_s, _MANY)
    refusal_s = _refusal_s(runs.measured(many, run_s), server.full_speed / mean_s)
    told = Calibrated(
        alone_ms={name: float(times.mean() * 1e3) for name, times in work_s.items()},
        requests={name: len(times) for name, times in work_s.items()},
        speeds=[(point.inside, point.speed) for point in speeds],
        refusal_ms=refusal_s * 1e3,
        saturation=saturation,
    )
    return CalibratedPortal(replace(server, refusal_s=refusal_s), work_s, told)


def _believed(found: Measured) -> Measured:
    """Whoever is refused for want of a place is no wrong answer: a crowd takes every place."""
    wrong = len(found.of("failed")) / max(len(found.samples), 1)
    if wrong > _MOST_WRONG:
        raise NotMeasured(_ALL_WRONG, share=f"{wrong:.0%}")
    return found


def _speeds(traces: Sequence[Trace]) -> tuple[float, tuple[SpeedPoint, ...]]:
    try:
        return speeds_of(traces)
    except TooFew:
        raise NotMeasured(_NEVER_ALONE) from None


def _works(
    traces: Sequence[Trace], server: SharedServer, mean_s: float
) -> dict[str, npt.NDArray[np.float64]]:
    found = works_of(traces, server, mean_s)
    if len(found) < len(MIX):
        raise NotMeasured(_MISSING, done=", ".join(sorted(found)))
    return found


def _refusal_s(crowd: Measured, carried: float) -> float:
    """What it takes to refuse somebody: the time that is missing of what is `carried` a second
    with every place taken and nobody refused."""
    last_us = crowd.samples["intended_us"].max()
    first_us = _FILLED * last_us

    def then(ended_us: npt.NDArray[np.int64]) -> int:
        return int(((ended_us > first_us) & (ended_us <= last_us)).sum())

    first, last = crowd.pace.standard_s(np.array([first_us, last_us]) / 1e6)
    shed = then(crowd.of("shed")["ended_us"])
    done = then(crowd.of("ok")["ended_us"])
    return max(float(last - first) - done / carried, 0.0) / shed if shed else 0.0
