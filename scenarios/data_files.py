"""Columns of the CSV files that a scenario names beside itself."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["MAX_BYTES", "DataFileError", "read_column"]

MAX_BYTES: Final = 200_000_000  # some ten million rows


class DataFileError(ValueError):
    """A data file that cannot be used: `code` and `params` of the table in `scenarios.problems`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_column(folder: Path, name: str, column: str) -> Iterator[tuple[int, str]]:
    """Pairs (line of the file from 1, text) of `column` in CSV file `name`, relative to `folder`.

    The first line names the columns; `;` parts them where it has no comma. Empty lines are left
    out. DataFileError when the file cannot be read, lacks the column or has no values.
    """
    text = _text(folder, name)
    rows = csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True)
    try:
        header = [title.strip() for title in next(rows, [])]
        if column not in header:
            raise DataFileError("data_column", file=name, column=column)
        place = header.index(column)
        empty = True
        for row in rows:
            if row:
                empty = False
                yield rows.line_num, row[place].strip() if place < len(row) else ""
    except csv.Error:
        raise DataFileError("data_syntax", file=name, row=rows.line_num) from None
    if empty:
        raise DataFileError("data_empty", file=name)


def _dialect(text: str) -> type[csv.excel]:
    header = text.split("\n", 1)[0]
    semicolon = ";" in header and "," not in header
    return _Semicolon if semicolon else csv.excel


class _Semicolon(csv.excel):
    """What a Russian Excel writes."""

    delimiter = ";"


def _text(folder: Path, name: str) -> str:
    try:
        path = folder / name
        if path.stat().st_size > MAX_BYTES:
            raise DataFileError("data_size", file=name, most=MAX_BYTES)
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataFileError("data_missing", file=name) from None
    except DataFileError:
        raise
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise DataFileError("data_unreadable", file=name) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataFileError("data_encoding", file=name, row=row) from None
