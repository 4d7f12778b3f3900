"""`--vary` words: read, and every point of their grid as a scenario; all that is wrong is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from math import prod
from pathlib import Path
from typing import Final

from poligon.options import OptionProblem
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.overrides import OVERRIDES_FILE
from scenarios.problems import Problem, ScenarioError
from sim.studies.variation import (
    MOST_POINTS,
    Point,
    Variation,
    VariationError,
    overrides_of,
    parse_variation,
)

__all__ = ["VARY", "checked", "points_of", "read_variations"]

VARY: Final = "--vary"


def read_variations(words: Sequence[str]) -> tuple[list[Variation], list[OptionProblem]]:
    """The variations, and what is wrong with the words."""
    found: list[Variation] = []
    problems = []
    for word in words:
        try:
            variation = parse_variation(word)
        except VariationError as error:
            problems.append(OptionProblem(f"option_vary_{error.code}", VARY, word, _MOST))
            continue
        if variation.key in {other.key for other in found}:
            problems.append(OptionProblem("option_vary_twice", VARY, variation.key))
        found.append(variation)
    if not words:
        problems.append(OptionProblem("option_needed", VARY, ""))
    if prod(len(variation.values) for variation in found) > MOST_POINTS and not problems:
        problems.append(OptionProblem("option_vary_many", VARY, " ".join(words), _MOST))
    return found, problems


_MOST: Final = {"most": MOST_POINTS}


def points_of(
    path: Path, overrides: Sequence[str], variations: Sequence[Variation]
) -> Callable[[Point], CompleteScenario]:
    """The scenario of each point, read once; raises ScenarioError with what is wrong there."""

    @cache
    def at(point: Point) -> CompleteScenario:
        return load(path, (*overrides, *overrides_of(variations, point)))

    return at


def checked(
    path: Path, overrides: Sequence[str], variations: Sequence[Variation]
) -> CompleteScenario:
    """The scenario that is varied, every value of every key tried beside the first of the others:
    raises ScenarioError with all that is wrong, what a value makes wrong under `--vary`."""
    base = load(path, overrides)
    problems: dict[Problem, None] = {}
    first = tuple(variation.values[0] for variation in variations)
    for place, variation in enumerate(variations):
        for value in variation.values:
            point = (*first[:place], value, *first[place + 1 :])
            try:
                load(path, (*overrides, *overrides_of(variations, point)))
            except ScenarioError as error:
                for problem in error.problems:
                    told = VARY if problem.file == OVERRIDES_FILE else problem.file
                    problems[replace(problem, file=told)] = None
    if problems:
        raise ScenarioError(problems)
    return base
