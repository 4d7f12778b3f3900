"""The simulation against theory, with intervals, and how often those intervals hold the truth.

    python -m benchmarks.validity [--jobs N] [--markdown]

Runs the cases of `theory_cases` with eight times the replications of the tests, and repeats one
experiment 2,000 times to see how many of its 95% intervals cover the truth. Exit code 1 if a
theoretical value lies outside its 99.9% interval, or the coverage outside 93–97%.
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from rich.console import Console
from rich.table import Table

from benchmarks.queueing_theory import mm1_transient_queue
from benchmarks.theory_cases import CASES, Quantity, scenario_text, value
from scenarios.loader import loads
from sim.experiments.intervals import mean_interval
from sim.experiments.replication import replicate
from sim.experiments.results import Figure
from sim.model.model import Model, compile_model

_TIMES_THE_TEST = 8
# Some twenty intervals are judged at once: at 95% an honest run would fail more often than not.
_JUDGED_AT = 0.999

_EXPERIMENTS = 2_000
_REPLICATIONS = 10
_COVERAGE_AT_LEAST, _COVERAGE_AT_MOST = 0.93, 0.97
_BATCH = 50  # experiments a task: enough to make its journey to the worker cheap
_SEED = 1
_RATE_PER_S, _SERVICE_S, _WINDOW_S = 0.5, 1.0, 1000.0


@dataclass(frozen=True)
class Row:
    """A quantity and what was found: its 95% interval and the wider one it is judged by."""

    case: str
    quantity: Quantity
    found: Figure
    judged: Figure

    @property
    def passed(self) -> bool:
        """Whether theory is inside the interval that judges."""
        return _covers(self.judged, self.quantity.theory)

    @property
    def cells(self) -> list[str]:
        """The row as text, under `HEADINGS`."""
        theory, found = self.quantity.theory, self.found
        assert found.value is not None
        return [
            self.case,
            self.quantity.name,
            f"{theory:.4g}",
            f"{found.value:.4g}",
            f"{found.low:.4g} … {found.high:.4g}",
            f"{100.0 * (found.value / theory - 1.0):+.2f}%",
            "yes" if _covers(found, theory) else "no" if self.passed else "NO",
        ]


HEADINGS = ["case", "quantity", "theory", "estimate", "95% interval", "error", "inside"]


def _covers(figure: Figure, truth: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= truth <= figure.high


# --- against theory -------------------------------------------------------------------------------


def observe(unit: tuple[int, int]) -> list[float]:
    """Task of a worker: case number, replication number."""
    case, replication = unit
    return CASES[case].observe(replication)


def compare(pool: ProcessPoolExecutor) -> Iterator[Row]:
    """Every quantity of every case, as its case is done."""
    units = [
        [(index, number) for number in range(case.replications * _TIMES_THE_TEST)]
        for index, case in enumerate(CASES)
    ]
    submitted = [pool.map(observe, of_case, chunksize=4) for of_case in units]
    for case, observed in zip(CASES, submitted, strict=True):
        for quantity, values in zip(case.quantities, zip(*observed, strict=True), strict=True):
            yield Row(case.name, quantity, mean_interval(values), mean_interval(values, _JUDGED_AT))


# --- coverage -------------------------------------------------------------------------------------


@cache
def coverage_model() -> Model:
    """M/M/1 seen from its empty beginning for a fixed time: the mean queue is known exactly."""
    text = scenario_text(
        {"desk": {"servers": 1, "service": {"exponential": {"mean": f"{_SERVICE_S}s"}}}},
        {"visit": {"rate": {"per_second": _RATE_PER_S}}},
        {"visit": {"at": {"serve": "desk", "next": "done"}, "done": {"end": "completed"}}},
        horizon=f"{_WINDOW_S}s",
    )
    return compile_model(loads(text), seed=_SEED)


def count_covering(batch: int) -> int:
    """Task of a worker: how many experiments of a batch have intervals that hold the truth.

    All have one seed; experiment e has replications 10e, …, 10e + 9, so no two share a draw.
    """
    truth = mm1_transient_queue(_RATE_PER_S, _SERVICE_S, _WINDOW_S)
    model = coverage_model()
    bin_us = model.horizon_us or 1
    covering = 0
    for experiment in range(batch * _BATCH, (batch + 1) * _BATCH):
        first = experiment * _REPLICATIONS
        found = mean_interval(
            [
                value(replicate(model, number, [], bin_us), "stations.desk.queue.mean")
                for number in range(first, first + _REPLICATIONS)
            ]
        )
        covering += _covers(found, truth)
    return covering


def coverage(pool: ProcessPoolExecutor) -> float:
    """Share of the experiments whose 95% interval holds the truth."""
    return sum(pool.map(count_covering, range(_EXPERIMENTS // _BATCH))) / _EXPERIMENTS


# --- what is printed ------------------------------------------------------------------------------


def table(rows: Sequence[Row], markdown: bool) -> None:
    """The rows for a terminal, or as they stand in docs/validity.md."""
    if markdown:
        for cells in (HEADINGS, ["---"] * len(HEADINGS), *(row.cells for row in rows)):
            print(f"| {' | '.join(cells)} |")
        return
    drawn = Table(*HEADINGS)
    for row in rows:
        drawn.add_row(*row.cells)
    Console(width=None if sys.stdout.isatty() else 160).print(drawn)


def main() -> int:
    """Run everything; 1 if theory or coverage is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worker processes")
    parser.add_argument("--markdown", action="store_true", help="print tables for the docs")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    rows: list[Row] = []
    with ProcessPoolExecutor(options.jobs, context) as pool:
        for row in compare(pool):
            rows.append(row)
            print(f"done: {row.case}: {row.quantity.name}", file=sys.stderr, flush=True)
        covered = coverage(pool)
    table(rows, options.markdown)
    outside = sum(not _covers(row.found, row.quantity.theory) for row in rows)
    missed = sum(not row.passed for row in rows)
    print(
        f"\n{len(rows)} quantities: {outside} outside the 95% interval, where chance alone puts one"
    )
    print(f"in twenty; {missed} outside the {100 * _JUDGED_AT:g}% interval.")
    print(
        f"Coverage: {100 * covered:.2f}% of {_EXPERIMENTS} intervals, each of {_REPLICATIONS} "
        f"replications, hold the truth (seed {_SEED})."
    )
    return 0 if not missed and _COVERAGE_AT_LEAST <= covered <= _COVERAGE_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
