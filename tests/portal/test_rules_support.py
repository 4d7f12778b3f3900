"""Chapter SUP: what a ticket bears, when operators answer, what is urgent, whose it is."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.rules import support
from portal.rules.support import (
    AnswerAwaited,
    AnswerNow,
    Applicant,
    NewTicket,
    RepeatedFailure,
    Routed,
    TicketChannel,
    Topic,
    answer_due,
)
from tests.portal.findings import BOOK, found
from world.calendar import Calendar

MOSCOW = ZoneInfo("Europe/Moscow")
CALENDAR = Calendar(start=dt.datetime(2026, 2, 2))
WHOLE: dict[str, Any] = {
    "inn": "7707083893",
    "kpp": "773601001",
    "needs_kpp": True,
    "snils": "11223344595",
    "passport": "",
    "description": "Не отправляется",
    "screenshot": "png",
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize("channel", ["phone", "mail", "chat", "form", "center"])
def test_each_channel_makes_a_ticket(channel: str) -> None:
    claim = NewTicket(channel=channel, topic="failure", has_log=True)
    assert found(support.ticket_is_registered, claim) == []


def test_a_ticket_has_a_channel_a_topic_and_a_log() -> None:
    claim = NewTicket(channel="fax", topic="", has_log=False)
    assert found(support.ticket_is_registered, claim) == [
        ("channel", "«fax» нет"),
        ("topic", "не указано"),
        ("log", "журнала нет"),
    ]


@pytest.mark.parametrize(
    ("channel", "moment", "answers"),
    [
        ("phone", "2026-02-01T03:00:00", True),
        ("mail", "2026-02-01T12:00:00", False),
        ("mail", "2026-02-02T03:00:00", True),
        ("chat", "2026-02-02T08:59:59", False),
        ("chat", "2026-02-02T09:00:00", True),
        ("chat", "2026-02-02T17:59:59", True),
        ("chat", "2026-02-02T18:00:00", False),
        ("chat", "2026-02-01T12:00:00", False),
        ("form", "2026-02-02T09:00:00", True),
        ("form", "2026-02-02T18:00:00", False),
        ("center", "2026-02-02T12:00:00", True),
        ("center", "2026-02-01T12:00:00", False),
    ],
)
def test_operators_answer_in_the_hours_of_their_channel(
    channel: TicketChannel, moment: str, answers: bool
) -> None:
    claim = AnswerNow(answer="Да", channel=channel, now=at(moment), calendar=CALENDAR)
    expected = [] if answers else [("channel", "сейчас не отвечают")]
    assert found(support.answer_is_in_time, claim) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", [("answer", "не указано")]),
        (" \n\t\u00a0", [("answer", "не указано")]),
        (" .", []),
    ],
)
def test_an_answer_has_words(answer: str, expected: list[tuple[str, str]]) -> None:
    now = at("2026-02-02T10:00:00")
    claim = AnswerNow(answer=answer, channel="chat", now=now, calendar=CALENDAR)
    assert found(support.answer_is_in_time, claim) == expected


@pytest.mark.parametrize(
    ("asked", "days", "last"),
    [
        ("2026-02-02T10:00:00", 1, "2026-02-03T23:59:59.999999"),
        ("2026-02-02T10:00:00", 2, "2026-02-04T23:59:59.999999"),
        ("2026-02-06T23:59:59", 1, "2026-02-09T23:59:59.999999"),
    ],
)
def test_an_answer_is_due_at_the_end_of_a_working_day(asked: str, days: int, last: str) -> None:
    policy = BOOK.policy({"SUP-02.answer_working_days": days})
    due = answer_due(at(asked), CALENDAR, policy)
    assert due == at(last)
    story = [
        found(
            support.answer_is_in_time,
            AnswerAwaited(due=due, now=due + dt.timedelta(microseconds=us), is_answered=answered),
        )
        for us, answered in ((0, False), (1, False), (1, True))
    ]
    assert story == [[], [("answer", f"ждали до {due:%d.%m.%Y %H:%M}")], []]


@pytest.mark.parametrize(
    ("steps", "was_answered", "expected"),
    [
        ("Очистили кеш", True, []),
        (" ", True, ["steps"]),
        ("Очистили кеш", False, ["ticket"]),
        ("", False, ["ticket", "steps"]),
    ],
)
def test_high_priority_takes_instructions_and_steps(
    steps: str, was_answered: bool, expected: list[str]
) -> None:
    claim = RepeatedFailure(steps=steps, was_answered=was_answered)
    assert [field for field, _ in found(support.urgency_is_earned, claim)] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"screenshot": "jpg"}, []),
        ({"snils": "", "passport": "4510123456"}, []),
        ({"needs_kpp": False, "kpp": ""}, []),
        ({"inn": ""}, ["inn"]),
        ({"kpp": " "}, ["kpp"]),
        ({"snils": "", "passport": ""}, ["snils"]),
        ({"description": ""}, ["description"]),
        ({"screenshot": None}, ["screenshot"]),
        ({"screenshot": "pdf"}, ["screenshot"]),
        (
            {"inn": "", "kpp": "", "snils": "", "description": "", "screenshot": None},
            ["inn", "description", "kpp", "snils", "screenshot"],
        ),
    ],
)
def test_an_applicant_is_known_and_shows_what_they_see(
    changes: dict[str, Any], expected: list[str]
) -> None:
    claim = Applicant(**{**WHOLE, **changes})
    assert [field for field, _ in found(support.applicant_is_known, claim)] == expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("failure", []),
        ("question", []),
        ("inn", [("topic", "ФНС")]),
        ("kpp", [("topic", "ФНС")]),
        ("authority", [("topic", "ФНС")]),
        ("sync", [("topic", "поставщик учётной системы")]),
        ("reception", [("topic", "региональный центр")]),
    ],
)
def test_what_others_decide_is_theirs(topic: Topic, expected: list[tuple[str, str]]) -> None:
    assert found(support.support_decides, Routed(topic=topic)) == expected
