"""Living documentation: the specs as one page for people, with how each scenario ended last.

A page of its own needs no network: rules, why they are there, scenarios with steps and tables,
outcomes on each driver, the place in the source.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pytest_bdd.gherkin_parser import ExamplesTable, Step, get_gherkin_document
from pytest_bdd.gherkin_parser import Rule as GherkinRule
from pytest_bdd.gherkin_parser import Scenario as GherkinScenario

from features.feature_files import CONTRAST, DUTY, place_of
from features.matrix import Run, Traced
from rulebook import RuleBook

__all__ = ["Told", "living_page"]

_WORST_FIRST: Final = ("failed", "skipped", "passed")
_WHY: Final = "почему"


@dataclass(frozen=True, slots=True)
class Told:
    """What a run has said of a scenario that did not pass: the failure, the reason of a skip."""

    file: str
    line: int
    driver: str
    text: str


def living_page(
    folders: Iterable[Path],
    root: Path,
    matrix: Mapping[str, Traced],
    told: Sequence[Told],
    book: RuleBook,
) -> str:
    """The page of the feature files in `folders` with the matrix' last results; what was `told` is
    of this run."""
    outcomes = _Outcomes(matrix, told)
    paths = [path for folder in folders for path in sorted(folder.glob("*.feature"))]
    chapters = [_chapter(path, place_of(path, root), outcomes, book) for path in paths]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("living_docs.html.j2")
    totals = dict.fromkeys((*_WORST_FIRST, ""), 0)
    for chapter in chapters:
        for result, number in chapter["totals"].items():
            totals[result] += number
    return page.render(chapters=chapters, totals=totals, version=book.version) + "\n"


class _Outcomes:
    """How scenarios ended, by place."""

    def __init__(self, matrix: Mapping[str, Traced], told: Sequence[Told]) -> None:
        self._runs: dict[tuple[str, int], list[Run]] = {}
        for traced in matrix.values():
            for run in traced.runs:
                self._runs.setdefault(run.place, []).append(run)
        self._told: dict[tuple[str, int], list[Told]] = {}
        for each in told:
            self._told.setdefault((each.file, each.line), []).append(each)

    def of(self, file: str, line: int) -> dict[str, Any]:
        """The worst of the drivers' results, the drivers, what was told."""
        runs = self._runs.get((file, line), [])
        results = {run.result for run in runs}
        return {
            "result": next((each for each in _WORST_FIRST if each in results), ""),
            "drivers": [{"name": run.driver, "result": run.result} for run in runs],
            "told": [each.text for each in self._told.get((file, line), ())],
        }


def _chapter(path: Path, file: str, outcomes: _Outcomes, book: RuleBook) -> dict[str, Any]:
    feature = get_gherkin_document(str(path)).feature
    name = path.stem.upper()
    written = [child.rule for child in feature.children if child.rule]
    rules = [_rule(each, file, outcomes, book) for each in written]
    totals = dict.fromkeys((*_WORST_FIRST, ""), 0)
    for rule in rules:
        for result in rule["results"]:
            totals[result] += 1
    return {
        "name": name,
        "title": feature.name,
        "about": " ".join(feature.description.split()),
        "file": file,
        "rules": rules,
        "totals": totals,
    }


def _rule(rule: GherkinRule, file: str, outcomes: _Outcomes, book: RuleBook) -> dict[str, Any]:
    tags = [tag.name.lstrip("@") for tag in rule.tags]
    found = next(book.rules[tag] for tag in tags if tag in book.rules)
    scenarios = [
        _scenario(child.scenario, file, outcomes) for child in rule.children if child.scenario
    ]
    results = [result for each in scenarios for result in each["results"]]
    return {
        "id": found.id,
        "title": rule.name,
        "line": rule.location.line,
        "text": found.rule,
        "message": found.message.ru,
        "sources": found.sources,
        "parameters": [
            {"name": name, "value": _value(parameter.value)}
            for name, parameter in found.params.items()
        ],
        "is_duty": DUTY in tags,
        "scenarios": scenarios,
        "results": results,
        "result": next((each for each in _WORST_FIRST if each in results), ""),
    }


def _scenario(scenario: GherkinScenario, file: str, outcomes: _Outcomes) -> dict[str, Any]:
    line = scenario.location.line
    tables = [_examples(each, file, outcomes) for each in scenario.examples]
    rows = [row["outcome"] for table in tables for row in table["rows"]]
    own = outcomes.of(file, line)
    results = [row["result"] for row in rows] if tables else [own["result"]]
    return {
        "name": scenario.name,
        "line": line,
        "is_contrast": any(tag.name == f"@{CONTRAST}" for tag in scenario.tags),
        "steps": [_step(each) for each in scenario.steps],
        "examples": tables,
        "outcome": own,
        "results": results,
        "result": next((each for each in _WORST_FIRST if each in results), ""),
    }


def _step(step: Step) -> dict[str, Any]:
    rows = step.datatable.rows if step.datatable else ()
    table = [[cell.value for cell in row.cells] for row in rows]
    return {"keyword": step.keyword.strip(), "text": step.text, "table": table}


def _examples(examples: ExamplesTable, file: str, outcomes: _Outcomes) -> dict[str, Any]:
    header = [cell.value for cell in examples.table_header.cells] if examples.table_header else []
    rows = [
        {
            "cells": [cell.value for cell in row.cells],
            "line": row.location.line,
            "outcome": outcomes.of(file, row.location.line),
        }
        for row in examples.table_body or ()
    ]
    return {"header": header, "why": header.index(_WHY) if _WHY in header else -1, "rows": rows}


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
