"""A document as the portal keeps it, and who may have it."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from portal.organizations.rights import rights_in
from portal.rules.documents import STATUS_TITLES, UploadContext, UploadStatus
from portal.rules.rights import MANAGE_ALL_DOCUMENTS
from portal.rules.roles import OwnedThing, own_things_only
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.use_case import Context
from world.documents import TITLES
from world.file_formats import FileFormat

__all__ = [
    "DOCUMENT_TYPES",
    "StoredContent",
    "StoredDocument",
    "content_of",
    "document_seen",
    "documents_seen",
    "not_theirs",
    "shown",
]

DOCUMENT_TYPES: Final[Mapping[str, str]] = {
    **{str(kind): title for kind, title in TITLES.items()},
    "contract": "Договор",
    "licence": "Лицензия",
    "attachment": "Приложение к форме",
    "report": "Отчёт",
    "filing_certificate": "Справка о подаче отчёта",
    "acceptance_act": "Акт приёма отчёта",
    "extract": "Справка или выписка",
    "registration_confirmation": "Подтверждение регистрации",
    "act": "Электронный акт",
    "other": "Прочий документ",
}
"""What a document may be (DOC-12): the papers of REG-07 and REG-08, and what else people keep."""


@dataclass(frozen=True, kw_only=True)
class StoredDocument(Entity):
    """A file that was uploaded by `owner`, for an organization or for themselves; `digest` is the
    SHA-256 of its bytes, which `StoredContent` of the same id keeps (of a blocked one nothing)."""

    KIND: ClassVar[str] = "document"

    owner: str
    organization: str | None
    session: str
    context: UploadContext
    document_type: str
    file_name: str
    file_format: FileFormat | None
    size: int
    digest: str
    status: UploadStatus
    uploaded_at: dt.datetime
    valid_until: dt.date | None = None

    @property
    def holder(self) -> str:
        """Whose document it is, and in whose journal its lines are (AUD-02)."""
        return self.organization or self.owner

    def keys(self) -> Mapping[str, str]:
        """By owner, by organization and by the session that has uploaded it."""
        of_organization = {} if self.organization is None else {"organization": self.organization}
        return {"owner": self.owner, "session": self.session, **of_organization}


@dataclass(frozen=True, kw_only=True)
class StoredContent(Entity):
    """The bytes of a document, in Base64; apart from it, so that lists do not read them."""

    KIND: ClassVar[str] = "document_content"

    content: str


def content_of(context: Context, document: StoredDocument) -> bytes | None:
    """The bytes of a document; None if they are not kept."""
    kept = context.unit.get(StoredContent, document.id)
    return None if kept is None else base64.b64decode(kept.content)


def document_seen(context: Context, document_id: str) -> StoredDocument | None:
    """The document, if it is there and the actor may have it; that somebody has asked for another's
    is noted."""
    found = context.unit.get(StoredDocument, document_id)
    if found is None or _may_have(context, found):
        return found
    context.note(context.act, found.holder, "another's", document=found.id)
    return None


def not_theirs(context: Context, document_id: str) -> tuple[Violation, ...]:
    """What ROLE-11 says to a colleague of whoever owns a document; nothing to anybody else."""
    found = context.unit.get(StoredDocument, document_id)
    if found is None or found.organization is None:
        return ()
    rights = rights_in(context, found.organization)
    if not rights:
        return ()
    is_own = found.owner == context.actor.account
    claim = OwnedThing(area="documents", is_own=is_own, rights=rights)
    return own_things_only(claim, context.policy)


def documents_seen(context: Context) -> list[StoredDocument]:
    """Documents that the actor may have: the organization's they act for, otherwise their own."""
    if context.actor.organization is None:
        found = context.unit.find(StoredDocument, "owner", context.actor.account or "")
    else:
        found = context.unit.find(StoredDocument, "organization", context.actor.organization)
    return [each for each in found if _may_have(context, each)]


def shown(document: StoredDocument) -> dict[str, Any]:
    """A document as lists show it."""
    return {
        "document": document.id,
        "context": document.context,
        "document_type": document.document_type,
        "type_title": DOCUMENT_TYPES[document.document_type],
        "file_name": document.file_name,
        "file_format": document.file_format,
        "size": document.size,
        "status": document.status,
        "status_title": STATUS_TITLES[document.status],
        "uploaded_at": document.uploaded_at.isoformat(),
        "valid_until": None if document.valid_until is None else document.valid_until.isoformat(),
    }


def _may_have(context: Context, document: StoredDocument) -> bool:
    """It is their own, and not of an organization that they are unbound from (UNB-04); or of the
    organization they act for and whose documents they manage."""
    if document.owner == context.actor.account:
        return document.organization is None or bool(rights_in(context, document.organization))
    organization = context.actor.organization
    if organization is None or document.organization != organization:
        return False
    return MANAGE_ALL_DOCUMENTS in rights_in(context, organization)
