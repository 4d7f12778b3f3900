"""Terms are told of before they end; courts, legislation and terms come from their sources."""

import datetime as dt

import pytest

from portal.notifications.terms import Term, TermKind, meet_term, set_term
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.cabinets import Cabinet
from tests.portal.subscribers import MAIL, subscribed
from tests.portal.wiring import Stand, broken, journal, portal_with

SECOND = dt.timedelta(seconds=1)
ALL = [{"agency": "any", "kind": kind} for kind in ("court", "law", "deadline")]


@pytest.fixture(name="cabinet")
def _cabinet(store: Store) -> Cabinet:
    return Cabinet(portal_with(store=store))


@pytest.fixture(name="head")
def _head(cabinet: Cabinet) -> Actor:
    actor = cabinet.member("head")
    subscribed(cabinet, actor, subscriptions=ALL)
    return actor


def context_of(stand: Stand) -> Context:
    return Context(
        portal=stand.portal, unit=Unit(stand.store), actor=Actor(), now=stand.clock.now()
    )


def due_in(cabinet: Cabinet, days: float, kind: TermKind = "report", title: str = "НДС") -> Term:
    """A term that a chapter sets now."""
    context = context_of(cabinet.stand)
    term = Term(
        id="term 1",
        organization=cabinet.id,
        kind=kind,
        title=title,
        due=context.now + dt.timedelta(days=days),
    )
    set_term(context, term)
    context.unit.commit()
    cabinet.stand.portal.tick()
    return term


def days_pass(cabinet: Cabinet, days: int) -> None:
    for _ in range(days):
        cabinet.stand.after(days=1)


def told(cabinet: Cabinet) -> list[str]:
    return [each.split(". ")[0] for each in cabinet.stand.messenger.sent_to(MAIL)]


# --- reminders (NTF-05)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("report", "Срок отчётности: НДС"),
        ("payment", "Срок платежа: НДС"),
        ("signature", "Срок подписи: НДС"),
    ],
)
def test_reminders_come_two_weeks_a_week_and_a_day_before(
    cabinet: Cabinet, head: Actor, kind: TermKind, title: str
) -> None:
    term = due_in(cabinet, 20, kind)
    story = []
    for days in (14, 7, 1, 0):
        for seconds in (-1, 0):
            cabinet.stand.clock.move_to(term.due - dt.timedelta(days=days) + seconds * SECOND)
            cabinet.stand.portal.tick()
            story.append(len(told(cabinet)))
    assert story == [0, 1, 1, 2, 2, 3, 3, 3]
    assert told(cabinet) == [title] * 3


@pytest.mark.parametrize(("days", "reminders"), [(14, 3), (13.9, 3), (5, 2), (0.5, 1)])
def test_one_reminder_stands_for_those_that_are_late(
    cabinet: Cabinet, head: Actor, days: float, reminders: int
) -> None:
    due_in(cabinet, days)
    assert len(told(cabinet)) == 1
    days_pass(cabinet, 20)
    assert len(told(cabinet)) == reminders


def test_a_term_that_is_met_is_not_told_of(cabinet: Cabinet, head: Actor) -> None:
    term = due_in(cabinet, 10)
    assert len(told(cabinet)) == 1
    context = context_of(cabinet.stand)
    meet_term(context, term.id)
    context.unit.commit()
    days_pass(cabinet, 20)
    assert len(told(cabinet)) == 1
    assert cabinet.stand.read("terms", head, organization=cabinet.id).data == {"items": []}


def test_a_term_that_is_over_is_not_set(cabinet: Cabinet, head: Actor) -> None:
    due_in(cabinet, 0)
    assert cabinet.stand.read("terms", head, organization=cabinet.id).data == {"items": []}


def test_a_term_that_moves_is_told_of_anew(cabinet: Cabinet, head: Actor) -> None:
    due_in(cabinet, 7)
    due_in(cabinet, 7)
    assert len(told(cabinet)) == 1
    due_in(cabinet, 30)
    cabinet.stand.after(days=16)
    assert len(told(cabinet)) == 2


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, []), (0, ["NTF-05 items.0"])], ids=["before", "from then on"]
)
def test_the_cabinet_warns_of_a_term_that_is_near(
    cabinet: Cabinet, head: Actor, seconds: int, expected: list[str]
) -> None:
    term = due_in(cabinet, 20)
    cabinet.stand.clock.move_to(term.due - dt.timedelta(days=14) + seconds * SECOND)
    seen = cabinet.stand.read("terms", head, organization=cabinet.id)
    assert broken(seen) == expected
    assert [(each["title"], each["kind_title"]) for each in seen.data["items"]] == [
        ("НДС", "Срок отчётности")
    ]


def test_the_end_of_a_certificate_is_a_term_too(cabinet: Cabinet, head: Actor) -> None:
    facts = cabinet.certificate()
    cabinet.active(head, facts)
    cabinet.stand.clock.move_to(facts.not_after - dt.timedelta(days=30))
    cabinet.stand.portal.tick()
    assert "Срок подписи: сертификат «ООО «Ромашка»»" in told(cabinet)


# --- sources


def inn(cabinet: Cabinet) -> str:
    return cabinet.numbers["inn"]


def test_decisions_and_laws_come_from_the_feed_once(cabinet: Cabinet, head: Actor) -> None:
    feed = cabinet.stand.public_events
    assert list(feed.subscribed.values()) == [f"of {inn(cabinet)}"]
    feed.tell(inn(cabinet), "court", "Дело А40-1/2026: принято", details={"court": "АС Москвы"})
    feed.tell(inn(cabinet), "legislation", "Закон № 1")
    feed.tell(inn(cabinet), "legislation", "Закон № 1", id="e2")
    feed.tell("7736050003", "court", "Чужое дело")
    cabinet.stand.after(minutes=59)
    assert told(cabinet) == []
    cabinet.stand.after(minutes=1)
    assert sorted(told(cabinet)) == ["Дело А40-1/2026: принято", "Закон № 1"]
    cabinet.stand.after(hours=5)
    assert len(told(cabinet)) == 2


def test_a_term_of_a_source_is_set_until_the_end_of_its_last_day(
    cabinet: Cabinet, head: Actor
) -> None:
    details = {"kind": "payment", "due": "2026-02-28", "title": "НДС", "period": "I квартал"}
    cabinet.stand.public_events.tell(inn(cabinet), "deadline", "НДС: срок", details=details)
    cabinet.stand.after(hours=1)
    items = cabinet.stand.read("terms", head, organization=cabinet.id).data["items"]
    assert [(each["kind"], each["title"], each["due"]) for each in items] == [
        ("payment", "НДС, I квартал", "2026-03-01T00:00:00+03:00")
    ]
    assert told(cabinet) == []
    cabinet.stand.clock.move_to(dt.datetime.fromisoformat("2026-02-15T00:00:00+03:00"))
    cabinet.stand.portal.tick()
    assert told(cabinet) == ["Срок платежа: НДС, I квартал"]


@pytest.mark.parametrize("details", [{}, {"kind": "payment", "due": "завтра"}, {"kind": "dance"}])
def test_a_term_that_makes_no_sense_is_noted(
    cabinet: Cabinet, head: Actor, details: dict[str, str]
) -> None:
    cabinet.stand.public_events.tell(inn(cabinet), "deadline", "НДС", details=details)
    cabinet.stand.after(hours=1)
    assert journal(cabinet.stand, cabinet.id)[-1] == ("read_sources", "unreadable")


def test_what_names_somebody_else_is_not_told(cabinet: Cabinet, head: Actor) -> None:
    feed = cabinet.stand.public_events
    feed.tell(inn(cabinet), "court", "Дело", inn="7736050003")
    feed.tell(inn(cabinet), "weather", "Дождь")
    cabinet.stand.after(hours=1)
    assert told(cabinet) == []
    assert journal(cabinet.stand, cabinet.id)[-1] == ("read_sources", "misaddressed")


def test_a_silent_source_is_asked_again(cabinet: Cabinet, head: Actor) -> None:
    feed = cabinet.stand.public_events
    feed.tell(inn(cabinet), "legislation", "Закон № 1")
    feed.down = True
    cabinet.stand.after(hours=1)
    assert told(cabinet) == []
    feed.down = False
    cabinet.stand.after(hours=1)
    assert told(cabinet) == ["Закон № 1"]


def test_nobody_is_subscribed_whom_the_source_does_not_know() -> None:
    cabinet = Cabinet(portal_with())
    cabinet.stand.public_events.strangers = {inn(cabinet)}
    subscribed(cabinet, cabinet.member("head"), subscriptions=ALL)
    assert cabinet.stand.public_events.subscribed == {}
    assert ("subscribe_to_sources", "unknown") in journal(cabinet.stand, cabinet.id)


def test_who_wants_nothing_of_sources_leaves_them_alone() -> None:
    cabinet = Cabinet(portal_with())
    subscribed(cabinet, cabinet.member("head"))
    assert cabinet.stand.public_events.subscribed == {}
