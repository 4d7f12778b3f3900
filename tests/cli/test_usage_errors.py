"""Words that Typer refuses: told in the language that `--lang` names, in Russian without it."""

import pytest
from typer import TyperException

from poligon.app import run
from poligon.usage_errors import usage_in_words

WRONG = [
    (
        ["simulate", "x.yaml", "--sed", "1"],
        "--sed: такого ключа нет; похожие: --scale, --seed, --set",
        "--sed: there is no such option; similar: --scale, --seed, --set",
    ),
    (["rules", "-q"], "-q: такого ключа нет", "-q: there is no such option"),
    (["simulate", "x.yaml", "--seed"], "--seed: нужно значение", "--seed: needs a value"),
    (
        ["simulate", "x.yaml", "--check=yes"],
        "--check: значение не указывают",
        "--check: takes no value",
    ),
    (["simulate"], "не указано: SCENARIO", "missing: SCENARIO"),
    (["calibrate", "log.csv"], "не указано: --out", "missing: --out"),
    (["nonsense"], "команды «nonsense» нет", 'there is no command "nonsense"'),
    (
        ["simulte"],
        "команды «simulte» нет; похожие: simulate",
        'there is no command "simulte"; similar: simulate',
    ),
    (["rules", "a", "b"], "лишние слова: a b", "unexpected words: a b"),
]


@pytest.mark.parametrize(("words", "ru", "en"), WRONG, ids=[" ".join(w) for w, _, _ in WRONG])
def test_words_that_no_command_takes_are_told_in_the_readers_language(
    words: list[str], ru: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = words
    told = []
    for asked in (words, [command, "--lang=en", *rest]):
        assert run(asked) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        told.append(captured.err.splitlines()[0])
    assert told == [f"ошибка: {ru}", f"error: {en}"]


def test_a_word_that_is_no_command_of_a_group_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["world", "nobody", "--lang", "en"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == 'error: there is no command "nobody"'


def test_a_group_without_a_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["world"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == "ошибка: не указана команда"


def test_an_error_that_is_not_known_is_told_as_typer_does() -> None:
    assert usage_in_words(TyperException("Something else"), "ru") == "Something else"
