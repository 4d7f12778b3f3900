"""Files of a load test's report: figures and how they were made as JSON, JUnit, raw samples as
CSV.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from loadtests.results.result import LoadResult, ServerSeries
from loadtests.samples import OUTCOMES, SAMPLE, JourneyEnd
from reports.junit import Case, junit_document
from reports.load.checks import check_in_words
from reports.load.objectives_in_words import bound_in_words, objective_in_words, value_in_words
from reports.provenance import Provenance
from rulebook import Language

__all__ = ["as_data", "load_junit", "load_manifest", "write_raw"]


def as_data(result: LoadResult) -> dict[str, Any]:
    """`load.json`: everything that the page shows."""
    return asdict(result)


def load_manifest(result: LoadResult, made: Provenance) -> dict[str, Any]:
    """`manifest.json`: what the run was made of."""
    return {
        "scenario": result.name,
        "target": result.target,
        "seed": result.seed,
        "scale": result.scale,
        "speed": result.speed,
        "workers": result.workers,
        **made.as_data(),
    }


def load_junit(result: LoadResult, lang: Language) -> str:
    """Objectives and checks as test cases."""
    objectives: list[Case] = []
    for each in result.objectives:
        message = (
            f"{objective_in_words(each, lang)}: {value_in_words(each, lang)}; "
            f"{bound_in_words(each, lang)}"
        )
        exact = f"metric={each.metric}\nvalue={each.figure.value}\nlimit={each.limit}"
        objectives.append((each.id, "load", None if each.passed else (message, exact)))
    checks: list[Case] = [
        (each.name, "checks", None if each.passed else (words, f"found={dict(each.found)}"))
        for each in result.checks
        for words in [check_in_words(each, lang)]
    ]
    return junit_document(result.name, {"objectives": objectives, "checks": checks})


def write_raw(
    folder: Path,
    samples: npt.NDArray[np.void],
    ends: Sequence[JourneyEnd],
    server: ServerSeries,
) -> dict[str, Path]:
    """`samples.csv`, `journeys.csv` and `server.csv` in `folder`, by name. Times in µs of the
    wall since the start, those of the server in seconds."""
    names = [name for name in SAMPLE.names or () if name != "outcome"]
    rows: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "samples.csv": (
            [*names, "outcome"],
            (
                [*(_plain(row[name]) for name in names), OUTCOMES[int(row["outcome"])]]
                for row in samples
            ),
        ),
        "journeys.csv": (
            [each.name for each in fields(JourneyEnd)],
            (astuple(each) for each in ends),
        ),
        "server.csv": (
            list(asdict(server)),
            zip(*asdict(server).values(), strict=True),
        ),
    }
    written = {}
    for name, (header, lines) in rows.items():
        written[name] = folder / name
        with written[name].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines)
    return written


def _plain(value: object) -> object:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
