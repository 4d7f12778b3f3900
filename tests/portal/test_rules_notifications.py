"""Chapter NTF: what is chosen, confirmed, gathered, told again and told of before its term."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.rules import notifications
from portal.rules.notifications import (
    ConfirmedChange,
    Frequency,
    NoticeOnItsWay,
    Subscription,
    TermAhead,
    WantedFrequency,
    WantedNotices,
    WantedSubscriptions,
    next_digest,
)
from portal.rules.rule import Rule
from rulebook import Text
from tests.portal.findings import found
from world.calendar import Calendar

MOSCOW = ZoneInfo("Europe/Moscow")
DUE = dt.datetime(2026, 2, 26, tzinfo=MOSCOW)
SECOND = dt.timedelta(seconds=1)
CALENDAR = Calendar(start=dt.datetime(2026, 2, 2))


def fields(check: Rule[Any], claim: object) -> list[str]:
    return [field for field, _ in found(check, claim)]


@pytest.mark.parametrize(
    ("channels", "kinds", "expected"),
    [
        (["email"], ["payment"], []),
        (["email", "sms", "push"], ["application", "law"], []),
        ([], ["payment"], ["channels"]),
        (["email"], [], ["subscriptions"]),
        ([], [], ["channels", "subscriptions"]),
        (["email", "pigeon"], ["payment"], ["channels.1"]),
        (["email"], ["payment", "weather"], ["subscriptions.1.kind"]),
    ],
)
def test_a_channel_and_an_event_of_those_that_there_are_is_chosen(
    channels: Sequence[str], kinds: Sequence[str], expected: list[str]
) -> None:
    claim = WantedNotices(channels=channels, kinds=kinds)
    assert fields(notifications.notices_are_chosen, claim) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (ConfirmedChange(is_typed=True, wrong=None), []),
        (ConfirmedChange(is_typed=False, wrong=None), [("code", "кода нет")]),
        (ConfirmedChange(is_typed=True, wrong=Text("неверен", "wrong")), [("code", "неверен")]),
    ],
)
def test_a_change_is_confirmed_by_a_code(
    claim: ConfirmedChange, expected: list[tuple[str, str]]
) -> None:
    assert found(notifications.change_is_confirmed, claim) == expected


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("at_once", []),
        ("daily", []),
        ("weekly", []),
        ("monthly", ["frequency"]),
        ("", ["frequency"]),
    ],
)
def test_a_frequency_is_one_of_three(frequency: str, expected: list[str]) -> None:
    claim = WantedFrequency(frequency=frequency)
    assert fields(notifications.frequency_is_known, claim) == expected


@pytest.mark.parametrize(("was_given_up", "expected"), [(False, []), (True, [("n", "Платёж")])])
def test_a_notice_that_came_by_no_channel_is_named(
    was_given_up: bool, expected: list[tuple[str, str]]
) -> None:
    claim = NoticeOnItsWay(title="Платёж", was_given_up=was_given_up, field="n")
    assert found(notifications.notice_is_delivered, claim) == expected


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (DUE - dt.timedelta(days=14) - SECOND, False),
        (DUE - dt.timedelta(days=14), True),
        (DUE - SECOND, True),
        (DUE, False),
    ],
)
def test_a_term_is_told_from_two_weeks_before_until_it_ends(
    now: dt.datetime, is_told: bool
) -> None:
    claim = TermAhead(title="Отчёт", due=DUE, now=now)
    expected = [("", "Отчёт, до 26.02.2026")] if is_told else []
    assert found(notifications.term_is_told, claim) == expected


@pytest.mark.parametrize(
    ("agency", "kind", "contacts", "expected"),
    [
        ("fns", "payment", {"email": "a@b.test"}, []),
        ("any", "payment", {}, []),
        ("", "payment", {}, ["subscriptions.0.agency"]),
        ("nasa", "payment", {}, ["subscriptions.0.agency"]),
        ("fns", "", {}, ["subscriptions.0.kind"]),
        ("fns", "payment", {"email": "a@b.test", "push": ""}, ["channels"]),
        ("", "", {"sms": ""}, ["subscriptions.0.agency", "subscriptions.0.kind", "channels"]),
    ],
)
def test_a_subscription_names_agency_event_and_contact(
    agency: str, kind: str, contacts: dict[str, str], expected: list[str]
) -> None:
    claim = WantedSubscriptions(
        subscriptions=(Subscription(agency=agency, kind=kind),),
        agencies=("fns", "portal"),
        contacts=contacts,
    )
    assert fields(notifications.subscriptions_are_whole, claim) == expected


@pytest.mark.parametrize(
    ("frequency", "now", "expected"),
    [
        ("at_once", "2026-02-02T08:59:59", "2026-02-02T08:59:59"),
        ("daily", "2026-02-02T08:59:59", "2026-02-02T09:00:00"),
        ("daily", "2026-02-02T09:00:00", "2026-02-03T09:00:00"),
        ("weekly", "2026-02-02T08:59:59", "2026-02-02T09:00:00"),
        ("weekly", "2026-02-02T09:00:00", "2026-02-09T09:00:00"),
        ("weekly", "2026-02-08T23:59:59", "2026-02-09T09:00:00"),
        ("weekly", "2026-02-09T09:00:00", "2026-02-16T09:00:00"),
    ],
)
def test_digests_go_at_nine_every_day_or_on_mondays(
    frequency: Frequency, now: str, expected: str
) -> None:
    moments = [dt.datetime.fromisoformat(each).replace(tzinfo=MOSCOW) for each in (now, expected)]
    assert next_digest(frequency, moments[0], CALENDAR) == moments[1]
