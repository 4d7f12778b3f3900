"""Ticks of an axis: round values with their labels."""

import math
from typing import Final

from reports.formatting import SECONDS, Formatter, duration, number
from rulebook import Language

__all__ = ["Tick", "duration_ticks", "log_ticks", "nice_ticks", "round_step"]

Tick = tuple[float, str]

# Readable steps of a duration axis, in seconds.
_STEPS: Final = (
    [ms * SECONDS["ms"] for ms in (1, 2, 5, 10, 20, 50, 100, 200, 500)] + [1, 2, 5, 10, 20, 30]
    + [m * SECONDS["m"] for m in (1, 2, 5, 10, 20, 30)]
    + [h * SECONDS["h"] for h in (1, 2, 3, 6, 12)]
    + [d * SECONDS["d"] for d in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
)  # fmt: skip
_LOG_TICKS: Final = (
    *(ms * SECONDS["ms"] for ms in (1, 10, 100)), 1, 10,
    *(m * SECONDS["m"] for m in (1, 10)), *(h * SECONDS["h"] for h in (1, 6)),
    *(d * SECONDS["d"] for d in (1, 3, 10, 30, 100)),
)  # fmt: skip
MOST_TICKS: Final = 5
MOST_LOG_TICKS: Final = 7


def nice_ticks(top: float, lang: Language, show: Formatter | None = None) -> list[Tick]:
    """At most six ticks from 0 to about `top`, 1, 2 or 5 times a power of ten apart."""
    if top <= 0:
        return [(0.0, _plain(0.0, 0, lang, show))]
    step = round_step(top / MOST_TICKS)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    values = [i * step for i in range(int(top / step + 1e-9) + 1)]
    return [(v, _plain(v, decimals, lang, show)) for v in values]


def _plain(value: float, decimals: int, lang: Language, show: Formatter | None) -> str:
    return number(value, lang, decimals) if show is None else show(round(value, 12), lang)


def round_step(least: float) -> float:
    """The least of 1, 2 and 5 times the powers of ten that is not below `least`, which is
    positive."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= least * (1 - 1e-9))


def duration_ticks(top: float, lang: Language) -> list[Tick]:
    """At most six ticks from 0 to about `top` seconds, at round durations."""
    step = next((s for s in _STEPS if s * MOST_TICKS >= top), max(_STEPS[-1], top / MOST_TICKS))
    return [(i * step, duration(i * step, lang)) for i in range(int(top / step + 1e-9) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Round durations between the ends of a logarithmic axis, no closer than a seventh of it."""
    inside: list[float] = []
    for tick in _LOG_TICKS:
        apart = not inside or math.log(tick / inside[-1]) >= math.log(high / low) / MOST_LOG_TICKS
        if low <= tick <= high and apart:
            inside.append(tick)
    return inside if len(inside) > 1 else [low, high]
