"""The journal as a report in CSV, whose lines bear their digests, so that what the portal shows
later can be held against it (AUD-01, AUD-02)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portal.audit.journal import line_at, said
from portal.ports.store import JournalLine, Store
from portal.store.journal_chain import FIRST, digest_of
from rulebook import Text

__all__ = ["MEDIA_TYPE", "TITLES", "NoReport", "Reported", "read_report", "written_report"]

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
TITLES: Final = (
    "Номер",
    "Время",
    "IP",
    "Пользователь",
    "Действие",
    "Результат",
    "Подпись",
    "О чём",
    "Запись",
    "Хеш предыдущей",
    "Хеш",
)
"""The columns of a report (RFC 4180, UTF-8). «Запись» is the line as it is kept, in JSON; «Хеш» is
SHA-256 over the digest of the line before, the number, the subject and that."""

_WHOLE: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class NoReport(Exception):
    """The file is no report of ours: `why` it is not."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.why = Text(ru, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A line of a report, and the digest of the line before it in the journal."""

    line: JournalLine
    before: bytes

    @property
    def is_whole(self) -> bool:
        """Whether its digest is that of what it says."""
        line = self.line
        return digest_of(self.before, line.number, line.subject, line.body) == line.digest


def written_report(store: Store, lines: Sequence[JournalLine]) -> bytes:
    """The report of these lines, which are in their order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(TITLES)
    number, digest = 0, FIRST
    for line in lines:
        if line.number != number + 1:
            digest = _digest_before(store, line.number)
        writer.writerow(_row(line, digest))
        number, digest = line.number, line.digest
    return text.getvalue().encode()


def read_report(content: bytes) -> Iterator[Reported]:
    """The lines of a report; NoReport."""
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        titles = next(rows, [])
        if tuple(titles) != TITLES:
            raise NoReport("столбцы не те", "the columns are others")
        for place, row in enumerate(rows, 2):
            yield _reported(place, row)
    except (UnicodeDecodeError, csv.Error):
        raise NoReport("это не CSV в UTF-8", "this is no CSV in UTF-8") from None


def _row(line: JournalLine, before: bytes) -> list[str]:
    fields = said(line)
    doers = (fields.get("operator"), fields.get("task"), fields.get("account"))
    signatures = (
        " ".join(filter(None, (each.get("kind"), each.get("serial"))))
        for each in fields.get("signatures", ())
    )
    told = (
        fields.get("at"),
        fields.get("ip"),
        next((each for each in doers if each), ""),
        fields.get("action"),
        fields.get("result"),
        "; ".join(signatures),
    )
    exact = (line.subject, line.body.decode(errors="replace"), before.hex(), line.digest.hex())
    return [str(line.number), *(_no_formula(str(each or "")) for each in told), *exact]


def _digest_before(store: Store, number: int) -> bytes:
    """Of the line before; one that is gone leaves a report that does not check."""
    found = line_at(store, number - 1)
    return FIRST if found is None else found.digest


def _no_formula(text: str) -> str:
    """Spreadsheets are not to compute what somebody has typed."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _reported(place: int, row: Sequence[str]) -> Reported:
    if len(row) != len(TITLES):
        raise NoReport(f"строка {place}: столбцы не те", f"row {place}: the columns are others")
    number, (subject, body, before, digest) = row[0], row[-4:]
    if not (_WHOLE.fullmatch(number) and _DIGEST.fullmatch(before) and _DIGEST.fullmatch(digest)):
        raise NoReport(f"строка {place}: нет номера или хеша", f"row {place}: no number or digest")
    line = JournalLine(
        number=int(number), subject=subject, body=body.encode(), digest=bytes.fromhex(digest)
    )
    return Reported(line=line, before=bytes.fromhex(before))
