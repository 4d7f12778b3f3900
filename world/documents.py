"""Documents that applicants attach: recipes of files, whose bytes are made when asked for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from world.file_formats import FileFormat, file_content

__all__ = [
    "EICAR",
    "MEGABYTE",
    "TITLES",
    "Document",
    "DocumentKind",
    "printed_date",
]

DocumentKind: TypeAlias = Literal[
    "charter",
    "registration_certificate",
    "tax_certificate",
    "egrul_extract",
    "management_power_of_attorney",
    "appointment_order",
    "meeting_minutes",
    "representation_regulations",
    "power_of_attorney",
    "passport",
    "egrip_record",
]
"""What a document is: the set of REG-08, papers of authority of REG-07, a person's own."""

TITLES: Final[Mapping[DocumentKind, str]] = MappingProxyType(
    {
        "charter": "Устав",
        "registration_certificate": "Свидетельство о государственной регистрации",
        "tax_certificate": "Свидетельство о постановке на налоговый учёт",
        "egrul_extract": "Выписка из ЕГРЮЛ",
        "management_power_of_attorney": "Доверенность на управление",
        "appointment_order": "Приказ о назначении",
        "meeting_minutes": "Протокол собрания",
        "representation_regulations": "Положение о представительстве",
        "power_of_attorney": "Доверенность",
        "passport": "Паспорт",
        "egrip_record": "Лист записи ЕГРИП",
    }
)

MEGABYTE: Final = 1024 * 1024
"""Bytes in a megabyte of the rule book: the «Мбайт» of the Russian regulation on units of
quantities (government decree 879 of 31.10.2009)."""

# In two parts, so that scanners don't take this file for an infected one.
EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every antivirus reports (eicar.org)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An attached file and what it says: `holder` names those it is about.

    `valid_until` is the last day of a document that has a term. `file_format` is what the content
    is, whatever `file_name` says; `size` is its exact size in bytes, None for the least possible;
    `comment` is text of the file that no page shows.
    """

    kind: DocumentKind
    holder: str
    issued: dt.date
    valid_until: dt.date | None = None
    file_name: str
    file_format: FileFormat = "pdf"
    size: int | None = None
    comment: bytes = b""

    @property
    def lines(self) -> tuple[str, ...]:
        """What the only page shows: the title first."""
        lines = (TITLES[self.kind], self.holder, f"Выдано {printed_date(self.issued)}")
        if self.valid_until is None:
            return lines
        return (*lines, f"Действует по {printed_date(self.valid_until)} включительно")

    @property
    def content(self) -> bytes:
        """The bytes of the file; ValueError as of `file_content`."""
        return file_content(self.file_format, self.lines, size=self.size, comment=self.comment)


def printed_date(date: dt.date) -> str:
    """ДД.ММ.ГГГГ, as papers print a date and people type it (ID-11)."""
    return f"{date:%d.%m.%Y}"
