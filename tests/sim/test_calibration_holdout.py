"""What was learnt from the earlier cases of a log predicts the later ones, or says why not."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.calibration import holdout
from sim.calibration.holdout import Unpredictable, hold_out, split
from sim.calibration.log_problems import LogError
from sim.calibration.reading import read_log
from sim.model.model import Model
from tests.sim.handwritten_logs import Visit, log_file


def test_the_last_cases_are_held_out_and_of_the_others_the_recent_ones_kept(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(40)}
    log = read_log(log_file(tmp_path, cases))
    earlier, later = split(log, 0.25, 0.5)
    assert (np.unique(earlier.case).tolist(), np.unique(later.case).tolist()) == (
        list(range(15, 30)), list(range(30, 40)),
    )  # fmt: skip


def test_what_happened_after_the_split_is_not_learned_from(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(40)}
    # Under way when case 30 begins: one between two activities, one within its first.
    cases[28 * 60] = [("ask", "", 0, 0, 1), ("answer", "", 0, 3 * 60, 3 * 60 + 1)]
    cases[29 * 60] = [("ask", "", 0, 0, 61)]
    earlier, later = split(read_log(log_file(tmp_path, cases)), 0.25)
    assert np.unique(earlier.case).tolist() == list(range(29))
    assert earlier.end.max() <= later.begin.min()
    assert np.flatnonzero(earlier.unfinished).tolist() == [28, 29]
    assert len(earlier.case) == 29


def test_cases_find_as_many_under_way_at_the_split_as_there_are_then(tmp_path: Path) -> None:
    # A case a minute, a minute and a half of work each: the queue at the split is 105 minutes long.
    cases: dict[float, list[Visit]] = {
        float(n): [("ask", "desk", 0, n * 0.5, n * 0.5 + 1.5)] for n in range(300)
    }
    _, held = hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")
    assert held.seen_p50.value == pytest.approx((254.5 * 0.5 + 1.5) * 60)
    assert abs(held.model.error_p50) < 0.2


def test_a_process_that_stays_the_same_is_predicted(tmp_path: Path) -> None:
    draws = np.random.default_rng(5)
    came = np.cumsum(draws.exponential(60, 1200))
    cases: dict[float, list[Visit]] = {
        round(float(at), 6): [
            ("ask", "desk", 0, 0, float(service)),
            ("answer", "", None, None, float(service + delay)),
        ]
        for at, service, delay in zip(
            came, draws.exponential(20, 1200), draws.lognormal(4, 0.5, 1200), strict=True
        )
    }
    heard: list[int] = []
    _, held = hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t", on_done=heard.append)
    assert heard == list(range(20))
    assert (held.train, held.test) == (839, 360)  # of the last nothing was over at the split
    assert abs(held.model.error_p50) < 0.1
    assert abs(held.model.error_p90) < 0.15
    value = held.model.distance_s.value
    assert value is not None
    assert value < 0.1 * (held.seen_p50.value or 0.0)
    assert held.cases_predicted.value == pytest.approx(360, rel=0.2)


def test_a_prediction_is_the_same_by_either_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: dict[float, list[Visit]] = {
        40.0 * k: [("ask", "desk", 0, 0, 30.0 + k % 7)] for k in range(100)
    }
    log = read_log(log_file(tmp_path, cases))
    found, asked = [], []
    for engine in ("simpy", "compiled"):

        def choose(wanted: str, model: Model, replications: int, engine: str = engine) -> str:
            asked.append((wanted, replications))
            return engine

        monkeypatch.setattr(holdout, "chosen", choose)
        found.append(hold_out(log, 0.3, "t")[1])
    assert asked == [("auto", 20)] * 2
    assert found[0] == found[1]


def test_a_prediction_of_cases_that_took_no_time_has_no_relative_error(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", None, None, 0)] for n in range(40)}
    _, held = hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")
    assert math.isnan(held.model.error_p50)
    assert held.model.distance_s.value == 0.0


def test_a_holdout_without_enough_cases_names_its_option(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(30)}
    with pytest.raises(LogError, match="--holdout: 9 cases are left"):
        hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")


def bunched(step: float, service: float, later: float, between: float) -> dict[float, list[Visit]]:
    """28 cases `step` minutes apart, done one by one, and 12 held out that come `between` minutes
    apart from `later` on."""
    earlier: dict[float, list[Visit]] = {
        n * step: [("ask", "desk", 0, n * (service - step), n * (service - step) + service)]
        for n in range(28)
    }
    return earlier | {later + n * between: [("ask", "desk", 0, 0, service)] for n in range(12)}


ALL_IN_ONE_MINUTE = {"at": "2026-04-20 00:00", "count": 28, "cases": 28}


@pytest.mark.parametrize(
    ("cases", "code", "params"),
    [
        (bunched(1e-6, 1, 1440, 60), "holdout_rate",
         {"expected": 2_101_000_000, "seen": 12} | ALL_IN_ONE_MINUTE),
        # More come than can be finished, though not too many to simulate. The split is in the
        # eleventh case: of the others nothing is over then.
        (bunched(40, 6000, 63_000, 0.5), "holdout_endless",
         {"node": "case.ask", "at": "2026-04-20 00:00", "count": 1, "cases": 10}),
        # The cases held out came together: no earlier rate gives any in that time.
        (bunched(43_200, 43_200, 28 * 43_200, 1e-4), "holdout_none",
         {"seen": 12, "first": "2028-08-07 00:00", "last": "2028-08-07 00:00:01"}),
    ],
)  # fmt: skip
def test_a_holdout_that_the_earlier_cases_cannot_predict_says_what_is_wrong_with_the_log(
    tmp_path: Path, cases: dict[float, list[Visit]], code: str, params: dict[str, object]
) -> None:
    with pytest.raises(Unpredictable) as caught:
        hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")
    assert (caught.value.limit.code, caught.value.limit.params) == (code, params)
