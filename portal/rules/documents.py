"""Chapter DOC: what may be uploaded where, how large, and what becomes of it.

What a file is, is told by its content (`FileClaim.file_format`), never by its name: a renamed file
breaks DOC-06 and no rule of formats besides, so that one mistake is named once.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from portal.rules.rule import Found, Rule, rule
from rulebook import Policy, Text
from world.documents import MEGABYTE
from world.file_formats import FILE_FORMATS, FileFormat

__all__ = [
    "FORMAT_RULES",
    "STATUSES",
    "STATUS_TITLES",
    "AcceptedFile",
    "ChosenType",
    "Download",
    "FileClaim",
    "ListFilter",
    "Selection",
    "UploadContext",
    "UploadStatus",
    "download_is_whole",
    "for_form",
    "for_library",
    "for_org_check",
    "for_registration",
    "for_report",
    "for_service",
    "limits_of",
    "list_filter",
    "no_virus",
    "not_renamed",
    "size_limits",
    "type_is_chosen",
]

UploadContext: TypeAlias = Literal[
    "registration", "org_check", "form", "library", "report", "service"
]
"""Where a file is uploaded: the `context` of DOC-01 to DOC-05 and DOC-11."""

UploadStatus: TypeAlias = Literal["ready", "scanning", "blocked"]
STATUSES: Final[tuple[UploadStatus, ...]] = get_args(UploadStatus)
STATUS_TITLES: Final[dict[UploadStatus, str]] = {
    "ready": "Готово",
    "scanning": "Проверяется антивирусом",
    "blocked": "Заблокирован",
}

_NAMES_KEPT: Final = 1024  # each rule of a file asks for its extension
_SPELLINGS: Final = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClaim:
    """A file that is uploaded into a context: its name, what its content is (None: none of the
    known formats), its size in bytes, the bytes that the session has uploaded before it, and what
    the antivirus has found (None: nothing, or it has not been asked yet)."""

    context: UploadContext
    file_name: str
    file_format: FileFormat | None
    size: int
    uploaded_before: int = 0
    virus: str | None = None
    field: str = "content"

    @property
    def extension(self) -> str:
        """What the name says that the file is, in lower case."""
        return _extension_of(self.file_name)

    @property
    def is_renamed(self) -> bool:
        """Whether name and content tell of different formats."""
        return self.extension != (self.file_format or "") and (
            self.file_format is not None or self.extension in FILE_FORMATS
        )


@lru_cache(_NAMES_KEPT)
def _extension_of(file_name: str) -> str:
    said = PurePath(file_name).suffix.removeprefix(".").lower()
    return _SPELLINGS.get(said, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenType:
    """The type that was chosen for a document, and those that there are."""

    chosen: str
    types: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """What was done with a file that breaks no rule."""

    status: UploadStatus
    noted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Digests of what was uploaded and of what is given out."""

    uploaded: str
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Documents chosen for the archive, and those of them that can be given out."""

    chosen: Collection[str]
    available: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """A filter of the list as it was asked for (empty: any) and the types there are; days are
    ГГГГ-ММ-ДД, both included."""

    date_from: str
    date_to: str
    document_type: str
    status: str
    types: Collection[str]


# --- formats by context ---------------------------------------------------------------------------


@rule("DOC-01")
def for_registration(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """Documents of authority and registration are PDF alone."""
    yield from _format(claim, "registration", policy)


@rule("DOC-02")
def for_org_check(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """For the check of an organization's data: PDF or JPG."""
    yield from _format(claim, "org_check", policy)


@rule("DOC-03")
def for_form(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """Attachments of forms: PDF, JPG, PNG."""
    yield from _format(claim, "form", policy)


@rule("DOC-04")
def for_library(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """The section «Документы»: PDF, DOCX, XLSX, JPG, PNG."""
    yield from _format(claim, "library", policy)


@rule("DOC-05")
def for_report(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """Reports: PDF, XML, XLSX."""
    yield from _format(claim, "report", policy)


@rule("DOC-11")
def for_service(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """Attachments of a request of a service: PDF or XML."""
    yield from _format(claim, "service", policy)


FORMAT_RULES: Final[Mapping[UploadContext, Rule[FileClaim]]] = MappingProxyType(
    {
        "registration": for_registration,
        "org_check": for_org_check,
        "form": for_form,
        "library": for_library,
        "report": for_report,
        "service": for_service,
    }
)
"""What may be uploaded into a context."""


# --- every upload ---------------------------------------------------------------------------------


@rule("DOC-06")
def not_renamed(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """The content is what the name says."""
    if claim.is_renamed:
        said = claim.extension or "—"
        found = claim.file_format or "?"
        yield Found(
            claim.field,
            Text(
                f"расширение «{said}», а содержимое — «{found}»",
                f"the extension is «{said}», the content is «{found}»",
            ),
        )


@rule("DOC-07")
def no_virus(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """The antivirus has found nothing in the file."""
    if claim.virus is not None:
        yield Found(claim.field, Text(claim.virus, claim.virus))


@rule("DOC-10")
def size_limits(claim: FileClaim, policy: Policy) -> Iterator[Found]:
    """Neither the file nor the session's total is over its limit; the limit itself is allowed."""
    of_file, of_session = limits_of(claim.context, policy)
    if claim.size > of_file:
        yield Found(claim.field, _over(claim.size, of_file))
    total = claim.uploaded_before + claim.size
    if of_session is not None and total > of_session:
        yield Found("session", _over(total, of_session))


@rule("DOC-12")
def type_is_chosen(claim: ChosenType | AcceptedFile, policy: Policy) -> Iterator[Found]:
    """A type is chosen; a file that was accepted is «Готово» and has a line in the journal."""
    if isinstance(claim, AcceptedFile):
        if claim.status != "ready":
            yield Found("status")
        if not claim.noted:
            yield Found("journal")
    elif claim.chosen not in claim.types:
        yield Found("document_type")


# --- reading --------------------------------------------------------------------------------------


@rule("DOC-08")
def download_is_whole(claim: Download | Selection, policy: Policy) -> Iterator[Found]:
    """What is given out is what was uploaded; an archive is of what was chosen, all of it."""
    if isinstance(claim, Download):
        if claim.uploaded != claim.given:
            yield Found("content")
        return
    if not claim.chosen:
        yield Found("documents", Text("ничего не выбрано", "nothing is selected"))
    for missing in dict.fromkeys(claim.chosen):
        if missing not in claim.available:
            yield Found("documents", Text(f"нет файла {missing}", f"no file {missing}"))


@rule("DOC-09")
def list_filter(claim: ListFilter, policy: Policy) -> Iterator[Found]:
    """The list is filtered by days of the calendar and by types and statuses that there are."""
    days = [_day(claim.date_from), _day(claim.date_to)]
    for field, day in zip(("date_from", "date_to"), days, strict=True):
        if day is None:
            yield Found(field)
    if None not in days and claim.date_from and claim.date_to and claim.date_from > claim.date_to:
        yield Found("date_to", Text("конец раньше начала", "the end is before the beginning"))
    if claim.document_type and claim.document_type not in claim.types:
        yield Found("document_type")
    if claim.status and claim.status not in STATUSES:
        yield Found("status")


# --- inside ---------------------------------------------------------------------------------------


def limits_of(context: UploadContext, policy: Policy) -> tuple[int, int | None]:
    """The limits of a file and of a session's total in bytes, inclusive; None: there is none.

    A context for which the sources name no limit has that of the section «Документы», the widest.
    """
    rule_id = FORMAT_RULES[context].id
    key = f"{rule_id}.max_mb"
    of_file = policy.number(key if key in policy else "DOC-04.max_mb")
    session = f"{rule_id}.max_session_mb"
    of_session = int(policy.number(session) * MEGABYTE) if session in policy else None
    return int(of_file * MEGABYTE), of_session


def _format(claim: FileClaim, context: UploadContext, policy: Policy) -> Iterator[Found]:
    if claim.context != context or claim.is_renamed:
        return
    admitted = policy.texts(f"{FORMAT_RULES[context].id}.formats")
    if claim.file_format not in admitted:
        got, formats = claim.extension or "—", ", ".join(admitted)
        yield Found(
            claim.field, Text(f"«{got}», а нужно: {formats}", f"«{got}» instead of {formats}")
        )


def _over(size: int, limit: int) -> Text:
    return Text(f"размер {size} Б, предел {limit} Б", f"the size is {size} B, the limit {limit} B")


def _day(text: str) -> dt.date | None:
    """The day that is written; for an empty text any day."""
    if not text:
        return dt.date.min
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
