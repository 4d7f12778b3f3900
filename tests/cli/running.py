"""Scenarios that take no time, and the command line run on them as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poligon.options import Options

ROOT = Path(__file__).resolve().parents[2]

# Two clerks, ten cases an hour for six hours; nobody waits for two days.
SMALL = """
version: 1
name: Малый
seed: 5
replications: 3
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T06:00}
stations: {desk: {servers: 2, service: {exponential: {mean: 5m}}}}
arrivals: [{journey: j, rate: {per_hour: 10, profile: flat}}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
objectives:
  - {id: easy, journey: j, within: 2d, at_least: 0.9}
"""
# Two cases of exactly 10 s; the objective allows 4 s.
FAILING = """
version: 1
name: Малый
replications: 1
calendar: {start: 2026-04-20T00:00}
stations: {desk: {servers: 2, service: {constant: 10s}}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
objectives:
  - {id: quick, metric: journeys.j.time.p95, at_most: 4s}
"""
ARRIVALS = "time\n2026-04-20T00:00:00\n2026-04-20T00:01:00\n"
REPORT_FILES = ["junit.xml", "manifest.json", "report.html", "summary.json"]


def write(folder: Path, text: str, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (folder / "arrivals.csv").write_text(ARRIVALS, encoding="utf-8")
    return path


def options(folder: Path, **given: Any) -> Options:
    """Of a simulation in this process, with its report in the folder `r`."""
    return Options(**{"jobs": 1, "out": folder / "r", **given})


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def environment() -> dict[str, str]:
    """Of a child that runs in another folder and yet finds the checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def command(words: Sequence[str | Path]) -> list[str]:
    return [sys.executable, "-m", "poligon", *map(str, words)]


def poligon(*words: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(words), cwd=cwd, env=environment(), capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
