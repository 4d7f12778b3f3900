"""The pytest plugin as a user runs it, over a portal that knows one rule."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

import pytest

import rulebook
from features.driver import NoSuchDriver, Settings, opened

ROOT = Path(__file__).parents[2]
PLUGINS = ("-p", "pytest_bdd.plugin", "-p", "features.plugin", "-p", "no:cacheprovider")

FEATURE = """# language: ru
Функция: Проба
  @ID-01
  Правило: ИНН

    Структура сценария: По длине
      Дано представитель «Анна»
      Когда «Анна» проверяет анкету
        | поле | значение |
        | ИНН  | <ИНН>    |
      Тогда исход — <исход>

      Примеры:
        | ИНН        | исход       | почему        |
        | 7407074584 | принято     | десять знаков |
        | 740707458  | отказ ID-01 | девять        |
"""

WRONG = """
    Сценарий: Ждём не того
      Дано представитель «Анна»
      Когда «Анна» проверяет анкету
      Тогда отказ по правилу ID-01, поле «ИНН»
"""

LATER = """
    Сценарий: Со временем
      Дано представитель «Анна»
      Когда проходит 5 минут
      Тогда принято
"""

SLIPS = """
    Сценарий: Опечатка
      Дано представитель «Анна»
      Когда «Анна» проверет анкету
      Тогда принято

    Сценарий: Не то слово
      Дано представитель «Анна»
      Тогда «Анна» проверяет анкету

    Сценарий: Нет реестра
      Дано egrull не отвечает
      И представитель «Анна»
      Когда «Анна» проверяет анкету
      Тогда принято
"""


class Project:
    """A folder with one feature file, run by pytest in a process of its own."""

    def __init__(self, folder: Path, feature: str) -> None:
        self.folder = folder
        (folder / "id.feature").write_text(feature, encoding="utf-8")
        (folder / "pytest.ini").write_text(
            "[pytest]\naddopts = --strict-markers --import-mode=importlib\npoligon_features = .\n",
            encoding="utf-8",
        )

    def run(self, *options: str) -> tuple[int, str]:
        """Exit code and output; no plugins but those that the specs need."""
        command = [sys.executable, "-m", "pytest", *PLUGINS, "--matrix-dir", "out"]
        done = subprocess.run(
            [*command, "--driver", "tests.features.set_portal:open_stand", "id.feature", *options],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONUTF8": "1",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def row(self, rule: str) -> dict[str, Any]:
        document = json.loads((self.folder / "out/matrix.json").read_text(encoding="utf-8"))
        found: dict[str, Any] = next(row for row in document["rules"] if row["rule"] == rule)
        return found


Ran: TypeAlias = tuple[Project, int, str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of good scenarios, of one that fails, and one that the portal is not able to do."""
    project = Project(tmp_path_factory.mktemp("specs"), FEATURE + WRONG + LATER)
    reports = (
        "--living-docs",
        "living.html",
        "--junitxml",
        "junit.xml",
        "--cucumberjson",
        "c.json",
    )
    return project, *project.run("-v", "-rs", "-m", "ID-01", "--require-coverage=ID", *reports)


def test_rows_run_by_their_lines_and_tags_are_markers(ran: Ran) -> None:
    _, code, output = ran
    assert (code, output.count("PASSED")) == (1, 2), output
    assert "id.feature::test_По_длине[L15] PASSED" in output


def test_sides_and_results_come_into_the_matrix(ran: Ran) -> None:
    row = ran[0].row("ID-01")
    assert (row["accepting"], row["refusing"], row["result"]) == (1, 1, "failed")
    assert [(each["line"], each["result"]) for each in row["scenarios"]] == [
        (15, "passed"),
        (16, "passed"),
        (18, "failed"),
        (23, "skipped"),
    ]


@pytest.mark.parametrize(
    "told",
    [
        "ожидался отказ: ID-01 [inn]; получено: принято, состояние checked",
        "Правило ID-01",
        "основание: S4 ИНН и ОГРН; S0 2.3.1; внешнее",
        "«Анна»: representative",
        '"inn": "',
        "egrul GET /v1/organizations/1 -> 200",
    ],
)
def test_a_failure_tells_rule_expectation_persona_and_calls(ran: Ran, told: str) -> None:
    assert told in ran[2]


@pytest.fixture(scope="module")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of scenarios with slips says."""
    project = Project(tmp_path_factory.mktemp("slips"), FEATURE + SLIPS)
    chosen = "Опечатка or Не_то_слово or Нет_реестра"
    return project.run("-k", chosen, "--driver", "in_process")[1]


@pytest.mark.parametrize(
    "told",
    [
        "id.feature:20: нет такого шага: «Когда «Анна» проверет анкету»; возможно, «Когда",
        "id.feature:25: нет такого шага: «Тогда «Анна» проверяет анкету»; возможно, «Когда",
        "сбоя timeout у egrull не устроить: service: egrull is none of antivirus,",
        "3 failed",
    ],
)
def test_a_slip_in_a_step_is_told_without_a_traceback(slipped: str, told: str) -> None:
    assert told in slipped
    assert "Traceback" not in slipped
    assert ".py:" not in slipped


def test_what_the_portal_cannot_do_is_skipped_with_the_reason(ran: Ran) -> None:
    assert "портал под проверкой не умеет: time" in ran[2]


def test_living_documentation_tells_rules_examples_and_outcomes(ran: Ran) -> None:
    page = (ran[0].folder / "living.html").read_text(encoding="utf-8")
    book = rulebook.load()
    told = [
        book.rule("ID-01").rule,
        book.rule("ID-01").message.ru,
        '<span class="passed">пройдено 2</span>, <span class="failed">не пройдено 1</span>',
        '<span class="skipped">пропущено 1</span>, не запускалось ',
        "ожидался отказ: ID-01 [inn]; получено: принято, состояние checked",
        "портал под проверкой не умеет: time",
        '<td class="why-cell">девять</td>',
        "строка 23",
    ]
    assert [each for each in told if each not in page] == []
    assert [each for each in ("src=", 'href="http', "url(", "<script") if each in page] == []


def test_junit_names_rule_and_scenario(ran: Ran) -> None:
    cases = ElementTree.parse(ran[0].folder / "junit.xml").iter("testcase")
    properties = [
        {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
        for case in cases
    ]
    assert [each["line"] for each in properties] == ["15", "16", "18", "23"]
    expected = {"rule": "ID-01", "feature": "ID", "scenario": "По длине", "line": "15"}
    assert properties[0] == expected


def test_cucumber_json_has_scenarios_with_their_steps(ran: Ran) -> None:
    features = json.loads((ran[0].folder / "c.json").read_text(encoding="utf-8"))
    statuses = [
        (scenario["name"], [step["result"]["status"] for step in scenario["steps"]])
        for feature in features
        for scenario in feature["elements"]
    ]
    assert statuses[0][0] == "По длине"
    assert statuses[0][1] == ["passed"] * 3
    assert [steps[-1] for name, steps in statuses if name == "Ждём не того"] == ["failed"]


def test_missing_coverage_is_named_in_the_chapters_asked_for(ran: Ran) -> None:
    output = ran[2]
    assert "ID-02: нет принимающего и отказывающего сценария" in output
    assert "ID-01: нет" not in output
    assert "REG-01" not in output


def test_coverage_that_is_not_there_fails_a_run_that_passes(tmp_path: Path) -> None:
    project = Project(tmp_path, FEATURE)
    code, output = project.run("--require-coverage=ID", "-k", "L15")
    assert (code, "1 passed" in output) == (1, True), output
    assert "ID-01: нет отказывающего сценария" in output


def test_the_matrix_is_the_same_from_several_processes(tmp_path: Path) -> None:
    project = Project(tmp_path, FEATURE)
    project.run()
    alone = project.row("ID-01")
    (tmp_path / "out/matrix.json").unlink()
    code, output = project.run("-p", "xdist", "-n", "2")
    assert code == 0, output
    assert project.row("ID-01") == alone


def test_mistakes_of_a_file_stop_it_with_their_lines(tmp_path: Path) -> None:
    twice = FEATURE + WRONG + WRONG
    code, output = Project(tmp_path, twice.replace("ID-01\n", "ID-98\n", 1)).run()
    assert code == 2, output
    assert "id.feature:3: правила ID-98 нет в своде правил" in output
    assert "id.feature:23: сценарий «Ждём не того» уже есть в строке 18" in output


def test_another_file_that_is_no_gherkin_costs_the_matrix_alone(tmp_path: Path) -> None:
    project = Project(tmp_path, FEATURE)
    broken = FEATURE.replace("Правило", "Правил")
    (tmp_path / "reg.feature").write_text(broken, encoding="utf-8")
    code, output = project.run()
    assert (code, "2 passed" in output, "Traceback" in output) == (4, True, False), output
    assert "reg.feature:4: здесь не то, чего ждёт Gherkin: «Правил: ИНН»" in output
    assert not (tmp_path / "out/matrix.json").exists()


def test_a_file_in_place_of_chapters_is_refused(tmp_path: Path) -> None:
    code, output = Project(tmp_path, FEATURE).run("--require-coverage", "./id.feature")
    assert code == 4
    assert "write --require-coverage=ID" in output


def test_an_unknown_driver_is_told_from_those_that_are_installed() -> None:
    with pytest.raises(NoSuchDriver, match=r"nobody: none of .*in_process"):
        opened("nobody", Settings(book=rulebook.load()))
