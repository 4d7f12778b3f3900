"""What has legal force wants a confirmed person whom letters reach, and behind it a sign-in by
signature or bank, or a signature that is sent along."""

import dataclasses
from typing import Any

import pytest

from portal.accounts.legal_force import WITH_LEGAL_FORCE
from portal.certificates.action_signature import ActionRequest
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.filings import LEGAL, SOLE, application_of, filing
from tests.portal.people import keep, known
from tests.portal.wiring import Stand, broken, journal, portal_with

OF_LEGAL = dataclasses.asdict(application_of(filing(LEGAL[0])))
OF_SOLE = dataclasses.asdict(application_of(filing(SOLE[0])))
NUMBERS = {"organization": "o", "inn": OF_LEGAL["inn"], "ogrn": OF_LEGAL["ogrn"]}
HEAD = dict.fromkeys(
    (
        "organization",
        "full_name",
        "inn",
        "birth_date",
        "phone",
        "email",
        "position",
        "snils",
        "passport_series",
        "passport_number",
        "passport_issued",
        "passport_issued_by",
    ),
    "",
)

TOKEN = {"second": "token", "code": "", "signature": "AA=="}

BY_SIGN_IN: list[tuple[str, dict[str, Any]]] = [
    ("register_organization", OF_SOLE),
    ("resubmit_registration", {**OF_SOLE, "organization": "o"}),
    ("add_organization", {**OF_SOLE, "confirmation": "sms"}),
    ("add_organization", {**OF_LEGAL, "confirmation": "head"}),
    ("bind_organization", {"number": OF_LEGAL["ogrn"]}),
    ("confirm_binding", {"binding": "b", "code": "123456"}),
    ("correct_binding", {**NUMBERS, "full_name": "ООО"}),
    ("activate_cabinet", {**NUMBERS, "phone": "+79160000000", "code": "123456"}),
    ("unbind_organization", {"organization": "o", "password": "p", "second": "sms", "code": "1"}),
    ("appoint_head", HEAD),
    ("appoint_admin", {"organization": "o", "account": "a", "code": "123456"}),
    ("remove_admin", {"organization": "o", "account": "a", "code": "123456"}),
    ("replace_admin", {"organization": "o", "account": "a", "former": "b", "code": "123456"}),
    ("confirm_head", {"organization": "o", "code": "123456"}),
]
BY_SIGNATURE: list[tuple[str, dict[str, Any]]] = [
    ("register_organization", OF_LEGAL),
    ("resubmit_registration", {**OF_LEGAL, "organization": "o"}),
    ("add_organization", {**OF_LEGAL, "confirmation": "signature"}),
    (
        "unbind_organization",
        {"organization": "o", "password": "p", "second": "token", "code": "", "signature": "AA=="},
    ),
    ("confirm_head_signature", {"organization": "o", "signature": "AA=="}),
    ("appoint_admin", {"organization": "o", "account": "a", **TOKEN}),
    ("remove_admin", {"organization": "o", "account": "a", **TOKEN}),
    ("replace_admin", {"organization": "o", "account": "a", "former": "b", **TOKEN}),
    (
        "sign_application",
        {"organization": "o", "application": "a", "version": 1, "signature": "AA=="},
    ),
    ("trial_signature", {"certificate": "c"}),
    ("confirm_replacement", {"certificate": "c"}),
    ("sign_documents", {"certificate": "c"}),
    ("file_report", {"organization": "o", "report_version": "r"}),
    ("sign_exchange", {"organization": "o", "exchange": "e", "signature": "AA=="}),
    ("request_extract", {"organization": "o", "kind": "выписка ЕГРЮЛ"}),
    ("apply_for_licence", {"organization": "o", "licence_application": "l"}),
    ("open_action", {"request": "close_cabinet", "kind": "qualified"}),
]
TYING = {"register_organization", "add_organization", "bind_organization"}
STANDING = {"ACC-02", "ACC-07", "ACC-10", "AUTH-16"}


def lacking(outcome: Outcome) -> list[str]:
    """The rules of a person's standing that an outcome names."""
    return [each for each in broken(outcome) if each.split()[0] in STANDING]


def tried(stand: Stand, case: str, payload: dict[str, Any], method: str, **account: Any) -> Outcome:
    """Do a use case as somebody who has come in by that method."""
    person = known(stand, **account)
    for action in ("close_cabinet", "reference"):
        keep(
            stand,
            ActionRequest(id=action, action=action, account=person, organization=None),
        )
    return stand.act(case, Actor(account=person, signed_in_by=method), **payload)


def test_every_use_case_with_legal_force_is_tried_here() -> None:
    assert {case for case, _ in BY_SIGN_IN + BY_SIGNATURE} == set(WITH_LEGAL_FORCE)


@pytest.mark.parametrize(("case", "payload"), BY_SIGN_IN + BY_SIGNATURE)
@pytest.mark.parametrize("method", ["signature", "bank"])
def test_who_is_confirmed_and_came_in_high_may(
    store: Store, case: str, payload: dict[str, Any], method: str
) -> None:
    assert lacking(tried(portal_with(store=store), case, payload, method)) == []


@pytest.mark.parametrize(("case", "payload"), BY_SIGN_IN)
@pytest.mark.parametrize("method", ["password", "password_code", "qr", "esia"])
def test_a_lower_sign_in_has_to_be_raised(
    store: Store, case: str, payload: dict[str, Any], method: str
) -> None:
    stand = portal_with(store=store)
    outcome = tried(stand, case, payload, method)
    assert (outcome.state, outcome.refusal) == ("refused", "forbidden")
    assert broken(outcome) == ["AUTH-16 session"]
    assert journal(stand, "account-of-0") == [(case, "refused")]


@pytest.mark.parametrize(("case", "payload"), BY_SIGNATURE)
def test_a_signature_that_is_sent_along_stands_behind_it_too(
    store: Store, case: str, payload: dict[str, Any]
) -> None:
    outcome = tried(portal_with(store=store), case, payload, "password_code")
    assert lacking(outcome) == []
    assert outcome.refusal is not None  # there is no good signature, and that is told


@pytest.mark.parametrize(("case", "payload"), BY_SIGN_IN + BY_SIGNATURE)
def test_who_is_not_confirmed_may_not(store: Store, case: str, payload: dict[str, Any]) -> None:
    outcome = tried(portal_with(store=store), case, payload, "signature", state="active")
    assert outcome.refusal == "forbidden"
    assert broken(outcome) == ["ACC-07 account" if case in TYING else "ACC-10 account"]


@pytest.mark.parametrize(("case", "payload"), BY_SIGN_IN + BY_SIGNATURE)
def test_who_cannot_be_reached_may_not(store: Store, case: str, payload: dict[str, Any]) -> None:
    unreachable = {"phone_confirmed": False, "email_confirmed": False}
    outcome = tried(portal_with(store=store), case, payload, "signature", **unreachable)
    assert broken(outcome) == ["ACC-02 account"]


def test_all_that_is_lacking_is_told_at_once(store: Store) -> None:
    case, payload = BY_SIGN_IN[0]
    outcome = tried(
        portal_with(store=store),
        case,
        payload,
        "password_code",
        state="active",
        phone_confirmed=False,
        email_confirmed=False,
    )
    assert broken(outcome) == ["ACC-02 account", "ACC-07 account", "AUTH-16 session"]


def test_an_everyday_action_has_no_legal_force(store: Store) -> None:
    stand = portal_with(store=store)
    payload = {"request": "reference", "kind": "simple"}
    assert lacking(tried(stand, "open_action", payload, "password_code", state="active")) == []


def test_a_raised_level_is_enough_for_the_same_submission(store: Store) -> None:
    stand = portal_with(store=store)
    account = known(stand)
    payload = {"binding": "b", "code": "123456"}
    low, high = (
        Actor(account=account, signed_in_by=method) for method in ("password_code", "signature")
    )
    assert stand.act("confirm_binding", low, "key", **payload).refusal == "forbidden"
    assert stand.act("confirm_binding", high, "key", **payload).refusal == "absent"
