"""Uploading a document (DOC-01 to DOC-07, DOC-10 to DOC-12)."""

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Final

from pydantic import Base64Bytes

from portal.documents.file_kind import kind_of
from portal.documents.stored_document import (
    DOCUMENT_TYPES,
    StoredContent,
    StoredDocument,
    shown,
)
from portal.organizations.rights import organization_with
from portal.ports.unavailable import Unavailable
from portal.rules import documents
from portal.rules.documents import ChosenType, FileClaim, UploadContext, UploadStatus
from portal.rules.rights import UPLOAD_DOCUMENTS
from portal.rules.rule import Violation, every
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case

__all__ = ["Upload", "file_violations", "upload_document"]

_OF_EVERY_FILE: Final = (documents.not_renamed, documents.no_virus, documents.size_limits)


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file for a context, its chosen type (of DOCUMENT_TYPES), and the last day of its term if it
    states one."""

    context: UploadContext
    document_type: str
    file_name: str
    content: Base64Bytes
    valid_until: dt.date | None = None


@use_case(Upload)
def upload_document(context: Context, form: Upload) -> Outcome:
    """Take a file in if it breaks no rule.

    While the antivirus is silent the file waits for it; an infected one is blocked: its record
    stays, its bytes do not (DOC-07).
    """
    if context.actor.organization is not None:
        place = organization_with(
            context, context.actor.organization, UPLOAD_DOCUMENTS, "upload_document"
        )
        if isinstance(place, Outcome):
            return place
    virus, waits = _scanned(context, form)
    claim = FileClaim(
        context=form.context,
        file_name=form.file_name,
        file_format=kind_of(form.content),
        size=len(form.content),
        uploaded_before=_uploaded_before(context, form.context),
        virus=virus,
    )
    chosen = ChosenType(chosen=form.document_type, types=DOCUMENT_TYPES)
    violations = [
        *documents.type_is_chosen(chosen, context.policy),
        *file_violations(context, claim),
    ]
    if not violations:
        return _kept(context, form, claim, "scanning" if waits else "ready")
    if virus is not None and form.document_type in DOCUMENT_TYPES:
        _kept(context, form, claim, "blocked")
    return refused(violations)


def file_violations(context: Context, claim: FileClaim) -> list[Violation]:
    """What of a file breaks the rules of its context."""
    rules = (documents.FORMAT_RULES[claim.context], *_OF_EVERY_FILE)
    return list(every(rule(claim, context.policy) for rule in rules))


@task
def scan_document(context: Context, planned: Task) -> None:
    """A file that the antivirus has not seen yet; Unavailable plans it again."""
    document = context.unit.get(StoredDocument, planned.subject)
    kept = context.unit.get(StoredContent, planned.subject)
    if document is None or kept is None:
        return
    content = base64.b64decode(kept.content)
    virus = context.portal.ports.antivirus.scan(document.file_name, content)
    if virus is None:
        context.unit.put(replace(document, status="ready"))
        context.note("upload_document", document.holder, "ready", document=document.id)
    else:
        context.unit.put(replace(document, status="blocked"))
        context.unit.delete(kept)
        found = {"document": document.id, "rule": "DOC-07", "virus": virus}
        context.note("upload_document", document.holder, "blocked", **found)


def _scanned(context: Context, form: Upload) -> tuple[str | None, bool]:
    """What the antivirus has found, and whether it has still to be asked."""
    try:
        return context.portal.ports.antivirus.scan(form.file_name, form.content), False
    except Unavailable:
        return None, True


def _uploaded_before(context: Context, where: UploadContext) -> int:
    """Bytes that this session has uploaded into the context."""
    found = context.unit.find(StoredDocument, "session", _session(context))
    return sum(each.size for each in found if each.context == where and each.status != "blocked")


def _session(context: Context) -> str:
    return context.actor.session or context.actor.account or ""


def _kept(context: Context, form: Upload, claim: FileClaim, status: UploadStatus) -> Outcome:
    document = context.unit.put(
        StoredDocument(
            id=context.portal.ports.entropy.token("document"),
            owner=context.actor.account or "",
            organization=context.actor.organization,
            session=_session(context),
            context=form.context,
            document_type=form.document_type,
            file_name=form.file_name,
            file_format=claim.file_format,
            size=claim.size,
            digest=hashlib.sha256(form.content).hexdigest(),
            status=status,
            uploaded_at=context.now,
            valid_until=form.valid_until,
        )
    )
    if status != "blocked":
        encoded = base64.b64encode(form.content).decode()
        context.unit.put(StoredContent(id=document.id, content=encoded))
    if status == "scanning":
        schedule(context.unit, "scan_document", document.id, context.now)
    details = {} if claim.virus is None else {"rule": "DOC-07", "virus": claim.virus}
    context.note("upload_document", document.holder, status, document=document.id, **details)
    return Outcome(state=status, data=shown(document))
