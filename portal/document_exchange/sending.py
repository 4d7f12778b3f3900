"""Sending a signed document to a counterparty, and its answer (EDI-01, EDI-02)."""

import base64
import hashlib
from dataclasses import dataclass, replace

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.activation.services import closed_cabinet
from portal.certificates.acting import signer_of
from portal.certificates.document_signature import DocumentSignature
from portal.certificates.signature_check import (
    certificate_violations,
    checked_signature,
    refused_or_later,
    verified,
    waits_for_status,
)
from portal.document_exchange.archiving import archive_soon
from portal.document_exchange.exchange import (
    EXCHANGE_STATES,
    Exchange,
    closed_to_strangers,
    exchange_of,
    sent_content,
    tell,
)
from portal.documents.file_kind import kind_of
from portal.documents.stored_document import StoredDocument, content_of, document_seen
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.signatures import SignatureFacts, WrongSignature
from portal.registration.signed_text import signature_bytes
from portal.rules import document_exchange as rules
from portal.rules.document_exchange import OutgoingDocument
from portal.rules.rights import SIGN, UPLOAD_DOCUMENTS
from portal.rules.rule import Violation
from portal.store.derived_id import derived_id
from portal.use_case import Context, Outcome, use_case

__all__ = [
    "AnsweringSignature",
    "Declined",
    "Outgoing",
    "decline_exchange",
    "send_document",
    "sign_exchange",
]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A signed document of the cabinet, and the ИНН of whom it goes to."""

    organization: str
    document: str
    counterparty: str


@dataclass(frozen=True, kw_only=True)
class AnsweringSignature:
    """The recipient's CMS signature (Base64) over the very bytes that were sent."""

    organization: str
    exchange: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class Declined:
    """Why the recipient does not sign."""

    organization: str
    exchange: str
    reason: str


@use_case(Outgoing)
@in_organization(UPLOAD_DOCUMENTS)
def send_document(context: Context, form: Outgoing, found: Organization) -> Outcome:
    """Send a document to a counterparty of the portal, who sees it at once (EDI-01); the same to
    the same one again gives the exchange that there is."""
    document = document_seen(context, form.document)
    if document is None or document.organization != found.id:
        owners = () if document is None or document.organization is None else (document.holder,)
        refusal = closed_to_strangers(context, found, owners, "document", form.document)
        return refusal or Outcome(state="absent", refusal="absent")
    recipient = _counterparty(context, form.counterparty)
    checked = _checked(context, found, document)
    claim = replace(
        checked.claim, recipient="" if recipient is None else recipient.id, sender=found.id
    )
    violations = (
        *closed_cabinet(context, found),
        *rules.ready_to_be_sent(claim, context.policy),
        *checked.violations,
    )
    if violations or recipient is None or checked.signature is None or checked.facts is None:
        refusal = refused_or_later(violations)
        return noted_refusal(context, found.id, refusal, document=document.id)
    known = context.unit.get(Exchange, _exchange_id(document, recipient))
    if known is not None:
        return Outcome(state=known.state, data=known.shown())
    exchange = context.unit.put(
        Exchange(
            id=_exchange_id(document, recipient),
            document=document.id,
            file_name=document.file_name,
            digest=document.digest,
            sender=found.id,
            sender_name=found.requisites.full_name,
            recipient=recipient.id,
            recipient_name=recipient.requisites.full_name,
            signature=checked.signature.signature,
            protocol=_protocol(context, document, checked.facts),
            sent_by=context.actor.account or "",
            sent_at=context.now,
        )
    )
    _noted(context, exchange)
    tell(context, exchange, recipient.id, f"Новый документ от {exchange.sender_name}")
    return Outcome(state=exchange.state, data=exchange.shown())


@use_case(AnsweringSignature)
@with_legal_force(by_signature)
@in_organization(SIGN)
def sign_exchange(context: Context, form: AnsweringSignature, found: Organization) -> Outcome:
    """The recipient signs what was sent: both sides have signed."""
    exchange = _incoming(context, found, form.exchange, "sign")
    if isinstance(exchange, Outcome):
        return exchange
    content = sent_content(context, exchange)
    signature = signature_bytes(form.signature)
    checked = checked_signature(context, signature, content, signer_of(found))
    if checked.violations:
        refusal = refused_or_later(checked.violations)
        return noted_refusal(context, found.id, refusal, exchange=exchange.id)
    encoded = base64.b64encode(signature).decode()
    return _answered(context, replace(exchange, answer_signature=encoded), "sign")


@use_case(Declined)
@in_organization(UPLOAD_DOCUMENTS)
def decline_exchange(context: Context, form: Declined, found: Organization) -> Outcome:
    """The recipient does not sign, and says why."""
    exchange = _incoming(context, found, form.exchange, "decline")
    if isinstance(exchange, Outcome):
        return exchange
    return _answered(context, replace(exchange, reason=form.reason), "decline")


# --- inside


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A document and its signature as they are now: the claim of EDI-01 without its sides."""

    claim: OutgoingDocument
    signature: DocumentSignature | None
    facts: SignatureFacts | None
    violations: tuple[Violation, ...]


def _checked(context: Context, organization: Organization, document: StoredDocument) -> _Checked:
    content = content_of(context, document) or b""
    found = context.unit.find(DocumentSignature, "document", document.id)
    signature = next((each for each in found if each.digest == document.digest), None)
    facts, violations, holds = None, tuple[Violation, ...](), False
    if signature is not None:
        try:
            facts = verified(context, base64.b64decode(signature.signature), content)
        except WrongSignature:
            facts = None
        else:
            signer = signer_of(organization)
            violations = certificate_violations(
                context, facts.certificate, signer, field="signature"
            )
            holds = not violations or waits_for_status(violations)
    claim = OutgoingDocument(
        file_format=kind_of(content) if content else document.file_format,
        is_ready=document.status == "ready",
        is_whole=hashlib.sha256(content).hexdigest() == document.digest,
        is_signed=signature is not None,
        signature_holds=holds,
        recipient="",
        sender="",
    )
    return _Checked(claim=claim, signature=signature, facts=facts, violations=violations)


def _counterparty(context: Context, inn: str) -> Organization | None:
    """The organization of that ИНН whose cabinet is open."""
    found = context.unit.one(Organization, "inn", inn)
    return found if found is not None and found.state == "active" else None


def _exchange_id(document: StoredDocument, recipient: Organization) -> str:
    """A document goes to a recipient once."""
    return derived_id("exchange", document.id, recipient.id)


def _protocol(context: Context, document: StoredDocument, facts: SignatureFacts) -> tuple[str, ...]:
    """What was checked, line by line."""
    certificate = facts.certificate
    return (
        f"Документ {document.id}, файл «{document.file_name}», {document.size} Б",
        f"SHA-256 {document.digest}",
        f"Подпись: {certificate.common_name}, сертификат {certificate.serial}",
        f"Издатель: {certificate.issuer}",
        f"Формат {document.file_format}, подпись и сертификат действительны",
        f"Проверено {context.now.isoformat()}",
    )


def _incoming(
    context: Context, organization: Organization, exchange_id: str, event: str
) -> Exchange | Outcome:
    """An exchange that the organization has got and may still answer."""
    exchange = exchange_of(context, organization, exchange_id)
    if isinstance(exchange, Outcome):
        return exchange
    if exchange.recipient != organization.id or not EXCHANGE_STATES.allows(exchange.state, event):
        return Outcome(state=exchange.state, refusal="state")
    return exchange


def _answered(context: Context, exchange: Exchange, event: str) -> Outcome:
    state = EXCHANGE_STATES.after(exchange.state, event)
    answered = context.unit.put(replace(exchange, state=state, answered_at=context.now))
    _noted(context, answered)
    title = EXCHANGE_STATES.titles[state].lower()
    tell(context, answered, answered.sender, f"Документ для {answered.recipient_name}: {title}")
    return Outcome(state=state, data=answered.shown())


def _noted(context: Context, exchange: Exchange) -> None:
    for side in exchange.sides:
        context.note(context.act, side, exchange.state, exchange=exchange.id)
    archive_soon(context, exchange.document)
