"""A list of employees as CSV: its columns, its rows by line (ROLE-07)."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

from pydantic import Base64Bytes

from portal.employees.employee_check import EmployeeEntry
from portal.rules.roles import AccessLevel
from rulebook import Text

__all__ = ["COLUMNS", "EmployeeRows", "Row", "UnreadableList", "read_rows", "typed_entry"]

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ФИО": "full_name",
        "ИНН": "inn",
        "СНИЛС": "snils",
        "Должность": "position",
        "Подразделение": "department",
        "Код подразделения": "department_code",
        "Телефон": "phone",
        "Почта": "email",
        "Роль": "role",
        "Документы": "documents",
        "Заявки": "applications",
    }
)
"""Titles of columns, and the fields that they are; the last three may be left out."""

_OPTIONAL: Final = ("role", "documents", "applications")
_LEVELS: Final = get_args(AccessLevel)
_SEPARATORS: Final = (";", ",", "\t")


class UnreadableList(ValueError):
    """The file is no list of employees; `reason` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.ru)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a row, and the line of the file that it begins on (the first is 1)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeRows:
    """The fields of a list by column, and its rows, which are read one by one."""

    fields: tuple[str, ...]
    rows: Iterator[Row]


def read_rows(content: Base64Bytes) -> EmployeeRows:
    """Columns and rows of a list in UTF-8, with a header, separated by semicolons, commas or tabs;
    UnreadableList, also while the rows are read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableList(Text("файл не в UTF-8", "the file is not UTF-8")) from None
    header = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = _rows(reader)
    first = next(rows, Row(line=1, cells=()))
    return EmployeeRows(fields=_fields(first.cells), rows=rows)


def typed_entry(fields: tuple[str, ...], row: Row) -> EmployeeEntry | Text:
    """What a row says of an employee; why that cannot be told."""
    if len(row.cells) != len(fields):
        got, expected = len(row.cells), len(fields)
        return Text(f"полей {got}, а нужно {expected}", f"{got} fields, not {expected}")
    named = dict(zip(fields, (cell.strip() for cell in row.cells), strict=True))
    given = {name: text for name, text in named.items() if text or name not in _OPTIONAL}
    for name in ("documents", "applications"):
        if given.get(name, _LEVELS[0]) not in _LEVELS:
            levels = ", ".join(_LEVELS)
            return Text(
                f"{name}: уровень доступа — один из {levels}",
                f"{name}: a level of access is one of {levels}",
            )
    return EmployeeEntry(**given)  # type: ignore[arg-type]


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    """Rows that are not empty; a cell may go on over several lines."""
    ended = 0
    try:
        for cells in reader:
            line, ended = ended + 1, reader.line_num  # type: ignore[attr-defined]
            if any(cell.strip() for cell in cells):
                yield Row(line=line, cells=tuple(cells))
    except csv.Error as error:
        reason = Text(f"строка {ended + 1} не разбирается", f"line {ended + 1}: {error}")
        raise UnreadableList(reason) from None


def _fields(titles: tuple[str, ...]) -> tuple[str, ...]:
    known = {title.casefold(): name for title, name in COLUMNS.items()}
    wanted = [title.strip().casefold() for title in titles]
    unknown = [title for title in wanted if title not in known]
    fields = tuple(known[title] for title in wanted if title in known)
    missing = [
        title for title, name in COLUMNS.items() if name not in fields and name not in _OPTIONAL
    ]
    if missing:
        names = ", ".join(missing)
        raise UnreadableList(Text(f"нет столбцов: {names}", f"columns are missing: {names}"))
    if unknown or len(set(fields)) < len(fields):
        names = ", ".join(unknown) or "повтор"
        raise UnreadableList(Text(f"лишние столбцы: {names}", f"columns too many: {names}"))
    return fields
