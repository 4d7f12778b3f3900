"""A store in a database: its file, its tables, its groups of commits."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from portal.ports.store import Change, Conflict, Document, JournalEntry
from portal.store.database import WrongUrl, file_of
from portal.store.group_commit import GroupWriter, WriterClosed
from portal.store.journal_chain import broken_at
from portal.store.sql_store import SqlStore
from portal.store.tables import METADATA


def change(document_id: str, version: int = 0, **unique: str) -> Change:
    return Change(kind="note", id=document_id, version=version, body=b"{}", keys={}, unique=unique)


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'portal.db'}"


def test_what_was_committed_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    with SqlStore(url(tmp_path)) as store:
        store.commit([change("a", number="1")], [JournalEntry(subject="a", body=b"1")])
    with SqlStore(url(tmp_path)) as store:
        store.commit([], [JournalEntry(subject="a", body=b"2")])
        assert store.find("note", "number", "1") == [Document("note", "a", 1, b"{}")]
        lines = store.journal()
    assert [line.body for line in lines] == [b"1", b"2"]
    assert broken_at(lines) is None


def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    with SqlStore(url(tmp_path)) as one, SqlStore(url(tmp_path)) as other:
        one.commit([change("a")], [JournalEntry(subject="a", body=b"1")])
        with pytest.raises(Conflict):
            other.commit([change("a")])
        other.commit([change("a", 1)], [JournalEntry(subject="a", body=b"2")])
        assert broken_at(one.journal()) is None
        assert [line.number for line in one.journal()] == [1, 2]


def test_migrations_from_an_empty_file_lead_to_the_tables_that_the_code_knows(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "100% своё"
    folder.mkdir()
    SqlStore(url(folder)).close()
    engine = create_engine(url(folder))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == "0002"
    engine.dispose()


def test_the_file_is_written_ahead_so_that_readers_do_not_wait(tmp_path: Path) -> None:
    SqlStore(url(tmp_path)).close()
    connection = sqlite3.connect(tmp_path / "portal.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_erased_store_is_as_new(tmp_path: Path) -> None:
    with SqlStore(url(tmp_path)) as store:
        store.commit([change("a", number="1")], [JournalEntry(subject="a", body=b"1")])
        store.erase()
        assert store.get("note", "a") is None
        store.commit([change("a", number="1")], [JournalEntry(subject="a", body=b"2")])
        assert [line.number for line in store.journal()] == [1]
        assert broken_at(store.journal()) is None


@pytest.mark.parametrize(
    "wrong", ["", "portal.db", "sqlite://", "sqlite:///:memory:", "mysql://u:hidden@h/portal"]
)
def test_a_url_of_no_store_is_refused_without_its_password(wrong: str) -> None:
    with pytest.raises(WrongUrl, match="sqlite:///FILE") as caught:
        SqlStore(wrong)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("sqlite:///portal.db", Path("portal.db")),
        ("sqlite:////srv/portal.db?timeout=5", Path("/srv/portal.db")),
        ("sqlite+pysqlite:///portal.db", Path("portal.db")),
        ("postgresql://u:p@host/portal.db", None),
    ],
)
def test_the_file_of_a_database_is_known(address: str, file: Path | None) -> None:
    assert file_of(address) == file


def test_a_file_that_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="unable to open database file"):
        SqlStore(url(tmp_path / "nowhere"))


def test_a_closed_store_takes_nothing_more(tmp_path: Path) -> None:
    store = SqlStore(url(tmp_path))
    store.close()
    store.close()
    with pytest.raises(WriterClosed):
        store.commit([change("a")])


# --- groups


class HeldWrites:
    """Writes that wait until they are let go; `groups` are the works of each."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.let_go = threading.Semaphore(0)
        self.groups: list[list[str]] = []

    def write(self, works: Sequence[str]) -> list[Exception | None]:
        self.groups.append(list(works))
        self.begun.release()
        self.let_go.acquire()
        if "disk full" in works:
            raise OSError("disk full")
        return [Conflict(work) if work.startswith("wrong") else None for work in works]


def asked(writer: GroupWriter[str], work: str, answers: dict[str, str]) -> threading.Thread:
    def ask() -> None:
        try:
            writer.do(work)
        except Exception as error:
            answers[work] = repr(error)
        else:
            answers[work] = "done"

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_works_that_come_meanwhile_are_written_together_and_answered_each_for_itself() -> None:
    held, answers = HeldWrites(), dict[str, str]()
    writer = GroupWriter(held.write)
    threads = [asked(writer, "first", answers)]
    held.begun.acquire()
    names = ["b", "wrong c", "d"]
    for name in names:
        threads.append(asked(writer, name, answers))
        while writer.waiting < names.index(name) + 1:
            pass
    held.let_go.release(2)
    for thread in threads:
        thread.join()
    writer.close()
    assert held.groups == [["first"], names]
    assert answers == {
        "first": "done",
        "b": "done",
        "wrong c": "Conflict('wrong c')",
        "d": "done",
    }


def test_a_group_that_cannot_be_written_is_no_end_of_the_writer() -> None:
    held, answers = HeldWrites(), dict[str, str]()
    held.let_go.release(2)
    writer = GroupWriter(held.write)
    asked(writer, "disk full", answers).join()
    asked(writer, "later", answers).join()
    writer.close()
    assert answers == {"disk full": "OSError('disk full')", "later": "done"}
