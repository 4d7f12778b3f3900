"""What is open to whom: functions, organizations, actions with legal force."""

from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Actor
from tests.portal.people import known
from tests.portal.wiring import broken, portal_with


@pytest.mark.parametrize(
    ("action", "account", "method", "expected"),
    [
        ("function", {}, "password", []),
        ("function", {"state": "active"}, "password", []),
        ("function", {"phone_confirmed": False}, "password", []),
        (
            "function",
            {"phone_confirmed": False, "email_confirmed": False},
            "password",
            ["ACC-02 account"],
        ),
        ("organization", {}, "password", []),
        ("organization", {"state": "active"}, "password", ["ACC-07 account"]),
        ("organization", {"state": "checking"}, "signature", ["ACC-07 account"]),
        ("legal", {}, "signature", []),
        ("legal", {}, "bank", []),
        ("legal", {}, "password_code", ["AUTH-16 session"]),
        ("legal", {}, "qr", ["AUTH-16 session"]),
        ("legal", {"state": "active"}, "signature", ["ACC-10 account"]),
        ("legal", {"state": "active"}, "password", ["ACC-10 account", "AUTH-16 session"]),
    ],
)
def test_an_action_is_open_to_who_is_fit_for_it(
    store: Store, action: str, account: dict[str, Any], method: str, expected: list[str]
) -> None:
    stand = portal_with(store=store)
    actor = Actor(account=known(stand, **account), signed_in_by=method)
    outcome = stand.act("ask_for_action", actor, action=action)
    assert broken(outcome) == expected
    assert outcome.refusal == ("forbidden" if expected else None)


def test_what_counts_as_a_high_level_is_the_policys(store: Store) -> None:
    stand = portal_with(store=store, overrides={"AUTH-16.high": ["esia"]})
    account = known(stand)
    for method, expected in (("esia", []), ("signature", ["AUTH-16 session"])):
        actor = Actor(account=account, signed_in_by=method)
        assert broken(stand.act("ask_for_action", actor, action="legal")) == expected
