"""Plots of studies as places on a drawing: templates only draw what stands here.

Places are pixels from the upper left corner; every plot says its own size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports.formatting import number, percent
from reports.gaps import gap
from reports.ticks import round_step
from rulebook import Language
from sim.studies.comparison import Difference

__all__ = ["Forest", "ForestRow", "forest"]

WIDTH: Final = 1040
ROW: Final = 26
TICKS: Final = 6  # about so many under the rows
LABELS: Final = 470  # pixels for the titles of a forest's rows
MARGIN: Final = 28
WIDEST: Final = 5.0  # times of A: a difference beyond is drawn at the edge


@dataclass(frozen=True)
class ForestRow:
    """A difference: its title, dot, the ends of its interval, its colour class, its words."""

    title: str
    y: float
    dot: float
    low: float
    high: float
    style: str
    told: str


@dataclass(frozen=True)
class Forest:
    """Differences as parts of A, one a row; `ticks` are places and labels under the rows."""

    width: int
    height: int
    zero: float
    bottom: float
    rows: Sequence[ForestRow]
    ticks: Sequence[tuple[float, str]]


def forest(titled: Sequence[tuple[str, Difference]], lang: Language) -> Forest | None:
    """The plot of those differences whose A is not zero; None if there is none."""
    parts = [
        (title, d, [end / abs(d.a.value) for end in (apart.value, apart.low, apart.high)])
        for title, d in titled
        if (apart := d.difference).value is not None
        and apart.low is not None
        and apart.high is not None
        and d.a.value
    ]
    if not parts:
        return None
    within = [0.0, *(min(max(end, -WIDEST), WIDEST) for *_, ends in parts for end in ends)]
    step = round_step((max(within) - min(within) or 1.0) / TICKS)
    low = math.floor(min(within) / step + 1e-9)
    high = max(math.ceil(max(within) / step - 1e-9), low + 1)
    left, right = LABELS, WIDTH - MARGIN

    def x(part: float) -> float:
        inside = min(max(part / step, low), high)
        return round(left + (inside - low) / (high - low) * (right - left), 1)

    rows = [
        ForestRow(
            title, MARGIN / 2 + (i + 0.5) * ROW, x(ends[0]), x(ends[1]), x(ends[2]),
            d.verdict, gap(ends[0], lang, _percent_gap),
        )
        for i, (title, d, ends) in enumerate(parts)
    ]  # fmt: skip
    bottom = MARGIN / 2 + len(parts) * ROW
    ticks = [(x(i * step), gap(i * step, lang, percent)) for i in range(low, high + 1)]
    return Forest(WIDTH, round(bottom + MARGIN), x(0.0), bottom, rows, ticks)


def _percent_gap(value: float | None, lang: Language) -> str:
    part = 100 * (value or 0.0)
    decimals = 0 if abs(part) >= 10 or abs(part) < 0.05 else 1
    return number(part, lang, decimals) + ("\u00a0%" if lang == "ru" else "%")
