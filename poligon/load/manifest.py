"""`manifest.json` of a load test: what it was made of, so that it can be repeated."""

import os
import platform
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loadtests.results.result import LoadResult
from poligon.load.options import LoadOptions
from poligon.manifest import versions
from scenarios.completion import CompleteScenario

__all__ = ["load_command_of", "load_manifest"]


def load_manifest(
    path: Path,
    scenario: CompleteScenario,
    options: LoadOptions,
    result: LoadResult,
    *,
    argv: Sequence[str],
    started_at: datetime,
) -> dict[str, Any]:
    """The content of the file, for a run by the `scenario` of the file `path`."""
    return {
        "scenario": result.name,
        "file": str(path),
        "scenario_hash": scenario.scenario_hash,
        "target": result.target,
        "seed": result.seed,
        "scale": result.scale,
        "speed": result.speed,
        "workers": result.workers,
        "command": load_command_of(path, options),
        "argv": list(argv),
        "started_at": started_at.isoformat(timespec="seconds"),
        "elapsed_s": round((datetime.now(UTC) - started_at).total_seconds(), 3),
        "machine": machine(),
        "versions": versions() | {"locust": version("locust"), "rulebook": scenario.book.version},
        "defaults": [used.text("en") for used in scenario.defaults if used.key != "replications"],
    }


def load_command_of(path: Path, options: LoadOptions, *more: str) -> str:
    """The command that does the same again."""
    words = ["poligon", "load", str(path)]
    given: dict[str, object | None] = {
        "--target": options.target,
        "--workers": None if options.workers == 1 else options.workers,
        "--scale": options.scale,
        "--speed": options.speed,
        "--for": None if options.duration_s is None else f"{options.duration_s:g}s",
        "--seed": options.seed,
        "--faults": options.faults,
    }
    for option, value in given.items():
        if value is not None:
            words += [option, str(value)]
    if options.is_mine:
        words.append("--i-own-this-target")
    for override in options.overrides:
        words += ["--set", override]
    return shlex.join([*words, *more])


def machine() -> str:
    """How many processors of which kind, and which Python."""
    return (
        f"{os.cpu_count()} × {platform.machine()}, {platform.system()}, "
        f"CPython {platform.python_version()}"
    )
