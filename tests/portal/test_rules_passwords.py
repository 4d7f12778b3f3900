"""Chapter PWD: each rule accepts the good and names the wrong, on both sides of each boundary."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.rules import passwords as rules
from portal.rules.passwords import (
    NewPassword,
    PasswordAge,
    Recovery,
    SupportRequest,
    TemporaryPassword,
)
from portal.rules.rule import RULES, Violation
from rulebook import load

BOOK = load()
POLICY = BOOK.policy()
PERSONAL = ("Савельев", "Ким", "24.02.1953", "540930590285", "kim.savelev@post.test")


def reasons(violations: tuple[Violation, ...]) -> list[str]:
    return [each.reason.ru if each.reason else "" for each in violations]


def base(text: str) -> list[str]:
    return reasons(rules.strong_enough(NewPassword(text=text, strict=False), POLICY))


def strict(text: str, *, is_previous: bool = False) -> list[str]:
    claim = NewPassword(text=text, strict=True, personal=PERSONAL, is_previous=is_previous)
    return reasons(rules.hard_to_guess(claim, POLICY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zx7!mkpR", []),  # 8 characters
        ("Zx7!mkp", ["короче 8 знаков"]),  # 7
        ("zx7!mkpr", ["нет прописной буквы"]),
        ("ZX7!MKPR", ["нет строчной буквы"]),
        ("Zxc!mkpR", ["нет цифры"]),
        ("Zx7mmkpR", ["нет спецзнака"]),
        ("Zx7 mkpR", ["нет спецзнака"]),  # a space is none
        ("Жы7№мкпР", []),  # Russian letters are letters
        (
            "",
            [
                "короче 8 знаков",
                "нет строчной буквы",
                "нет прописной буквы",
                "нет цифры",
                "нет спецзнака",
            ],
        ),
    ],
)
def test_a_password_has_its_length_and_all_sorts_of_signs(text: str, expected: list[str]) -> None:
    assert base(text) == expected


def test_the_least_length_is_the_policys() -> None:
    policy = BOOK.policy({"PWD-01.min_length": 9})
    claim = NewPassword(text="Zx7!mkpR", strict=False, field="new")
    assert [each.field for each in rules.strong_enough(claim, policy)] == ["new"]
    assert rules.strong_enough(replace(claim, text="Zx7!mkpR9"), policy) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zx7!mkpRvb2#", []),  # 12 characters
        ("Zx7!mkpRvb2", ["короче 12 знаков"]),  # 11
        ("Zx7!mkp", []),  # that short PWD-01 names it
        ("Dragon!72mkVb", ["словарное слово"]),
        ("P@ssw0rd!72mkV", ["словарное слово"]),  # disguised
        ("Привет!72мкВбт", ["словарное слово"]),
        ("Савельев!72мкв", ["личные данные"]),
        ("Savelev!72mkVb", ["личные данные"]),  # in Latin letters
        ("Zx!mk1953pRvb2", ["личные данные"]),  # the year of birth
        ("Zx!mk-540930590285", ["личные данные"]),  # ИНН
        ("Zx7!mkqwerRvb2", ["клавиши подряд"]),  # four in a row
        ("Zx7!mkqweVb2#", []),  # three
        ("Zx7!mkrewqRvb2", ["клавиши подряд"]),  # backwards
        ("Zx7!йцукRvb2пм", ["клавиши подряд"]),
        ("Zx!1234mkpRvb#", ["клавиши подряд"]),
        ("Zx7!mmmmpRvb2#", ["клавиши подряд"]),  # one key four times
        ("Zx7!mmmpRvb2##", []),
    ],
)
def test_the_strict_policy_refuses_what_is_easy_to_guess(text: str, expected: list[str]) -> None:
    assert strict(text) == expected


def test_the_strict_policy_refuses_the_previous_password() -> None:
    assert strict("Zx7!mkpRvb2#", is_previous=True) == ["прежний пароль"]


def test_without_the_strict_policy_none_of_this_is_asked() -> None:
    claim = NewPassword(text="Qwerty1!", strict=False, personal=("Qwerty",), is_previous=True)
    assert rules.hard_to_guess(claim, POLICY) == ()


@pytest.mark.parametrize(
    ("age", "is_expired"),
    [
        (dt.timedelta(0), False),
        (dt.timedelta(days=90) - dt.timedelta(microseconds=1), False),
        (dt.timedelta(days=90), True),
    ],
)
def test_a_password_lasts_ninety_days(age: dt.timedelta, is_expired: bool) -> None:
    set_at = dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
    found = rules.not_too_old(PasswordAge(set_at=set_at, now=set_at + age), POLICY)
    assert found == ((Violation("PWD-03", "password"),) if is_expired else ())


def test_a_temporary_password_is_not_gone_on_with() -> None:
    assert rules.own_instead_of_temporary(TemporaryPassword(temporary=False), POLICY) == ()
    assert rules.own_instead_of_temporary(TemporaryPassword(temporary=True), POLICY) == (
        Violation("PWD-04", "password"),
    )


@pytest.mark.parametrize(
    ("account_found", "code_good", "expected"),
    [
        (True, True, ()),
        (False, False, (Violation("PWD-05", ""),)),
        (True, False, (Violation("PWD-05", ""),)),
        (False, True, (Violation("PWD-05", ""),)),
    ],
)
def test_recovery_is_refused_without_telling_what_was_wrong(
    account_found: bool, code_good: bool, expected: tuple[Violation, ...]
) -> None:
    claim = Recovery(account_found=account_found, code_good=code_good)
    assert rules.recovered_by_right(claim, POLICY) == expected


def test_support_is_given_everything_it_asks_for() -> None:
    full = SupportRequest(
        inn="7715970401",
        ogrn="1257708239920",
        phone="+79699678493",
        contact="позвонить после 18",
        documents=1,
    )
    assert rules.complete_support_request(full, POLICY) == ()
    empty = SupportRequest(inn="", ogrn=" ", phone="", contact="", documents=0)
    found = rules.complete_support_request(empty, POLICY)
    assert [each.field for each in found] == ["inn", "ogrn", "phone", "contact", "documents"]


def test_twelve_characters_are_advised() -> None:
    assert not rules.is_recommended("a" * 11, POLICY)
    assert rules.is_recommended("a" * 12, POLICY)


def test_every_rule_of_the_chapter_is_written() -> None:
    chapter = {each.id for each in BOOK.rules.values() if each.chapter == "PWD"}
    assert {each for each in RULES if each.startswith("PWD-")} == chapter
