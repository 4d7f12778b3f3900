"""What a load test was told against a real database of the portal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.samples import Acknowledged
from poligon.conservation import conservation
from portal.ports.store import Change, JournalEntry
from portal.store.sql_store import SqlStore


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqlStore]:
    with SqlStore(f"sqlite:///{tmp_path / 'portal.db'}") as store:
        yield store


def keep(store: SqlStore, kind: str, id_: str, ogrn: str | None = None) -> None:
    keys = {} if ogrn is None else {"ogrn": ogrn}
    store.commit([Change(kind=kind, id=id_, version=0, body=b"{}", keys=keys, unique={})])


def told(*kinds_and_ids: tuple[str, str]) -> list[Acknowledged]:
    return [Acknowledged(kind, id_, "j", n, n) for n, (kind, id_) in enumerate(kinds_and_ids)]


def passed(
    tmp_path: Path, acknowledged: list[Acknowledged], unanswered: int = 0
) -> dict[str, bool]:
    found = conservation(tmp_path / "portal.db", acknowledged, unanswered)
    return {check.name: check.passed for check in found}


WHOLE = {"acknowledged": True, "once": True, "journal": True}


def test_everything_acknowledged_is_there_once(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "account", "a")
    keep(store, "organization", "o", ogrn="1027700132195")
    assert passed(tmp_path, told(("account", "a"), ("organization", "o"))) == WHOLE


def test_lost_submission_is_named(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "account", "a")
    found = conservation(tmp_path / "portal.db", told(("account", "a"), ("account", "b")), 0)
    assert (found[0].passed, found[0].detail) == (False, "2 acknowledged, 1 missing: account b")


def test_document_that_has_ended_since_is_known_by_its_journal(
    store: SqlStore, tmp_path: Path
) -> None:
    store.commit([], [JournalEntry(subject="a", body=b'{"act": "sign_up"}')])
    assert passed(tmp_path, told(("account", "a"))) == WHOLE


def test_submission_repeated_under_one_id_counts_once(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "application", "x")
    assert passed(tmp_path, told(("application", "x"), ("application", "x"))) == WHOLE


@pytest.mark.parametrize(("unanswered", "is_once"), [(0, False), (1, True)])
def test_document_that_nobody_was_told_of_needs_an_answer_that_was_lost(
    unanswered: int, is_once: bool, store: SqlStore, tmp_path: Path
) -> None:
    keep(store, "account", "a")
    keep(store, "account", "b")
    assert passed(tmp_path, told(("account", "a")), unanswered)["once"] is is_once


def test_two_documents_of_one_number_are_a_doubled_submission(
    store: SqlStore, tmp_path: Path
) -> None:
    keep(store, "organization", "o", ogrn="1027700132195")
    keep(store, "organization", "p", ogrn="1027700132195")
    found = passed(tmp_path, told(("organization", "o"), ("organization", "p")), 9)
    assert found == {**WHOLE, "once": False}
