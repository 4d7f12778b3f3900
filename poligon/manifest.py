"""What a run was made of, and the command that makes it again."""

import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import poligon
from poligon.options import Options
from reports.provenance import Provenance
from sim.experiments.results import Result
from sim.experiments.sources import LIBRARIES

__all__ = [
    "command_words",
    "machine",
    "own_version",
    "provenance",
    "repeating_command",
    "versions",
]


def provenance(
    path: Path,
    options: Options,
    result: Result,
    *,
    argv: Sequence[str],
    started_at: datetime,
    elapsed_s: float,
) -> Provenance:
    """Of a simulation; only `argv`, `started_at` and `elapsed_s` differ between runs that say the
    same.
    """
    return Provenance(
        command=repeating_command(path, options),
        versions=versions(result.rulebook_version),
        file=str(path),
        scenario_hash=result.scenario_hash,
        fidelity=options.fidelity,
        defaults=[line["en"] for line in result.defaults],
        argv=list(argv),
        started_at=started_at.isoformat(timespec="seconds"),
        elapsed_s=round(elapsed_s, 3),
    )


def repeating_command(
    path: Path, options: Options, command: str = "simulate", more: Sequence[str] = ()
) -> str:
    """The command that gives the same figures: without what only decides how and where to run.
    `more` are words of `command` alone."""
    given: dict[str, object | None] = {
        "--replications": options.replications,
        "--until-precision": options.until_precision
        and f"{options.until_precision.metric}={float(options.until_precision.relative)!r}",
        "--scale": None if options.scale == 1.0 else repr(float(options.scale)),
        "--seed": options.seed,
        "--fidelity": None if options.fidelity == "flow" else options.fidelity,
    }
    words = command_words([command, str(path), *more], given, options.overrides)
    return shlex.join([*words, *(["--sensitivity"] if options.sensitivity else [])])


def command_words(
    words: Sequence[str], given: Mapping[str, object | None], overrides: Sequence[str] = ()
) -> list[str]:
    """`poligon` and `words`, the options that are `given` a value, and each of `overrides`."""
    known = ((option, str(value)) for option, value in given.items() if value is not None)
    options = [word for option in known for word in option]
    changes = [word for override in overrides for word in ("--set", override)]
    return ["poligon", *words, *options, *changes]


def versions(rulebook: str | None = None, *libraries: str) -> dict[str, str]:
    """Of Poligon, Python, the libraries that all figures depend on and `libraries` besides, and of
    the rule book if there was one."""
    found = {"poligon": own_version(), "python": platform.python_version()}
    found |= {name: version(name) for name in (*LIBRARIES, *libraries)}
    return found if rulebook is None else {**found, "rulebook": rulebook}


def own_version() -> str:
    """The version of the installed project."""
    try:
        return version(poligon.__name__)
    except PackageNotFoundError:
        return "0+unknown"


def machine() -> str:
    """How many processors of which kind, and which Python."""
    return (
        f"{os.cpu_count()} × {platform.machine()}, {platform.system()}, "
        f"CPython {platform.python_version()}"
    )
