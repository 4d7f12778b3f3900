"""Tables of words: a phrase in either language, no key of two tables, the noun behind a number."""

import pytest

from reports.phrases import Nouns, Phrases
from rulebook import Text

DAYS = Nouns(("день", "дня", "дней"), ("day", "days"))
ONE = {"greeting": Text("Привет, {name}", "Hello, {name}"), "braces": Text("{а}", "{a}")}


def test_a_phrase_is_said_in_the_language_and_filled() -> None:
    say = Phrases(ONE, {"end": Text("Конец", "End")})
    assert say("greeting", "ru", name="Анна") == "Привет, Анна"
    assert say("greeting", "en", name="Anna") == "Hello, Anna"
    assert say("end", "en") == "End"
    assert list(say) == ["greeting", "braces", "end"]


def test_a_phrase_without_values_keeps_its_braces() -> None:
    assert Phrases(ONE)("braces", "en") == "{a}"


def test_a_key_that_no_table_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        Phrases(ONE)("nothing", "ru")


def test_a_key_that_two_tables_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="given twice: braces, greeting"):
        Phrases(ONE, {"end": Text("Конец", "End")}, ONE)


@pytest.mark.parametrize(
    ("amount", "form"),
    [
        (0, "дней"), (1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (10, "дней"), (11, "дней"),
        (12, "дней"), (14, "дней"), (15, "дней"), (20, "дней"), (21, "день"), (22, "дня"),
        (100, "дней"), (101, "день"), (111, "дней"), (112, "дней"), (1.5, "дня"), (11.3, "дня"),
        # As shown: 0,04 – 1 – 1 – 99,9 – 100 – 101.
        (0.04, "дня"), (0.999, "день"), (1.04, "день"), (99.94, "дня"), (99.96, "дней"),
        (100.6, "день"),
    ],
)  # fmt: skip
def test_russian_noun_has_three_forms_and_fractions_take_the_second(
    amount: float, form: str
) -> None:
    assert DAYS.after(amount, "ru") == form


@pytest.mark.parametrize(
    ("amount", "form"), [(0, "days"), (1, "day"), (2, "days"), (21, "days"), (1.5, "days")]
)
def test_english_noun_is_singular_only_for_one(amount: float, form: str) -> None:
    assert DAYS.after(amount, "en") == form


def test_a_number_is_told_with_its_noun() -> None:
    assert (DAYS.counted(3, "ru"), DAYS.counted(21, "en")) == ("3 дня", "21 days")
