"""What of a document that was sent or forwarded goes into the archive (EDI-04)."""

import base64

from portal.archive.archived_copy import Part, keep_in_archive
from portal.certificates.document_signature import DocumentSignature
from portal.document_exchange.exchange import EXCHANGE_STATES, Exchange
from portal.document_exchange.forwarded import FORWARDING_STATES, Forwarding
from portal.documents.stored_document import StoredDocument, content_of
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["archive_document", "archive_soon"]


def archive_soon(context: Context, document: str) -> None:
    """Let what is new about a document go into the archive."""
    schedule(context.unit, "archive_document", document, context.now)


@task
def archive_document(context: Context, planned: Task) -> None:
    """The document, its signatures, protocols of checks and confirmations, each once; Unavailable
    (there is no GOST) plans it again."""
    document = context.unit.get(StoredDocument, planned.subject)
    content = None if document is None else content_of(context, document)
    if document is None or content is None:
        return
    _keep(context, document, "document", "document", document.file_name, content)
    for signature in context.unit.find(DocumentSignature, "document", document.id):
        if signature.digest == document.digest:
            name = f"signature/{signature.certificate}"
            message = base64.b64decode(signature.signature)
            _keep(context, document, "signature", name, "Подпись отправителя", message)
    for exchange in context.unit.find(Exchange, "document", document.id):
        _keep_exchange(context, document, exchange)
    forwarding = context.unit.get(Forwarding, document.id)
    if forwarding is not None and forwarding.receipt:
        text = [
            f"Квитанция {forwarding.receipt}",
            f"Документ {document.id}: {FORWARDING_STATES.titles[forwarding.state]}",
            f"Получено {forwarding.received}",
        ]
        _keep_text(context, document, "confirmation", "receipt", "Квитанция сервиса", text)


# --- inside


def _keep_exchange(context: Context, document: StoredDocument, exchange: Exchange) -> None:
    _keep_text(
        context,
        document,
        "protocol",
        f"protocol/{exchange.id}",
        "Протокол проверки подписи",
        exchange.protocol,
    )
    delivered = [
        f"Документ {document.id}, отправление {exchange.id}",
        f"{exchange.sender_name} — {exchange.recipient_name}",
        f"{EXCHANGE_STATES.titles['delivered']} {exchange.sent_at.isoformat()}",
    ]
    name = f"delivery/{exchange.id}"
    _keep_text(context, document, "confirmation", name, "Подтверждение доставки", delivered)
    if exchange.answered_at is None:
        return
    answered = [
        *delivered[:2],
        f"{EXCHANGE_STATES.titles[exchange.state]} {exchange.answered_at.isoformat()}",
        *filter(None, [exchange.reason]),
    ]
    name = f"answer/{exchange.id}"
    _keep_text(context, document, "confirmation", name, "Ответ получателя", answered)
    if exchange.answer_signature:
        name = f"answer-signature/{exchange.id}"
        message = base64.b64decode(exchange.answer_signature)
        _keep(context, document, "signature", name, "Подпись получателя", message)


def _keep_text(
    context: Context,
    document: StoredDocument,
    part: Part,
    name: str,
    title: str,
    lines: list[str] | tuple[str, ...],
) -> None:
    _keep(context, document, part, name, title, "\n".join((title, *lines, "")).encode())


def _keep(
    context: Context,
    document: StoredDocument,
    part: Part,
    name: str,
    title: str,
    content: bytes,
) -> None:
    keep_in_archive(
        context,
        document=document.id,
        organization=document.holder,
        part=part,
        name=name,
        title=title,
        content=content,
    )
