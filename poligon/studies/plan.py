"""A plan from a scenario file to its report: what `poligon plan` does, as one call."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from poligon.folders import REPORTS
from poligon.options import OptionError, OptionProblem, Options
from poligon.studies.listening import Listening, unheard
from poligon.studies.study import made_of, running, study_problems, write_study
from poligon.studies.variations import VARY, checked, points_of, read_variations
from reports.studies.plan import as_data
from reports.studies.plan_page import plan_page
from scenarios.completion import CompleteScenario
from sim.experiments.experiment import MAX_REPLICATIONS
from sim.experiments.intervals import CONFIDENCE
from sim.studies.plan import MOST_REPLICATIONS, Plan
from sim.studies.plan import plan as plan_capacity
from sim.studies.variation import Variation

__all__ = ["Planned", "Wish", "plan"]


@dataclass(frozen=True)
class Wish:
    """What a plan is asked: `--vary`, `--objective` and `--cost` words, and how sure to be."""

    vary: Sequence[str]
    objectives: Sequence[str]
    costs: Sequence[str] = ()
    confidence: float = CONFIDENCE


@dataclass(frozen=True)
class Planned:
    """What a plan left; `data` is `plan.json`."""

    plan: Plan
    report: Path
    data: dict[str, Any]


def plan(
    path: Path, wish: Wish, options: Options | None = None, listening: Listening = unheard
) -> Planned:
    """Find the cheapest capacity that meets the objectives, and write `plan.html` and `plan.json`.

    `options.replications` is the most of a capacity (default MOST_REPLICATIONS). Finished runs are
    kept as those of a sweep. Raises ScenarioError and OptionError with all that is wrong,
    TooManyArrivals, EndlessCase, BrokenLaws, NothingDue, UnwritableError, and BrokenProcessPool
    when a worker was killed.
    """
    options = options or Options()
    folder = options.out or REPORTS / f"plan_{path.stem}"
    variations, problems = read_variations(wish.vary)
    prices, wrong = _prices(wish.costs, variations)
    problems += [*_order_problems(variations), *wrong, *_wish_problems(wish, options)]
    problems += study_problems(options, folder)
    if problems:
        raise OptionError(problems)
    base = checked(path, options.overrides, variations)
    scenario_at = points_of(path, options.overrides, variations)
    first = scenario_at(tuple(variation.values[0] for variation in variations))
    problems = _objective_problems(wish.objectives, first)
    if problems:
        raise OptionError(problems)
    with running(path, folder, options, listening, first) as runs:
        done = plan_capacity(
            variations,
            scenario_at,
            [*dict.fromkeys(wish.objectives)],
            runs,
            prices=prices,
            confidence=wish.confidence,
            at_most=options.replications or MOST_REPLICATIONS,
        )
    made = made_of(path, options, base, "plan", _words(wish))
    data = {**as_data(done), **made.as_data()}
    report = write_study(folder, "plan", lambda: plan_page(done, made, options.lang), data)
    return Planned(done, report, data)


def _words(wish: Wish) -> list[str]:
    given = [(VARY, wish.vary), ("--objective", wish.objectives), ("--cost", wish.costs)]
    found = [word for option, words in given for one in words for word in (option, one)]
    return found + (
        [] if wish.confidence == CONFIDENCE else ["--confidence", repr(wish.confidence)]
    )


def _prices(
    costs: Sequence[str], variations: Sequence[Variation]
) -> tuple[Mapping[str, float], list[OptionProblem]]:
    """What a unit of each key costs."""
    keys = [v.key for v in variations]
    prices: dict[str, float] = {}
    problems = []
    for word in costs:
        key, _, written = word.partition("=")
        key = key.strip()
        try:
            price = float(written)
        except ValueError:
            price = math.nan
        if not (math.isfinite(price) and price > 0):
            problems.append(OptionProblem("option_cost", "--cost", word))
        elif key not in keys:
            closest = get_close_matches(key, keys, 1)
            problems.append(OptionProblem("option_cost_key", "--cost", key, closest=closest))
        elif key in prices:
            problems.append(OptionProblem("option_vary_twice", "--cost", key))
        prices[key] = price
    return prices, problems


def _order_problems(variations: Sequence[Variation]) -> list[OptionProblem]:
    """Keys whose values are not numbers that go up."""
    return [
        OptionProblem("option_vary_order", VARY, f"{v.key}={','.join(v.values)}")
        for v in variations
        if v.numbers is None or any(low >= high for low, high in pairwise(v.numbers))
    ]


def _wish_problems(wish: Wish, options: Options) -> list[OptionProblem]:
    found = []
    if not wish.objectives:
        found.append(OptionProblem("option_needed", "--objective", ""))
    if not 0.5 <= wish.confidence < 1:
        found.append(OptionProblem("option_confidence", "--confidence", wish.confidence))
    if options.replications == 1:
        bounds = {"low": 2, "high": MAX_REPLICATIONS}
        found.append(OptionProblem("option_count", "--replications", 1, bounds))
    return found


def _objective_problems(
    objectives: Sequence[str], scenario: CompleteScenario
) -> list[OptionProblem]:
    known = [objective.id for objective in scenario.scenario.objectives]
    return [
        OptionProblem(
            "option_objective", "--objective", name, {"allowed": ", ".join(known) or "—"},
            closest=get_close_matches(name, known, 1),
        )
        for name in objectives
        if name not in known
    ]  # fmt: skip
