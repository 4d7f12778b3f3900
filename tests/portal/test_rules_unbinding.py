"""Chapter UNB: who unbinds, confirmed how, what stands against it and what follows."""

from typing import Any

import pytest

from portal.rules import unbinding
from portal.rules.unbinding import OpenApplications, Unbinder, UnbindingConfirmation, Unbound
from rulebook import Text
from tests.portal.findings import BOOK, found


def fields(rule: Any, claim: Any, **overrides: Any) -> list[str]:
    return [field for field, _ in found(rule, claim, **overrides)]


def test_head_administrator_and_representative_unbind_and_nobody_else() -> None:
    may = {
        role
        for role in BOOK.roles
        if not fields(unbinding.may_unbind, Unbinder(rights=BOOK.rights_of(role)))
    }
    assert may == {"head", "admin", "rep"}


WRONG = Text("код неверен", "the code is wrong")


@pytest.mark.parametrize(
    ("password", "second", "wrong", "expected"),
    [
        (True, "sms", None, []),
        (True, "token", None, []),
        (True, "biometry", None, []),
        (False, "sms", None, ["password"]),
        (True, "", None, ["second"]),
        (True, "email", None, ["second"]),
        (True, "sms", WRONG, ["sms"]),
        (False, "token", WRONG, ["password", "token"]),
    ],
)
def test_a_password_and_a_second_means_are_needed(
    password: bool, second: str, wrong: Text | None, expected: list[str]
) -> None:
    claim = UnbindingConfirmation(password_is_right=password, second=second, wrong=wrong)
    assert fields(unbinding.twice_confirmed, claim) == expected


def test_the_second_means_are_the_policys() -> None:
    claim = UnbindingConfirmation(password_is_right=True, second="sms", wrong=None)
    assert fields(unbinding.twice_confirmed, claim, **{"UNB-02.second": ["token"]}) == ["second"]


def test_every_open_application_is_named() -> None:
    assert not found(unbinding.no_open_applications, OpenApplications(titles=[]))
    two = OpenApplications(titles=["Регистрация", "Сертификат"])
    assert found(unbinding.no_open_applications, two) == [
        ("applications", "Регистрация"),
        ("applications", "Сертификат"),
    ]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ({}, []),
        ({"owner": "account"}, ["owner"]),
        ({"members": 1}, ["members"]),
        ({"sessions": 1}, ["sessions"]),
        ({"wants_access": True}, ["organization"]),
        (
            {"owner": "account", "members": 2, "sessions": 3},
            ["owner", "members", "sessions"],
        ),
    ],
)
def test_nothing_is_left_open_after_unbinding(left: dict[str, Any], expected: list[str]) -> None:
    claim = Unbound(**{"owner": None, "members": 0, "sessions": 0, **left})
    assert fields(unbinding.closed_after_unbinding, claim) == expected
