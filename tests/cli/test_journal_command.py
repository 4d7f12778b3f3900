"""`poligon journal`: the chain of a database is whole, or broken at a line; no database is told."""

import sqlite3
from pathlib import Path

import pytest

from poligon.app import run
from poligon.journal_command import JournalState, check_journal
from portal.ports.store import JournalEntry
from portal.store.sql_store import SqlStore

LINES = 1_002  # more than is read at once


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The journal of a portal that is closed."""
    path = tmp_path / "portal.db"
    with SqlStore(f"sqlite:///{path}") as store:
        store.commit([], [JournalEntry(subject="o", body=b'{"n": 1}') for _ in range(LINES)])
    return path


def changed(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(statement)


def checked(database: Path, *words: str) -> int:
    return run(["journal", "--db", f"sqlite:///{database}", "--lang", "en", *words])


def test_a_whole_journal_is_told_with_its_end(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SqlStore(f"sqlite:///{database}") as store:
        digest = store.journal(after=LINES - 1)[0].digest.hex()
    assert checked(database) == 0
    told = f"The journal is whole. Lines: {LINES}, digest of the last one: {digest}\n"
    assert capsys.readouterr() == (told, "")


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE journal SET body = x'7b7d' WHERE number = 1", 1),
        ("UPDATE journal SET body = '{}' WHERE number = 2", 2),  # text, which is no blob
        ("UPDATE journal SET digest = 0 WHERE number = 3", 3),
        (f"UPDATE journal SET subject = 'p' WHERE number = {LINES}", LINES),
        ("DELETE FROM journal WHERE number = 500", 500),
        ("DELETE FROM journal WHERE number = 1", 1),
        ("UPDATE journal SET number = -1 WHERE number = 7", 1),
    ],
)
def test_a_broken_journal_is_told_with_the_line_and_exit_1(
    database: Path, statement: str, line: int, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(database, statement)
    assert checked(database) == 1
    told = f"The journal is broken: line {line} does not fit the one before\n"
    assert capsys.readouterr() == (told, "")


def test_from_python_a_journal_is_a_state(database: Path) -> None:
    url = f"sqlite:///{database}"
    with SqlStore(url) as store:
        digest = store.journal(after=LINES - 1)[0].digest.hex()
    assert check_journal(url) == JournalState(LINES, digest, None)
    changed(database, "DELETE FROM journal WHERE number = 500")
    assert check_journal(url).broken_at == 500


def test_an_empty_journal_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "portal.db"
    SqlStore(f"sqlite:///{path}").close()
    assert checked(path) == 0
    assert capsys.readouterr().out.startswith("The journal is whole. Lines: 0")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--db: this option is needed"),
        (["--db", "x"], "--db: the database cannot be opened: expected sqlite:///FILE"),
        (["--db", "sqlite:////nowhere/portal.db"], "/nowhere/portal.db: there is no such file"),
    ],
)
def test_no_database_is_exit_2(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["journal", "--lang", "en", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err.splitlines()[0]


def test_why_there_is_no_database_is_told_in_russian(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["journal", "--db", "sqlite:////nowhere/portal.db"]) == 2
    told = "--db: базу открыть не удалось: /nowhere/portal.db: такого файла нет"
    assert capsys.readouterr().err.splitlines()[0] == told


def test_a_file_that_is_no_database_of_a_portal_is_told_and_not_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("notes", encoding="utf-8")
    assert checked(path) == 2
    assert "--db: the database cannot be opened: file is not a database" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "notes"
