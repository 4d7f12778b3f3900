"""From nothing to an account: the form, the code, contacts (ACC-01, ACC-02, ACC-09)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor
from tests.portal.people import (
    COUNTRY,
    KIM,
    OTHER,
    PASSWORD,
    account_of,
    activated,
    code_sent_to,
    form_of,
    known,
    signed_up,
)
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


def test_a_sign_up_makes_an_account_and_sends_a_code_by_sms(stand: Stand) -> None:
    outcome = stand.act("sign_up", **form_of(KIM))
    assert (outcome.state, outcome.data["advice"]) == ("new", [])
    account = account_of(stand, outcome.data["account"])
    assert (str(account.name), account.birth_date) == (str(KIM.name), KIM.birth_date)
    assert (account.phone_confirmed, account.email_confirmed) == (False, False)
    assert stand.messenger.sent_to(KIM.phone) == [
        "Код подтверждения: 000002. Никому его не сообщайте, даже сотруднику портала."
    ]


def test_every_mistake_of_the_form_is_told_at_once(stand: Stand) -> None:
    outcome = stand.act(
        "sign_up",
        name="Савельев К. Х.",
        birth_date="1953-02-24",
        inn="540930590286",
        phone="89699678493",
        email="kim",
        password="short",
    )
    assert outcome.refusal == "wrong"
    assert sorted(set(broken(outcome))) == [
        "ID-02 inn",
        "ID-09 phone",
        "ID-10 email",
        "ID-11 birth_date",
        "ID-13 name",
        "PWD-01 password",
    ]


@pytest.mark.parametrize("field", ["name", "birth_date", "inn", "phone", "email"])
def test_an_empty_field_breaks_acc_01_alone(stand: Stand, field: str) -> None:
    assert broken(stand.act("sign_up", **form_of(KIM, **{field: ""}))) == [f"ACC-01 {field}"]


def test_an_inn_with_spaces_breaks_id_07_alone(stand: Stand) -> None:
    outcome = stand.act("sign_up", **form_of(KIM, inn="5409 30590285"))
    assert broken(outcome) == ["ID-07 inn"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"inn": OTHER.inn}, ["ACC-09 phone"]),
        ({"phone": OTHER.phone}, ["ACC-09 inn"]),
        ({}, ["ACC-09 phone", "ACC-09 inn"]),
        ({"inn": OTHER.inn, "phone": OTHER.phone}, []),
    ],
)
def test_a_phone_or_an_inn_that_is_taken_makes_no_second_account(
    stand: Stand, changes: dict[str, Any], expected: list[str]
) -> None:
    signed_up(stand)
    outcome = stand.act("sign_up", **form_of(KIM, **changes))
    assert broken(outcome) == expected
    assert len(stand.store.find(Account.KIND, "email", KIM.email)) == (1 if expected else 2)


def test_the_same_submission_twice_is_one_account(stand: Stand) -> None:
    first = stand.act("sign_up", key="k", **form_of(KIM))
    assert stand.act("sign_up", key="k", **form_of(KIM)) == first
    assert len(stand.messenger.sent_to(KIM.phone)) == 1


def test_a_longer_password_is_advised_and_not_demanded(stand: Stand) -> None:
    outcome = stand.act("sign_up", **form_of(KIM, password="Zx7!mkpR"))
    assert (outcome.state, outcome.data["advice"]) == ("new", ["longer_password"])


def test_the_code_activates_the_account_and_confirms_the_phone(stand: Stand) -> None:
    account = account_of(stand, activated(stand))
    assert (account.state, account.phone_confirmed, account.email_confirmed) == (
        "active",
        True,
        False,
    )
    lines = [json.loads(line.body) for line in stand.store.journal(account.id)]
    assert [(line["action"], line["result"]) for line in lines] == [
        ("sign_up", "new"),
        ("activate_account", "active"),
    ]


def test_a_code_by_email_confirms_the_email(stand: Stand) -> None:
    made = stand.act("sign_up", **form_of(KIM, channel="email")).data["account"]
    stand.act("activate_account", account=made, code=code_sent_to(stand, KIM.email))
    account = account_of(stand, made)
    assert (account.phone_confirmed, account.email_confirmed) == (False, True)
    assert stand.messenger.sent_to(KIM.phone) == []


def test_a_wrong_code_activates_nothing_and_the_third_is_the_last(stand: Stand) -> None:
    account = signed_up(stand)
    reasons = []
    for _ in range(4):
        outcome = stand.act("activate_account", account=account, code="999999")
        assert broken(outcome) == ["AUTH-05 code"]
        reasons.append(outcome.violations[0].reason.ru)  # type: ignore[union-attr]
    assert reasons == [
        "код неверен, попыток: 2",
        "код неверен, попыток: 1",
        "код неверен, попыток: 0",
        "попытки кончились",
    ]
    right = stand.act("activate_account", account=account, code=code_sent_to(stand, KIM.phone))
    assert broken(right) == ["AUTH-05 code"]
    assert account_of(stand, account).state == "new"


@pytest.mark.parametrize(("seconds", "state"), [(299.999999, "active"), (300, "refused")])
def test_a_code_lives_five_minutes(stand: Stand, seconds: float, state: str) -> None:
    account = signed_up(stand)
    stand.after(seconds=seconds)
    code = code_sent_to(stand, KIM.phone)
    assert stand.act("activate_account", account=account, code=code).state == state


def test_an_activated_account_is_not_activated_again(stand: Stand) -> None:
    account = activated(stand)
    outcome = stand.act("activate_account", account=account, code="000002")
    assert (outcome.refusal, outcome.state) == ("state", "active")
    assert stand.act("resend_code", account=account).refusal == "state"


def test_nobody_is_activated_under_an_unknown_id(stand: Stand) -> None:
    assert stand.act("activate_account", account="nobody", code="000001").refusal == "absent"
    assert stand.act("resend_code", account="nobody").refusal == "absent"


@pytest.mark.parametrize(
    ("channel", "seconds", "expected"),
    [
        ("sms", 59.999999, ["AUTH-06 channel"]),
        ("sms", 60, []),
        ("email", 0, []),
    ],
)
def test_another_code_comes_after_a_minute_or_by_email_at_once(
    stand: Stand, channel: str, seconds: float, expected: list[str]
) -> None:
    account = signed_up(stand)
    stand.after(seconds=seconds)
    outcome = stand.act("resend_code", account=account, channel=channel)
    assert broken(outcome) == expected
    to = KIM.phone if channel == "sms" else KIM.email
    assert len(stand.messenger.sent_to(to)) == (channel == "sms") + (not expected)


def test_a_later_code_replaces_the_earlier(stand: Stand) -> None:
    account = signed_up(stand)
    first = code_sent_to(stand, KIM.phone)
    stand.after(seconds=60)
    stand.act("resend_code", account=account)
    assert broken(stand.act("activate_account", account=account, code=first)) == ["AUTH-05 code"]
    code = code_sent_to(stand, KIM.phone)
    assert stand.act("activate_account", account=account, code=code).state == "active"


def test_the_code_that_proves_a_phone_never_goes_to_the_email_by_itself(stand: Stand) -> None:
    stand.messenger.refusing.add("sms")
    account = signed_up(stand)
    assert stand.messenger.letters == {}
    stand.act("resend_code", account=account, channel="email")
    code = code_sent_to(stand, KIM.email)
    assert stand.act("activate_account", account=account, code=code).state == "active"


def test_an_account_that_nobody_activates_frees_phone_and_inn_after_a_day(stand: Stand) -> None:
    account = signed_up(stand)
    stand.after(hours=23, minutes=59)
    assert broken(stand.act("sign_up", **form_of(KIM))) == ["ACC-09 phone", "ACC-09 inn"]
    stand.after(minutes=1)
    assert Unit(stand.store).get(Account, account) is None
    assert stand.act("sign_up", **form_of(KIM)).state == "new"


def test_an_activated_account_stays(stand: Stand) -> None:
    account = activated(stand)
    stand.after(days=2)
    assert account_of(stand, account).state == "active"


def test_neither_password_nor_code_is_in_the_store(stand: Stand) -> None:
    account = signed_up(stand)
    document = stand.store.get(Account.KIND, account)
    code = stand.store.get("one_time_code", f"activation/{account}")
    assert document is not None
    assert code is not None
    assert PASSWORD.encode() not in bytes(document.body)
    assert b"000002" not in bytes(code.body)
    assert account_of(stand, account).password.startswith("$argon2id$")


# --- contacts


def test_a_contact_is_confirmed_by_the_code_that_came_to_it(stand: Stand) -> None:
    account = activated(stand)
    actor = Actor(account=account)
    assert stand.act("request_contact_code", actor, contact="email").state == "code_sent"
    code = code_sent_to(stand, KIM.email)
    assert broken(stand.act("confirm_contact", actor, contact="email", code="999999")) == [
        "AUTH-05 code"
    ]
    assert stand.act("confirm_contact", actor, contact="email", code=code).state == "confirmed"
    assert account_of(stand, account).email_confirmed


def test_a_new_phone_becomes_the_accounts_only_by_its_code(stand: Stand) -> None:
    account = known(stand)
    actor, new = Actor(account=account), "+79000000001"
    stand.act("request_contact_code", actor, contact="phone", value=new)
    assert account_of(stand, account).phone == KIM.phone
    stand.act("confirm_contact", actor, contact="phone", code=code_sent_to(stand, new))
    assert account_of(stand, account).phone == new


def test_anothers_phone_is_not_taken_over(stand: Stand) -> None:
    actor = Actor(account=known(stand))
    known(stand, OTHER)
    outcome = stand.act("request_contact_code", actor, contact="phone", value=OTHER.phone)
    assert broken(outcome) == ["ACC-09 phone"]


def test_a_phone_that_another_takes_meanwhile_stays_theirs(stand: Stand) -> None:
    actor, new = Actor(account=known(stand)), "+79000000001"
    stand.act("request_contact_code", actor, contact="phone", value=new)
    known(stand, replace(COUNTRY.person(2), phone=new))
    outcome = stand.act("confirm_contact", actor, contact="phone", code=code_sent_to(stand, new))
    assert broken(outcome) == ["ACC-09 phone"]


@pytest.mark.parametrize(
    ("contact", "value", "expected"),
    [("phone", "89", ["ID-09 value"]), ("email", "kim", ["ID-10 value"])],
)
def test_a_contact_out_of_form_gets_no_code(
    stand: Stand, contact: str, value: str, expected: list[str]
) -> None:
    actor = Actor(account=known(stand))
    outcome = stand.act("request_contact_code", actor, contact=contact, value=value)
    assert broken(outcome) == expected
    assert stand.messenger.letters == {}
