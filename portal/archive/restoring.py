"""Getting documents out of the archive, for their owner and for the staff (EDI-04)."""

import base64
import hashlib
from dataclasses import dataclass

from pydantic import Base64Bytes

from portal.archive.archived_copy import ArchivedCopy, archived, restored_from_any
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.signatures import WrongSignature
from portal.rules import document_exchange as rules
from portal.rules.document_exchange import ArchivedPart
from portal.rules.rights import MANAGE_ALL_DOCUMENTS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "ArchiveQuery",
    "ComparedFile",
    "LostDocument",
    "OwnDocument",
    "archived_copies",
    "compare_with_archive",
    "restore_document",
    "restore_for_organization",
]


@dataclass(frozen=True, kw_only=True)
class ArchiveQuery:
    """What the archive has of an organization; of one document if it is named."""

    organization: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnDocument:
    """A document of an organization, by its number."""

    organization: str
    document: str


@dataclass(frozen=True, kw_only=True)
class LostDocument:
    """A document by its number, whosever it is."""

    document: str


@dataclass(frozen=True, kw_only=True)
class ComparedFile:
    """A file that is said to be a document of the archive."""

    organization: str
    document: str
    content: Base64Bytes


@view(ArchiveQuery)
@in_organization(MANAGE_ALL_DOCUMENTS)
def archived_copies(context: Context, query: ArchiveQuery, found: Organization) -> Outcome:
    """Documents, signatures, protocols and confirmations of the archive, the earliest first."""
    kept = context.unit.find(ArchivedCopy, "organization", found.id)
    wanted = [each for each in kept if query.document in ("", each.document)]
    wanted.sort(key=lambda each: (each.archived_at, each.id))
    return Outcome(state="shown", data={"items": [each.shown() for each in wanted]})


@use_case(OwnDocument, remembered=False)
@in_organization(MANAGE_ALL_DOCUMENTS)
def restore_document(context: Context, form: OwnDocument, found: Organization) -> Outcome:
    """A document as it was archived, from whichever copy is whole, with its signatures."""
    return _restored(context, _owned(context, found, form.document), form.document)


@use_case(LostDocument, staff=True, remembered=False)
def restore_for_organization(context: Context, form: LostDocument) -> Outcome:
    """The same, by the staff for its owner."""
    return _restored(context, archived(context, form.document), form.document)


@use_case(ComparedFile)
@in_organization(MANAGE_ALL_DOCUMENTS)
def compare_with_archive(context: Context, form: ComparedFile, found: Organization) -> Outcome:
    """Whether a file is, byte for byte, what was archived under that number."""
    parts = _owned(context, found, form.document)
    kept = next((each.digest for each in parts if each.part == "document"), "")
    claim = ArchivedPart(
        kept=kept, restored=hashlib.sha256(form.content).hexdigest(), field="content"
    )
    violations = rules.from_the_archive_as_it_was(claim, context.policy)
    if violations:
        return refused(violations)
    return Outcome(state="same", data={"document": form.document, "sha256": kept})


# --- inside


def _owned(context: Context, organization: Organization, document: str) -> list[ArchivedCopy]:
    """What the archive has of the organization's document; that somebody reaches for another's is
    noted."""
    parts = archived(context, document)
    for owner in {each.organization for each in parts} - {organization.id}:
        context.note(context.act, owner, "another's", document=document)
    return [each for each in parts if each.organization == organization.id]


def _restored(context: Context, parts: list[ArchivedCopy], document: str) -> Outcome:
    kept = next((each for each in parts if each.part == "document"), None)
    content = None if kept is None else _opened(context, kept)
    signatures = [_opened(context, each) for each in parts if each.part == "signature"]
    violations = _unlike(context, kept, content, signatures)
    if violations or kept is None or content is None:
        refusal = refused(violations, "state")
        if kept is None:
            return refusal
        return noted_refusal(context, kept.organization, refusal, document=document)
    context.note(context.act, kept.organization, "restored", document=document)
    return Outcome(
        state="restored",
        data={
            "document": document,
            "title": kept.title,
            "sha256": kept.digest,
            "content": base64.b64encode(content).decode(),
            "signatures": [
                base64.b64encode(each).decode() for each in signatures if each is not None
            ],
        },
    )


def _opened(context: Context, kept: ArchivedCopy) -> bytes | None:
    return restored_from_any(context, kept).content


def _unlike(
    context: Context,
    kept: ArchivedCopy | None,
    content: bytes | None,
    signatures: list[bytes | None],
) -> tuple[Violation, ...]:
    claim = ArchivedPart(
        kept="" if kept is None else kept.digest,
        restored="" if content is None else hashlib.sha256(content).hexdigest(),
        signature_holds=content is not None
        and bool(signatures)
        and all(each is not None and _holds(context, each, content) for each in signatures),
    )
    return rules.from_the_archive_as_it_was(claim, context.policy)


def _holds(context: Context, signature: bytes, content: bytes) -> bool:
    """Whether a signature fits the bytes: its certificate may have ended since."""
    try:
        context.portal.ports.signatures.verify(signature, content)
    except WrongSignature:
        return False
    return True
