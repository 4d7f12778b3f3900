"""A page of a long journal: no more is read than the page needs, or than is looked through."""

import json
from typing import Any

import pytest

from portal.ports.store import JournalEntry, JournalLine
from portal.store.memory import MemoryStore
from portal.use_case import Actor, Outcome, Part
from tests.portal.cabinets import Cabinet
from tests.portal.wiring import portal_with

LONG = 3_000
LOOKED_AT = 1_000  # at most for one page


class CountingStore(MemoryStore):
    """Counts the lines of the journal that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        return self._counted(super().journal(subject, after=after, limit=limit))

    def latest_lines(
        self, subject: str | None = None, *, before: int | None = None, limit: int | None = None
    ) -> list[JournalLine]:
        return self._counted(super().latest_lines(subject, before=before, limit=limit))

    def _counted(self, lines: list[JournalLine]) -> list[JournalLine]:
        self.read += len(lines)
        return lines


class Archive:
    """A cabinet whose journal is long: lines of turns «a» and «b» about itself and its number, and
    at the very beginning one «first»."""

    def __init__(self) -> None:
        self.store = CountingStore()
        self.cabinet = Cabinet(portal_with(store=self.store))
        self.head = self.cabinet.member()
        first = self._entry(self.cabinet.id, "first")
        turns = ((self.cabinet.id, "a"), (self.cabinet.numbers["ogrn"], "b"))
        rest = [self._entry(*turns[number % 2]) for number in range(LONG - 1)]
        self.store.commit([], [first, *rest])

    def _entry(self, subject: str, action: str) -> JournalEntry:
        line = {"at": "2026-02-02T10:00:00+03:00", "action": action, "result": "done"}
        return JournalEntry(subject=subject, body=json.dumps(line).encode())

    def page(self, part: Part, **asked: Any) -> Outcome:
        query = {"organization": self.cabinet.id, **asked}
        return self.cabinet.stand.portal.read("audit_log", self.head, query, part)

    def pages(self, limit: int, **asked: Any) -> list[list[int]]:
        """The numbers of all pages, one after the other."""
        found: list[list[int]] = []
        before: str | None = None
        while not found or before is not None:
            page = self.page(Part(before=before, limit=limit), **asked)
            found.append(numbers(page))
            before = page.following
        return found


def numbers(page: Outcome) -> list[int]:
    return [each["id"] for each in page.data["items"]]


@pytest.fixture(name="archive", scope="module")
def _archive() -> Archive:
    return Archive()


@pytest.mark.parametrize("before", [None, LONG // 2, 20])
def test_a_page_reads_what_it_shows_and_little_more(archive: Archive, before: int | None) -> None:
    archive.store.read = 0
    place = None if before is None else str(before)
    page = archive.page(Part(before=place, limit=50))
    end = LONG + 1 if before is None else before
    assert numbers(page) == list(range(end - 1, 0, -1))[:50]
    assert archive.store.read <= 2 * 51  # of each of two subjects, the one that follows too


def test_pages_one_after_the_other_are_the_journal(archive: Archive) -> None:
    pages = archive.pages(200)
    assert [len(each) for each in pages] == [200] * (LONG // 200)
    assert [number for page in pages for number in page] == list(range(LONG, 0, -1))


def test_without_a_part_the_whole_journal_is_shown(archive: Archive) -> None:
    query = {"organization": archive.cabinet.id}
    shown = archive.cabinet.stand.portal.read("audit_log", archive.head, query)
    assert (numbers(shown), shown.following) == (list(range(LONG, 0, -1)), None)


def test_a_filter_is_applied_while_pages_are_read(archive: Archive) -> None:
    archive.store.read = 0
    page = archive.page(Part(limit=50), action="b")
    assert numbers(page) == list(range(LONG - 1, 0, -2))[:50]
    assert archive.store.read <= 4 * 51
    every = [number for each in archive.pages(50, action="b") for number in each]
    assert every == list(range(LONG - 1, 1, -2))


def test_a_page_does_not_look_through_the_whole_journal_for_a_rare_line(archive: Archive) -> None:
    archive.store.read = 0
    page = archive.page(Part(limit=50), action="first")
    assert (numbers(page), page.following) == ([], str(LONG - LOOKED_AT + 1))
    assert archive.store.read <= LOOKED_AT + 2 * 51
    assert archive.pages(50, action="first") == [[], [], [1]]


def test_a_line_to_be_explained_is_asked_for_by_its_number(archive: Archive) -> None:
    archive.store.read = 0
    form = {"organization": archive.cabinet.id, "number": 7, "text": ""}
    refused = archive.cabinet.stand.portal.act("explain_journal_line", archive.head, form)
    assert [each.rule for each in refused.violations] == ["AUD-01"]
    assert archive.store.read == 1


def test_ones_own_account_has_pages_too() -> None:
    store = CountingStore()
    stand = portal_with(store=store)
    cabinet = Cabinet(stand)
    head: Actor = cabinet.member()
    for _ in range(3):
        stand.act("disconnect_app", head)
    page = stand.portal.read("security_log", head, {}, Part(limit=2))
    assert (numbers(page), page.following) == ([3, 2], "2")
    last = stand.portal.read("security_log", head, {}, Part(limit=2, before="2"))
    assert (numbers(last), last.following) == ([1], None)
