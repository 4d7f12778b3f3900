"""Files of a simulation's report: figures, how they were made, JUnit, the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.junit import junit
from reports.simulation.page import simulation_page
from reports.summary import as_json, summary
from reports.writer import Contents, write_folder
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["write"]


def write(
    result: Result,
    manifest: Mapping[str, Any],
    folder: Path,
    lang: Language,
    extra: Mapping[str, Path] | None = None,
) -> Path:
    """Write summary.json, manifest.json, junit.xml and report.html into `folder`, as `write_folder`
    does.

    Returns the path of report.html. Raises ValueError if the manifest holds a NaN, OSError if the
    folder can't be written.
    """
    contents: Contents = {
        "summary.json": lambda: as_json(summary(result)),
        "manifest.json": lambda: as_json(manifest),
        "junit.xml": lambda: junit(result, lang),
        "report.html": lambda: simulation_page(result, manifest, lang),
    }
    return write_folder(folder, contents, extra) / "report.html"
