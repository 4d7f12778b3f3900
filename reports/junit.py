"""`junit.xml`: objectives and checks as test cases, so that a pipeline shows which one failed and
by how much.
"""

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from reports.formatting import count, finite, interval
from reports.objectives import bound, margin, shown
from reports.texts import text
from rulebook import Language
from sim.experiments.results import ObjectiveResult, Result

__all__ = ["Case", "junit", "junit_document"]

# XML 1.0, production 2: everything else may not occur, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Case = tuple[str, str, tuple[str, str] | None]


def junit(result: Result, lang: Language) -> str:
    """The document: suites `objectives` and `checks`; the same result gives the same bytes.

    A failure's `message` is in words, its text holds the exact numbers, one `name=value` a line.
    """
    suites: dict[str, list[Case]] = {
        "objectives": [_objective(objective, lang) for objective in result.objectives],
        "checks": [
            (check.name, "checks", None if check.passed else (check.detail, check.detail))
            for check in result.checks
        ],
    }
    return junit_document(result.name, suites)


def junit_document(name: str, suites: Mapping[str, Sequence[Case]]) -> str:
    """The document of suites by name; a case has a title, a class and what failed: a message and
    details."""
    root = ET.Element(
        "testsuites",
        {
            "name": _xml(name),
            **_totals([case for cases in suites.values() for case in cases]),
        },
    )
    for suite_name, cases in suites.items():
        suite = ET.SubElement(root, "testsuite", {"name": suite_name, **_totals(cases)})
        for title, classname, failure in cases:
            case = ET.SubElement(
                suite, "testcase", {"classname": _xml(classname), "name": _xml(title)}
            )
            if failure is not None:
                message, details = map(_xml, failure)
                failed = {"message": message, "type": suite_name}
                ET.SubElement(case, "failure", failed).text = details
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _totals(cases: Sequence[Case]) -> dict[str, str]:
    failures = sum(failure is not None for _, _, failure in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}


def _objective(objective: ObjectiveResult, lang: Language) -> Case:
    place = f"objectives.{objective.journey}" if objective.journey else "objectives"
    if objective.passed:
        return objective.id, place, None
    figure, show = objective.figure, shown(objective)
    there = finite(figure.value) is not None
    undue = count(objective.undue.value, lang)
    message = text(
        "junit_failed" if there else "junit_failed_without_value",
        lang,
        id=objective.id,
        value=show(figure.value, lang),
        interval=interval(figure, lang, show),
        bound=bound(objective, lang),
        margin=margin(objective, lang),
        undue="" if objective.within is None else text("junit_undue", lang, undue=undue),
    )
    exact = {
        "metric": objective.metric, "bound": objective.bound, "limit": objective.limit,
        "value": figure.value, "low": figure.low, "high": figure.high,
        "margin": objective.margin, "undue": objective.undue.value,
    }  # fmt: skip
    return (
        objective.id,
        place,
        (message, "\n".join(f"{key}={value}" for key, value in exact.items())),
    )


def _xml(content: str) -> str:
    return _NOT_XML.sub("\ufffd", content)
