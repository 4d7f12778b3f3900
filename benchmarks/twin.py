"""How many applications a second the twin takes through the portal, and where its time goes.

    python -m benchmarks.twin [--cases N] [--rounds R] [--quick]

Every built-in journey with each defect in one application of a hundred, by the flow model and by
the twin in turn: CPU time of the run alone, with the record of every visit and no report. Then the
twin's questions of a registration, each with its share. The aim is 300 applications a second;
exit code 1 if even the least disturbed round of registration is below 150.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import yaml
from rich.console import Console
from rich.table import Table

import rulebook
from scenarios.builtin_models import BUILTIN_JOURNEYS
from scenarios.loader import loads
from sim.engines.recording import CASE, Block
from sim.engines.simpy_engine import simulate
from sim.model.model import Model, compile_model
from sim.twin.gates.question import QUESTIONS
from sim.twin.judging import twin_of
from world.filings import filing_of

_MEASURED = "registration"
_AIM, _LEAST = 300.0, 150.0  # of it, a second
_DEFECTS = 0.01  # of each kind
_CASES, _ROUNDS = 1000, 5
_QUICK_CASES, _QUICK_ROUNDS = 200, 2


class _Cases:
    """A sink that counts cases; sub-journeys are none."""

    def __init__(self) -> None:
        self.count = 0

    def visits(self, block: Block) -> None:
        """Nothing is done with them."""

    def cases(self, block: Block) -> None:
        """Rows of `CASE` columns."""
        self.count += int((block[:, CASE.INNER] == 0).sum())


def models(journey: str, cases: int) -> tuple[Model, Model]:
    """A journey with about so many cases in ten days: the flow model and the twin."""
    written = {
        "version": 1,
        "name": "twin",
        "calendar": {"start": "2026-03-16T00:00", "arrivals_until": "2026-03-26T00:00"},
        "population": {
            "organizations": 1_000_000,
            "defects": dict.fromkeys(rulebook.load().defects, _DEFECTS),
            "mend": 0.9,
        },
        "stations": {},
        "arrivals": [{"journey": journey, "rate": {"per_day": cases / 10}}],
        "journeys": {journey: "builtin"},
    }
    scenario = loads(yaml.safe_dump(written))
    model = compile_model(scenario)
    return model, replace(model, judges=twin_of(scenario, model.graph))


def per_second(model: Model, replication: int) -> float:
    """Cases a CPU-second."""
    seen = _Cases()
    began = time.process_time()
    simulate(model, replication, [seen])
    return seen.count / (time.process_time() - began)


def measured(journey: str, cases: int, rounds: int) -> tuple[list[float], list[float]]:
    """Flow and twin, so many rounds in turn after one that warms up."""
    flow, twin = models(journey, cases)
    simulate(models(journey, 20)[1], 0, [_Cases()])
    found = [(per_second(flow, each), per_second(twin, each)) for each in range(rounds)]
    return [each for each, _ in found], [each for _, each in found]


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Seconds of CPU by question, and of making the good papers of a case."""
    spent: dict[str, float] = defaultdict(float)

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timing(*given: Any) -> Any:
            began = time.process_time()
            try:
                return work(*given)
            finally:
                spent[name] += time.process_time() - began

        return timing

    questions = {
        place: replace(each, ask=watched(f"{each.journey}.{each.gate}", each.ask))
        for place, each in QUESTIONS.items()
    }
    papers = watched("the good papers of an applicant", filing_of)
    with (
        mock.patch("sim.twin.judging.QUESTIONS", questions),
        mock.patch("sim.twin.judging.filing_of", papers),
    ):
        yield spent


def shares(cases: int) -> dict[str, float]:
    """Where the time of registrations goes, as shares of all."""
    _, twin = models(_MEASURED, cases)
    with timed() as spent:
        began = time.process_time()
        simulate(twin, 0, [_Cases()])
        total = time.process_time() - began
    parts = {
        name: spent[name] / total for name in sorted(spent, key=spent.__getitem__, reverse=True)
    }
    return {**parts, "the graph, and bringing cases to the portal": 1.0 - sum(parts.values())}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    cases = asked.cases or (_QUICK_CASES if asked.quick else _CASES)
    rounds = asked.rounds or (_QUICK_ROUNDS if asked.quick else _ROUNDS)
    console = Console(width=100)
    table = Table(title=f"cases a CPU-second, {rounds} rounds of {cases}")
    for head in ("journey", "flow, median", "twin, median", "least … most"):
        table.add_column(head, justify="left" if head == "journey" else "right")
    best = 0.0
    for journey in BUILTIN_JOURNEYS:
        flow, twin = measured(journey, cases, rounds)
        table.add_row(
            journey,
            f"{statistics.median(flow):,.0f}",
            f"{statistics.median(twin):,.0f}",
            f"{min(twin):,.0f} … {max(twin):,.0f}",
        )
        best = max(twin) if journey == _MEASURED else best
    console.print(table)
    parts = Table(title=f"where the time of {_MEASURED} goes")
    parts.add_column("part")
    parts.add_column("share", justify="right")
    for name, share in shares(cases).items():
        parts.add_row(name, f"{share:.0%}")
    console.print(parts)
    console.print(f"{_MEASURED}: {best:,.0f} in the least disturbed round; the aim is {_AIM:,.0f}")
    return 0 if best >= _LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
