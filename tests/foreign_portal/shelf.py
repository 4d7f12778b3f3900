"""Files of citizens on shelves, in SQLite: what may lie where, what a file really is, how large it
may be."""

import base64
import io
import sqlite3
import zipfile
from datetime import date
from itertools import count
from pathlib import PurePath
from typing import Any, Final

from tests.foreign_portal.citizens import Citizens, Refusal

SCHEMA: Final = """
create table file (
    id integer primary key, owner integer, pass text, shelf text, sort text, title text,
    mark text, bytes blob);
"""
MB: Final = 2**20
SHELVES: Final = {
    "SHELF_REGISTRATION": ("registration", {"pdf"}),
    "SHELF_CHECK": ("check", {"pdf", "jpg"}),
    "SHELF_FORM": ("form", {"pdf", "jpg", "png"}),
    "SHELF_LIBRARY": ("library", {"pdf", "docx", "xlsx", "jpg", "png"}),
    "SHELF_REPORT": ("report", {"pdf", "xml", "xlsx"}),
    "SHELF_SERVICE": ("service", {"pdf", "xml"}),
}
_MOST: Final = {"registration": 5 * MB, "check": 5 * MB}
_MOST_OTHERWISE: Final = 20 * MB
_MOST_ON_A_PASS: Final = 100 * MB  # of the library
_SORTS: Final = frozenset({"charter", "order", "report", "contract", "attachment", "other"})
_MARKS: Final = {"stored": "Готово", "blocked": "Заблокирован"}
_VIRUS: Final = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_HEADS: Final = {b"%PDF-": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"<?xml": "xml"}
_OFFICE: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


class Shelf:
    """What citizens have put away; checks with the codes in `off` are not made."""

    def __init__(self, citizens: Citizens, off: frozenset[str]) -> None:
        self._citizens = citizens
        self._off = off
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)
        self._number = count(1)

    def put(self, token: str, form: dict[str, Any]) -> dict[str, Any]:
        owner = self._citizens.whose(token)["id"]
        content = base64.b64decode(form["bytes"])
        wrong = self._wrong(token, form, content)
        if wrong:
            raise Refusal(422, *wrong)
        is_bad = "VIRUS" not in self._off and _VIRUS in content
        mark = "blocked" if is_bad else "stored"
        number = next(self._number)
        kept = (number, owner, token, form["shelf"], form["sort"], form["title"], mark, content)
        self._db.execute("insert into file values (?, ?, ?, ?, ?, ?, ?, ?)", kept)
        if is_bad:
            raise Refusal(422, ("VIRUS", "bytes", "вирус"))
        return {"status": mark, "file": str(number), "mark": _MARKS[mark]}

    def get(self, token: str, number: str) -> dict[str, Any]:
        found = self._file(token, number)
        return {"status": found["mark"], "bytes": base64.b64encode(found["bytes"]).decode()}

    def search(self, token: str, form: dict[str, str]) -> dict[str, Any]:
        owner = self._citizens.whose(token)["id"]
        wrong = [("SEARCH", at, "такого дня нет") for at in ("since", "to") if not _day(form[at])]
        if form["sort"] and form["sort"] not in _SORTS:
            wrong.append(("SEARCH", "sort", "такого вида нет"))
        if form["mark"] and form["mark"] not in _MARKS:
            wrong.append(("SEARCH", "mark", "такой отметки нет"))
        if wrong and "SEARCH" not in self._off:
            raise Refusal(422, *wrong)
        rows = self._db.execute(
            "select id, title, mark from file where owner = ? and ? in ('', sort)"
            " and ? in ('', mark) order by id",
            (owner, form["sort"], form["mark"]),
        )
        files = [
            {"file": str(r["id"]), "title": r["title"], "mark": _MARKS[r["mark"]]} for r in rows
        ]
        return {"status": "found", "files": files}

    def bundle(self, token: str, numbers: list[str]) -> dict[str, Any]:
        if not numbers and "BUNDLE" not in self._off:
            raise Refusal(422, ("BUNDLE", "files", "ничего не выбрано"))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for found in (self._file(token, each) for each in numbers):
                archive.writestr(_free(found["title"], archive.namelist()), found["bytes"])
        return {"status": "packed", "bytes": base64.b64encode(packed.getvalue()).decode()}

    # --- inside

    def _wrong(
        self, token: str, form: dict[str, Any], content: bytes
    ) -> list[tuple[str, str, str]]:
        kind, said = _kind(content), PurePath(form["title"]).suffix[1:].lower()
        wrong = []
        if form["sort"] not in _SORTS:
            wrong.append(("SORT", "sort", "вид не выбран"))
        if kind != said:
            wrong.append(("RENAMED", "bytes", f"это {kind}, а не {said}"))
        for code, (shelf, kinds) in SHELVES.items():
            if form["shelf"] == shelf and kind == said and kind not in kinds:
                wrong.append((code, "bytes", f"{kind} здесь не лежит"))
        most = _MOST.get(form["shelf"], _MOST_OTHERWISE)
        size = len(content)
        if size > most:
            wrong.append(("TOO_BIG", "bytes", f"размер {size} Б, предел {most} Б"))
        if form["shelf"] == "library":
            sql = "select coalesce(sum(length(bytes)), 0) from file where pass = ? and shelf = ?"
            (before,) = self._db.execute(sql, (token, "library")).fetchone()
            if before + size > _MOST_ON_A_PASS:
                wrong.append(("TOO_BIG", "pass", f"вместе {before + size} Б"))
        return [each for each in wrong if each[0] not in self._off]

    def _file(self, token: str, number: str) -> sqlite3.Row:
        owner = self._citizens.whose(token)["id"]
        sql = "select * from file where id = ? and owner = ?"
        found: sqlite3.Row | None = self._db.execute(sql, (number, owner)).fetchone()
        if found is None:
            raise Refusal(404)
        return found


def _kind(content: bytes) -> str:
    for head, kind in _HEADS.items():
        if content.startswith(head):
            return kind
    if not content.startswith(b"PK"):
        return "?"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return next((_OFFICE[each] for each in package.namelist() if each in _OFFICE), "zip")


def _day(text: str) -> bool:
    """Whether it is a day of the calendar, or empty."""
    try:
        return not text or len(date.fromisoformat(text).isoformat()) == len(text)
    except ValueError:
        return False


def _free(title: str, taken: list[str]) -> str:
    """The title, or one with a number that nobody has."""
    path = PurePath(title)
    names = (title, *(f"{path.stem} ({each}){path.suffix}" for each in range(2, len(taken) + 2)))
    return next(each for each in names if each not in taken)
