"""Notices are delivered at once or in digests, by another channel if one fails, after a pause."""

import datetime as dt

import pytest

from portal.notifications import delivery
from portal.notifications.notice import Dispatch, Notice
from portal.notifications.settings import NotificationSettings
from portal.organizations.organization import Membership, membership_id
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.cabinets import Cabinet
from tests.portal.subscribers import MAIL, PHONE, change, happen, states, subscribed, told
from tests.portal.wiring import broken, journal, portal_with


@pytest.fixture(name="cabinet")
def _cabinet(store: Store) -> Cabinet:
    return Cabinet(portal_with(store=store))


@pytest.fixture(name="head")
def _head(cabinet: Cabinet) -> Actor:
    return cabinet.member("head")


def letters(cabinet: Cabinet) -> list[tuple[str, str, list[str]]]:
    """Channel, subject and titles of every message but codes."""
    return [
        (each.channel, each.subject, [line.split(".")[0] for line in each.text.split("\n")])
        for each in cabinet.stand.messenger.letters.values()
        if not each.text.startswith("Код")
    ]


def run_dry(cabinet: Cabinet) -> None:
    """Two channels have had their chances."""
    for _ in range(4):
        cabinet.stand.after(minutes=1)


def move_to(cabinet: Cabinet, text: str) -> None:
    clock = cabinet.stand.clock
    clock.move_to(dt.datetime.fromisoformat(text).replace(tzinfo=clock.now().tzinfo))
    cabinet.stand.portal.tick()


# --- what is subscribed to (NTF-01, NTF-06)


@pytest.mark.parametrize(
    ("agency", "kind", "comes"),
    [
        ("any", "payment", True),
        ("payment_gateway", "payment", True),
        ("fns", "payment", False),
        ("any", "document", False),
        ("portal", "payment", False),
    ],
)
def test_an_event_comes_to_whom_its_agency_and_kind_are_subscribed(
    cabinet: Cabinet, head: Actor, agency: str, kind: str, comes: bool
) -> None:
    subscribed(cabinet, head, subscriptions=[{"agency": agency, "kind": kind}])
    happen(cabinet, "Платёж")
    expected = [("email", "Платёж", ["Платёж"])] if comes else []
    assert letters(cabinet) == expected


def test_the_portals_own_events_have_a_name_too(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, subscriptions=[{"agency": "portal", "kind": "data_change"}])
    happen(cabinet, "Профиль", kind="data_change", agency="")
    assert letters(cabinet) == [("email", "Профиль", ["Профиль"])]


@pytest.mark.parametrize(
    ("channel", "contact"), [("email", MAIL), ("sms", PHONE), ("push", "phone-1")]
)
def test_each_channel_has_its_contact(
    cabinet: Cabinet, head: Actor, channel: str, contact: str
) -> None:
    subscribed(cabinet, head, channels=[channel])
    happen(cabinet, "Платёж")
    assert cabinet.stand.messenger.sent_to(contact) == ["Платёж. подробности"]


# --- digests (NTF-03)


def test_a_daily_digest_gathers_what_has_come_since_the_last(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, frequency="daily")
    happen(cabinet, "Первый")
    happen(cabinet, "Второй")
    move_to(cabinet, "2026-02-03T08:59:59")
    assert letters(cabinet) == []
    move_to(cabinet, "2026-02-03T09:00:00")
    first = ("email", "Сводка уведомлений: 2", ["Первый", "Второй"])
    assert letters(cabinet) == [first]
    move_to(cabinet, "2026-02-04T09:00:00")
    assert letters(cabinet) == [first]
    happen(cabinet, "Третий")
    move_to(cabinet, "2026-02-05T09:00:00")
    assert letters(cabinet) == [first, ("email", "Третий", ["Третий"])]


def test_what_happens_while_a_digest_goes_is_in_one(
    cabinet: Cabinet, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(cabinet, head, frequency="daily")
    happen(cabinet, "Первый")
    send, meanwhile = delivery.send_notices, ["Второй"]

    def overtaken(context: Context, settings: NotificationSettings, notices: list[Notice]) -> None:
        send(context, settings, notices)
        if meanwhile:
            told(cabinet, meanwhile.pop())

    monkeypatch.setattr(delivery, "send_notices", overtaken)
    move_to(cabinet, "2026-02-03T09:00:00")
    move_to(cabinet, "2026-02-04T09:00:00")
    assert letters(cabinet) == [("email", "Сводка уведомлений: 2", ["Первый", "Второй"])]


def test_a_weekly_digest_comes_on_monday(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, frequency="weekly")
    happen(cabinet, "Первый")
    move_to(cabinet, "2026-02-09T08:59:59")
    assert letters(cabinet) == []
    move_to(cabinet, "2026-02-09T09:00:00")
    assert letters(cabinet) == [("email", "Первый", ["Первый"])]


def test_what_is_critical_waits_for_no_digest(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, frequency="weekly")
    happen(cabinet, "Обычный")
    happen(cabinet, "Отказ", is_critical=True)
    assert letters(cabinet) == [("email", "Отказ", ["Отказ"])]
    move_to(cabinet, "2026-02-09T09:00:00")
    assert [titles for *_, titles in letters(cabinet)] == [["Отказ"], ["Обычный"]]


def test_another_frequency_takes_along_what_has_gathered(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, frequency="weekly")
    happen(cabinet, "Первый")
    change(cabinet, head, frequency="daily")
    assert letters(cabinet) == []
    move_to(cabinet, "2026-02-03T09:00:00")
    assert [titles for *_, titles in letters(cabinet)] == [["Первый"]]
    happen(cabinet, "Второй")
    change(cabinet, head, frequency="at_once")
    cabinet.stand.portal.tick()
    assert [titles for *_, titles in letters(cabinet)] == [["Первый"], ["Второй"]]


def test_a_digest_that_one_sms_cannot_hold_takes_several(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, channels=["sms"], frequency="daily")
    titles = [f"Событие {number} {'о' * 180}" for number in range(5)]
    for title in titles:
        happen(cabinet, title)
    move_to(cabinet, "2026-02-03T09:00:00")
    found = letters(cabinet)
    assert [title for *_, part in found for title in part] == titles
    assert len(found) > 1
    assert max(len(each.text) for each in cabinet.stand.messenger.letters.values()) <= 600


# --- what does not arrive (NTF-04)


def test_a_gateway_that_takes_nothing_is_asked_again(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.refusing = {"email"}
    happen(cabinet, "Платёж")
    assert states(cabinet, head) == {"Платёж": "going"}
    cabinet.stand.messenger.refusing = set()
    cabinet.stand.after(minutes=1)
    assert letters(cabinet) == [("email", "Платёж", ["Платёж"])]
    assert states(cabinet, head) == {"Платёж": "delivered"}


def test_after_five_attempts_another_channel_is_taken(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.refusing = {"email"}
    cabinet.stand.messenger.attempts.clear()
    happen(cabinet, "Платёж")
    for _ in range(4):
        assert letters(cabinet) == []
        cabinet.stand.after(minutes=5)
    assert letters(cabinet) == [("sms", "", ["Платёж"])]
    assert len(cabinet.stand.messenger.attempts) == 6  # five letters and the message


def test_what_the_gateway_gives_up_is_sent_once_more_and_then_by_the_next_channel(
    cabinet: Cabinet, head: Actor
) -> None:
    subscribed(cabinet, head, channels=["push", "email", "sms"])
    cabinet.stand.messenger.losing = {"push", "email"}
    happen(cabinet, "Платёж")
    cabinet.stand.after(seconds=20)
    assert letters(cabinet) == []
    cabinet.stand.after(seconds=20)
    assert letters(cabinet) == [("sms", "", ["Платёж"])]


def test_what_the_gateway_has_given_up_may_come_the_second_time(
    cabinet: Cabinet, head: Actor
) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.losing = {"email"}
    happen(cabinet, "Платёж")
    cabinet.stand.messenger.losing = set()
    cabinet.stand.after(seconds=19)
    assert letters(cabinet) == []
    cabinet.stand.after(seconds=1)
    assert letters(cabinet) == [("email", "Платёж", ["Платёж"])]


def test_what_is_on_its_way_is_waited_for(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.slow = {"email"}
    happen(cabinet, "Платёж")
    cabinet.stand.after(hours=5)
    assert (letters(cabinet), states(cabinet, head)) == ([], {"Платёж": "going"})
    cabinet.stand.messenger.slow = set()
    cabinet.stand.after(hours=1)
    assert letters(cabinet) == [("email", "Платёж", ["Платёж"])]


def test_a_gateway_tries_a_day_but_an_hour_with_what_is_critical(
    cabinet: Cabinet, head: Actor
) -> None:
    subscribed(cabinet, head)
    happen(cabinet, "Платёж")
    happen(cabinet, "Отказ", is_critical=True)
    terms = [each.validity_s for each in cabinet.stand.messenger.letters.values()]
    assert terms == [86_400, 3_600]


def test_what_no_channel_delivers_is_listed_and_can_be_sent_again(
    cabinet: Cabinet, head: Actor
) -> None:
    stand = cabinet.stand
    subscribed(cabinet, head)
    stand.messenger.losing = {"email", "sms"}
    event = happen(cabinet, "Платёж")
    run_dry(cabinet)
    seen = stand.read("notifications", head, organization=cabinet.id, state="undelivered")
    assert (broken(seen), seen.data["items"][0]["event"]) == (["NTF-04 items.0"], event)
    assert journal(stand, cabinet.id)[-1] == ("notify", "undelivered")
    again = {"organization": cabinet.id, "notice": seen.data["items"][0]["notice"]}
    stand.act("resend_notification", head, **again)
    run_dry(cabinet)
    assert states(cabinet, head) == {"Платёж": "undelivered"}
    stand.messenger.losing = {"email"}
    assert stand.act("resend_notification", head, **again).state == "going"
    run_dry(cabinet)
    assert letters(cabinet) == [("sms", "", ["Платёж"])]
    assert broken(stand.read("notifications", head, organization=cabinet.id)) == []
    done = stand.act("resend_notification", head, **again)
    assert (done.state, done.refusal) == ("delivered", "state")


def test_a_notice_of_somebody_else_is_not_sent_again(cabinet: Cabinet, head: Actor) -> None:
    stand = cabinet.stand
    subscribed(cabinet, head)
    stand.messenger.losing = {"email", "sms"}
    happen(cabinet, "Платёж")
    run_dry(cabinet)
    notice = stand.read("notifications", head, organization=cabinet.id).data["items"][0]["notice"]
    other = cabinet.member("acc", "500100732260")
    about = {"organization": cabinet.id, "notice": notice}
    assert stand.act("resend_notification", other, **about).refusal == "absent"


def test_whoever_has_left_is_told_nothing(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head, frequency="daily")
    happen(cabinet, "До")
    unit = Unit(cabinet.stand.store)
    member = unit.get(Membership, membership_id(head.account or "", cabinet.id))
    assert member is not None
    unit.delete(member)
    unit.commit()
    happen(cabinet, "После")
    move_to(cabinet, "2026-02-03T09:00:00")
    assert letters(cabinet) == []
    cabinet.member("emp")
    assert states(cabinet, head) == {"До": "undelivered"}


# --- pauses and channels that are switched off (NTF-06)


def test_a_pause_holds_everything_and_loses_nothing(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    assert change(cabinet, head, paused=True).state == "paused"
    happen(cabinet, "Платёж")
    happen(cabinet, "Отказ", is_critical=True)
    cabinet.stand.after(days=10)
    assert letters(cabinet) == []
    change(cabinet, head, paused=False)
    cabinet.stand.portal.tick()
    assert [(channel, titles) for channel, _, titles in letters(cabinet)] == [
        ("email", ["Платёж", "Отказ"])
    ]


def test_a_pause_takes_back_what_no_gateway_has_taken_yet(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.refusing = {"email"}
    happen(cabinet, "Платёж")
    change(cabinet, head, paused=True)
    cabinet.stand.messenger.refusing = set()
    cabinet.stand.after(hours=2)
    assert (letters(cabinet), states(cabinet, head)) == ([], {"Платёж": "waiting"})
    change(cabinet, head, paused=False)
    cabinet.stand.portal.tick()
    assert [titles for *_, titles in letters(cabinet)] == [["Платёж"]]
    assert (
        Unit(cabinet.stand.store).find(Dispatch, "settings", f"{head.account}/{cabinet.id}") == []
    )


def test_a_channel_that_is_switched_off_is_used_no_more(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    cabinet.stand.messenger.refusing = {"email"}
    happen(cabinet, "До")
    change(cabinet, head, channels=["sms"])
    cabinet.stand.messenger.refusing = set()
    cabinet.stand.after(minutes=2)
    happen(cabinet, "После")
    assert letters(cabinet) == [("sms", "", ["До"]), ("sms", "", ["После"])]
