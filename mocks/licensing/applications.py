"""An application for a licence: what is submitted, and what a case is about."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field

from mocks.case_work.applicants import Submission
from mocks.case_work.attachments import Attachments, DocumentSet
from mocks.case_work.cases import StateTable

__all__ = ["STATES", "Application", "LicenceApplication"]

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


class LicenceApplication(Submission):
    """The form of APP-09. `activity` is a code of ОКВЭД, `renews` the serial of a licence whose
    term is to be made longer."""

    kind: str
    head_name: Annotated[str, Field(min_length=1, max_length=200)]
    activity: Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{1,2}){0,2}$")]
    valid_until: dt.date | None = None
    renews: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None
    documents: Attachments = ()


@dataclass
class Application:
    """What a case is about; `missing` is what the set of documents lacks, `reasons` why it was
    refused, `licence` the serial granted."""

    kind: str
    head_name: str
    activity: str
    valid_until: dt.date | None
    renews: str | None
    documents: DocumentSet
    missing: list[dict[str, str]] = field(default_factory=list)
    reasons: list[dict[str, str]] = field(default_factory=list)
    licence: str | None = None
    false_refusal: bool = False
