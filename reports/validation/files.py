"""Files of a validation beside its page: figures as JSON, JUnit."""

from dataclasses import asdict
from math import isinf
from typing import Any

from loadtests.validation.result import Level, Validation
from reports.junit import Case, junit_document
from reports.provenance import Provenance

__all__ = ["as_validation_data", "validation_junit"]


def as_validation_data(result: Validation, made: Provenance) -> dict[str, Any]:
    """`validation.json`: everything that the page shows, and what was judged; an error that relates
    to nothing is null."""
    found = asdict(result)
    for written, level in zip(found["levels"], result.levels, strict=True):
        written["is_noisy"] = level.is_noisy
        written["is_met"] = level.is_met
        for figure, each in zip(written["compared"], level.compared, strict=True):
            figure["is_met"] = each.is_met
            if isinf(each.error):
                figure["error"] = None
    return {**found, **made.as_data()}


def validation_junit(result: Validation) -> str:
    """Each figure that is judged as a test case."""
    cases: list[Case] = []
    for level in result.levels:
        for each in level.compared:
            if each.tolerance is None:
                continue
            title = f"{level.way} {level.utilisation:g} {each.figure}"
            message = _failure(level, each.is_met is True)
            exact = f"predicted={each.predicted}\nlive={each.live}\nerror={each.error}"
            exact += f"\ntolerance={each.tolerance}\nothers_cpu={level.others_cpu}"
            cases.append((title, "validation", None if not message else (message, exact)))
    return junit_document(result.name, {"tolerances": cases})


def _failure(level: Level, is_met: bool) -> str:
    if not is_met:
        return "outside its tolerance"
    return "too noisy a machine" if level.is_noisy else ""
