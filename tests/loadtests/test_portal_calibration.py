"""The calibration of the portal, by runs against a server whose speeds are known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from loadtests.results.result import ServerSeries
from loadtests.samples import OUTCOMES, SAMPLE
from loadtests.validation.probes import Probe
from loadtests.validation.processor import ProcessorPace
from loadtests.validation.shared_server import SharedServer, SpeedPoint
from poligon.validation.portal_calibration import Calibration
from poligon.validation.portal_probes import MIX
from poligon.validation.portal_runs import Measured, NotMeasured, PortalRuns

SERVER = SharedServer((SpeedPoint(1.0, 1.0), SpeedPoint(8.0, 2.0)), threads=16, places=256)
WORK_S = 0.002  # mean, exponential
ELASTICITY = 1.2
SATURATION = 2.0 / WORK_S
PROBES = [Probe(name, "GET", "/") for name, weight in MIX for _ in range(weight)]


class KnownRuns(PortalRuns):
    """Runs on a processor that is slower, as fast and faster by turns; `dear` says how many times
    as much of it the server needs, which nothing beside it feels."""

    def __init__(self, wrong: float = 0.0) -> None:
        self.seed = 1
        self.elasticity = 1.0
        self._runs = 0
        self._wrong = wrong
        self.dear = 1.0

    def measured(self, probes: Sequence[Probe], duration_s: float, *, clients: int = 0) -> Measured:
        self._runs += 1
        speed = (0.8, 1.0, 1.25)[self._runs % 3]
        draws = np.random.default_rng(self._runs)
        if clients:
            took_s = clients * WORK_S / SERVER.speed(clients)
            turns = np.arange(int(duration_s / took_s))
            begins = np.arange(clients) / clients * took_s
            arrived_s = np.sort((begins[:, None] + turns * took_s).ravel())
            # Each client comes again a moment after it has left.
            time_s, done = np.full(len(arrived_s), 0.999 * took_s), np.ones(len(arrived_s), bool)
        else:
            arrived_s = np.array([probe.at_us for probe in probes]) / 1e6
            cases = SERVER.serve(arrived_s, draws.exponential(WORK_S, len(arrived_s)).tolist())
            time_s, done = cases.time_s, cases.completed
        felt = speed**ELASTICITY / self.dear  # seconds of the server in one of the wall
        samples = np.zeros(len(arrived_s), SAMPLE)
        samples["operation"] = [
            probes[n % len(probes)].operation.encode() for n in range(len(arrived_s))
        ]
        samples["sent_us"] = samples["intended_us"] = np.round(arrived_s / felt * 1e6)
        samples["ended_us"] = np.round((arrived_s + time_s) / felt * 1e6)
        wrong = draws.random(len(samples)) < self._wrong
        told = np.where(done, OUTCOMES.index("ok"), OUTCOMES.index("shed"))
        samples["outcome"] = np.where(wrong, OUTCOMES.index("failed"), told)
        at = np.arange(0.0, duration_s * 2, 0.5)
        work = done.sum() * 0.001 / felt / (samples["intended_us"].max() / 1e6)
        server = ServerSeries(at=at.tolist(), cpu=[0.0, *[float(work)] * (len(at) - 1)])
        return Measured(samples, server, ProcessorPace(np.array([0.0]), np.array([speed])))


def test_calibration_finds_the_server_and_how_it_follows_its_processor() -> None:
    calibration = Calibration(KnownRuns(), PROBES, 8.0)
    for _ in range(2):
        calibration.go_on()
    known = calibration.known()
    assert known.elasticity == pytest.approx(ELASTICITY, abs=0.05)
    assert known.saturation == pytest.approx(SATURATION, rel=0.05)
    told = known.told()
    assert sorted(told.alone_ms) == sorted(name for name, _ in MIX)
    mean_ms = sum(told.alone_ms[name] * weight for name, weight in MIX) / len(PROBES)
    assert mean_ms == pytest.approx(WORK_S * 1e3, rel=0.1)
    portal = known.portal(0.5 * SATURATION)
    assert portal.server.speed(8.0) == pytest.approx(2.0, rel=0.1)


def test_server_that_needs_more_of_its_processor_was_slower_by_that() -> None:
    runs = KnownRuns()
    calibration = Calibration(runs, PROBES, 8.0)
    for _ in range(2):
        calibration.go_on()
    known = calibration.known()
    rate = 0.5 * SATURATION
    for runs.dear in (0.8, 1.0, 1.25):
        found = runs.measured(runs.poisson(PROBES, rate, 8.0, 1), 8.0)
        assert known.dearness(found, rate) == pytest.approx(runs.dear, rel=0.02)
    unseen = replace(found, server=ServerSeries())
    assert known.dearness(unseen, rate) is None
    # There some are refused, at the expense of those who are served.
    assert known.dearness(found, 1.3 * SATURATION) is None


def test_calibration_by_wrong_answers_is_none() -> None:
    with pytest.raises(NotMeasured, match="wrong answers"):
        Calibration(KnownRuns(wrong=0.05), PROBES, 2.0)


def test_effort_is_of_the_time_in_which_requests_were_sent() -> None:
    samples = np.zeros(2, SAMPLE)
    samples["intended_us"], samples["ended_us"] = [0, 2_000_000], [1_000_000, 2_000_000]
    samples["outcome"] = OUTCOMES.index("ok")
    pace = ProcessorPace(np.array([0.0]), np.array([0.5]))
    # The first covers time before the run, the last such after it.
    server = ServerSeries(at=(0.2, 1.2, 1.9, 2.9), cpu=(9.0, 0.5, 0.7, 9.0))
    effort = Measured(samples, server, pace).effort
    assert effort is not None
    assert effort == pytest.approx((0.5, 0.6))
    assert Measured(samples, ServerSeries(), pace).effort is None
