"""Files of a simulation's report: figures, how they were made, JUnit, the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from reports.junit import junit
from reports.provenance import Provenance
from reports.simulation.page import simulation_page
from reports.summary import as_json, summary
from reports.writer import Contents, write_folder
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["MANIFEST", "write"]

MANIFEST: Final = "manifest.json"


def write(
    result: Result,
    made: Provenance,
    folder: Path,
    lang: Language,
    event_log: Path | None = None,
) -> Path:
    """Write summary.json, manifest.json, junit.xml and report.html into `folder`, and move
    `event_log` there, as `write_folder` does.

    Returns the path of report.html. Raises ValueError if the manifest holds a NaN, OSError if the
    folder can't be written.
    """
    extra: Mapping[str, Path] = {} if event_log is None else {event_log.name: event_log}
    contents: Contents = {
        "summary.json": lambda: as_json(summary(result)),
        MANIFEST: lambda: as_json(_manifest(result, made, next(iter(extra), None))),
        "junit.xml": lambda: junit(result, lang),
        "report.html": lambda: simulation_page(result, made, lang),
    }
    return write_folder(folder, contents, extra) / "report.html"


def _manifest(result: Result, made: Provenance, event_log: str | None) -> dict[str, Any]:
    """What the run was made of."""
    return {
        "scenario": result.name,
        "seed": result.seed,
        "scale": result.scale,
        "replications": result.replications,
        "warmup_s": result.warmup_s,
        "engine": result.engine,
        **made.as_data(),
        "event_log": event_log,
        "notes": list(result.notes),
    }
