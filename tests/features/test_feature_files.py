"""What is refused in a feature file before anything runs, and where."""

from pathlib import Path

import pytest

import rulebook
from features.feature_files import SpecScenario, problems_in, scenarios_in

HEAD = "# language: ru\nФункция: Проба\n"
GOOD = """
  @ID-01
  Правило: ИНН
    Сценарий: Верный
      Когда «Анна» проверяет анкету
      Тогда принято
"""


def problems(tmp_path: Path, text: str, name: str = "id.feature") -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(HEAD + text, encoding="utf-8")
    return [(each.line, each.text) for each in problems_in(path, rulebook.load())]


def test_a_good_file_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


def test_a_second_scenario_of_a_name_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    second = """
  @ID-02
  Правило: Другое
    Сценарий: Верный
      Когда «Анна» проверяет анкету
      Тогда принято
"""
    assert problems(tmp_path, GOOD + second) == [(12, "сценарий «Верный» уже есть в строке 6")]


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("@ID-01", "@ID-99", (4, "правила ID-99 нет в своде правил")),
        ("@ID-01", "@REG-02", (4, "правило REG-02 не из главы ID")),
        ("@ID-01", "@обязанность", (5, "у «Правила» должен быть один тег вида @REG-02")),
        ("@ID-01", "@ID-01 @ID-02", (5, "у «Правила» должен быть один тег вида @REG-02")),
        ("@ID-01", "@ID-01 @wip", (4, "неизвестный тег @wip")),
        ("Тогда принято", "И проходит 1s", (6, "сценарий ничего не утверждает: нет шага «Тогда»")),
        ("принято", "отказ по правилу ID-77", (8, "правила ID-77 нет в своде правил")),
        (
            "      Тогда",
            "      И проходит 1s\n" * 7 + "      Тогда",
            (6, "шагов должно быть от 2 до 8"),
        ),
        ("      Когда «Анна» проверяет анкету\n", "", (6, "шагов должно быть от 2 до 8")),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, was: str, becomes: str, expected: tuple[int, str]
) -> None:
    assert problems(tmp_path, GOOD.replace(was, becomes)) == [expected]


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("Правило", "Правил", (5, "здесь не то, чего ждёт Gherkin: «Правил: ИНН»")),
        ("Тогда", "Тогд", (8, "здесь не то, чего ждёт Gherkin: «Тогд принято»")),
        (GOOD, "  @ID-01\n", (4, "здесь не то, чего ждёт Gherkin: конец файла")),
    ],
)
def test_what_is_no_gherkin_is_named_with_its_line(
    tmp_path: Path, was: str, becomes: str, expected: tuple[int, str]
) -> None:
    assert problems(tmp_path, GOOD.replace(was, becomes)) == [expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "в файле нет «Функции»"), (b"\xff\xfe", "файл не в UTF-8")],
)
def test_a_file_without_a_feature_is_told(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "id.feature"
    path.write_bytes(content)
    assert [(each.line, each.text) for each in problems_in(path, rulebook.load())] == [
        (1, expected)
    ]


def test_a_scenario_outside_a_rule_is_refused(tmp_path: Path) -> None:
    stray = "  Сценарий: Сам по себе\n    Когда что-то\n    Тогда принято\n"
    assert problems(tmp_path, stray + GOOD) == [(3, "сценарий вне «Правила»")]


def test_steps_of_the_background_count(tmp_path: Path) -> None:
    background = "  Предыстория:\n" + "    Дано проходит 1s\n" * 7
    assert problems(tmp_path, background + GOOD) == [(14, "шагов должно быть от 2 до 8")]


def test_a_rule_is_described_in_one_place(tmp_path: Path) -> None:
    again = GOOD.replace("Верный", "Ещё один")
    assert problems(tmp_path, GOOD + again) == [(10, "правило ID-01 уже описано в строке 4")]


OUTLINE = """
  @ID-01
  Правило: ИНН
    Структура сценария: По строкам
      Когда «Анна» проверяет анкету
      Тогда исход — <исход>

      Примеры:
        | исход       | почему      |
        | принято     | так         |
        | отказ ID-01 | иначе       |
"""


def test_examples_say_why(tmp_path: Path) -> None:
    assert problems(tmp_path, OUTLINE) == []
    without = OUTLINE.replace("почему", "зачем")
    assert problems(tmp_path, without) == [(10, "у примеров нет столбца «почему»")]


def test_an_example_stands_once_whatever_the_reason(tmp_path: Path) -> None:
    twice = OUTLINE + "        | принято     | ещё раз     |\n"
    assert problems(tmp_path, twice) == [(14, "пример уже есть в строке 12")]


def test_an_unknown_rule_in_an_example_is_refused(tmp_path: Path) -> None:
    wrong = OUTLINE.replace("отказ ID-01", "отказ ID-00")
    assert problems(tmp_path, wrong) == [(13, "правила ID-00 нет в своде правил")]


def test_each_row_of_examples_is_a_scenario_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "id.feature"
    path.write_text(HEAD + OUTLINE, encoding="utf-8")
    assert scenarios_in(path) == [
        SpecScenario("ID-01", "По строкам", 12, False, False, ("принято", "так")),
        SpecScenario("ID-01", "По строкам", 13, False, False, ("отказ ID-01", "иначе")),
    ]


def test_duties_and_contrasts_are_known_by_their_tags(tmp_path: Path) -> None:
    path = tmp_path / "id.feature"
    text = GOOD.replace("@ID-01", "@ID-01 @обязанность").replace(
        "    Сценарий", "    @иначе\n    Сценарий"
    )
    path.write_text(HEAD + text, encoding="utf-8")
    assert scenarios_in(path) == [SpecScenario("ID-01", "Верный", 7, True, True)]
