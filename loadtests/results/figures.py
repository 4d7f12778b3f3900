"""Figures of a load test from its raw samples: quantiles are those of the data, never of bins."""

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from loadtests.results.result import (
    ErrorKind,
    FaultSpan,
    Latency,
    LoadSeries,
    Operation,
    Saturation,
)
from loadtests.samples import OUTCOMES, PREPARATION
from world.microseconds import SECOND_US

__all__ = [
    "bin_width_s",
    "errors_of",
    "lags_of",
    "latency_of",
    "latency_of_good",
    "operations_of",
    "parted",
    "preparation_of",
    "recovered",
    "saturation_of",
    "series_of",
    "until_done_of_good",
    "whole_answers",
]

Samples = npt.NDArray[np.void]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_CODE: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}
_BINS_AT_MOST: Final = 240
_BIN_CHOICES_S: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_MOST_KINDS: Final = 50
_WINDOWS: Final = 40  # that a run is cut into to find where it saturates
_SHORTEST_WINDOW_S: Final = 1.0
_MOST_UNWELL: Final = 0.01  # of a window's answers, shed or wrong
_FEWEST_UNWELL: Final = 3  # in it and the next one: fewer say nothing, however few answers it has
_CUT_OFF: Final = b"abandoned"  # what `loadtests` says of a request that nobody waited for any more
_YOUNG_S: Final = 10.0
_SLOW: Final = 5.0  # times the latency of the first windows
_VERY_SLOW: Final = 10.0  # times the latency before the first fault
_STEADY: Final = 100  # answers in a row that are well: what is slow next has another cause
_PAUSE_S: Final = 1.0  # and is over by then
_ENOUGH: Final = 20  # answers for a quantile of what is usual


def whole_answers(samples: Samples) -> Samples:
    """Without the requests that were cut off young, by the end of the run or with their user: what
    would have become of them nobody knows. One that has waited for ten seconds is wrong."""
    age_s = _latencies(samples)
    is_cut = (samples["outcome"] == _CODE["failed"]) & (samples["detail"] == _CUT_OFF)
    kept: Samples = samples[~(is_cut & (age_s < _YOUNG_S))]
    return kept


def parted(samples: Samples) -> tuple[Samples, Samples]:
    """Those of the cases, and those of people who were prepared while the run went on: they load
    the target, and are not what is measured."""
    prepares = samples["journey"] == PREPARATION.encode()
    return samples[~prepares], samples[prepares]


def preparation_of(prepared: Samples) -> Operation | None:
    """All requests of preparation together; None if there were none."""
    return _operation(PREPARATION, prepared) if len(prepared) else None


def operations_of(samples: Samples) -> list[Operation]:
    """By operation, the most frequent first."""
    names, inverse = np.unique(samples["operation"], return_inverse=True)
    found = [
        _operation(name.decode(), samples[inverse == place]) for place, name in enumerate(names)
    ]
    return sorted(found, key=lambda each: (-each.requests, each.name))


def _operation(name: str, samples: Samples) -> Operation:
    counts = np.bincount(samples["outcome"], minlength=len(OUTCOMES))
    ok, refused, shed, failed = (int(count) for count in counts)
    return Operation(
        name,
        len(samples),
        ok,
        refused,
        shed,
        failed,
        latency_of_good(samples),
        until_done_of_good(samples),
    )


def latency_of(seconds: Floats) -> Latency:
    """The quantiles of some latencies."""
    if not len(seconds):
        return Latency()
    p50, p90, p95, p99 = np.quantile(seconds, (0.5, 0.9, 0.95, 0.99)).tolist()
    return Latency(float(seconds.mean()), p50, p90, p95, p99, float(seconds.max()))


def latency_of_good(samples: Samples) -> Latency:
    """The quantiles of all answers that were as they should be."""
    return latency_of(_latencies(samples[_good(samples)]))


def until_done_of_good(samples: Samples) -> Latency:
    """The same quantiles from when the first attempt should have left: what people wait for. Of
    what was given up there is none."""
    good = samples[_good(samples)]
    return latency_of((good["ended_us"] - good["first_us"]) / SECOND_US)


def errors_of(samples: Samples) -> list[ErrorKind]:
    """Answers that were wrong or shed, by operation and kind, the most frequent first."""
    bad = samples[~_good(samples)]
    keys = bad[["operation", "outcome", "detail"]]
    found = []
    for key in np.unique(keys):
        same = bad[keys == key]
        found.append(
            ErrorKind(
                key["operation"].decode(),
                OUTCOMES[int(key["outcome"])],
                key["detail"].decode(errors="replace"),
                len(same),
                float(same["ended_us"].min()) / SECOND_US,
            )
        )
    return sorted(found, key=lambda each: (-each.count, each.operation))[:_MOST_KINDS]


def lags_of(samples: Samples) -> tuple[float, float]:
    """Median and 99th percentile of how late requests left, in seconds: the loader's own part of
    their latency."""
    if not len(samples):
        return 0.0, 0.0
    lags = (samples["sent_us"] - samples["intended_us"]) / SECOND_US
    p50, p99 = np.quantile(lags, (0.5, 0.99)).tolist()
    return p50, p99


def bin_width_s(span_s: float) -> float:
    """A round width with which a run has not too many bins."""
    fitting = (width for width in _BIN_CHOICES_S if span_s <= width * _BINS_AT_MOST)
    return next(fitting, _BIN_CHOICES_S[-1])


def series_of(samples: Samples, span_s: float, bin_s: float) -> LoadSeries:
    """Rates and latencies over time."""
    bins = max(int(np.ceil(span_s / bin_s)), 1)
    ended = _bin_of(samples["ended_us"], bins, bin_s)
    intended = _bin_of(samples["intended_us"], bins, bin_s)

    def rate(places: npt.NDArray[np.int64]) -> list[float]:
        counted: list[float] = (np.bincount(places, minlength=bins) / bin_s).tolist()
        return counted

    good = _good(samples)
    p50: list[float | None] = [None] * bins
    p95: list[float | None] = [None] * bins
    latencies = _latencies(samples)
    for place in np.unique(ended[good]):
        inside = latencies[good & (ended == place)]
        p50[place], p95[place] = np.quantile(inside, (0.5, 0.95)).tolist()
    return LoadSeries(
        offered=rate(intended),
        good=rate(ended[good]),
        shed=rate(ended[samples["outcome"] == _CODE["shed"]]),
        failed=rate(ended[samples["outcome"] == _CODE["failed"]]),
        p50=p50,
        p95=p95,
    )


def saturation_of(samples: Samples, horizon_s: float) -> Saturation:
    """Where the target could do no more: over windows of a fortieth of the run."""
    window_s = max(horizon_s / _WINDOWS, _SHORTEST_WINDOW_S)
    count = max(int(horizon_s / window_s), 1)
    if not len(samples):
        return Saturation(0.0, window_s)
    good = _good(samples)
    ended = _bin_of(samples["ended_us"], count + 1, window_s)
    offered = np.bincount(_bin_of(samples["intended_us"], count + 1, window_s), minlength=count + 1)
    well = np.bincount(ended[good], minlength=count + 1)
    shed, failed = (
        np.bincount(ended[samples["outcome"] == _CODE[outcome]], minlength=count + 1)[:count]
        for outcome in ("shed", "failed")
    )
    most = float(well[:count].max() / window_s)
    latencies = _latencies(samples)
    p95 = [
        float(np.quantile(inside, 0.95)) if len(inside := latencies[good & (ended == n)]) else None
        for n in range(count)
    ]
    slow = _slow(p95)
    for n in range(count):
        why: str | None = _unwell(int(well[n]), shed[n : n + 2], failed[n : n + 2])
        # Two windows in a row: one alone is a pause of the machine.
        if why is None and n + 1 < count and slow[n] and slow[n + 1]:
            why = "slow"
        if why is not None:
            return Saturation(most, window_s, float(offered[n] / window_s), n * window_s, why)
    return Saturation(most, window_s)


def _unwell(well: int, shed: Counts, failed: Counts) -> Literal["shed", "failed"] | None:
    """Whether a window with so many good answers has too many others, and which of them are more:
    those of it and of the next window."""
    unwell = shed + failed
    if unwell[0] <= _MOST_UNWELL * (well + unwell[0]) or unwell.sum() < _FEWEST_UNWELL:
        return None
    return "failed" if failed.sum() > shed.sum() else "shed"


def _slow(p95: Sequence[float | None]) -> list[bool]:
    """Windows whose latency is a multiple of that of the first quarter of them."""
    first = [each for each in p95[: max(len(p95) // 4, 1)] if each is not None]
    usual = float(np.median(first)) if first else np.inf
    return [each is not None and each > _SLOW * usual for each in p95]


def recovered(samples: Samples, spans: Sequence[FaultSpan], end_s: float) -> list[FaultSpan]:
    """`spans` with the time from each one's end to the last answer that was not good, or took ten
    times as long as before all of them, as far as the next one has not begun; None if that is the
    very end of the run. Slow answers within a second, to requests from after the fault and with a
    hundred before them that were neither, are a pause of the machine. Faults that touch or overlap
    are one spell: which of them made an answer bad nobody can tell, so the first has recovered once
    the last has."""
    ended = samples["ended_us"] / SECOND_US
    good, latencies = _good(samples), _latencies(samples)
    before = latencies[good & (ended < min((span.from_s for span in spans), default=0.0))]
    usual = np.quantile(before, 0.95) if len(before) >= _ENOUGH else np.inf
    slow = latencies > _VERY_SLOW * usual
    found = []
    for span in spans:
        over_s = _spell_end_s(span, spans)
        until = min((each.from_s for each in spans if each.from_s > over_s), default=np.inf)
        after = (ended >= span.to_s) & (ended < until)
        of_fault = slow & (samples["intended_us"] / SECOND_US < over_s)
        bad = (~good | of_fault)[after]
        seconds = _ill_until_s(ended[after], bad, slow[after], span.to_s) - span.to_s
        is_over = len(ended) > 0 and float(ended.max()) > max(span.to_s + seconds, over_s)
        recovered_s = seconds if is_over and over_s <= end_s else None
        found.append(FaultSpan(span.id, span.from_s, span.to_s, recovered_s))
    return found


def _ill_until_s(
    ended: npt.NDArray[np.float64],
    bad: npt.NDArray[np.bool_],
    slow: npt.NDArray[np.bool_],
    from_s: float,
) -> float:
    """When the last of these answers ended that was bad, or slow and not of a pause: that lasts
    `_PAUSE_S` at most, and has `_STEADY` in a row before it that were neither. `from_s` if there is
    none."""
    ill_s, well, paused_s = from_s, 0, math.inf
    for place in np.argsort(ended, kind="stable"):
        at_s = float(ended[place])
        if not (bad[place] or slow[place]):
            well += 1
            continue
        if well >= _STEADY:
            paused_s = at_s
        if bad[place] or not 0.0 <= at_s - paused_s <= _PAUSE_S:
            ill_s, paused_s = at_s, math.inf
        well = 0
    return ill_s


def _spell_end_s(span: FaultSpan, spans: Sequence[FaultSpan]) -> float:
    """When the last of the faults ends that `span` leads to without a moment between them."""
    end_s = span.to_s
    for each in sorted(spans, key=lambda each: each.from_s):
        if each.from_s <= end_s:
            end_s = max(end_s, each.to_s)
    return end_s


def _good(samples: Samples) -> npt.NDArray[np.bool_]:
    good: npt.NDArray[np.bool_] = samples["outcome"] <= _CODE["refused"]
    return good


def _latencies(samples: Samples) -> Floats:
    seconds: Floats = (samples["ended_us"] - samples["intended_us"]) / SECOND_US
    return seconds


def _bin_of(us: npt.NDArray[np.int64], bins: int, bin_s: float) -> npt.NDArray[np.int64]:
    places: npt.NDArray[np.int64] = np.clip(us / SECOND_US // bin_s, 0, bins - 1).astype(np.int64)
    return places
