"""Events are told once, in the unit of work in which they happened."""

import datetime as dt
from dataclasses import replace

import pytest

from portal import events
from portal.events import Event, publish, subscriber
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.wiring import Stand, portal_with

EVENT = Event(
    id="e1",
    organization="o1",
    kind="payment",
    subject="p1",
    title="Платёж подтверждён",
    text="Платёж p1 подтверждён",
    at=dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC),
)


@pytest.fixture(name="heard")
def _heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(
        events,
        "_SUBSCRIBERS",
        {name: lambda _, event, name=name: heard.append(f"{name} {event.id}") for name in "ba"},
    )
    return heard


def context_of(stand: Stand) -> Context:
    return Context(
        portal=stand.portal, unit=Unit(stand.store), actor=Actor(), now=stand.clock.now()
    )


def test_an_event_is_kept_and_told_to_every_subscriber_by_name(heard: list[str]) -> None:
    stand = portal_with()
    context = context_of(stand)
    publish(context, EVENT)
    assert heard == ["a e1", "b e1"]
    assert Unit(stand.store).get(Event, "e1") is None  # nothing is committed yet
    context.unit.commit()
    assert Unit(stand.store).get(Event, "e1") == replace(EVENT, version=1)


def test_an_event_of_a_known_id_is_not_told_again(heard: list[str]) -> None:
    stand = portal_with()
    for _ in range(2):
        context = context_of(stand)
        publish(context, EVENT)
        context.unit.commit()
    assert heard == ["a e1", "b e1"]


def test_a_subscriber_has_a_name_of_its_own(heard: list[str]) -> None:
    def told(context: Context, event: Event) -> None:
        """Hear it."""

    subscriber(told)
    with pytest.raises(ValueError, match="subscriber told is written twice"):
        subscriber(told)
