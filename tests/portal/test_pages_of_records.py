"""A page of a long list of records: the store gives no more of them than the page needs."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, select, text

from portal.notifications.notice import Notice
from portal.notifications.settings import NotificationSettings
from portal.operations.incident import Incident
from portal.ports.store import Document, Store
from portal.store.entity import Entity
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore
from portal.store.tables import document_keys
from portal.store.unit import Unit
from portal.support.ticket import Ticket
from portal.use_case import Actor, Outcome, Part, WrongPart
from portal.webhooks.receiver import WebhookDelivery, WebhookReceiver, delivery_id
from tests.portal.cabinets import Cabinet
from tests.portal.stores import KINDS, postgresql_schema
from tests.portal.wiring import broken, portal_with

LONG = 300
PAGE = 20
WHOLE = Part()


class CountingStore(MemoryStore):
    """Counts the documents of a `kind` that lists are given."""

    def __init__(self) -> None:
        super().__init__()
        self.kind, self.read = "", 0

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        return self._counted(kind, super().find(kind, key, value, after=after, limit=limit))

    def latest(
        self, kind: str, key: str, *, above: str, below: str, limit: int | None = None
    ) -> list[Document]:
        found = super().latest(kind, key, above=above, below=below, limit=limit)
        return self._counted(kind, found)

    def _counted(self, kind: str, found: list[Document]) -> list[Document]:
        self.read += len(found) if kind == self.kind else 0
        return found


class Office:
    """A cabinet in which everything is long: of each three records one is of another state."""

    def __init__(self, store: Store, long: int = LONG) -> None:
        self.stand = portal_with(store=store)
        self.cabinet = Cabinet(self.stand)
        self.head = self.cabinet.member()
        self.staff = Actor(operator="Ольга")
        self.start = self.stand.clock.now()
        unit = Unit(store)
        who = self.head.account or ""
        settings = f"{who}/{self.cabinet.id}"
        unit.put(
            NotificationSettings(
                id=settings, account=who, organization=self.cabinet.id, changed_at=self.start
            )
        )
        unit.put(
            WebhookReceiver(
                id="r",
                organization=self.cabinet.id,
                url="http://erp.test",
                secret="s",
                kinds=(),
                added_by=who,
                added_at=self.start,
                planned=long,
            )
        )
        for number in range(long):
            for record in self.records(number, who, settings):
                unit.put(record)
        unit.commit()

    def records(self, number: int, who: str, settings: str) -> list[Entity]:
        is_odd_one = number % 3 == 0
        at = self.start + dt.timedelta(minutes=number // 2)  # two at a time
        name = f"{number:04d}"
        return [
            Notice(
                id=f"n{name}",
                settings=settings,
                event=name,
                kind="application",
                agency="fns",
                title=name,
                text="",
                is_critical=False,
                at=at,
                state="undelivered" if is_odd_one else "delivered",
            ),
            Incident(
                id=f"i{name}",
                account=who,
                happened_at=at,
                error_code="A B" if is_odd_one else "A",
                screenshot="",
                description=name,
                reported_at=at,
            ),
            Ticket(
                id=f"t{name}",
                number=name,
                account=who,
                channel="form",
                topic="failure",
                addressee="portal",
                state="closed" if number else "working",
                asked_at=at,
                due=self.start,
            ),
            WebhookDelivery(
                id=delivery_id("r", number),
                receiver="r",
                number=number,
                event=name,
                title=name,
                body="",
                planned_at=at,
                due=at,
                state="undelivered" if is_odd_one else "delivered",
            ),
        ]

    def page(self, view: str, part: Part = WHOLE, **query: Any) -> Outcome:
        asked = {"organization": self.cabinet.id} if view in IN_CABINET else {}
        actor = self.staff if view == "incidents" else self.head
        return self.stand.portal.read(view, actor, {**asked, **query}, part)

    def pages(self, view: str, limit: int, **query: Any) -> list[list[str]]:
        """The names on all pages, one after the other."""
        found: list[list[str]] = []
        before: str | None = None
        while not found or before is not None:
            page = self.page(view, Part(before=before, limit=limit), **query)
            found.append(names(page))
            before = page.following
        return found


IN_CABINET = ("notifications", "webhook_deliveries")
NAMES = ("number", "title", "description")


def names(page: Outcome) -> list[str]:
    return [f"{int(each[_name_of(each)]):04d}" for each in page.data["items"]]


def _name_of(item: dict[str, Any]) -> str:
    return next(each for each in NAMES if each in item)


ALL = [f"{number:04d}" for number in range(LONG)]
ODD = ALL[::3]
LISTS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("notifications", "notice", {}, ALL[::-1]),
    ("notifications", "notice", {"state": "undelivered"}, ODD[::-1]),
    ("incidents", "incident", {}, ALL[::-1]),
    ("incidents", "incident", {"error_code": "A B"}, ODD[::-1]),
    ("my_tickets", "ticket", {}, ALL[::-1]),
    ("webhook_deliveries", "webhook_delivery", {"receiver": "r"}, ALL),
    ("webhook_deliveries", "webhook_delivery", {"receiver": "r", "state": "undelivered"}, ODD),
]


@pytest.fixture(name="store", scope="module")
def _store() -> CountingStore:
    return CountingStore()


@pytest.fixture(name="office", scope="module")
def _office(store: CountingStore) -> Office:
    return Office(store)


@pytest.mark.parametrize(("view", "kind", "query", "expected"), LISTS)
def test_a_page_reads_what_it_shows_and_at_most_two_more(
    store: CountingStore,
    office: Office,
    view: str,
    kind: str,
    query: dict[str, Any],
    expected: list[str],
) -> None:
    before: str | None = None
    for page in (0, 1):
        store.kind, store.read = kind, 0
        shown = office.page(view, Part(before=before, limit=PAGE), **query)
        assert names(shown) == expected[page * PAGE : (page + 1) * PAGE]
        assert store.read <= PAGE + 2  # the one that follows, and one that is warned of
        before = shown.following


@pytest.mark.parametrize("limit", [1, 7, 99, 100, 101, 299, 300, 301])
@pytest.mark.parametrize(("view", "kind", "query", "expected"), LISTS)
def test_pages_one_after_the_other_are_the_list(
    office: Office, view: str, kind: str, query: dict[str, Any], expected: list[str], limit: int
) -> None:
    pages = office.pages(view, limit, **query)
    assert [each for page in pages for each in page] == expected
    assert {len(each) for each in pages[:-1]} <= {limit}
    assert names(office.page(view, **query)) == expected


def test_what_is_late_or_not_delivered_is_told_on_every_page(office: Office) -> None:
    office.stand.clock.move_to(office.start + dt.timedelta(days=5))
    assert broken(office.page("my_tickets", Part(limit=1))) == ["SUP-02 answer"]
    deliveries = office.page("webhook_deliveries", Part(limit=1), receiver="r", state="delivered")
    assert broken(deliveries) == ["INT-03 url"]
    latest = office.page("notifications", Part(limit=3))
    assert broken(latest) == ["NTF-04 items.2"]


@pytest.mark.parametrize("before", ["", "7", "\0", "2026-02-02T10:00:00+03:00 x"])
@pytest.mark.parametrize("view", ["notifications", "incidents", "my_tickets"])
def test_what_is_no_place_of_a_list_is_told(office: Office, view: str, before: str) -> None:
    with pytest.raises(WrongPart):
        office.page(view, Part(before=before, limit=1))


@pytest.mark.parametrize("before", ["", "\0", "r", "r/1", "r/00000000x", "s/000000001", "z"])
def test_what_is_no_delivery_to_the_receiver_is_no_place_among_them(
    office: Office, before: str
) -> None:
    with pytest.raises(WrongPart):
        office.page("webhook_deliveries", Part(before=before, limit=1), receiver="r")


def test_a_list_goes_on_after_the_last_shown_though_it_has_changed() -> None:
    office = Office(MemoryStore(), long=5)
    first = office.page("incidents", Part(limit=2))
    unit = Unit(office.stand.store)
    shown = unit.get(Incident, "i0003")
    assert shown is not None
    unit.delete(shown)
    later = office.start + dt.timedelta(days=1)
    unit.put(replace(shown, id="later", version=0, description="9", reported_at=later))
    unit.commit()
    rest = office.page("incidents", Part(before=first.following, limit=5))
    assert (names(first), names(rest), rest.following) == (
        ["0004", "0003"],
        ["0002", "0001", "0000"],
        None,
    )


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "postgresql":
        with postgresql_schema() as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'portal.db'}"


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "memory"])
def test_lists_of_an_earlier_version_are_there_after_the_upgrade(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as url:
        with SqlStore(url) as store:
            Office(store, long=7)
        engine = create_engine(url)
        with engine.begin() as connection:
            before = keys_in(connection)
            gone = connection.execute(
                delete(document_keys).where(document_keys.c.name.in_(NEW_KEYS))
            )
            assert gone.rowcount == 7 * 6 + 1  # one ticket is awaited
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        SqlStore(url).close()
        with engine.begin() as connection:
            assert keys_in(connection) == before
        engine.dispose()


NEW_KEYS = ("listed", "listed_in_state", "listed_by_code", "awaited_by", "in_state")


def keys_in(connection: Connection) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in connection.execute(select(document_keys)))


@pytest.mark.parametrize("limit", range(1, 7))
def test_a_unit_finds_what_it_has_changed_in_its_place(limit: int) -> None:
    office = Office(MemoryStore(), long=5)
    unit = Unit(office.stand.store)
    kept = [unit.get(Incident, f"i000{number}") for number in range(5)]
    gone, moved = kept[4], kept[3]
    assert gone is not None
    assert moved is not None
    unit.delete(gone)
    unit.put(replace(moved, reported_at=office.start))  # of the same minute as the first two
    unit.put(replace(gone, id="i0005", version=0))
    latest = unit.latest(Incident, "listed", above="waiting ", below="waiting!", limit=limit)
    assert [each.id for each in latest] == ["i0005", "i0002", "i0003", "i0001", "i0000"][:limit]


def test_a_unit_does_not_find_what_it_has_changed_by_a_key_that_it_lacks(office: Office) -> None:
    unit = Unit(office.stand.store)
    closed = unit.get(Ticket, "t0001")
    assert closed is not None
    unit.put(closed)
    assert unit.find(Ticket, "open", "") == []


def test_who_wants_one_record_reads_one(store: CountingStore, office: Office) -> None:
    store.kind, store.read = WebhookDelivery.KIND, 0
    found = Unit(store).one(WebhookDelivery, "receiver", "r")
    assert found is not None
    assert (found.number, store.read) == (0, 1)


@pytest.mark.parametrize("limit", range(1, 5))
def test_a_unit_finds_what_it_has_changed_by_id(limit: int) -> None:
    office = Office(MemoryStore(), long=5)
    unit = Unit(office.stand.store)
    kept = [unit.get(WebhookDelivery, delivery_id("r", number)) for number in range(5)]
    gone, moved = kept[4], kept[3]
    assert gone is not None
    assert moved is not None
    unit.delete(gone)
    unit.put(replace(moved, attempts=1))
    unit.put(replace(gone, id=delivery_id("r", 5), version=0))
    after = delivery_id("r", 1)
    found = unit.find(WebhookDelivery, "receiver", "r", after=after, limit=limit)
    assert [each.id for each in found] == [delivery_id("r", number) for number in (2, 3, 5)][:limit]
