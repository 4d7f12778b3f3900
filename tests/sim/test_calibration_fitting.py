"""Fits: the family a sample is of, its parameters inside their intervals, the sample if none is."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.durations import parse_duration
from sim.calibration.arrival_profile import fit_arrivals
from sim.calibration.estimates import Estimate, mean_of, poisson_interval, share_of
from sim.calibration.families import Candidate, written_seconds
from sim.calibration.fitting import fit
from world.calendar import Calendar

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator], Floats]

N = 3000
MOSCOW = Calendar(start=dt.datetime(2026, 4, 1))
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000


def us(seconds: Floats) -> npt.NDArray[np.int64]:
    return np.round(seconds * 1e6).astype(np.int64)


SAMPLES: dict[str, tuple[Draw, dict[str, float]]] = {
    "exponential": (lambda r: r.exponential(300, N), {"mean": 300}),
    "lognormal": (
        lambda r: r.lognormal(5, 0.8, N),
        {"mean": math.exp(5 + 0.32), "cv": math.sqrt(math.expm1(0.64))},
    ),
    "uniform": (lambda r: r.uniform(50, 200, N), {"low": 50, "high": 200}),
    "triangular": (lambda r: r.triangular(60, 100, 300, N), {"low": 60, "mode": 100, "high": 300}),
    "erlang": (lambda r: r.gamma(4, 50, N), {"mean": 200, "k": 4}),
    "hyperexponential": (
        lambda r: r.exponential(np.where(r.random(N) < 0.7, 60, 900)),
        {"p.0": 0.7, "means.0": 60, "means.1": 900},
    ),
}


@pytest.mark.parametrize("family", SAMPLES)
def test_a_sample_of_a_family_is_known_with_its_parameters_in_their_intervals(family: str) -> None:
    draw, truth = SAMPLES[family]
    found = fit(us(draw(np.random.default_rng(15))))
    assert found.family == family
    assert found.distance is not None
    assert found.distance < 0.05
    inside = {e.key: e.holds(truth[e.key]) for e in found.estimates}
    assert inside == dict.fromkeys(truth, True)


def test_equal_times_are_a_constant() -> None:
    found = fit(np.full(9, 90_000_000))
    assert (found.family, found.written, found.is_zero) == ("constant", {"constant": "90s"}, False)
    assert fit(np.zeros(9, np.int64)).is_zero


def test_a_sample_that_no_family_fits_is_taken_as_it_is() -> None:
    draws = np.random.default_rng(7)
    sample = us(np.concatenate([draws.normal(10, 0.1, 500), draws.normal(500, 5, 500)]))
    found = fit(sample)
    assert (found.family, found.kept_us) == ("empirical", tuple(sorted(sample.tolist())))
    assert found.distance is not None
    assert found.distance > 0.2


@pytest.mark.parametrize(
    ("n", "parameters", "fine"), [(5, 1, 10 / 3), (5, 3, 30.0), (1000, 2, 4.012)]
)
def test_likelihood_of_few_values_is_worth_less_by_each_parameter(
    n: int, parameters: int, fine: float
) -> None:
    # 2 k + 2 k (k + 1) / (n - k - 1), Hurvich and Tsai.
    of = Candidate("f", {}, (), parameters, 1.0, -10.0, lambda t: t)
    assert of.aic(n) == pytest.approx(20.0 + fine, abs=1e-3)
    assert of.aic(parameters + 1) == math.inf


def test_family_fitted_to_the_sample_has_to_be_nearer_than_one_that_was_known_before() -> None:
    # Two clusters, the best family two phases of them 0.293 away: 1.63 / √26 is 0.320, but of one
    # that was fitted to these very values no more than 1.308 / √26 = 0.257 is by chance.
    found = fit(us(np.concatenate([np.linspace(8, 12, 14), np.linspace(900, 1100, 12)])))
    assert min(found.aic, key=lambda family: found.aic[family]) == "hyperexponential"
    assert found.distance == pytest.approx(0.293, abs=5e-4)
    assert found.family == "empirical"


def test_a_long_tail_that_the_sample_does_not_have_is_refused() -> None:
    # Half of it at once, half of it in two weeks: a lognormal would have a mean of years.
    sample = us(np.concatenate([np.linspace(1, 60, 40), np.linspace(1e6, 1.2e6, 40)]))
    found = fit(sample)
    assert "lognormal" not in found.aic
    assert found.mean.value == pytest.approx(sample.mean() / 1e6)


def test_four_observations_are_too_few_for_a_family() -> None:
    found = fit(np.array([1, 2, 3, 4]) * 1_000_000)
    assert (found.family, found.kept_us) == (
        "empirical",
        (1_000_000, 2_000_000, 3_000_000, 4_000_000),
    )
    assert fit(np.array([1, 2, 3, 4, 5]) * 1_000_000).family != "empirical"


@given(st.floats(0, 1e9))
def test_a_written_duration_is_read_back_to_six_digits(seconds: float) -> None:
    read = parse_duration(written_seconds(seconds))
    assert abs(Decimal(read) - Decimal(seconds) * 1_000_000) <= max(seconds * 1e6 * 6e-6, 0.51)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.0004, "400us"), (0.12, "120ms"), (90, "90s"), (150, "2.5m"), (7200, "2h"),
     (172_800, "2d"), (8640, "2.4h")],
)  # fmt: skip
def test_durations_are_written_in_a_unit_that_reads_well(seconds: float, text: str) -> None:
    assert written_seconds(seconds) == text


def test_intervals_of_shares_counts_and_means_are_those_of_the_books() -> None:
    # Clopper and Pearson for 0 and 3 of 10; Garwood for 0 and 5; Student for 1, 2, 3.
    assert share_of("s", 0, 10).high == pytest.approx(0.3085, abs=5e-5)
    three = share_of("s", 3, 10)
    assert (three.low, three.high) == pytest.approx((0.0667, 0.6525), abs=5e-5)
    assert poisson_interval(0) == pytest.approx((0.0, 3.6889), abs=5e-5)
    assert poisson_interval(5) == pytest.approx((1.6235, 11.6683), abs=5e-5)
    mean = mean_of("m", np.array([1.0, 2.0, 3.0]))
    assert (mean.value, mean.low) == (2.0, 0.0)
    assert mean.high == pytest.approx(2 + 4.3027 / math.sqrt(3), abs=5e-5)


@pytest.mark.parametrize(
    ("truth", "inside"), [(1.0, True), (2.0, True), (0.999, False), (2.1, False)]
)
def test_an_interval_holds_its_ends(truth: float, inside: bool) -> None:
    assert Estimate("e", 1.5, 1.0, 2.0, "share", 9).holds(truth) is inside


def test_an_open_interval_holds_everything_on_its_open_side() -> None:
    assert Estimate("servers", 3, 3.0, None, "count", 9).holds(1000)


# --- arrivals -------------------------------------------------------------------------------------


def poisson(rates: Floats, seed: int = 1) -> npt.NDArray[np.int64]:
    """Arrivals (µs) with `rates[h]` an hour in hour h since the start of 1 April 2026."""
    draws = np.random.default_rng(seed)
    counts = draws.poisson(rates)
    hours = np.repeat(np.arange(len(rates)), counts)
    return np.sort(((hours + draws.random(len(hours))) * HOUR_US).astype(np.int64))


def test_a_steady_stream_is_flat_with_its_rate_inside_the_interval() -> None:
    found = fit_arrivals("j", poisson(np.full(20 * 24, 10.0)), MOSCOW)
    assert (found.kind, found.profile, found.trend) == ("flat", "flat", None)
    assert found.per_day.holds(240)
    assert found.per_day.key == "arrivals.j.per_day"


def test_hours_that_differ_have_weights_and_days_that_do_not_have_none() -> None:
    weights = np.where((np.arange(24) >= 9) & (np.arange(24) < 18), 2.0, 0.4)
    found = fit_arrivals("j", poisson(np.tile(weights * 8, 28)), MOSCOW)
    assert found.kind == "hours"
    inside = [e.holds(w / weights.mean()) for e, w in zip(found.weights, weights, strict=True)]
    assert sum(inside) >= 20
    assert isinstance(found.profile, dict)
    assert found.profile["weekdays"] == [1.0] * 7
    assert found.profile["holidays"] == 1.0


def test_days_of_the_week_differ_and_a_day_that_was_not_seen_is_told() -> None:
    # From Wednesday 1 April to Monday 6 April: no Tuesday.
    rates = np.repeat([20.0, 20.0, 20.0, 2.0, 2.0, 20.0], 24)
    found = fit_arrivals("j", poisson(rates), MOSCOW)
    assert (found.kind, found.unseen_days) == ("weekdays", (1,))


def test_growth_is_a_trend_in_steps_whose_mean_is_1() -> None:
    days = 70
    growth = np.exp(np.repeat(np.arange(days), 24) * math.log(1.1) / 7)
    found = fit_arrivals("j", poisson(5 * growth), MOSCOW)
    assert found.trend is not None
    assert found.trend.holds(0.1)
    assert [p.first for p in found.peaks[1:]] == [p.last for p in found.peaks[:-1]]
    assert found.peaks[0].factor < 1 < found.peaks[-1].factor
    lengths = [(p.last - p.first).days for p in found.peaks]
    assert sum(lengths) == days
    assert np.average([p.factor for p in found.peaks], weights=lengths) == pytest.approx(
        1, abs=0.02
    )


def test_bursts_widen_the_interval_by_the_root_of_their_dispersion() -> None:
    at = np.repeat(poisson(np.full(20 * 24, 3.0)), 9)
    found = fit_arrivals("j", at, MOSCOW)
    assert 6 < found.dispersion < 13
    low, high = found.per_day.low, found.per_day.high
    assert low is not None
    assert high is not None
    half = 1.96 * math.sqrt(found.dispersion / len(at)) * found.per_day.value
    assert (high - low) / 2 == pytest.approx(half, rel=0.02)


def test_an_interval_beyond_all_numbers_is_open() -> None:
    found = fit(np.array([1, 10, 1_000, 100_000, 10_000_000, 1_000_000_000], np.int64))
    ends = [end for e in found.estimates for end in (e.low, e.high) if end is not None]
    assert all(math.isfinite(end) for end in ends)
