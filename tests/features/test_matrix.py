"""The matrix of rules and scenarios: what counts for which side, what is kept, what is missing."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rulebook
from features.feature_files import scenarios_written
from features.matrix import Run, Traced, kept, model_gates, read, uncovered, written

BOOK = rulebook.load()
FEATURE = """# language: ru
Функция: Проба
  @ID-01
  Правило: ИНН
    Сценарий: Верный
      Когда «Анна» проверяет анкету
      Тогда принято
    Сценарий: Неверный
      Когда «Анна» проверяет анкету
      Тогда отказ по правилу ID-01
"""


def run(name: str = "Верный", line: int = 5, **fields: Any) -> Run:
    usual = Run(
        rule="ID-01",
        name=name,
        file="features/id.feature",
        line=line,
        duty=False,
        contrast=False,
        driver="in_process",
        result="passed",
        accepts=True,
        refuses=(),
    )
    return replace(usual, **fields)


def refusal(**fields: Any) -> Run:
    return run("Неверный", 8, accepts=False, refuses=("ID-01",), **fields)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features/id.feature").write_text(FEATURE, encoding="utf-8")
    return tmp_path


def after(project: Path, *runs: Run) -> list[str]:
    """Which of ID-01's scenarios the matrix has after a run, written and read again."""
    folder = project / "out"
    scenarios = scenarios_written([project / "features"], project)
    written(kept(folder, runs, scenarios, BOOK), folder, BOOK)
    return [f"{r.name} {r.driver} {r.result}" for r in read(folder, BOOK)["ID-01"].runs]


def matrix_of(project: Path, runs: list[Run]) -> dict[str, Traced]:
    """The matrix after these runs alone."""
    return kept(project, runs, scenarios_written([project / "features"], project), BOOK)


@pytest.mark.parametrize(
    ("fields", "side"),
    [
        ({}, "accepting"),
        ({"accepts": False}, ""),
        ({"refuses": ("ID-01",)}, "refusing"),
        ({"accepts": False, "refuses": ("ID-07",)}, ""),
        ({"result": "failed"}, ""),
        ({"result": "failed", "refuses": ("ID-01",)}, ""),
        ({"result": "skipped"}, ""),
        ({"duty": True, "accepts": False}, "accepting"),
        ({"duty": True, "contrast": True}, "refusing"),
        ({"contrast": True}, "accepting"),
    ],
)
def test_a_side_is_shown_only_by_what_was_asserted(fields: dict[str, Any], side: str) -> None:
    assert run(**fields).shows() == side


def test_both_sides_cover_a_rule(project: Path) -> None:
    matrix = matrix_of(project, [run(), refusal()])
    assert (matrix["ID-01"].shown("accepting"), matrix["ID-01"].shown("refusing")) == (1, 1)
    assert not any(line.startswith("ID-01:") for line in uncovered(matrix, ["ID"], BOOK))


@pytest.mark.parametrize(
    ("runs", "missing"),
    [
        ([], "принимающего и отказывающего"),
        ([run()], "отказывающего"),
        ([refusal()], "принимающего"),
        ([run(), refusal(result="failed")], "отказывающего"),
    ],
)
def test_a_missing_side_is_named(project: Path, runs: list[Run], missing: str) -> None:
    matrix = matrix_of(project, runs)
    told = [line for line in uncovered(matrix, ["ID"], BOOK) if line.startswith("ID-01:")]
    assert told == [f"ID-01: нет {missing} сценария — {BOOK.rule('ID-01').rule}"]


def test_coverage_is_asked_of_the_chapters_named_and_of_rules_for_specs(project: Path) -> None:
    matrix = matrix_of(project, [])
    chapters = {line.partition("-")[0] for line in uncovered(matrix, ["ID", "REG"], BOOK)}
    assert chapters == {"ID", "REG"}
    specs = [rule for rule in BOOK.rules.values() if "feature" in rule.use]
    assert len(uncovered(matrix, [], BOOK)) == len(specs) < len(BOOK.rules)


def test_an_unknown_chapter_is_a_problem(project: Path) -> None:
    matrix = matrix_of(project, [])
    assert uncovered(matrix, ["XX"], BOOK) == ["главы XX нет в своде правил"]


def test_what_did_not_run_keeps_its_last_result(project: Path) -> None:
    assert after(project, run(), refusal()) == [
        "Верный in_process passed",
        "Неверный in_process passed",
    ]
    assert after(project, refusal(result="failed")) == [
        "Верный in_process passed",
        "Неверный in_process failed",
    ]


def test_each_driver_has_a_result_of_its_own(project: Path) -> None:
    after(project, run())
    assert after(project, run(driver="http", result="failed")) == [
        "Верный http failed",
        "Верный in_process passed",
    ]


def test_what_is_no_longer_written_is_forgotten(project: Path) -> None:
    after(project, run(), refusal())
    text = FEATURE.replace("Сценарий: Верный", "Сценарий: Годный")
    (project / "features/id.feature").write_text(text, encoding="utf-8")
    assert after(project) == ["Неверный in_process passed"]


def test_a_broken_matrix_is_as_good_as_none(project: Path) -> None:
    (project / "out").mkdir()
    (project / "out/matrix.json").write_text("{", encoding="utf-8")
    assert after(project, run()) == ["Верный in_process passed"]


def test_a_row_has_rule_sides_sources_and_gates(project: Path) -> None:
    after(project, run(), refusal())
    document = json.loads((project / "out/matrix.json").read_text(encoding="utf-8"))
    (row,) = [row for row in document["rules"] if row["rule"] == "ID-01"]
    scenarios = row.pop("scenarios")
    assert row == {
        "rule": "ID-01",
        "chapter": "ID",
        "text": BOOK.rule("ID-01").rule,
        "uses": ["feature", "sim", "http"],
        "sources": ["S4 ИНН и ОГРН", "S0 2.3.1", "внешнее"],
        "gates": list(model_gates(BOOK)["ID-01"]),
        "accepting": 1,
        "refusing": 1,
        "result": "passed",
    }
    assert [Run.from_json(each) for each in scenarios] == [run(), refusal()]


def test_the_page_counts_scenarios_once_whatever_drivers_they_have_run_on(project: Path) -> None:
    after(project, run(), run(driver="http", result="failed"))
    page = (project / "out/matrix.html").read_text(encoding="utf-8")
    row = page[page.index('<tr id="ID-01">') : page.index('<tr id="ID-02">')]
    assert row.count("Верный <small>") == 1
    assert re.findall(r"<span class=\"(\w+)\">(. \w+)</span>", row) == [
        ("failed", "✗ http"),
        ("passed", "✓ in_process"),
    ]
    assert '<span class="failed">не пройдено 1</span>' in page


def test_gates_are_the_checks_of_the_models_journeys() -> None:
    gates = model_gates(BOOK)
    assert gates["ACC-08"] == [
        "account/passport_gate",
        "head_change/passport_gate",
    ]
    assert "AUD-01" not in gates


def test_the_page_tells_what_is_not_covered(project: Path) -> None:
    after(project, run())
    page = (project / "out/matrix.html").read_text(encoding="utf-8")
    assert '<tr id="ID-01">' in page
    assert "Верный <small>features/id.feature</small>" in page
    assert "<small>:5</small>" in page
    assert "<script" not in page
