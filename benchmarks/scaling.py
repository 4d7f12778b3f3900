"""What a replication costs against its size: CPU time and memory from 10,000 to 10,000,000 cases.

    python -m benchmarks.scaling [--scenario FILE] [--most CASES]

The scenario is scaled to each size (arrivals and capacities, never times), so that the same happens
to more people. Each size runs on the compiled engine in a process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scenarios.loader import load
from sim.engines.choice import prepare
from sim.experiments.experiment import bin_width_us
from sim.experiments.replication import replicate
from sim.model.model import compile_model

_ROOT = Path(__file__).parents[1]
_SCENARIO = _ROOT / "scenarios" / "tax_peak.yaml"
_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def measured(scenario: Path, cases: int) -> dict[str, float]:
    """One replication of about so many cases; memory is what it adds to the process's peak."""
    complete = load(scenario)
    whole = compile_model(complete)
    expected = sum(stream.expected for a in whole.arrivals for stream in a.streams)
    model = compile_model(complete, cases / expected)
    objectives = complete.scenario.objectives
    prepare("compiled", lambda: None)
    small = compile_model(complete, 1_000 / expected)
    replicate(small, 0, objectives, bin_width_us(small), engine="compiled")
    before, began = _peak_mb(), time.process_time()
    seen = replicate(model, 0, objectives, bin_width_us(model), engine="compiled")
    return {
        "cases": sum(seen.started),
        "cpu_s": time.process_time() - began,
        "growth_mb": _peak_mb() - before,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 1e6


def main() -> int:
    """Measure every size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scenario", type=Path, default=_SCENARIO)
    parser.add_argument("--most", type=int, default=_SIZES[-1], help="cases of the largest run")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.scenario, options.measure)))
        return 0
    drawn = Table("cases", "CPU, s", "µs a case", "cases a CPU-second", "memory grows by, MB")
    for size in (size for size in _SIZES if size <= options.most):
        words = ["-m", "benchmarks.scaling", "--measure", str(size), "--scenario"]
        done = subprocess.run(
            [sys.executable, *words, options.scenario],
            cwd=_ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found = json.loads(done.stdout)
        cases, cpu_s = found["cases"], found["cpu_s"]
        drawn.add_row(
            f"{cases:,}",
            f"{cpu_s:.2f}",
            f"{cpu_s / cases * 1e6:.2f}",
            f"{cases / cpu_s:,.0f}",
            f"{found['growth_mb']:.0f}",
        )
    Console(width=None if sys.stdout.isatty() else 120).print(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
