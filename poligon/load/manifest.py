"""What a load test was made of, and the command that makes it again."""

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from poligon.load.options import LoadOptions
from poligon.manifest import command_words, machine, versions
from reports.provenance import Provenance
from scenarios.completion import CompleteScenario

__all__ = ["load_command_of", "load_provenance"]


def load_provenance(
    path: Path,
    scenario: CompleteScenario,
    options: LoadOptions,
    *more: str,
    argv: Sequence[str],
    started_at: datetime,
) -> Provenance:
    """Of a run that ends now, by the `scenario` of the file `path`; `more` is of its command."""
    return Provenance(
        command=load_command_of(path, options, *more),
        versions=versions(scenario.book.version, "locust"),
        file=str(path),
        scenario_hash=scenario.scenario_hash,
        defaults=[used.text("en") for used in scenario.defaults if used.key != "replications"],
        argv=list(argv),
        started_at=started_at.isoformat(timespec="seconds"),
        elapsed_s=round((datetime.now(UTC) - started_at).total_seconds(), 3),
        machine=machine(),
    )


def load_command_of(path: Path, options: LoadOptions, *more: str) -> str:
    """The command that does the same again."""
    given: dict[str, object | None] = {
        "--target": options.target,
        "--workers": None if options.workers == 1 else options.workers,
        "--scale": options.scale,
        "--speed": options.speed,
        "--for": None if options.duration_s is None else f"{options.duration_s:g}s",
        "--seed": options.seed,
        "--faults": options.faults,
    }
    words = command_words(["load", str(path)], given, options.overrides)
    mine = ["--i-own-this-target"] if options.is_mine else []
    return shlex.join([*words, *mine, *more])
