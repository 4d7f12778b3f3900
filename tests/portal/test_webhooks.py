"""Webhooks: signed, in order, repeated after growing pauses, listed when given up (INT-03)."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from portal.events import Event, EventKind, publish
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from portal.webhooks.delivery import GIVES_UP_AFTER
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.wiring import broken, journal, portal_with

URL = "https://erp.example.org/hooks"
DAY = dt.timedelta(days=1)


class Office:
    """A cabinet whose head adds receivers, and events that happen to it."""

    def __init__(self, store: Store) -> None:
        self.stand = portal_with(store=store)
        self.cabinet = Cabinet(self.stand)
        self.head = self.cabinet.member("head")
        self.hooks = self.stand.webhooks

    def act(self, name: str, actor: Actor | None = None, **form: Any) -> Outcome:
        form = {"organization": self.cabinet.id, **form}
        return self.stand.act(name, actor or self.head, **form)

    def read(self, name: str, **query: Any) -> Outcome:
        return self.stand.read(name, self.head, organization=self.cabinet.id, **query)

    def receiver(self, url: str = URL, **form: Any) -> str:
        added = self.act("add_webhook_receiver", url=url, **form)
        assert added.state == "added", added
        return str(added.data["receiver"])

    def happens(self, *events: str, kind: EventKind = "application") -> None:
        """Events in one unit of work; what is due now is done."""
        self.publishes(*events, kind=kind)
        self.stand.portal.tick()

    def publishes(self, *events: str, kind: EventKind = "application") -> None:
        """Events in one unit of work."""
        context = Context(
            portal=self.stand.portal,
            unit=Unit(self.stand.store),
            actor=Actor(),
            now=self.stand.clock.now(),
        )
        for event in events:
            publish(
                context,
                Event(
                    id=event,
                    organization=self.cabinet.id,
                    kind=kind,
                    subject="a1",
                    title=f"Событие {event}",
                    text="Заявление рассматривается",
                    details={"state": "processing"},
                    at=self.stand.clock.now(),
                ),
            )
        context.unit.commit()

    def passes(self, time: dt.timedelta) -> None:
        """Time that stops at each moment for which something is planned."""
        end = self.stand.clock.now() + time
        while (due := self.stand.portal.next_due()) is not None and due <= end:
            self.stand.clock.move_to(max(due, self.stand.clock.now()))
            self.stand.portal.tick()
        self.stand.clock.move_to(end)

    def deliveries(self, receiver: str, **query: Any) -> list[tuple[str, str, int]]:
        """Events with state and attempts, in the order of deliveries."""
        items = self.read("webhook_deliveries", receiver=receiver, **query).data["items"]
        return [(each["event"], each["state"], each["attempts"]) for each in items]


@pytest.fixture(name="office")
def _office(store: Store) -> Office:
    return Office(store)


def test_a_receiver_hears_of_events_in_their_order(office: Office) -> None:
    receiver = office.receiver()
    office.happens("e2", "e1")
    office.happens("e3")
    assert office.hooks.events(URL) == ["e2", "e1", "e3"]
    assert office.hooks.taken[0][1] == {
        "event": "e2",
        "kind": "application",
        "organization": office.cabinet.id,
        "agency": "",
        "subject": "a1",
        "title": "Событие e2",
        "text": "Заявление рассматривается",
        "details": {"state": "processing"},
        "at": office.stand.clock.now().isoformat(),
    }
    assert office.deliveries(receiver) == [
        ("e2", "delivered", 1),
        ("e1", "delivered", 1),
        ("e3", "delivered", 1),
    ]
    assert office.read("webhook_deliveries", receiver=receiver).violations == ()


def test_the_body_is_signed_with_the_secret_that_was_shown_once(office: Office) -> None:
    added = office.act("add_webhook_receiver", url=URL)
    secret = added.data["secret"]
    office.happens("e1")
    header, body = office.hooks.signatures[0]
    told = dict(part.split("=", 1) for part in header.split(","))
    assert told["t"] == str(int(office.stand.clock.now().timestamp()))
    signed = f"{told['t']}.".encode() + body
    code = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert told["v1"] == code
    other = hmac.new(b"another", signed, hashlib.sha256).hexdigest()
    assert told["v1"] != other
    seen = office.read("webhook_receivers").data["items"]
    assert [(each["url"], each["waiting"], "secret" in each) for each in seen] == [(URL, 0, False)]
    assert secret not in json.dumps(seen)


def test_a_receiver_hears_of_its_kinds_alone(office: Office) -> None:
    receiver = office.receiver(kinds=["payment"])
    office.happens("e1")
    office.happens("p1", kind="payment")
    assert office.deliveries(receiver) == [("p1", "delivered", 1)]


def test_pauses_grow_until_the_receiver_takes_it(office: Office) -> None:
    receiver = office.receiver()
    office.hooks.down.add(URL)
    begun, pauses = office.stand.clock.now(), []
    office.happens("e1")
    for _ in range(11):
        due = office.stand.portal.next_due()
        assert due is not None
        pauses.append(int((due - office.stand.clock.now()).total_seconds()))
        office.stand.clock.move_to(due)
        office.stand.portal.tick()
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert office.deliveries(receiver) == [("e1", "waiting", 12)]
    assert broken(office.read("webhook_deliveries", receiver=receiver)) == ["INT-03 url"]
    office.hooks.down.clear()
    office.passes(dt.timedelta(hours=1))
    assert office.deliveries(receiver) == [("e1", "delivered", 13)]
    assert office.read("webhook_deliveries", receiver=receiver).violations == ()
    assert office.stand.clock.now() - begun < GIVES_UP_AFTER


def test_a_day_without_the_receiver_loses_no_event_and_keeps_the_order(office: Office) -> None:
    receiver = office.receiver()
    office.hooks.down.add(URL)
    expected = []
    for hour in range(24):
        expected += [f"z{23 - hour:02}", f"a{hour:02}"]  # no order of ids
        office.happens(*expected[-2:])
        office.passes(dt.timedelta(hours=1))
    assert office.hooks.events(URL) == []
    office.hooks.down.clear()
    office.passes(dt.timedelta(hours=1))
    assert office.hooks.events(URL) == expected
    assert {state for _, state, _ in office.deliveries(receiver)} == {"delivered"}


def test_what_is_not_taken_in_three_days_is_listed_and_the_next_one_goes_on(office: Office) -> None:
    receiver = office.receiver()
    office.hooks.down.add(URL)
    office.happens("e1")
    office.passes(2 * DAY)
    office.happens("e2")
    office.passes(DAY - dt.timedelta(microseconds=1))
    assert [state for _, state, _ in office.deliveries(receiver)] == ["waiting", "waiting"]
    office.passes(dt.timedelta(hours=1))
    states = [(event, state) for event, state, _ in office.deliveries(receiver)]
    assert states == [("e1", "undelivered"), ("e2", "waiting")]
    assert journal(office.stand, office.cabinet.id)[-1] == ("deliver_webhook", "undelivered")
    office.hooks.down.clear()
    office.passes(dt.timedelta(hours=1))
    assert office.hooks.events(URL) == ["e2"]
    listed = office.read("webhook_deliveries", receiver=receiver, state="undelivered")
    assert [each["event"] for each in listed.data["items"]] == ["e1"]
    assert broken(listed) == ["INT-03 url"]


def given_up(office: Office) -> tuple[str, str]:
    """The receiver and the delivery that it has not taken."""
    receiver = office.receiver()
    office.hooks.down.add(URL)
    office.happens("e1")
    office.passes(GIVES_UP_AFTER + dt.timedelta(hours=1))
    office.hooks.down.clear()
    items = office.read("webhook_deliveries", receiver=receiver, state="undelivered").data["items"]
    return receiver, items[0]["delivery"]


def test_what_was_given_up_is_sent_again_once(office: Office) -> None:
    receiver, delivery = given_up(office)
    again = office.act("repeat_webhook_delivery", delivery=delivery)
    assert (again.state, again.data["number"]) == ("waiting", 2)
    office.stand.portal.tick()
    assert office.hooks.events(URL) == ["e1"]
    twice = office.act("repeat_webhook_delivery", delivery=delivery)
    assert (twice.refusal, twice.state) == ("state", "repeated")
    states = [(event, state) for event, state, _ in office.deliveries(receiver)]
    assert states == [("e1", "repeated"), ("e1", "delivered")]
    assert office.read("webhook_deliveries", receiver=receiver).violations == ()


def test_a_slow_receiver_does_not_hold_another_up(office: Office) -> None:
    office.receiver()
    office.receiver("https://crm.example.org/")
    office.hooks.down.add(URL)
    office.happens("e1")
    office.happens("e2")
    assert office.hooks.events("https://crm.example.org/") == ["e1", "e2"]
    assert office.hooks.events(URL) == []


def test_events_that_come_during_a_delivery_do_not_repeat_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = office.receiver()
    post, more = office.hooks.post, [f"e{number}" for number in range(2, 12)]

    def with_an_event(url: str, body: bytes, headers: Mapping[str, str]) -> None:
        post(url, body, headers)
        if more:
            office.publishes(more.pop(0))

    monkeypatch.setattr(office.hooks, "post", with_an_event)
    office.happens("e1")
    expected = [f"e{number}" for number in range(1, 12)]
    assert office.hooks.events(URL) == expected
    assert office.deliveries(receiver) == [(event, "delivered", 1) for event in expected]
    office.happens("e12")
    assert office.hooks.events(URL)[-1] == "e12"


def test_a_receiver_that_has_moved_is_tried_there_at_once(office: Office) -> None:
    receiver = office.receiver()
    office.hooks.down.add(URL)
    office.happens("e1")
    moved = office.act("move_webhook_receiver", receiver=receiver, url="https://new.example.org/")
    assert (moved.state, moved.data["url"]) == ("moved", "https://new.example.org/")
    office.stand.portal.tick()
    assert office.hooks.events("https://new.example.org/") == ["e1"]
    wrong = office.act("move_webhook_receiver", receiver=receiver, url="http://new.example.org/")
    assert broken(wrong) == ["INT-03 url"]


def test_a_receiver_that_is_removed_hears_of_nothing_more(office: Office) -> None:
    receiver = office.receiver()
    office.hooks.down.add(URL)
    office.happens("e1")
    attempts = len(office.hooks.attempts)
    assert office.act("remove_webhook_receiver", receiver=receiver).state == "removed"
    office.happens("e2")
    office.passes(DAY)
    assert len(office.hooks.attempts) == attempts
    assert office.read("webhook_receivers").data["items"] == []
    assert office.act("remove_webhook_receiver", receiver=receiver).refusal == "absent"


@pytest.mark.parametrize(
    "url", ["http://erp.example.org/", "https://u:p@erp.example.org/", "почта"]
)
def test_an_address_that_is_none_is_refused(office: Office, url: str) -> None:
    assert broken(office.act("add_webhook_receiver", url=url)) == ["INT-03 url"]
    assert journal(office.stand, office.cabinet.id)[-1] == ("add_webhook_receiver", "refused")


def test_ten_receivers_are_enough(office: Office) -> None:
    for number in range(10):
        office.receiver(f"https://erp.example.org/{number}")
    assert broken(office.act("add_webhook_receiver", url=URL)) == ["INT-03 url"]


def test_receivers_of_others_are_not_there(office: Office) -> None:
    receiver, delivery = given_up(office)
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732260")
    for name, form in (
        ("move_webhook_receiver", {"receiver": receiver, "url": URL}),
        ("remove_webhook_receiver", {"receiver": receiver}),
        ("repeat_webhook_delivery", {"delivery": delivery}),
    ):
        outcome = office.act(name, stranger, organization=other.id, **form)
        assert outcome.refusal == "absent"
        assert journal(office.stand, office.cabinet.id)[-1] == (name, "another's")
