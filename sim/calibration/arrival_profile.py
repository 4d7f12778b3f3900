"""When cases come: the rate by hour, day of the week and holiday, its trend, and what remains.

The model is the format's: a Poisson rate that is a product of a mean, a weight of the hour and a
weight of the day, as `sim.model.arrivals` reads it (a working Saturday has Friday's weight). Its
maximum likelihood is found by proportional fitting; how many weights it needs, by BIC.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from scenarios.format import ProfileName
from scenarios.profiles import PROFILES
from sim.calibration.estimates import TAIL, Estimate, Z, poisson_interval
from world.calendar import Calendar
from world.microseconds import HOUR_US

__all__ = ["ArrivalFit", "Peak", "fit_arrivals"]

Floats = npt.NDArray[np.float64]

_HOLIDAY: Final = 7  # in place of a weekday
_STEPS: Final = 200
_EVIDENCE: Final = 2.0  # BIC by which a shape must be better than a flat one
_RESAMPLES: Final = 200
_TREND_DAYS: Final = 28  # of a shorter log nobody can tell a trend from luck
_TREND_P: Final = 0.01
_MOST_PIECES: Final = 12
_FEW_PER_PIECE: Final = 7  # days
_SIGNIFICANT: Final = 4  # digits of a weight


@dataclass(frozen=True)
class Peak:
    """A factor of the rate over local days [`first`, `last`)."""

    first: dt.date
    last: dt.date
    factor: float


@dataclass(frozen=True)
class ArrivalFit:
    """Arrivals of one journey: `n` cases.

    `profile` is what the scenario writes: a name, or weights; `kind` how many weights it took:
    flat, named, hours, weekdays, both, or instants. `observed` and `fitted` are cases per hour of
    the week (Monday first). `dispersion` is the variance of daily counts over that of a Poisson
    process; the intervals are wider by its root. `trend` is the relative change of the rate in a
    week (None: none found). `unseen_days` are weekdays (0 to 6) without a day in the log.
    """

    journey: str
    n: int
    kind: str
    profile: str | Mapping[str, object]
    per_day: Estimate
    weights: tuple[Estimate, ...]
    peaks: tuple[Peak, ...]
    trend: Estimate | None
    dispersion: float
    observed: tuple[float, ...]
    fitted: tuple[float, ...]
    unseen_days: tuple[int, ...]
    holidays_seen: int


@dataclass(frozen=True)
class _Cells:
    """Counts and exposure in hours by day of the log and hour; `category` of each day."""

    days: list[dt.date]
    category: npt.NDArray[np.int64]
    counts: Floats
    exposure: Floats

    def by_category(self, values: Floats) -> Floats:
        """Sums of (day, hour) values by (category, hour)."""
        sums = np.zeros((8, 24))
        np.add.at(sums, self.category, values)
        return sums


def fit_arrivals(journey: str, at_us: npt.NDArray[np.int64], calendar: Calendar) -> ArrivalFit:
    """Fit arrivals at model times `at_us` (sorted, at least one, µs since the calendar's start);
    they are looked at from the first on, which is not counted itself. If all are at one instant
    there is no rate: `kind` is instants."""
    if at_us[0] == at_us[-1]:
        return _at_once(journey, len(at_us), calendar.date(int(at_us[0])).weekday())
    cells = _cells(at_us, calendar)
    shape = _shaped(cells)
    trend, dispersion = _trend(cells, shape)
    if trend is not None:
        factors = np.exp(trend.value * _weeks(cells))[:, None]
        factors /= np.average(factors, weights=cells.exposure.sum(axis=1, keepdims=True))
        exposure = cells.exposure * factors
        cells_trended = _Cells(cells.days, cells.category, cells.counts, exposure)
        shape = _shaped(cells_trended)
        dispersion = _dispersion(cells_trended, shape)
    widen = math.sqrt(max(dispersion, 1.0))
    per_day, weights = _estimates(journey, cells, shape, widen)
    change = None
    if trend is not None:
        low, high = (math.expm1(end or 0.0) for end in (trend.low, trend.high))
        key = f"arrivals.{journey}.trend"
        change = Estimate(key, math.expm1(trend.value), low, high, "share", len(at_us))
    seen = set(cells.category.tolist())
    return ArrivalFit(
        journey=journey,
        n=len(at_us),
        kind=shape.kind,
        profile=shape.profile,
        per_day=per_day,
        weights=weights,
        peaks=() if trend is None else _pieces(cells, trend.value),
        trend=change,
        dispersion=dispersion,
        observed=_week(cells.by_category(cells.counts), cells.by_category(cells.exposure)),
        fitted=tuple((shape.rate * shape.hours * shape.days[:7, None]).ravel().tolist()),
        unseen_days=tuple(sorted(set(range(7)) - seen)),
        holidays_seen=int((cells.category == _HOLIDAY).sum()),
    )


def _at_once(journey: str, n: int, weekday: int) -> ArrivalFit:
    rate = Estimate(f"arrivals.{journey}.per_day", float(n), None, None, "per_day", n)
    nothing = (0.0,) * (7 * 24)
    unseen = tuple(day for day in range(7) if day != weekday)
    return ArrivalFit(
        journey, n, "instants", "flat", rate, (), (), None, 1.0, nothing, nothing, unseen, 0
    )


def _cells(at_us: npt.NDArray[np.int64], calendar: Calendar) -> _Cells:
    first, last = int(at_us[0]), int(at_us[-1])
    day = calendar.date(first)
    days = [day + dt.timedelta(days=n) for n in range((calendar.date(last) - day).days + 1)]
    counts, exposure = np.zeros((len(days), 24)), np.zeros((len(days), 24))
    breaks, places = _local_hours(days, calendar)
    inside = np.clip(breaks, first, last)
    np.add.at(exposure, tuple(places.T), np.diff(inside) / HOUR_US)
    hour = np.searchsorted(breaks, at_us[1:], side="right") - 1
    np.add.at(counts, tuple(places[np.clip(hour, 0, len(places) - 1)].T), 1.0)
    category = np.array([_category(day, calendar) for day in days], np.int64)
    return _Cells(days, category, counts, exposure)


def _local_hours(
    days: list[dt.date], calendar: Calendar
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Model times at which local hours begin, with the end of the last, and (day, hour) of each."""
    begin = calendar.midnight(days[0])
    end = calendar.midnight(days[-1] + dt.timedelta(days=1))
    breaks = np.arange(begin, end + 1, HOUR_US, dtype=np.int64)
    number = {day: index for index, day in enumerate(days)}
    places = []
    for at in breaks[:-1].tolist():
        local = calendar.local(at)
        places.append((number[local.date()], local.hour))
    return breaks, np.array(places, np.int64)


def _category(day: dt.date, calendar: Calendar) -> int:
    """The weekday whose weight holds; 7 is a holiday."""
    if calendar.is_holiday(day):
        return _HOLIDAY
    if day.weekday() >= 5 and calendar.is_working_day(day):
        return 4
    return day.weekday()


# --- the shape ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """A rate per hour, weights of hours (mean 1) and days (mean 1 over a week, then holidays)."""

    kind: str
    profile: str | Mapping[str, object]
    rate: float
    hours: Floats
    days: Floats
    free: int


def _shaped(cells: _Cells) -> _Shape:
    """The shape of least BIC."""
    counts, exposure = cells.by_category(cells.counts), cells.by_category(cells.exposure)
    n = float(counts.sum())
    shapes = [_named(name, counts, exposure) for name in PROFILES]
    shapes += [_weighted(kind, counts, exposure) for kind in ("hours", "weekdays", "both")]

    def bic(shape: _Shape) -> float:
        expected = shape.rate * shape.hours * shape.days[:, None] * exposure
        some = counts > 0
        if np.any(expected[some] <= 0):
            return math.inf
        likelihood = float(np.sum(counts[some] * np.log(expected[some])) - np.sum(expected))
        return shape.free * math.log(n) - 2 * likelihood

    best = min(shapes, key=bic)
    flat = shapes[0]
    # Within an hour all shapes of it are the same: without evidence the rate does not change.
    return best if bic(best) < bic(flat) - _EVIDENCE else flat


def _named(name: ProfileName, counts: Floats, exposure: Floats) -> _Shape:
    profile = PROFILES[name]
    hours, days = np.ones(24), np.ones(8)
    if profile is not None:
        hours = np.array(profile.hours) * 24 / sum(profile.hours)
        holidays = profile.weekdays[6] if profile.holidays is None else profile.holidays
        days = np.array([*profile.weekdays, holidays]) * 7 / sum(profile.weekdays)
    rate = float(counts.sum() / np.sum(exposure * hours * days[:, None]))
    return _Shape("named" if profile else "flat", name, rate, hours, days, 1)


def _weighted(kind: str, counts: Floats, exposure: Floats) -> _Shape:
    hours, days, rate = _fitted(counts, exposure, kind)
    seen = exposure.sum(axis=1) > 0
    hours_free = int((exposure.sum(axis=0) > 0).sum()) - 1 if kind != "weekdays" else 0
    days_free = int(seen.sum()) - 1 if kind != "hours" else 0
    profile: dict[str, object] = {"hours": _readable(hours), "weekdays": _readable(days[:7])}
    if kind != "hours" and seen[_HOLIDAY]:
        profile["holidays"] = _readable(days[_HOLIDAY:])[0]
    elif kind == "hours":
        profile["holidays"] = 1.0
    return _Shape(kind, profile, rate, hours, days, 1 + hours_free + days_free)


def _fitted(counts: Floats, exposure: Floats, kind: str) -> tuple[Floats, Floats, float]:
    """Weights of hours and days, and the rate, of greatest likelihood; days without exposure have
    the mean weight of a day."""
    hours, days = np.ones(24), np.ones(8)
    by_hour, by_day = counts.sum(axis=0), counts.sum(axis=1)
    for _ in range(_STEPS):
        before = hours * 1.0
        if kind != "weekdays":
            hours = _ratio(by_hour, days @ exposure)
        if kind != "hours":
            days = _ratio(by_day, exposure @ hours)
        if kind == "weekdays":
            break
        if np.allclose(hours / hours.mean(), before / before.mean(), rtol=1e-9):
            break
    unseen = exposure.sum(axis=1) <= 0
    if unseen.any():
        days[unseen] = days[~unseen].mean()
    if not days[:7].any():
        days = np.ones(8)  # all came on a holiday: the format cannot say so
    if kind != "hours" and unseen[_HOLIDAY]:
        days[_HOLIDAY] = days[6]  # as the format takes it
    hours, days = hours / hours.mean(), days / days[:7].mean()
    rate = float(counts.sum() / np.sum(exposure * hours * days[:, None]))
    return hours, days, rate


def _ratio(counts: Floats, exposure: Floats) -> Floats:
    result: Floats = np.divide(counts, exposure, out=np.zeros_like(counts), where=exposure > 0)
    return result


def _readable(weights: Floats) -> list[float]:
    return [float(f"{weight:.{_SIGNIFICANT}g}") for weight in weights.tolist()]


# --- trend and dispersion -------------------------------------------------------------------------


def _expected_by_day(cells: _Cells, shape: _Shape) -> Floats:
    rates = shape.rate * shape.hours * shape.days[cells.category][:, None]
    expected: Floats = np.sum(rates * cells.exposure, axis=1)
    return expected


def _dispersion(cells: _Cells, shape: _Shape) -> float:
    expected, counts = _expected_by_day(cells, shape), cells.counts.sum(axis=1)
    some = expected > 0
    freedom = int(some.sum()) - min(shape.free, 8)
    if freedom < 1:
        return 1.0
    return float(np.sum((counts[some] - expected[some]) ** 2 / expected[some])) / freedom


def _weeks(cells: _Cells) -> Floats:
    return (np.arange(len(cells.days)) - (len(cells.days) - 1) / 2) / 7


def _trend(cells: _Cells, shape: _Shape) -> tuple[Estimate | None, float]:
    """The logarithm of the weekly change, if it is more than chance, and the dispersion."""
    dispersion = _dispersion(cells, shape)
    if len(cells.days) < _TREND_DAYS:
        return None, dispersion
    expected, counts, weeks = (
        _expected_by_day(cells, shape),
        cells.counts.sum(axis=1),
        _weeks(cells),
    )
    slope = 0.0
    information = 1.0
    for _ in range(50):
        mean = expected * np.exp(slope * weeks)
        mean *= counts.sum() / mean.sum()
        center = float(np.average(weeks, weights=mean))
        information = float(np.sum(mean * (weeks - center) ** 2))
        step = float(np.sum((counts - mean) * weeks)) / information
        slope += step
        if abs(step) < 1e-10:
            break
    error = math.sqrt(max(dispersion, 1.0) / information)
    p = 2 * float(stats.norm.sf(abs(slope) / error))
    if p >= _TREND_P:
        return None, dispersion
    low, high = slope - Z * error, slope + Z * error
    return Estimate("trend", slope, low, high, "share", len(counts)), dispersion


def _pieces(cells: _Cells, slope: float) -> tuple[Peak, ...]:
    """The trend as steps, of which the format has peaks; their mean over the log is 1."""
    n = len(cells.days)
    pieces = max(1, min(_MOST_PIECES, n // _FEW_PER_PIECE))
    bounds = [round(i * n / pieces) for i in range(pieces + 1)]
    factors = np.exp(slope * _weeks(cells))
    exposure = cells.exposure.sum(axis=1)
    factors /= np.average(factors, weights=exposure)
    return tuple(
        Peak(
            cells.days[a],
            cells.days[b - 1] + dt.timedelta(days=1),
            float(f"{float(factors[a:b].mean()):.4g}"),
        )
        for a, b in pairwise(bounds)
    )


# --- estimates ------------------------------------------------------------------------------------


def _estimates(
    journey: str, cells: _Cells, shape: _Shape, widen: float
) -> tuple[Estimate, tuple[Estimate, ...]]:
    """The mean rate per day and the weights, each with its interval."""
    n = int(cells.counts.sum())
    key, per_day = f"arrivals.{journey}.per_day", shape.rate * 24
    if shape.kind in ("flat", "named"):
        ends = (end / max(n, 1) for end in poisson_interval(n))
        least, most = (per_day * max(1 + (end - 1) * widen, 0.0) for end in ends)
        return Estimate(key, per_day, least, most, "per_day", n), ()
    values, spread = _resampled(cells, shape)
    low, high = (
        values + (np.quantile(spread, q, axis=0) - values) * widen for q in (TAIL, 1 - TAIL)
    )
    names = ["per_day"]
    names += [f"hours.{hour}" for hour in range(24)] if shape.kind != "weekdays" else []
    names += [f"weekdays.{day}" for day in range(7)] if shape.kind != "hours" else []
    seen = bool((cells.category == _HOLIDAY).any())
    names += ["holidays"] if seen and shape.kind != "hours" else []
    estimates = [
        Estimate(
            f"arrivals.{journey}.{name}",
            float(values[i]),
            max(float(low[i]), 0.0),
            float(high[i]),
            "weight" if i else "per_day",
            n,
        )
        for i, name in enumerate(names)
    ]
    return estimates[0], tuple(estimates[1:])


def _resampled(cells: _Cells, shape: _Shape) -> tuple[Floats, Floats]:
    """The estimates in their order, and those of 200 logs drawn from the fit (parametric
    bootstrap)."""
    exposure = cells.by_category(cells.exposure)
    expected = shape.rate * shape.hours * shape.days[:, None] * exposure
    draws = np.random.default_rng(0)

    def row(hours: Floats, days: Floats, rate: float) -> Floats:
        parts = [np.array([24 * rate])]
        parts += [hours] if shape.kind != "weekdays" else []
        parts += [days] if shape.kind != "hours" else []
        return np.concatenate(parts)

    again = [
        row(*_fitted(draws.poisson(expected).astype(np.float64), exposure, shape.kind))
        for _ in range(_RESAMPLES)
    ]
    return row(shape.hours, shape.days, shape.rate), np.array(again)


def _week(counts: Floats, exposure: Floats) -> tuple[float, ...]:
    """Cases per hour of the week; holidays apart."""
    return tuple(_ratio(counts[:7].ravel(), exposure[:7].ravel()).tolist())
