"""Documents that come with an application: their codes and formats, the files are not kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.files import decoded_file
from mocks.core.http import Refusal
from mocks.core.register import Numbered, digest_of, request_id_taken

__all__ = ["Attachment", "Attachments", "DocumentSet", "Supplement", "formats_of"]

MOST_SUPPLEMENTS: Final = 50
"""Kept for one application; assumption."""

_SIGNATURES: Final = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
"""How a file of each format begins (DOC-06)."""


class Attachment(BaseModel):
    """A document of the set: its code, the file's name and bytes in Base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    file_name: Annotated[str, Field(min_length=1, max_length=255)]
    content: str


Attachments: TypeAlias = Annotated[tuple[Attachment, ...], Field(max_length=20)]


class Supplement(Numbered):
    """What was missing; a repetition under the same number changes nothing."""

    documents: Attachments


@dataclass
class DocumentSet:
    """Formats of an application's documents by their codes; `supplements` are digests by the
    numbers of requests."""

    formats: dict[str, str]
    supplements: dict[str, str] = field(default_factory=dict)

    def repeats(self, supplement: Supplement) -> bool:
        """Whether this very supplement has been taken; Refusal 409 if its number was given to
        another content."""
        known = self.supplements.get(supplement.request_id)
        if known is not None and known != digest_of(supplement):
            raise request_id_taken(supplement.request_id)
        return known is not None

    def take(self, supplement: Supplement) -> None:
        """Add its documents; Refusal 409 after too many, 422 for content that is not Base64."""
        if len(self.supplements) >= MOST_SUPPLEMENTS:
            message = f"Дополнений к одному заявлению не больше {MOST_SUPPLEMENTS}"
            raise Refusal(409, "too-many-supplements", message)
        self.formats.update(formats_of(supplement.documents))
        self.supplements[supplement.request_id] = digest_of(supplement)

    def missing(
        self, required: Mapping[str, str], formats: tuple[str, ...]
    ) -> list[dict[str, str]]:
        """Every document of `required` (titles by code) that is not there or not in one of
        `formats` (APP-11)."""
        missing = []
        for code, title in required.items():
            found = self.formats.get(code)
            if found is None:
                missing.append({"kind": code, "title": title, "problem": "absent"})
            elif found not in formats:
                missing.append({"kind": code, "title": title, "problem": "wrong_format"})
        return missing


def formats_of(attachments: Iterable[Attachment]) -> dict[str, str]:
    """Formats of the files by their documents' codes, `unknown` for another one; Refusal 422 for
    content that is not Base64."""
    return {one.kind: _format_of(one) for one in attachments}


def _format_of(attachment: Attachment) -> str:
    content = decoded_file(attachment.content, "documents")
    begins = (name for name, mark in _SIGNATURES.items() if content.startswith(mark))
    return next(begins, "unknown")
