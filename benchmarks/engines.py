"""How fast the engines are beside others, and how much memory ten million customers take.

    python -m benchmarks.engines [--customers N] [--rounds R] [--quick]

The reference network in naive SimPy, Ciw, salabim (the last two if they are installed: the extra
`bench`), a loop in C (if there is `cc`) and both engines of Poligon with all their statistics; then
registration with all its gates on the compiled engine. Rounds take the engines in turn, each in a
process of its own, so that all suffer alike from what else the machine does; what is compared is
CPU time. The fast ones have more customers, so that a run lasts about as long.

Exit code 1 if the engine on SimPy is not 4 times as fast as Ciw, the compiled one not 40 times as
fast as naive SimPy or slower than 0.4 of C, registration slower than 100,000 applications a
CPU-second, or ten million customers take 300 MB.
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
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import reference_network
from benchmarks.c_network import c_network, has_compiler
from benchmarks.rivals import Measured, ciw_network, naive_simpy, salabim_network
from benchmarks.theory_cases import scenario_text, value
from scenarios.loader import load, loads
from sim.engines.choice import EngineName, prepare
from sim.experiments.experiment import bin_width_us
from sim.experiments.replication import replicate
from sim.model.model import Model, compile_model

_ROOT = Path(__file__).parents[1]
_REGISTRATION = _ROOT / "scenarios" / "mass_registration.yaml"
_COMPILED, _OURS = "Poligon, compiled", "Poligon, SimPy"
_NAIVE = "SimPy, naive"
_CIW = "Ciw"
_C = "C"
_PACKAGES = {_CIW: "ciw", "salabim": "salabim"}


@dataclass(frozen=True)
class Target:
    """How many times as fast `ours` is to be as `other`; an aim does not fail the run."""

    ours: str
    other: str
    times: float
    is_aim: bool = False

    def __str__(self) -> str:
        return f"{self.ours} ≥ {self.times:g} × {self.other}{' (aim)' if self.is_aim else ''}"


_TARGETS = (
    Target(_COMPILED, _NAIVE, 40.0),
    Target(_COMPILED, _C, 0.4),
    Target(_OURS, _CIW, 4.0),
    Target(_OURS, _NAIVE, 2.0, is_aim=True),
)
_FASTER = {_COMPILED: 20, _C: 40}  # so many times the customers

_CUSTOMERS, _ROUNDS = 30_000, 7
_QUICK_CUSTOMERS, _QUICK_ROUNDS = 6_000, 3
_MEMORY_CUSTOMERS, _QUICK_MEMORY_CUSTOMERS = 10_000_000, 1_000_000
_MEMORY_LIMIT_MB = 300.0
_MEMORY = "memory"
_APPLICATIONS = "registration"
_APPLICATIONS_TARGET = 100_000
_APPLICATIONS_SCALE, _QUICK_APPLICATIONS_SCALE = 0.3, 0.05
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


def poligon(engine: EngineName, customers: int) -> Measured:
    """One of our engines, with everything a replication gives: figures, series, flows and
    checks."""
    _warm_up(engine)
    model = network(customers)
    began = time.process_time()
    seen = replicate(model, 0, [], bin_width_us(model), engine=engine)
    ended = time.process_time()
    completed = int(value(seen, "journeys.visit.completed"))
    return Measured(completed, ended - began, value(seen, "journeys.visit.time.mean"))


def applications(scale: float) -> Measured:
    """Registrations of the scenario of a million, with all gates, on the compiled engine."""
    _warm_up("compiled")
    complete = load(_REGISTRATION, ["arrivals.0.rate.per_day=0"])
    model = compile_model(complete, scale)
    began = time.process_time()
    seen = replicate(model, 0, complete.scenario.objectives, bin_width_us(model), engine="compiled")
    ended = time.process_time()
    arrived = int(value(seen, "journeys.registration.arrived"))
    return Measured(arrived, ended - began, value(seen, "journeys.registration.time.mean"))


def memory_growth_mb(customers: int) -> float:
    """By how much a replication of so many customers raises the peak memory of its process."""
    small, large = network(1_000), network(customers)
    replicate(small, 0, [], bin_width_us(small), engine="compiled")
    before = _peak_mb()
    replicate(large, 0, [], bin_width_us(large), engine="compiled")
    return _peak_mb() - before


def _warm_up(engine: EngineName) -> None:
    """Compiling, or reading what was compiled, is not part of a run."""
    prepare(engine, lambda: None)
    small = network(100)
    replicate(small, 0, [], bin_width_us(small), engine=engine)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 1e6


ENGINES: Mapping[str, Callable[[int], Measured]] = {
    _NAIVE: naive_simpy,
    _CIW: ciw_network,
    "salabim": salabim_network,
    _C: c_network,
    _OURS: partial(poligon, "simpy"),
    _COMPILED: partial(poligon, "compiled"),
}


# --- processes ------------------------------------------------------------------------------------


def in_own_process(what: str, size: float) -> str:
    """Run one measurement in a new process and return what it printed."""
    words = ["-m", "benchmarks.engines", "--measure", what, "--size", str(size)]
    done = subprocess.run(
        [sys.executable, *words], cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def measure(what: str, size: float) -> None:
    """In the new process: print the measurement as JSON."""
    if what == _MEMORY:
        print(json.dumps(memory_growth_mb(int(size))))
    elif what == _APPLICATIONS:
        print(json.dumps(asdict(applications(size))))
    else:
        print(json.dumps(asdict(ENGINES[what](int(size)))))


def installed() -> list[str]:
    """Engines whose packages are there."""
    return [
        name
        for name in ENGINES
        if (name not in _PACKAGES or importlib.util.find_spec(_PACKAGES[name]) is not None)
        and (name != _C or has_compiler())
    ]


def take_turns(engines: Sequence[str], customers: int, rounds: int) -> dict[str, list[Measured]]:
    """Measure every engine once a round, the order turning from round to round."""
    measured: dict[str, list[Measured]] = {name: [] for name in engines}
    for number in range(rounds):
        for place in range(len(engines)):
            name = engines[(place + number) % len(engines)]
            size = customers * _FASTER.get(name, 1)
            found = Measured(**json.loads(in_own_process(name, size)))
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
    """Speeds of all."""
    drawn = Table("engine", "customers per CPU-second: median", "best", "customers", "mean time, s")
    for name, runs in measured.items():
        speeds = [run.per_cpu_s for run in runs]
        drawn.add_row(
            name,
            f"{statistics.median(speeds):,.0f}",
            f"{max(speeds):,.0f}",
            f"{runs[0].customers:,}",
            f"{runs[0].mean_s:.2f}",
        )
    return drawn


def judged(measured: Mapping[str, Sequence[Measured]]) -> tuple[Table, bool]:
    """How many times as fast, target by target, and whether one that binds is missed."""
    drawn = Table("target", "of medians", "of the best", "range over rounds")
    missed = False
    for target in _TARGETS:
        if target.other not in measured:
            continue
        ours, other = measured[target.ours], measured[target.other]
        paired = [a.per_cpu_s / b.per_cpu_s for a, b in zip(ours, other, strict=True)]
        medians = statistics.median(r.per_cpu_s for r in ours) / statistics.median(
            r.per_cpu_s for r in other
        )
        best = ratio_of_best(ours, other)
        missed = missed or (best < target.times and not target.is_aim)
        drawn.add_row(
            str(target), f"{medians:.2f}", f"{best:.2f}", f"{min(paired):.2f} … {max(paired):.2f}"
        )
    return drawn, missed


def main() -> int:
    """Measure and print; 1 if a binding target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--customers", type=int, help=f"in a slow run (default: {_CUSTOMERS})")
    parser.add_argument("--rounds", type=int, help=f"default: {_ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument(
        "--measure", choices=[*ENGINES, _MEMORY, _APPLICATIONS], help=argparse.SUPPRESS
    )
    parser.add_argument("--size", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.size)
        return 0
    customers = options.customers or (_QUICK_CUSTOMERS if options.quick else _CUSTOMERS)
    rounds = options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    prepare("compiled", lambda: print("compiling", file=sys.stderr, flush=True))
    engines = installed()
    measured = take_turns(engines, customers, rounds)
    scale = _QUICK_APPLICATIONS_SCALE if options.quick else _APPLICATIONS_SCALE
    registered = [
        Measured(**json.loads(in_own_process(_APPLICATIONS, scale))) for _ in range(rounds)
    ]
    many = _QUICK_MEMORY_CUSTOMERS if options.quick else _MEMORY_CUSTOMERS
    growth = float(json.loads(in_own_process(_MEMORY, many)))
    console = Console(width=None if sys.stdout.isatty() else 160)
    ratios, missed = judged(measured)
    console.print(table(measured))
    console.print(ratios)
    print(f"exact mean time: {reference_network.EXACT_SOJOURN_S:.2f} s")
    speeds = [run.per_cpu_s for run in registered]
    print(
        f"registration, {registered[0].customers:,} applications with all gates: "
        f"{statistics.median(speeds):,.0f} a CPU-second (best {max(speeds):,.0f}; "
        f"target {_APPLICATIONS_TARGET:,})"
    )
    print(
        f"{many:,} customers raise the peak memory by {growth:.0f} MB (limit {_MEMORY_LIMIT_MB:g})"
    )
    for name in ENGINES:
        if name not in engines:
            print(f"{name} is not installed: not compared")
    missed = missed or growth >= _MEMORY_LIMIT_MB or max(speeds) < _APPLICATIONS_TARGET
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
