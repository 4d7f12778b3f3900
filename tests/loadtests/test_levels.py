"""A level of a validation from its replications."""

import math

import numpy as np
import pytest

from loadtests.results.result import ServerSeries
from loadtests.samples import SAMPLE
from loadtests.validation.comparison import Pair
from loadtests.validation.levels import Replication, level_of
from loadtests.validation.prediction import Cases

QUIET = ServerSeries(at=(0.0, 1.0), others_cpu=(0.0, 0.02))


def replication(
    live_s: float, failed: int = 0, server: ServerSeries = QUIET, dearness: float | None = None
) -> Replication:
    def cases(time_s: float, failed: int) -> Cases:
        done = np.arange(4) >= failed
        return Cases(np.arange(4), np.zeros(4), np.full(4, time_s), done, failed)

    samples = np.zeros(4, SAMPLE)
    pair = Pair([cases(1.0, 0)], cases(live_s, failed), 10.0)
    return Replication(pair, 4.0, samples, server, processor=0.9, dearness=dearness)


def test_level_has_its_replications_together() -> None:
    level = level_of("portal", 0.7, [replication(1.1), replication(1.3, failed=3)], {"failed": 0.1})
    by_figure = {each.figure: each for each in level.compared}
    assert (level.replications, level.cases) == (2, 8)
    assert by_figure["failed"].live == pytest.approx(3 / 8)
    assert by_figure["failed"].is_met is False
    assert by_figure["p95"].is_met is None
    assert level.others_cpu is not None
    assert math.isclose(level.others_cpu, 0.01)
    assert not level.is_noisy


def test_level_tells_the_ends_of_what_its_replications_have_seen() -> None:
    seen = [replication(1.1, dearness=each) for each in (1.04, None, 0.97)]
    level = level_of("portal", 0.7, seen, {})
    assert (level.processor, level.dearness) == ((0.9, 0.9), (0.97, 1.04))
    assert level_of("portal", 1.3, seen[1:2], {}).dearness is None


def test_machine_that_nobody_looked_at_proves_nothing() -> None:
    level = level_of("portal", 0.7, [replication(1.1, server=ServerSeries())], {"p95": 0.2})
    assert level.others_cpu is None
    assert level.is_noisy
