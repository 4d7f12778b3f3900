"""How well a calibration finds parameters that are known, and what reading a log costs.

    python -m benchmarks.calibration [--seeds N]

Simulates each of the ten scenarios of `known_scenarios` with N seeds (5), calibrates the event logs
and counts the parameters inside their 95% intervals; then predicts the last cases of one of them.
Exit code 1 if fewer than nine in ten parameters are inside.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.known_scenarios import KNOWN, Known
from scenarios.loader import loads
from sim.calibration.calibration import Calibration, calibrate_log
from sim.calibration.estimates import Estimate
from sim.calibration.holdout import hold_out
from sim.calibration.reading import read_log
from sim.experiments.backends import LocalBackend
from sim.experiments.event_log import EventFormat, EventLog
from sim.experiments.experiment import experiment
from sim.experiments.setting import Setting

__all__ = ["AT_LEAST", "Recovered", "found_in", "log_of", "main", "recovered"]

AT_LEAST = 0.9
"""Share of parameters inside their intervals."""

_SEEDS = 5
_PREDICTED = 3  # seeds
_HELD_OUT = 0.3
_COPIES = 20  # of a log, for what an event costs to read


@dataclass(frozen=True)
class Recovered:
    """A scenario and a seed: parameters inside their intervals, and the others with what was
    found."""

    name: str
    seed: int
    events: int
    inside: int
    missed: tuple[tuple[str, float, Estimate | None], ...]

    @property
    def total(self) -> int:
        """Parameters that are known."""
        return self.inside + len(self.missed)


def log_of(known: Known, seed: int, folder: Path, log_format: EventFormat) -> Path:
    """The event log of one replication."""
    log = EventLog(log_format, folder)
    scenario, setting = loads(known.text), Setting(seed=seed)
    experiment(scenario, setting, replications=1, backend=LocalBackend(1), events=log)
    return log.join(1)


def found_in(
    known: Known, seed: int, folder: Path, log_format: EventFormat = EventFormat.CSV
) -> Calibration:
    """What a calibration finds in the log of a run."""
    return calibrate_log(read_log(log_of(known, seed, folder, log_format)), known.name)


def recovered(known: Known, seed: int, folder: Path) -> Recovered:
    """Compare what is found with what is known."""
    found = found_in(known, seed, folder)
    estimates = {estimate.key: estimate for estimate in found.estimates()}
    missed = tuple(
        (key, truth, estimates.get(key))
        for key, truth in known.truth.items()
        if key not in estimates or not estimates[key].holds(truth)
    )
    return Recovered(known.name, seed, found.events, len(known.truth) - len(missed), missed)


def main(arguments: Sequence[str]) -> int:
    """Print the table and what was missed; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration")
    parser.add_argument("--seeds", type=int, default=_SEEDS)
    seeds = max(parser.parse_args(arguments).seeds, 1)
    console = Console(width=120)
    table = Table(title=f"Parameters inside their 95% intervals, {seeds} seeds")
    for title in ("scenario", "events", "parameters", "inside", "share"):
        table.add_column(title, justify="left" if title == "scenario" else "right")
    runs: list[Recovered] = []
    with tempfile.TemporaryDirectory() as folder:
        for known in KNOWN:
            mine = [recovered(known, seed, Path(folder)) for seed in range(1, seeds + 1)]
            runs += mine
            _add(table, known.name, mine)
        _add(table, "all", runs)
        console.print(table)
        for run in runs:
            for key, truth, estimate in run.missed:
                console.print(_miss(run, key, truth, estimate), highlight=False)
        _predicting(Path(folder), console)
        _reading(Path(folder), console)
    inside, total = sum(run.inside for run in runs), sum(run.total for run in runs)
    return 0 if inside >= AT_LEAST * total else 1


def _add(table: Table, name: str, runs: Sequence[Recovered]) -> None:
    inside, total = sum(r.inside for r in runs), sum(r.total for r in runs)
    events = sum(r.events for r in runs)
    table.add_row(name, f"{events}", f"{total}", f"{inside}", f"{inside / total:.1%}")


def _miss(run: Recovered, key: str, truth: float, estimate: Estimate | None) -> str:
    if estimate is None:
        return f"{run.name}, seed {run.seed}: {key} = {truth:g} was not estimated"
    between = f"{estimate.low:.4g} to {estimate.high:.4g}" if estimate.high else "unbounded"
    return f"{run.name}, seed {run.seed}: {key} = {truth:g}, found {estimate.value:.4g} ({between})"


def _predicting(folder: Path, console: Console) -> None:
    """How far the predicted times of the last 30% of cases are from those that were, where cases
    wait in queues; beside it, the times of the cases before them."""
    known = next(known for known in KNOWN if known.name == "office")
    for seed in range(1, _PREDICTED + 1):
        log = read_log(log_of(known, seed, folder, EventFormat.CSV))
        _, held = hold_out(log, _HELD_OUT, known.name)
        told = []
        for one in (held.model, held.baseline):
            figures = (one.distance_s.value, one.distance_s.low, one.distance_s.high)
            value, low, high = ((figure or 0.0) / 60 for figure in figures)
            told.append(f"{one.name} {value:.1f} min ({low:.1f} to {high:.1f})")
        console.print(f"{known.name}, seed {seed}: Wasserstein distance: " + ", ".join(told))


def _reading(folder: Path, console: Console) -> None:
    """Time and memory of reading a log, by event."""
    known = KNOWN[0]
    for log_format in (EventFormat.CSV, EventFormat.XES):
        path = log_of(known, 1, folder, log_format)
        if log_format == EventFormat.CSV:
            head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            copies = ["".join(_renamed(rows, copy)) for copy in range(_COPIES)]
            path.write_text(head + "".join(copies), encoding="utf-8")
        begun = time.process_time()
        events = len(read_log(path).case)
        spent = time.process_time() - begun
        tracemalloc.start()
        read_log(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        console.print(
            f"{log_format}: {events} activities, {1e6 * spent / events:.1f} µs of CPU each, "
            f"{peak / events:.0f} bytes each at the peak"
        )


def _renamed(rows: Sequence[str], copy: int) -> list[str]:
    """The rows of a log as those of other cases."""
    return [row.replace("0,j,", f"0,j,{copy}0000", 1) for row in rows]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
