"""A signed document goes by itself to the service of its kind: registration, procurement, tax
(EDI-03)."""

import base64
from dataclasses import dataclass, replace

from portal.certificates.document_signature import DocumentSignature, once_signed
from portal.document_exchange.archiving import archive_soon
from portal.document_exchange.exchange import closed_to_strangers
from portal.document_exchange.forwarded import FORWARDING_STATES, Forwarding
from portal.documents.stored_document import StoredDocument, content_of, document_seen
from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.document_services import DocumentNotTaken, OfficialDocument
from portal.rules import document_exchange as rules
from portal.rules.document_exchange import ForwardedDocument
from portal.rules.rights import UPLOAD_DOCUMENTS
from portal.rules.rule import Violation
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case, view

__all__ = ["ForwardingQuery", "StatedKind", "forwarded_document", "state_document_kind"]


@dataclass(frozen=True, kw_only=True)
class StatedKind:
    """What kind of document it is (of ROUTES); a bid says for which tender (19 digits)."""

    organization: str
    document: str
    kind: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class ForwardingQuery:
    """A document of an organization."""

    organization: str
    document: str


@use_case(StatedKind)
@in_organization(UPLOAD_DOCUMENTS)
def state_document_kind(context: Context, form: StatedKind, found: Organization) -> Outcome:
    """Say where a document belongs: it goes there as soon as it is signed, at once if it is."""
    document = _document_of(context, found, form.document)
    if isinstance(document, Outcome):
        return document
    violations = _judged(context, kind=form.kind)
    if violations:
        return refused(violations)
    known = context.unit.get(Forwarding, document.id)
    before = FORWARDING_STATES.first if known is None else known.state
    if not FORWARDING_STATES.allows(before, "state"):
        return Outcome(state=before, refusal="state")
    stated = context.unit.put(
        Forwarding(
            id=document.id,
            version=0 if known is None else known.version,
            organization=found.id,
            kind=form.kind,
            notice=form.notice,
            attempt=1 if known is None else known.attempt + 1,
        )
    )
    context.note("state_document_kind", found.id, stated.kind, document=document.id)
    if _signature_of(context, document) is not None:
        stated = _sent_off(context, stated)
    return Outcome(state=stated.state, data=stated.shown())


@view(ForwardingQuery)
@in_organization(UPLOAD_DOCUMENTS)
def forwarded_document(context: Context, query: ForwardingQuery, found: Organization) -> Outcome:
    """How far a document has come to its service; EDI-03 says what keeps it from going there."""
    document = _document_of(context, found, query.document)
    if isinstance(document, Outcome):
        return document
    known = context.unit.get(Forwarding, document.id)
    violations = _judged(
        context,
        kind="" if known is None else known.kind,
        is_signed=_signature_of(context, document) is not None,
        refusal="" if known is None else known.reason,
    )
    if violations or known is None:
        return refused(violations, "state")
    return Outcome(state=known.state, data=known.shown())


@once_signed
def forward_signed(context: Context, document: str) -> None:
    """A document was signed: if it is known where it belongs, it goes there."""
    known = context.unit.get(Forwarding, document)
    if known is not None and FORWARDING_STATES.allows(known.state, "sign"):
        _sent_off(context, known)


@task
def forward_document(context: Context, planned: Task) -> None:
    """Hand a document to its service; Unavailable plans it again."""
    known = context.unit.get(Forwarding, planned.subject)
    document = context.unit.get(StoredDocument, planned.subject)
    organization = None if known is None else context.unit.get(Organization, known.organization)
    if known is None or document is None or organization is None or known.state != "going":
        return
    signature = _signature_of(context, document)
    official = OfficialDocument(
        document_id=f"{document.id}-{known.attempt}",
        kind=known.kind,
        inn=organization.requisites.inn,
        notice=known.notice,
        file_name=document.file_name,
        content=content_of(context, document) or b"",
        signature=b"" if signature is None else base64.b64decode(signature.signature),
    )
    try:
        receipt = context.portal.ports.document_services.take(official)
    except DocumentNotTaken as why:
        _ended(context, replace(known, reason=why.why), "refuse")
        return
    _ended(context, replace(known, receipt=receipt.number, received=receipt.received), "take")
    archive_soon(context, document.id)


# --- inside


def _document_of(
    context: Context, organization: Organization, document_id: str
) -> StoredDocument | Outcome:
    """A document of the organization that the actor may have; EDI-02."""
    found = document_seen(context, document_id)
    if found is not None and found.organization == organization.id:
        return found
    owners = () if found is None else (found.holder,)
    refusal = closed_to_strangers(context, organization, owners, "document", document_id)
    return refusal or Outcome(state="absent", refusal="absent")


def _judged(
    context: Context, *, kind: str, is_signed: bool = True, refusal: str = ""
) -> tuple[Violation, ...]:
    claim = ForwardedDocument(kind=kind, is_signed=is_signed, refusal=refusal)
    return rules.forwarded_where_it_belongs(claim, context.policy)


def _signature_of(context: Context, document: StoredDocument) -> DocumentSignature | None:
    found = context.unit.find(DocumentSignature, "document", document.id)
    return next((each for each in found if each.digest == document.digest), None)


def _sent_off(context: Context, known: Forwarding) -> Forwarding:
    state = FORWARDING_STATES.after(known.state, "sign")
    schedule(context.unit, "forward_document", known.id, context.now)
    return context.unit.put(replace(known, state=state))


def _ended(context: Context, known: Forwarding, event: str) -> None:
    ended = context.unit.put(replace(known, state=FORWARDING_STATES.after(known.state, event)))
    context.note("forward_document", ended.organization, ended.state, document=ended.id)
    shown = ended.shown()
    publish(
        context,
        Event(
            id=f"forwarding/{ended.id}/{ended.attempt}",
            organization=ended.organization,
            kind="document",
            subject=ended.id,
            title=f"{shown['kind_title']}: {shown['state_title'].lower()}",
            text=ended.reason or f"Квитанция {ended.receipt}",
            details={"state": ended.state, "kind": ended.kind},
            is_critical=ended.state == "refused",
            at=context.now,
        ),
    )
