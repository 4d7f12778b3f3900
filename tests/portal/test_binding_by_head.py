"""The head confirms a binding: the link, the code, the term, a request once more."""

import datetime as dt
import re
from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Outcome
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import FILED_ON, LEGAL
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))
MAIL, PHONE = "head@firm.test", "+79031112233"
CONTACTS: dict[str, Any] = {"head_email": MAIL, "head_phone": PHONE}


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    made = binder(stand, LEGAL[0])
    made.put_organization()
    return made


def token_of(stand: Stand, mail: str = MAIL) -> str:
    return stand.messenger.sent_to(mail)[-1].rpartition("/")[2]


def code_of(stand: Stand, phone: str = PHONE) -> str:
    found = re.search(r"\d{6}", stand.messenger.sent_to(phone)[-1])
    assert found is not None
    return found[0]


def answered(stand: Stand, token: str) -> Outcome:
    opened = stand.act("open_head_link", token=token)
    if opened.refusal is not None:
        return opened
    return stand.act("confirm_as_head", token=token, code=code_of(stand))


def test_the_head_confirms_by_link_and_code(stand: Stand, firm: Binder) -> None:
    asked = firm.bind(confirmation="head", **CONTACTS)
    assert (asked.state, firm.kept().owner) == ("confirming", None)
    outcome = answered(stand, token_of(stand))
    assert (outcome.state, firm.kept().owner) == ("bound", firm.actor.account)
    told = stand.messenger.sent_to(firm.filed.subject.applicant.email)[-1]
    assert told.startswith("Организация привязана")


def test_the_link_confirms_once(stand: Stand, firm: Binder) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    token = token_of(stand)
    assert answered(stand, token).state == "bound"
    assert broken(answered(stand, token)) == ["BND-06 token"]


def test_a_wrong_code_and_a_wrong_link_confirm_nothing(stand: Stand, firm: Binder) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    token = token_of(stand)
    stand.act("open_head_link", token=token)
    wrong = stand.act("confirm_as_head", token=token, code="999999")
    assert broken(wrong) == ["BND-04 code"]
    assert broken(stand.act("open_head_link", token="0" * 32)) == ["BND-06 token"]
    strange = stand.act("confirm_as_head", token="0" * 32, code="000001")
    assert (strange.refusal, broken(strange)) == ("absent", ["BND-06 token"])
    assert firm.kept().owner is None


def test_the_head_answers_up_to_the_end_of_the_term(stand: Stand, firm: Binder) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    stand.after(hours=72, microseconds=-1)
    assert answered(stand, token_of(stand)).state == "bound"


def test_a_request_without_an_answer_is_over_and_may_be_repeated(
    stand: Stand, firm: Binder
) -> None:
    binding = firm.bind(confirmation="head", **CONTACTS).data["binding"]
    late = token_of(stand)
    stand.after(hours=72)
    assert broken(answered(stand, late)) == ["BND-06 token"]
    shown = stand.read("my_organizations", firm.actor)
    assert [each["title"] for each in shown.data["asked"]] == ["Руководитель не ответил"]
    assert broken(shown) == ["BND-06"]
    told = stand.messenger.sent_to(firm.filed.subject.applicant.phone)[-1]
    assert told.startswith("Руководитель не подтвердил привязку в срок")
    again = stand.act(
        "repeat_head_request",
        firm.actor,
        binding=binding,
        head_email="new@firm.test",
        head_phone=PHONE,
    )
    assert again.state == "confirming"
    assert broken(answered(stand, late)) == ["BND-06 token"]
    assert answered(stand, token_of(stand, "new@firm.test")).state == "bound"


def test_the_end_of_the_term_stops_a_link_even_before_any_task_has_run(
    stand: Stand, firm: Binder
) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    stand.clock.move(dt.timedelta(hours=72))
    late = stand.act("open_head_link", token=token_of(stand))
    assert (late.refusal, broken(late)) == ("state", ["BND-06"])


def test_a_repetition_moves_the_end_of_the_term(stand: Stand, firm: Binder) -> None:
    binding = firm.bind(confirmation="head", **CONTACTS).data["binding"]
    stand.after(hours=71)
    stand.act("repeat_head_request", firm.actor, binding=binding, **CONTACTS)
    stand.after(hours=71)
    assert answered(stand, token_of(stand)).state == "bound"


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ({}, ["BND-06 head_email", "BND-06 head_phone"]),
        ({"head_email": MAIL, "head_phone": ""}, ["BND-06 head_phone"]),
    ],
)
def test_contacts_of_the_head_are_needed(
    firm: Binder, contacts: dict[str, Any], expected: list[str]
) -> None:
    assert broken(firm.bind(confirmation="head", **contacts)) == expected


def test_nobody_confirms_their_own_request(stand: Stand, firm: Binder) -> None:
    person = firm.filed.subject.applicant
    own: dict[str, Any] = {"head_email": person.email, "head_phone": person.phone}
    assert broken(firm.bind(confirmation="head", **own)) == [
        "BND-06 head_email",
        "BND-06 head_phone",
    ]
    binding = firm.bind(confirmation="head", **CONTACTS).data["binding"]
    again = stand.act("repeat_head_request", firm.actor, binding=binding, **own)
    assert broken(again) == ["BND-06 head_email", "BND-06 head_phone"]


def test_of_two_who_ask_the_head_the_first_confirmed_has_it(stand: Stand, firm: Binder) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    token = token_of(stand)
    assert firm.bind_signed(firm.head, role="head", documents=[]).state == "bound"
    late = answered(stand, token)
    assert (late.refusal, broken(late)) == ("state", ["BND-03 organization"])
    assert firm.kept().owner == firm.head.account


def test_a_form_of_contacts_is_checked_in_a_repetition(stand: Stand, firm: Binder) -> None:
    binding = firm.bind(confirmation="head", **CONTACTS).data["binding"]
    wrong = stand.act(
        "repeat_head_request", firm.actor, binding=binding, head_email="head@", head_phone="8903"
    )
    assert broken(wrong) == ["ID-10 head_email", "ID-09 head_phone"]


def test_no_token_and_no_code_is_in_the_store_or_in_the_journal(stand: Stand, firm: Binder) -> None:
    firm.bind(confirmation="head", **CONTACTS)
    token = token_of(stand)
    stand.act("open_head_link", token=token)
    code = code_of(stand).encode()
    lines = [each.body for each in stand.store.journal()]
    bindings = stand.store.find("binding", "account", firm.actor.account or "")
    planned = stand.store.up_to("task", "due", "9", 100)
    kept = [bytes(each.body) for each in [*bindings, *planned]]
    assert bindings
    assert planned
    assert all(token.encode() not in body for body in [*lines, *kept])
    assert all(code not in body for body in lines)
