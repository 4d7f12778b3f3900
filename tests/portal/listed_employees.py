"""Lists of employees of any length, with wrong rows in them, and a process that takes one.

Run as a program, with the file of a database, it does the work that is due there, writes a dot for
each letter that goes, and at the end by how many KiB its memory has grown meanwhile.
"""

import resource
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.employees.csv_rows import COLUMNS
from portal.ports.messenger import Letter
from portal.store.sql_store import SqlStore
from tests.portal.wiring import portal_with
from world.identifiers import person_inn, snils

__all__ = ["WRONG", "Listed", "employee_list"]

_EVERY = 100  # one row of so many is wrong

WRONG = (
    ("inn: ", "another last digit of the ИНН"),
    ("полей 8, а нужно 9", "a cell is missing"),
    ("department_code: подразделения с таким кодом нет", "no such department"),
    ("email: не заполнено", "no mail"),
    ("сотрудник с этим ИНН уже есть", "a row twice"),
)
"""What a wrong row is told, and why: in turns."""


@dataclass(frozen=True)
class Listed:
    """A list: its file, the ИНН of its right rows, and what its wrong rows are told by line."""

    content: bytes
    right: frozenset[str]
    wrong: dict[int, str]


def employee_list(rows: int) -> Listed:
    """A list of that many rows."""
    lines = [";".join(list(COLUMNS)[:9])]
    right: list[str] = []
    wrong: dict[int, str] = {}
    for number in range(rows):
        cells = _right(number)
        if number % _EVERY == _EVERY - 1:
            kind = number // _EVERY % len(WRONG)
            cells = _spoilt(cells, kind)
            wrong[number + 2] = WRONG[kind][0]
        else:
            right.append(cells[1])
        lines.append(";".join(cells))
    return Listed("\n".join(lines).encode(), frozenset(right), wrong)


def _right(number: int) -> list[str]:
    return [
        "Иванов Иван Петрович",
        person_inn(f"7707{number:06}"),
        snils(f"{200_000_000 + number}"),
        "Бухгалтер",
        "Бухгалтерия",
        "10",
        f"+79{number:09}",
        f"employee-{number}@firm.test",
        "acc",
    ]


def _spoilt(cells: list[str], kind: int) -> list[str]:
    match kind:
        case 0:
            cells[1] = f"{cells[1][:-1]}{(int(cells[1][-1]) + 1) % 10}"
        case 1:
            del cells[-1]
        case 2:
            cells[5] = "99"
        case 3:
            cells[7] = ""
        case _:
            cells[1] = _right(0)[1]
    return cells


class DottingMessenger:
    """Takes every letter, writes a dot, and sees how much memory there is then."""

    def __init__(self) -> None:
        self.most_kib = 0

    def send(self, letter: Letter) -> None:
        self.most_kib = max(self.most_kib, _kib())
        sys.stdout.write(".")
        sys.stdout.flush()


def _kib() -> int:
    """What the process has in memory now; its peak would be that of who has begun it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


if __name__ == "__main__":
    with SqlStore(f"sqlite:///{sys.argv[1]}") as store:
        messenger = DottingMessenger()
        stand = portal_with(store=store, messenger=messenger)
        before = _kib()
        stand.portal.tick()
        sys.stdout.write(f"\n{messenger.most_kib - before}\n")
