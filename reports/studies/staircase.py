"""The frontier of a plan over two keys, as places that a template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rulebook import Language
from sim.studies.plan import Plan
from sim.studies.variation import Variation

__all__ = ["Staircase", "staircase"]

WIDTH: Final = 720
HEIGHT: Final = 420
LEFT: Final = 70
RIGHT: Final = 20
TOP: Final = 16
BOTTOM: Final = 50
LABELS_AT_MOST: Final = 12


@dataclass(frozen=True)
class Staircase:
    """Every capacity that was looked at as a dot (`meets`, `fails`, `undecided`), and the steps
    above which all is met."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    keys: tuple[str, str]
    dots: Sequence[tuple[float, float, str, str]]
    best: tuple[float, float] | None
    steps: str
    xticks: Sequence[tuple[float, str]]
    yticks: Sequence[tuple[float, str]]


def staircase(plan: Plan, lang: Language) -> Staircase:
    """The frontier, the first key from left to right, the second upwards."""
    across, up = plan.variations

    def x(value: str) -> float:
        return _part(across, value, LEFT + 14, WIDTH - RIGHT - 14)

    def y(value: str) -> float:
        return _part(up, value, HEIGHT - BOTTOM - 14, TOP + 14)

    places = sorted((x(one.values[0]), y(one.values[1])) for one in plan.frontier)
    steps: list[tuple[float, float]] = []
    for at, height in places:
        steps.append((at, steps[-1][1] if steps else TOP))
        steps.append((at, height))
    if steps:
        steps.append((WIDTH - RIGHT, steps[-1][1]))
    best = plan.answer.cheapest
    return Staircase(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, (across.key, up.key),
        [
            (x(one.values[0]), y(one.values[1]), one.verdict, ", ".join(one.values))
            for one in plan.judged
        ],
        None if best is None else (x(best.values[0]), y(best.values[1])),
        " ".join(f"{at:g},{height:g}" for at, height in steps),
        [(x(value), value) for value in _few(across.values)],
        [(y(value), value) for value in _few(up.values)],
    )  # fmt: skip


def _part(variation: Variation, value: str, begin: float, end: float) -> float:
    """Where a value lies between those of the first (`begin`) and the last one (`end`)."""
    numbers = variation.numbers
    assert numbers is not None  # of a plan they are
    low, high = numbers[0], numbers[-1]
    here = numbers[variation.values.index(value)]
    part = (here - low) / (high - low) if high > low else 0.5
    return round(begin + part * (end - begin), 1)


def _few(values: Sequence[str]) -> Sequence[str]:
    every = -(-len(values) // LABELS_AT_MOST)
    return values[::every]
