"""Giving documents out: one, several in an archive, the list (DOC-08, DOC-09)."""

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from portal.documents.stored_document import (
    DOCUMENT_TYPES,
    StoredDocument,
    content_of,
    document_seen,
    documents_seen,
    not_theirs,
    shown,
)
from portal.rules import documents
from portal.rules.documents import Download, ListFilter, Selection
from portal.use_case import Context, Outcome, refused, view
from world.file_formats import FIRST_DAY_OF_ZIP

__all__ = ["DocumentQuery", "DocumentsChosen", "DocumentsQuery"]


@dataclass(frozen=True, kw_only=True)
class DocumentQuery:
    """One document."""

    document: str


@dataclass(frozen=True, kw_only=True)
class DocumentsChosen:
    """Documents for one archive."""

    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DocumentsQuery:
    """A filter; an empty text lets everything through. Days are ГГГГ-ММ-ДД of the portal's zone,
    both included."""

    date_from: str = ""
    date_to: str = ""
    document_type: str = ""
    status: str = ""


@view(DocumentQuery)
def document_content(context: Context, query: DocumentQuery) -> Outcome:
    """The very bytes that were uploaded, in Base64."""
    document = document_seen(context, query.document)
    if document is None:
        return refused(not_theirs(context, query.document), "absent", "absent")
    content = _whole(context, document)
    if content is None:
        given = Download(uploaded=document.digest, given="")
        return refused(documents.download_is_whole(given, context.policy), "state")
    return Outcome(
        state=document.status,
        data={**shown(document), "content": base64.b64encode(content).decode()},
    )


@view(DocumentsChosen)
def documents_archive(context: Context, query: DocumentsChosen) -> Outcome:
    """A ZIP of the chosen documents, in Base64; names that meet are numbered."""
    files: dict[str, tuple[StoredDocument, bytes]] = {}
    seen = {each: document_seen(context, each) for each in query.documents}
    for document_id, document in seen.items():
        if document is None:
            return Outcome(state="absent", refusal="absent")
        content = _whole(context, document)
        if content is not None:
            files[document_id] = document, content
    claim = Selection(chosen=query.documents, available=files)
    violations = documents.download_is_whole(claim, context.policy)
    if violations:
        return refused(violations)
    archive = _zip([(document.file_name, content) for document, content in files.values()])
    data = {"file_name": "Документы.zip", "content": base64.b64encode(archive).decode()}
    return Outcome(state="ready", data=data)


@view(DocumentsQuery)
def list_documents(context: Context, query: DocumentsQuery) -> Outcome:
    """Documents that the actor may have, the latest first."""
    claim = ListFilter(
        date_from=query.date_from,
        date_to=query.date_to,
        document_type=query.document_type,
        status=query.status,
        types=DOCUMENT_TYPES,
    )
    violations = documents.list_filter(claim, context.policy)
    if violations:
        return refused(violations)
    found = [each for each in documents_seen(context) if _passes(context, each, query)]
    found.sort(key=lambda each: (each.uploaded_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [shown(each) for each in found]})


def _passes(context: Context, document: StoredDocument, query: DocumentsQuery) -> bool:
    day = document.uploaded_at.astimezone(context.now.tzinfo).date().isoformat()
    return (
        (not query.date_from or query.date_from <= day)
        and (not query.date_to or day <= query.date_to)
        and query.document_type in ("", document.document_type)
        and query.status in ("", document.status)
    )


def _whole(context: Context, document: StoredDocument) -> bytes | None:
    """Its bytes if it can be given out: the antivirus has passed it, nothing has altered it."""
    content = content_of(context, document) if document.status == "ready" else None
    if content is None or hashlib.sha256(content).hexdigest() != document.digest:
        return None
    return content


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    taken: set[str] = set()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for file_name, content in files:
            entry = zipfile.ZipInfo(_free_name(file_name, taken), FIRST_DAY_OF_ZIP)
            archive.writestr(entry, content)
    return buffer.getvalue()


def _free_name(file_name: str, taken: set[str]) -> str:
    own = file_name.replace("\\", "/").rpartition("/")[2]  # a place in somebody's folders is none
    path, number, name = PurePath(own or "документ"), 1, ""
    while not name or name in taken:
        name = path.name if number == 1 else f"{path.stem} ({number}){path.suffix}"
        number += 1
    taken.add(name)
    return name
