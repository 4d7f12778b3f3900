"""Commands other than `simulate`, and words that are no command."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

import rulebook
from poligon.app import run
from poligon.exits import ExitCode
from poligon.texts import text

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = [
    "--replications", "--until-precision", "--jobs", "--backend", "--scheduler", "--scale",
    "--engine", "--fidelity", "--seed", "--set", "--events", "--out", "--check", "--lang", "--json",
]  # fmt: skip


@pytest.mark.parametrize("word", ["optimise", "nonsense"])
def test_unknown_command_is_exit_2(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word]) == 2
    assert capsys.readouterr().err == (f"ошибка: команды «{word}» нет\nподсказка: poligon --help\n")


def test_no_command_shows_the_help_and_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "simulate" in capsys.readouterr().out


def test_help_names_every_option_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    assert run(["simulate", "--help", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    for option in OPTIONS:
        assert f"{option} " in shown
    assert "Folder of the report" in shown


def test_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("poligon 0.")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_rules_lists_every_rule_under_its_chapter(
    lang: rulebook.Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    book = rulebook.load()
    place = 0
    for chapter in book.chapters.values():
        place = shown.index(f"{chapter.chapter} · {chapter.title.in_language(lang)}", place)
        for rule in chapter.rules:
            place = shown.index(f" {rule.id} ", place)


def test_matrix_marks_each_rule_where_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--matrix"]) == 0
    shown = capsys.readouterr().out.splitlines()
    book = rulebook.load()
    rows = [line.split("│") for line in shown if "│" in line]
    marked = {row[1].strip(): row[3 : 3 + len(rulebook.USES)] for row in rows}
    for rule in book.rules.values():
        marks = tuple("●" in cell for cell in marked[rule.id])
        assert marks == tuple(use in rule.use for use in rulebook.USES)


def test_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    committed = (ROOT / "scenarios/schema.json").read_text(encoding="utf-8")
    assert json.loads(capsys.readouterr().out) == json.loads(committed)


def test_both_languages_of_a_text_are_filled_with_the_same_words() -> None:
    def words(said: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(said) if name is not None}

    assert [key for key, each in text.items() if words(each.ru) != words(each.en)] == []


def test_page_of_the_command_line_explains_every_option_and_exit_code() -> None:
    page = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    assert [option for option in OPTIONS if f"`{option}" not in page] == []
    codes = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))
    assert codes == {*(str(code.value) for code in ExitCode), "130", "141"}
