"""`poligon rules --matrix` tells what the specs have shown."""

import io

import pytest
from rich.console import Console

import rulebook
from features.matrix import Run, Traced
from poligon.rules_command import use_matrix
from rulebook import Language

BOOK = rulebook.load()


def run(line: int, **fields: object) -> Run:
    usual: dict[str, object] = {
        "rule": "ID-01",
        "name": "Проба",
        "file": "features/id.feature",
        "line": line,
        "duty": False,
        "contrast": False,
        "driver": "in_process",
        "result": "passed",
        "accepts": True,
        "refuses": (),
    }
    return Run(**{**usual, **fields})  # type: ignore[arg-type]


def row_of(traced: dict[str, Traced], rule: str, lang: Language) -> list[str]:
    """The cells of a rule's first line, but for its text."""
    page = io.StringIO()
    Console(file=page, width=400).print(use_matrix(BOOK, lang, traced))
    line = next(line for line in page.getvalue().splitlines() if rule in line)
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    return [cells[0], *cells[2:]]


@pytest.fixture
def traced() -> dict[str, Traced]:
    found = {rule: Traced(rule, ()) for rule in BOOK.rules}
    found["ID-01"] = Traced("ID-01", ("registration/form_gate", "activation/form_gate"))
    return found


def test_sides_results_and_gates_are_counted(traced: dict[str, Traced]) -> None:
    traced["ID-01"].runs += [run(1), run(2), run(3, refuses=("ID-01",))]
    marks = ["●", "●", "●", "", ""]
    assert row_of(traced, "ID-01", "ru") == ["ID-01", *marks, "2", "1", "пройдены", "2"]
    assert row_of(traced, "ID-01", "en") == ["ID-01", *marks, "2", "1", "passed", "2"]


def test_two_drivers_show_a_scenario_once_and_one_failure_counts(
    traced: dict[str, Traced],
) -> None:
    traced["ID-01"].runs += [run(1), run(1, driver="http"), run(2, result="failed")]
    assert row_of(traced, "ID-01", "en")[-4:] == ["1", "", "failed", "2"]


def test_a_rule_that_has_not_run_has_empty_cells(traced: dict[str, Traced]) -> None:
    assert row_of(traced, "ID-02", "ru")[-4:] == ["", "", "", ""]
