"""Curves over one key and heat maps over two, as places and colours that templates draw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports.cells import Cell
from reports.formatting import duration, finite
from reports.studies.sweep import Column
from reports.ticks import duration_ticks, nice_ticks
from rulebook import Language
from sim.studies.sweep import Sweep

__all__ = ["Curve", "HeatMap", "curve", "heat_map"]

WIDTH: Final = 1040
HEIGHT: Final = 260
LEFT: Final = 90
RIGHT: Final = 24
TOP: Final = 14
BOTTOM: Final = 34
LABEL_ROOM: Final = 70  # pixels between labels under the axis
_FROM_ZERO: Final = 0.5  # an axis begins at zero unless the least value is above this part

_Place = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """A figure over the values of one key: dots, the outlines of the parts of its band, ticks, and
    where the objective's bound is (None: there is none, or it is out of sight)."""

    title: str
    bound: str
    key: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    dots: Sequence[tuple[float, float, str]]
    lines: Sequence[str]
    bands: Sequence[str]
    xticks: Sequence[tuple[float, str]]
    yticks: Sequence[tuple[float, str]]
    limit: float | None


def curve(column: Column, sweep: Sweep, lang: Language) -> Curve | None:
    """The curve of a sweep over one key; None if no point has a value. Values that are no numbers
    stand in even steps."""
    (variation,) = sweep.variations
    xs = variation.numbers or [float(i) for i in range(len(variation.values))]
    figures = [column.of(point) for point in sweep.points]
    ends = [
        end
        for figure in figures
        for end in (figure.value, figure.low, figure.high)
        if finite(end) is not None and end is not None
    ]
    if not ends:
        return None
    low, high, ticks = _axis(ends, column, lang)
    first, last = min(xs), max(xs)

    def x(at: float) -> float:
        part = (at - first) / (last - first) if last > first else 0.5
        return round(LEFT + 12 + part * (WIDTH - LEFT - RIGHT - 24), 1)

    def y(value: float) -> float:
        part = (min(max(value, low), high) - low) / (high - low)
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)

    order = sorted(range(len(xs)), key=xs.__getitem__)
    dots = []
    runs: list[list[tuple[float, float, float, float]]] = [[]]
    for i in order:
        value = finite(figures[i].value)
        if value is None:
            runs.append([])
            continue
        bottom = value if figures[i].low is None else figures[i].low or 0.0
        top = value if figures[i].high is None else figures[i].high or 0.0
        runs[-1].append((x(xs[i]), y(value), y(bottom), y(top)))
        told = column.cell(sweep.points[i], lang).in_line
        dots.append((x(xs[i]), y(value), f"{variation.values[i]}: {told}"))
    limit = column.limit
    return Curve(
        column.title, column.bound, variation.key, WIDTH, HEIGHT, LEFT, WIDTH - RIGHT,
        HEIGHT - BOTTOM, dots,
        [_path([(at, middle) for at, middle, _, _ in run]) for run in runs if run],
        [_band(run) for run in runs if len(run) > 1],
        _spaced([(x(xs[i]), variation.values[i]) for i in order]),
        [(y(value), label) for value, label in ticks],
        None if limit is None or not low <= limit <= high else y(limit),
    )  # fmt: skip


def _band(run: Sequence[tuple[float, float, float, float]]) -> str:
    there = [(at, top) for at, _, _, top in run]
    back = [(at, bottom) for at, _, bottom, _ in reversed(run)]
    return _path([*there, *back])


def _path(places: Sequence[_Place]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _spaced(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    kept: list[tuple[float, str]] = []
    for at, label in labels:
        if not kept or at - kept[-1][0] >= LABEL_ROOM:
            kept.append((at, label))
    return kept


def _axis(
    ends: Sequence[float], column: Column, lang: Language
) -> tuple[float, float, list[tuple[float, str]]]:
    """The ends of the axis of values and its ticks."""
    least, most = max(min(ends), 0.0), max(ends)
    if column.limit is not None and least / 3 <= column.limit <= most * 3:
        least, most = min(least, column.limit), max(most, column.limit)
    begin = least if least > _FROM_ZERO * most else 0.0
    span = most - begin or abs(most) or 1.0
    steps = (duration_ticks if column.tick is duration else nice_ticks)(span, lang)
    step = steps[1][0] if len(steps) > 1 else span
    low = math.floor(begin / step + 1e-9) * step
    high = math.ceil(most / step - 1e-9) * step
    if high <= low:
        high = low + step
    ticks = [low + i * step for i in range(round((high - low) / step) + 1)]
    return low, high, [(tick, column.tick(round(tick, 12), lang)) for tick in ticks]


@dataclass(frozen=True)
class HeatMap:
    """A figure over two keys: a row for each value of the first, in each place the cell, the part
    (0 to 1) of the way from the least to the greatest value, and whether the objective is met."""

    title: str
    bound: str
    row_key: str
    column_key: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[Cell, float, bool | None]]]]


def heat_map(column: Column, sweep: Sweep, lang: Language) -> HeatMap:
    """The map of a sweep over two keys."""
    down, across = sweep.variations
    values = [finite(column.of(point).value) for point in sweep.points]
    known = [value for value in values if value is not None]
    least, most = (min(known), max(known)) if known else (0.0, 0.0)

    def part(value: float | None) -> float:
        if value is None or most <= least:
            return 0.0
        return round((value - least) / (most - least), 3)

    rows = []
    for row in down.values:
        points = [sweep.at((row, head)) for head in across.values]
        rows.append(
            (
                row,
                [
                    (column.cell(p, lang), part(finite(column.of(p).value)), column.passed(p))
                    for p in points
                ],
            )
        )
    return HeatMap(column.title, column.bound, down.key, across.key, across.values, rows)
