"""Tickets from asking to the decision."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.documents.stored_document import StoredDocument
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.file_formats import FileFormat

STAFF = Actor(operator="Ольга")
PHONE = "+70100732259"
INN = "500100732259"
WHOLE = {
    "topic": "failure",
    "inn": "7707083893",
    "kpp": "773601001",
    "snils": "11223344595",
    "description": "Заявка не отправляется",
    "screenshot": "screen",
    "log": "log",
}


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="anna")
def _anna(stand: Stand) -> Actor:
    """Somebody with an uploaded picture and an uploaded log."""
    actor = Cabinet(stand).member("head")
    unit = Unit(stand.store)
    formats: dict[str, FileFormat] = {"screen": "png", "log": "pdf"}
    for name, file_format in formats.items():
        unit.put(
            StoredDocument(
                id=name,
                owner=actor.account or "",
                organization=None,
                session="s",
                context="form",
                document_type="attachment",
                file_name=name,
                file_format=file_format,
                size=4,
                digest="",
                status="ready",
                uploaded_at=stand.clock.now(),
            )
        )
    unit.commit()
    return actor


def stranger(stand: Stand) -> Actor:
    return Cabinet(stand, numbers=dict(OTHER_LEGAL)).member("head", "500100732260")


def opened(stand: Stand, actor: Actor, **changes: Any) -> Outcome:
    return stand.act("open_ticket", actor, **{**WHOLE, **changes})


def answered(stand: Stand, ticket: str, text: str = "Очистите кеш") -> Outcome:
    return stand.act("answer_ticket", STAFF, ticket=ticket, answer=text)


def move_to(stand: Stand, text: str) -> None:
    moment = dt.datetime.fromisoformat(text).replace(tzinfo=stand.clock.now().tzinfo)
    stand.clock.move_to(moment)
    stand.portal.tick()


def test_a_request_becomes_a_ticket_with_a_number_and_is_answered(
    stand: Stand, anna: Actor
) -> None:
    made = opened(stand, anna)
    number = made.data["number"]
    assert (made.state, number[:7], made.data["due"]) == (
        "working",
        "260202-",
        "2026-02-03T23:59:59.999999+03:00",
    )
    queue = stand.read("support_tickets", STAFF).data["items"]
    assert [each["number"] for each in queue] == [number]
    assert answered(stand, made.data["ticket"]).state == "answered"
    assert stand.messenger.sent_to(PHONE)[-1] == f"Обращение {number}. Решение: Очистите кеш"
    seen = stand.read("ticket", anna, ticket=made.data["ticket"])
    assert (seen.state, seen.data["answer"]) == ("answered", "Очистите кеш")
    assert stand.read("support_tickets", STAFF).data["items"] == []
    assert stand.act("close_ticket", anna, ticket=made.data["ticket"]).state == "closed"
    assert journal(stand, anna.account or "") == [
        ("open_ticket", "working"),
        ("answer_ticket", "answered"),
        ("close_ticket", "closed"),
    ]


def test_a_letter_goes_by_mail_if_that_is_confirmed(stand: Stand, anna: Actor) -> None:
    unit = Unit(stand.store)
    account = unit.get(Account, anna.account or "")
    assert account is not None
    unit.put(replace(account, email_confirmed=True))
    unit.commit()
    made = opened(stand, anna)
    answered(stand, made.data["ticket"])
    assert stand.messenger.sent_to(PHONE) == []
    assert len(stand.messenger.sent_to(account.email)) == 1


def test_a_decision_without_words_is_refused_and_told_to_nobody(stand: Stand, anna: Actor) -> None:
    ticket = opened(stand, anna).data["ticket"]
    empty = answered(stand, ticket, " \n")
    assert (empty.refusal, empty.state, broken(empty)) == ("wrong", "working", ["SUP-02 answer"])
    assert stand.messenger.letters == {}
    assert stand.read("ticket", anna, ticket=ticket).state == "working"
    assert answered(stand, ticket, " .").state == "answered"
    assert len(stand.messenger.letters) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"channel": "fax"}, ["SUP-01 channel"]),
        ({"topic": "weather"}, ["SUP-01 topic"]),
        ({"log": ""}, ["SUP-01 log"]),
        ({"log": "nothing"}, ["SUP-01 log"]),
        ({"screenshot": "log"}, ["SUP-04 screenshot"]),
        ({"inn": "500100732259", "kpp": ""}, []),
        ({"snils": "123"}, ["ID-06 snils"]),
        (
            {"inn": "", "kpp": "", "snils": "", "description": "", "screenshot": "", "log": ""},
            [
                "SUP-01 log",
                *(f"SUP-04 {name}" for name in ("inn", "description", "kpp", "snils")),
                "SUP-04 screenshot",
            ],
        ),
    ],
)
def test_what_is_missing_is_named_at_once(
    stand: Stand, anna: Actor, changes: dict[str, str], expected: list[str]
) -> None:
    made = opened(stand, anna, **changes)
    assert broken(made) == expected
    known = stand.read("my_tickets", anna).data["items"]
    assert len(known) == (0 if expected else 1)


def test_somebody_elses_picture_is_none(stand: Stand, anna: Actor) -> None:
    other = stranger(stand)
    assert broken(opened(stand, other)) == ["SUP-01 log", "SUP-04 screenshot"]


def test_a_report_of_a_failure_lends_its_picture_and_words(stand: Stand, anna: Actor) -> None:
    reported = stand.act(
        "report_incident",
        anna,
        happened_at="2026-02-02T09:00:00",
        error_code="later",
        screenshot="screen",
        description="Портал не ответил",
    )
    incident = reported.data["incident"]
    made = opened(stand, anna, incident=incident, screenshot="", description="")
    assert (made.data["incident"], made.data["screenshot"], made.data["description"]) == (
        incident,
        "screen",
        "Портал не ответил",
    )
    other = stranger(stand)
    theirs = opened(stand, other, incident=incident, screenshot="")
    assert "SUP-04 screenshot" in broken(theirs)


# --- by phone, by mail, in a regional centre


@pytest.mark.parametrize("channel", ["phone", "mail", "center"])
def test_the_staff_writes_down_what_comes_otherwise_and_asks_for_what_is_missing(
    stand: Stand, anna: Actor, channel: str
) -> None:
    made = stand.act(
        "register_ticket",
        STAFF,
        login=INN,
        **{**WHOLE, "channel": channel, "kpp": "", "screenshot": "", "log": ""},
    )
    assert (made.state, made.refusal, broken(made)) == (
        "waiting",
        None,
        ["SUP-01 log", "SUP-04 kpp", "SUP-04 screenshot"],
    )
    assert "Добавьте ИНН и КПП" in stand.messenger.sent_to(PHONE)[-1]
    about = {"ticket": made.data["ticket"]}
    partly = stand.act("supplement_ticket", anna, **about, kpp="773601001")
    assert broken(partly) == ["SUP-01 log", "SUP-04 screenshot"]
    brought = {"kpp": "773601001", "screenshot": "screen", "log": "log"}
    assert stand.act("supplement_ticket", anna, **about, **brought).state == "working"
    again = stand.act("supplement_ticket", anna, **about, **brought)
    assert (again.state, again.refusal) == ("working", "state")


def test_of_a_description_4000_characters_are_kept_whenever_it_comes(
    stand: Stand, anna: Actor
) -> None:
    long = "я" * 4001
    assert opened(stand, anna, description=long).data["description"] == long[:4000]
    without = {**WHOLE, "channel": "phone", "description": ""}
    made = stand.act("register_ticket", STAFF, login=INN, **without)
    about = {"ticket": made.data["ticket"]}
    supplied = stand.act("supplement_ticket", anna, **about, description=long)
    assert (supplied.state, supplied.data["description"]) == ("working", long[:4000])


def test_a_whole_request_is_worked_on_at_once(stand: Stand, anna: Actor) -> None:
    made = stand.act("register_ticket", STAFF, login=INN, **WHOLE, channel="phone")
    assert (made.state, broken(made)) == ("working", [])


def test_the_staff_writes_down_nothing_of_nobody_and_by_no_other_channel(
    stand: Stand, anna: Actor
) -> None:
    unknown = stand.act("register_ticket", STAFF, login="1", **WHOLE)
    assert unknown.refusal == "absent"
    odd = stand.act("register_ticket", STAFF, login=INN, **{**WHOLE, "log": "", "channel": "fax"})
    assert broken(odd) == ["SUP-01 channel"]


# --- terms (SUP-02)


@pytest.mark.parametrize(
    ("channel", "moment", "expected"),
    [
        ("phone", "2026-02-03T03:00:00", []),
        ("mail", "2026-02-03T03:00:00", []),
        ("mail", "2026-02-08T12:00:00", ["SUP-02 channel"]),
        ("form", "2026-02-03T08:59:59", ["SUP-02 channel"]),
        ("form", "2026-02-03T09:00:00", []),
        ("chat", "2026-02-03T17:59:59", []),
        ("chat", "2026-02-03T18:00:00", ["SUP-02 channel"]),
    ],
)
def test_answers_come_in_the_hours_of_the_channel(
    stand: Stand, anna: Actor, channel: str, moment: str, expected: list[str]
) -> None:
    made = opened(stand, anna, channel=channel)
    move_to(stand, moment)
    assert broken(answered(stand, made.data["ticket"])) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-02-03T23:59:59.999999", []),
        ("2026-02-04T00:00:00", ["SUP-02 answer"]),
    ],
)
def test_an_answer_that_is_late_is_told_of(
    stand: Stand, anna: Actor, moment: str, expected: list[str]
) -> None:
    made = opened(stand, anna)
    move_to(stand, moment)
    views = [
        stand.read("ticket", anna, ticket=made.data["ticket"]),
        stand.read("my_tickets", anna),
        stand.read("support_tickets", STAFF),
    ]
    assert [broken(each) for each in views] == [expected] * 3
    move_to(stand, "2026-02-04T12:00:00")
    answered(stand, made.data["ticket"])
    assert broken(stand.read("my_tickets", anna)) == []


# --- priority (SUP-03)


def test_a_failure_that_comes_again_after_ones_own_steps_is_urgent(
    stand: Stand, anna: Actor
) -> None:
    first, second = (opened(stand, anna).data["ticket"] for _ in range(2))
    early = stand.act("repeat_failure", anna, ticket=second, steps="Очистили кеш")
    assert (early.refusal, broken(early)) == ("state", ["SUP-03 ticket"])
    answered(stand, second)
    idle = stand.act("repeat_failure", anna, ticket=second)
    assert (idle.refusal, broken(idle)) == ("wrong", ["SUP-03 steps"])
    stand.after(hours=1)
    urgent = stand.act("repeat_failure", anna, ticket=second, steps="Очистили кеш")
    assert (urgent.state, urgent.data["priority"]) == ("working", "high")
    queue = stand.read("support_tickets", STAFF).data["items"]
    assert [each["ticket"] for each in queue] == [second, first]


# --- whose it is (SUP-05)


@pytest.mark.parametrize(
    ("topic", "addressee", "title"),
    [
        ("inn", "fns", "ФНС"),
        ("kpp", "fns", "ФНС"),
        ("authority", "fns", "ФНС"),
        ("sync", "erp", "поставщик учётной системы"),
        ("reception", "service_center", "региональный центр"),
    ],
)
def test_what_others_decide_is_passed_on_and_not_answered_here(
    stand: Stand, anna: Actor, topic: str, addressee: str, title: str
) -> None:
    made = opened(stand, anna, topic=topic)
    assert (made.state, made.data["addressee"]) == ("forwarded", addressee)
    assert title in stand.messenger.sent_to(PHONE)[-1]
    here = answered(stand, made.data["ticket"])
    assert (here.refusal, broken(here)) == ("state", ["SUP-05 topic"])
    assert stand.act("close_ticket", anna, ticket=made.data["ticket"]).state == "closed"


# --- whose ticket it is


def test_a_ticket_is_nobody_elses(stand: Stand, anna: Actor) -> None:
    made = opened(stand, anna)
    other = stranger(stand)
    about = {"ticket": made.data["ticket"]}
    tried = [
        stand.read("ticket", other, **about),
        stand.act("supplement_ticket", other, **about),
        stand.act("repeat_failure", other, **about, steps="Да"),
        stand.act("close_ticket", other, **about),
    ]
    assert [each.refusal for each in tried] == ["absent"] * 4
    assert journal(stand, anna.account or "")[1:] == [
        (name, "another's")
        for name in ("ticket", "supplement_ticket", "repeat_failure", "close_ticket")
    ]
    assert stand.read("my_tickets", other).data["items"] == []


def test_what_is_over_is_answered_and_closed_no_more(stand: Stand, anna: Actor) -> None:
    about = {"ticket": opened(stand, anna).data["ticket"]}
    stand.act("close_ticket", anna, **about)
    tried = [
        answered(stand, about["ticket"]),
        stand.act("close_ticket", anna, **about),
        stand.act("answer_ticket", STAFF, ticket="nothing", answer="Да"),
    ]
    assert [(each.state, each.refusal) for each in tried] == [
        ("closed", "state"),
        ("closed", "state"),
        ("absent", "absent"),
    ]
