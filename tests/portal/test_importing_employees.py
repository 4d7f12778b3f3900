"""A list of employees is taken row by row: wrong rows are named, right ones are invited once,
whatever stops it (ROLE-07).

POLIGON_IMPORT_ROWS is how long the list of the test that kills is: 600, in `dev.py nightly`
50,000. POLIGON_IMPORT_SEED (1) seeds the moments.
"""

import base64
import copy
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.employees.employee import Employee
from portal.employees.employee_import import EmployeeImport
from portal.ports.store import Change, JournalEntry, Store
from portal.store.sql_store import SqlStore
from portal.store.unit import Unit
from portal.use_case import Outcome
from tests.portal.listed_employees import employee_list
from tests.portal.staff import ISAEV, Staff
from tests.portal.wiring import Stand, broken, portal_with

ROWS = int(os.environ.get("POLIGON_IMPORT_ROWS", "600"))
SEED = int(os.environ.get("POLIGON_IMPORT_SEED", "1"))
KILLS = 3
MOST_GROWTH_KIB = 64 * 1024
HEADER = "ФИО;ИНН;СНИЛС;Должность;Подразделение;Код подразделения;Телефон;Почта"
ROW = f"Иванов Иван;{ISAEV.inn};11223344595;Ткач;Бухгалтерия;10;+79161234567;i@example.org"


@pytest.fixture
def staff(store: Store) -> Staff:
    return Staff(portal_with(store=store))


def send(staff: Staff, content: bytes | str) -> Outcome:
    text = content if isinstance(content, bytes) else content.encode()
    encoded = base64.b64encode(text).decode()
    return staff.stand.act(
        "import_employees", staff.head, organization=staff.organization, content=encoded
    )


def confirmed(staff: Staff, content: bytes | str, code: str | None = None) -> str:
    """Send a list and confirm it; its number."""
    source = str(send(staff, content).data["source"])
    begun = staff.stand.act(
        "confirm_employee_import",
        staff.head,
        organization=staff.organization,
        source=source,
        code=staff.code() if code is None else code,
    )
    assert begun.state == "running"
    return source


def told(staff: Staff, source: str) -> Outcome:
    return staff.stand.read(
        "employee_import", staff.head, organization=staff.organization, source=source
    )


def employees(staff: Staff) -> dict[str, tuple[str, int]]:
    """State and number of invitations of everybody who was added, by ИНН."""
    found = Unit(staff.stand.store).find(Employee, "organization", staff.organization)
    return {each.inn: (each.state, each.attempt) for each in found}


# --- rows


def test_right_rows_are_invited_and_wrong_ones_named(staff: Staff) -> None:
    listed = employee_list(500)
    source = confirmed(staff, listed.content)
    staff.stand.portal.tick()
    outcome = told(staff, source)
    assert (outcome.state, outcome.data["created"], outcome.data["refused"]) == ("done", 495, 5)
    reasons = {each["line"]: each["reason"] for each in outcome.data["items"]}
    assert reasons.keys() == listed.wrong.keys()
    assert all(said in reasons[line] for line, said in listed.wrong.items())
    assert broken(outcome) == [f"ROLE-07 lines.{line}" for line in listed.wrong]
    assert employees(staff) == dict.fromkeys(listed.right, ("invited", 1))


def test_whoever_sends_a_list_is_told_when_it_is_taken(staff: Staff) -> None:
    confirmed(staff, employee_list(100).content)
    staff.stand.portal.tick()
    assert staff.stand.messenger.sent_to("500100732259@mail.test") == [
        "Приглашено: 99. Не загружено строк: 1."
    ]


def test_a_list_sent_again_adds_nobody_twice(staff: Staff) -> None:
    listed = employee_list(50)
    confirmed(staff, listed.content)
    staff.stand.after(minutes=1)
    source = confirmed(staff, listed.content)
    staff.stand.portal.tick()
    assert (told(staff, source).data["created"], told(staff, source).data["refused"]) == (0, 50)
    assert employees(staff) == dict.fromkeys(listed.right, ("invited", 1))


def test_cells_in_quotes_go_on_over_lines(staff: Staff) -> None:
    row = ROW.replace("Ткач", '"Ткач\nвысшего; разряда"')
    wrong = ROW.replace(ISAEV.inn, "1")
    source = confirmed(staff, f"\ufeff{HEADER}\r\n{row}\r\n\r\n{wrong}\r\n")
    staff.stand.portal.tick()
    outcome = told(staff, source)
    assert (outcome.data["created"], [each["line"] for each in outcome.data["items"]]) == (1, [5])


@pytest.mark.parametrize("separator", [",", "\t"])
def test_other_separators(staff: Staff, separator: str) -> None:
    source = confirmed(staff, f"{HEADER}\n{ROW}".replace(";", separator))
    staff.stand.portal.tick()
    assert told(staff, source).data["created"] == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{ROW};x", "полей 9, а нужно 8"),
        (ROW.replace("Бухгалтерия", "Склад"), "department_code: это код другого подразделения"),
        (ROW.replace("i@example.org", "i@"), "email: "),
    ],
)
def test_a_wrong_row_is_told_why(staff: Staff, row: str, reason: str) -> None:
    source = confirmed(staff, f"{HEADER}\n{row}")
    staff.stand.portal.tick()
    (item,) = told(staff, source).data["items"]
    assert item["line"] == 2
    assert reason in item["reason"]


@pytest.mark.parametrize("level", ["all", "VIEW"])
def test_a_level_is_one_there_is(staff: Staff, level: str) -> None:
    source = confirmed(staff, f"{HEADER};Документы\n{ROW};{level}")
    staff.stand.portal.tick()
    assert "уровень доступа" in told(staff, source).data["items"][0]["reason"]


# --- lists that are none


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEADER.encode(),
        "ФИО;ИНН\nИванов;1".encode(),
        f"{HEADER};Оклад\n{ROW};1".encode(),
        f"{HEADER};Почта\n{ROW};1".encode(),
        f"{HEADER}\n{ROW}".encode("cp1251"),
        f'{HEADER}\n"{ROW}'.encode(),
        b"\x00\x01\x02",
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(staff: Staff, content: bytes) -> None:
    outcome = send(staff, content)
    assert broken(outcome) == ["ROLE-07 content"]
    assert staff.stand.messenger.sent_to("+70100732259") == []


def test_a_wrong_code_takes_no_list(staff: Staff) -> None:
    source = send(staff, f"{HEADER}\n{ROW}").data["source"]
    outcome = staff.stand.act(
        "confirm_employee_import",
        staff.head,
        organization=staff.organization,
        source=source,
        code="000000",
    )
    assert broken(outcome) == ["ROLE-05 code"]
    staff.stand.portal.tick()
    assert told(staff, source).state == "confirming"
    assert employees(staff) == {}


def test_who_may_not_add_employees_sends_no_list(staff: Staff) -> None:
    clerk = staff.cabinet.member("mgr", "500100732260")
    outcome = staff.stand.act(
        "import_employees", clerk, organization=staff.organization, content="AA=="
    )
    assert (outcome.refusal, broken(outcome)) == ("forbidden", ["ROLE-04 organization"])


# --- whatever stops it


class Stopped(BaseException):
    """The process has ended."""


class StoppingStore:
    """A store that ends the process instead of the `last` commit, or right after it."""

    def __init__(self, inner: Store, last: int, *, done: bool) -> None:
        self._inner = inner
        self._left = last
        self._done = done

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        self._left -= 1
        if self._left == 0 and not self._done:
            raise Stopped
        self._inner.commit(changes, entries)
        if self._left == 0:
            raise Stopped

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("last", [1, 2, 4, 5, 6, 9])  # each third of the list, and its letters
def test_a_list_goes_on_where_it_was_stopped(staff: Staff, last: int, *, done: bool) -> None:
    listed = employee_list(600)
    source = confirmed(staff, listed.content)
    stand = staff.stand
    stopping = portal_with(
        store=StoppingStore(stand.store, last, done=done),
        clock=stand.clock,
        messenger=stand.messenger,
    )
    with pytest.raises(Stopped):
        stopping.portal.tick()
    stand.portal.tick()
    outcome = told(staff, source)
    assert (outcome.state, outcome.data["created"]) == ("done", 594)
    assert [each["line"] for each in outcome.data["items"]] == sorted(listed.wrong)
    assert employees(staff) == dict.fromkeys(listed.right, ("invited", 1))
    sent = [each.to for each in stand.messenger.letters.values() if "приглашает" in each.text]
    assert (len(sent), len(set(sent))) == (594, 594)


@contextmanager
def opened(database: Path) -> Iterator[Stand]:
    """A portal over that database."""
    with SqlStore(f"sqlite:///{database}") as store:
        yield portal_with(store=store)


def working(database: Path) -> subprocess.Popen[str]:
    """A process that does the work which is due."""
    program = [sys.executable, "-m", "tests.portal.listed_employees", str(database)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True)


def killed_after(database: Path, *, letters: int) -> None:
    """Let it work, and kill it at any moment after so many letters."""
    with working(database) as process:
        assert process.stdout is not None
        process.stdout.read(letters + 1)
        process.kill()


def grown_by(database: Path) -> int:
    """Let it work until nothing is left; by how many KiB its memory has grown."""
    with working(database) as process:
        written, _ = process.communicate()
    return int(written.split()[-1])


def test_a_killed_import_ends_with_everybody_once(tmp_path: Path) -> None:
    listed = employee_list(ROWS)
    database = tmp_path / "portal.db"
    with opened(database) as stand:
        staff = Staff(stand)
        source = confirmed(staff, listed.content)
    chance = random.Random(SEED)
    for _ in range(KILLS):
        killed_after(database, letters=chance.randrange(ROWS // KILLS // 2))
    grown = grown_by(database)
    with opened(database) as stand:
        again = copy.copy(staff)
        again.stand = stand
        outcome = told(again, source)
        assert (outcome.state, outcome.data["rows"]) == ("done", ROWS)
        reasons = {each["line"]: each["reason"] for each in outcome.data["items"]}
        assert reasons.keys() == listed.wrong.keys()
        assert all(said in reasons[line] for line, said in listed.wrong.items())
        assert employees(again) == dict.fromkeys(listed.right, ("invited", 1))
        kept = Unit(stand.store).get(EmployeeImport, source)
        assert kept is not None
        assert (kept.created, kept.refused) == (len(listed.right), len(listed.wrong))
    assert grown < MOST_GROWTH_KIB
