"""`manifest.json`: what a run was made of, so that it can be repeated and its figures traced."""

import platform
import shlex
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import poligon
from poligon.options import Options
from sim.experiments.results import Result
from sim.experiments.sources import LIBRARIES

__all__ = ["MANIFEST", "manifest", "own_version", "repeating_command", "versions"]

MANIFEST: Final = "manifest.json"


def manifest(
    path: Path,
    options: Options,
    result: Result,
    *,
    argv: Sequence[str],
    started_at: datetime,
    elapsed_s: float,
    event_log: str | None,
) -> dict[str, Any]:
    """The content of the file; of it only `argv`, `started_at` and `elapsed_s` differ between runs
    that say the same.
    """
    return {
        "scenario": result.name,
        "file": str(path),
        "scenario_hash": result.scenario_hash,
        "seed": result.seed,
        "scale": result.scale,
        "replications": result.replications,
        "warmup_s": result.warmup_s,
        "engine": result.engine,
        "fidelity": options.fidelity,
        "command": repeating_command(path, options),
        "argv": list(argv),
        "started_at": started_at.isoformat(timespec="seconds"),
        "elapsed_s": round(elapsed_s, 3),
        "event_log": event_log,
        "versions": {**versions(), "rulebook": result.rulebook_version},
        "defaults": [line["en"] for line in result.defaults],
        "notes": list(result.notes),
    }


def repeating_command(
    path: Path, options: Options, command: str = "simulate", more: Sequence[str] = ()
) -> str:
    """The command that gives the same figures: without what only decides how and where to run.
    `more` are words of `command` alone."""
    words = ["poligon", command, str(path), *more]
    given: dict[str, object | None] = {
        "--replications": options.replications,
        "--until-precision": options.until_precision
        and f"{options.until_precision.metric}={float(options.until_precision.relative)!r}",
        "--scale": None if options.scale == 1.0 else repr(float(options.scale)),
        "--seed": options.seed,
        "--fidelity": None if options.fidelity == "flow" else options.fidelity,
    }
    for option, value in given.items():
        if value is not None:
            words += [option, str(value)]
    for override in options.overrides:
        words += ["--set", override]
    if options.sensitivity:
        words.append("--sensitivity")
    return shlex.join(words)


def versions() -> dict[str, str]:
    """Of Poligon, Python and the libraries that figures depend on."""
    found = {"poligon": own_version(), "python": platform.python_version()}
    return found | {name: version(name) for name in LIBRARIES}


def own_version() -> str:
    """The version of the installed project."""
    try:
        return version(poligon.__name__)
    except PackageNotFoundError:
        return "0+unknown"
