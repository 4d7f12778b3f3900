"""How fast this engine is beside others, and how much memory a million customers take.

    python -m benchmarks.engines [--customers N] [--rounds R] [--quick]

The reference network in naive SimPy, Ciw, salabim (the last two if they are installed: the extra
`bench`) and this engine with all its statistics. Rounds take the engines in turn, each in a process
of its own, so that all suffer alike from what else the machine does; what is compared is CPU time.
Exit code 1 if this engine is not 4 times as fast as Ciw, or a million customers take 150 MB.
"""

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import reference_network
from benchmarks.rivals import Measured, ciw_network, naive_simpy, salabim_network
from benchmarks.theory_cases import scenario_text, value
from scenarios.loader import loads
from sim.experiments.experiment import bin_width_us
from sim.experiments.replication import replicate
from sim.model.model import Model, compile_model

_ROOT = Path(__file__).parents[1]
_OURS = "Poligon"
_NAIVE = "SimPy, naive"
_CIW = "Ciw"
_PACKAGES = {_CIW: "ciw", "salabim": "salabim"}
_TARGETS = {_NAIVE: 2.0, _CIW: 4.0}
_BINDING = _CIW  # the other target is an aim

_CUSTOMERS, _ROUNDS = 30_000, 7
_QUICK_CUSTOMERS, _QUICK_ROUNDS = 6_000, 3
_MEMORY_CUSTOMERS, _QUICK_MEMORY_CUSTOMERS = 1_000_000, 100_000
_MEMORY_LIMIT_MB = 150.0
_MEMORY = "memory"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def network(customers: int) -> Model:
    """The reference network with about so many arrivals: a Poisson number."""
    span = timedelta(seconds=customers / reference_network.ARRIVALS_PER_S)
    text = scenario_text(
        reference_network.stations(),
        {"visit": {"rate": {"per_second": reference_network.ARRIVALS_PER_S}}},
        {"visit": reference_network.nodes()},
        arrivals_for=span,
    )
    return compile_model(loads(text))


def poligon(customers: int) -> Measured:
    """This engine, with everything a replication gives: figures, series, flows and checks."""
    model = network(customers)
    began = time.process_time()
    seen = replicate(model, 0, [], bin_width_us(model))
    ended = time.process_time()
    completed = int(value(seen, "journeys.visit.completed"))
    return Measured(completed, ended - began, value(seen, "journeys.visit.time.mean"))


def memory_growth_mb(customers: int) -> float:
    """By how much a replication of so many customers raises the peak memory of its process."""
    small, large = network(1_000), network(customers)
    replicate(small, 0, [], bin_width_us(small))
    before = _peak_mb()
    replicate(large, 0, [], bin_width_us(large))
    return _peak_mb() - before


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 1e6


ENGINES: Mapping[str, Callable[[int], Measured]] = {
    _NAIVE: naive_simpy,
    _CIW: ciw_network,
    "salabim": salabim_network,
    _OURS: poligon,
}


# --- processes ------------------------------------------------------------------------------------


def in_own_process(what: str, customers: int) -> str:
    """Run one measurement in a new process and return what it printed."""
    words = ["-m", "benchmarks.engines", "--measure", what, "--customers", str(customers)]
    done = subprocess.run(
        [sys.executable, *words], cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def measure(what: str, customers: int) -> None:
    """In the new process: print the measurement as JSON."""
    if what == _MEMORY:
        print(json.dumps(memory_growth_mb(customers)))
    else:
        print(json.dumps(asdict(ENGINES[what](customers))))


def installed() -> list[str]:
    """Engines whose packages are there."""
    return [
        name
        for name in ENGINES
        if name not in _PACKAGES or importlib.util.find_spec(_PACKAGES[name]) is not None
    ]


def take_turns(engines: Sequence[str], customers: int, rounds: int) -> dict[str, list[Measured]]:
    """Measure every engine once a round, the order turning from round to round."""
    measured: dict[str, list[Measured]] = {name: [] for name in engines}
    for number in range(rounds):
        for place in range(len(engines)):
            name = engines[(place + number) % len(engines)]
            found = Measured(**json.loads(in_own_process(name, customers)))
            measured[name].append(found)
            print(
                f"round {number + 1}/{rounds}: {name}: {found.per_cpu_s:,.0f} a CPU-second",
                file=sys.stderr,
                flush=True,
            )
    return measured


# --- what is printed ------------------------------------------------------------------------------


def ratio_of_best(ours: Sequence[Measured], other: Sequence[Measured]) -> float:
    """How many times as fast, by the least disturbed run of each."""
    return max(m.per_cpu_s for m in ours) / max(m.per_cpu_s for m in other)


def table(measured: Mapping[str, Sequence[Measured]]) -> Table:
    """Speeds, and how many times as fast this engine is: ratio of medians, of the best, range."""
    drawn = Table(
        "engine", "customers per CPU-second: median", "best", "mean time, s",
        "Poligon is times as fast: medians", "best", "range over rounds", "target",
    )  # fmt: skip
    ours = measured[_OURS]
    for name, runs in measured.items():
        speeds = [run.per_cpu_s for run in runs]
        paired = [a.per_cpu_s / b for a, b in zip(ours, speeds, strict=True)]
        medians = statistics.median(r.per_cpu_s for r in ours) / statistics.median(speeds)
        target = _TARGETS.get(name)
        drawn.add_row(
            name,
            f"{statistics.median(speeds):,.0f}",
            f"{max(speeds):,.0f}",
            f"{runs[0].mean_s:.2f}",
            f"{medians:.2f}",
            f"{ratio_of_best(ours, runs):.2f}",
            f"{min(paired):.2f} … {max(paired):.2f}",
            "" if target is None else f"{'' if name == _BINDING else 'aim '}{target:g}",
        )
    return drawn


def main() -> int:
    """Measure and print; 1 if a binding target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--customers", type=int, help=f"in each run (default: {_CUSTOMERS})")
    parser.add_argument("--rounds", type=int, help=f"default: {_ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--measure", choices=[*ENGINES, _MEMORY], help=argparse.SUPPRESS)
    options = parser.parse_args()
    customers = options.customers or (_QUICK_CUSTOMERS if options.quick else _CUSTOMERS)
    if options.measure:
        measure(options.measure, customers)
        return 0
    engines = installed()
    measured = take_turns(
        engines, customers, options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    )
    many = _QUICK_MEMORY_CUSTOMERS if options.quick else _MEMORY_CUSTOMERS
    growth = float(json.loads(in_own_process(_MEMORY, many)))
    Console(width=None if sys.stdout.isatty() else 160).print(table(measured))
    print(
        f"exact mean time: {reference_network.EXACT_SOJOURN_S:.2f} s; {customers:,} customers a run"
    )
    print(
        f"{many:,} customers raise the peak memory by {growth:.0f} MB (limit {_MEMORY_LIMIT_MB:g})"
    )
    for name in _PACKAGES:
        if name not in engines:
            print(f"{name} is not installed: not compared")
    failed = growth >= _MEMORY_LIMIT_MB or (
        _BINDING in measured
        and ratio_of_best(measured[_OURS], measured[_BINDING]) < _TARGETS[_BINDING]
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
