"""An application for a licence: what is submitted, and what a set of documents lacks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission
from mocks.case_work.cases import StateTable
from mocks.case_work.files import decoded_file
from mocks.core.register import Numbered
from mocks.licensing.kinds import Requirements

__all__ = [
    "STATES",
    "Application",
    "Attachment",
    "LicenceApplication",
    "Supplement",
    "formats_of",
    "missing_from",
]

STATES: Final = StateTable(
    titles={
        "registered": "Заявление зарегистрировано",
        "awaiting_documents": "Ожидает недостающих документов",
        "in_examination": "На рассмотрении",
        "granted": "Лицензия предоставлена",
        "refused": "В предоставлении отказано",
        "returned": "Возвращено без рассмотрения",
    },
    follows={
        "registered": frozenset({"awaiting_documents", "in_examination"}),
        "awaiting_documents": frozenset({"awaiting_documents", "in_examination", "returned"}),
        "in_examination": frozenset({"granted", "refused"}),
    },
)
"""99-ФЗ, art. 13 (acceptance, notice of what is missing, return) and 14 (decision)."""

_SIGNATURES: Final = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
"""How a file of each format begins (DOC-06)."""


class Attachment(BaseModel):
    """A document of the set: its code, the file's name and bytes in Base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    file_name: Annotated[str, Field(min_length=1, max_length=255)]
    content: str


Attachments = Annotated[tuple[Attachment, ...], Field(max_length=20)]


class LicenceApplication(Submission):
    """The form of APP-09. `activity` is a code of ОКВЭД, `renews` the serial of a licence whose
    term is to be made longer."""

    kind: str
    head_name: Annotated[str, Field(min_length=1, max_length=200)]
    activity: Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{1,2}){0,2}$")]
    valid_until: dt.date | None = None
    renews: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None
    documents: Attachments = ()


class Supplement(Numbered):
    """What was missing; a repetition under the same number changes nothing."""

    documents: Attachments


@dataclass
class Application:
    """What a case is about; `documents` are formats by code, the files are not kept;
    `supplements` digests by number. `missing` is
    what the set lacks, `reasons` why it was refused, `licence` the serial granted."""

    kind: str
    head_name: str
    activity: str
    valid_until: dt.date | None
    renews: str | None
    documents: dict[str, str] = field(default_factory=dict)
    supplements: dict[str, str] = field(default_factory=dict)
    missing: list[dict[str, str]] = field(default_factory=list)
    reasons: list[dict[str, str]] = field(default_factory=list)
    licence: str | None = None
    false_refusal: bool = False


def formats_of(attachments: Iterable[Attachment]) -> dict[str, str]:
    """Formats of the files by their documents' codes, `unknown` for another one; Refusal 422 for
    content that is not Base64."""
    return {one.kind: _format_of(one) for one in attachments}


def missing_from(
    documents: dict[str, str], requirements: Requirements, formats: tuple[str, ...]
) -> list[dict[str, str]]:
    """Every required document that is not there or not in one of `formats` (APP-11)."""
    missing = []
    for code, title in requirements.documents.items():
        found = documents.get(code)
        if found is None:
            missing.append({"kind": code, "title": title, "problem": "absent"})
        elif found not in formats:
            missing.append({"kind": code, "title": title, "problem": "wrong_format"})
    return missing


def _format_of(attachment: Attachment) -> str:
    content = decoded_file(attachment.content, "documents")
    begins = (name for name, mark in _SIGNATURES.items() if content.startswith(mark))
    return next(begins, "unknown")
