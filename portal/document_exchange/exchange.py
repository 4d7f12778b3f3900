"""A document that one organization has sent to another, and who sees it (EDI-01, EDI-02)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.documents.stored_document import StoredDocument, content_of
from portal.events import Event, publish
from portal.organizations.organization import Organization
from portal.rules import document_exchange as rules
from portal.rules.document_exchange import ExchangeSides
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused

__all__ = [
    "EXCHANGE_STATES",
    "Exchange",
    "closed_to_strangers",
    "exchange_of",
    "sent_content",
    "tell",
]

ExchangeState: TypeAlias = Literal["delivered", "signed", "declined"]

EXCHANGE_STATES: Final[StateTable[ExchangeState]] = StateTable(
    name="document exchange",
    titles={
        "delivered": "Доставлен",
        "signed": "Подписан обеими сторонами",
        "declined": "Отклонён получателем",
    },
    first="delivered",
    transitions={
        ("delivered", "sign"): "signed",
        ("delivered", "decline"): "declined",
    },
)


@dataclass(frozen=True, kw_only=True)
class Exchange(Entity):
    """That `document` of organization `sender` went to organization `recipient`: its id is the
    number of the exchange, `digest` is of the bytes that the sender's `signature` (CMS, Base64)
    is over, `protocol` says how it was checked. `answer_signature` is the recipient's."""

    KIND: ClassVar[str] = "exchange"

    document: str
    file_name: str
    digest: str
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    signature: str
    protocol: tuple[str, ...]
    sent_by: str
    sent_at: dt.datetime
    state: ExchangeState = "delivered"
    reason: str = ""
    answer_signature: str = ""
    answered_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By the document, and by each side."""
        return {"document": self.document, "sender": self.sender, "recipient": self.recipient}

    @property
    def sides(self) -> tuple[str, str]:
        """Who sees it."""
        return self.sender, self.recipient

    def shown(self) -> dict[str, Any]:
        """As both sides see it."""
        return {
            "exchange": self.id,
            "document": self.document,
            "file_name": self.file_name,
            "sha256": self.digest,
            "sender_name": self.sender_name,
            "recipient_name": self.recipient_name,
            "state": self.state,
            "state_title": EXCHANGE_STATES.titles[self.state],
            "reason": self.reason,
            "sent_at": self.sent_at.isoformat(),
            "answered_at": None if self.answered_at is None else self.answered_at.isoformat(),
        }


def exchange_of(
    context: Context, organization: Organization, exchange_id: str
) -> Exchange | Outcome:
    """The exchange, if the organization is a side of it; otherwise it is absent (EDI-02)."""
    found = context.unit.get(Exchange, exchange_id)
    sides = () if found is None else found.sides
    refusal = closed_to_strangers(context, organization, sides, "exchange", exchange_id)
    if found is None or refusal is not None:
        return refusal or Outcome(state="absent", refusal="absent")
    return found


def closed_to_strangers(
    context: Context,
    organization: Organization,
    sides: tuple[str, ...],
    field: str,
    subject: str,
) -> Outcome | None:
    """EDI-02 for an organization that is none of the sides: each of them finds the attempt in its
    journal, and whoever has tried in the security log of their account. What there is not is as
    closed as what is another's."""
    claim = ExchangeSides(organization=organization.id, sides=sides, field=field)
    violations = rules.sides_alone(claim, context.policy)
    if not violations:
        return None
    for whose in dict.fromkeys((*sides, context.actor.account or "")):
        context.note(context.act, whose, "another's", rule="EDI-02", **{field: subject})
    return refused(violations, "absent", "absent")


def sent_content(context: Context, exchange: Exchange) -> bytes:
    """The bytes that were sent."""
    document = context.unit.get(StoredDocument, exchange.document)
    content = None if document is None else content_of(context, document)
    return content or b""


def tell(context: Context, exchange: Exchange, whom: str, title: str) -> None:
    """Let an organization know how a document of the exchange stands now."""
    publish(
        context,
        Event(
            id=f"exchange/{exchange.id}/{exchange.state}",
            organization=whom,
            kind="document",
            subject=exchange.id,
            title=title,
            text=f"{exchange.file_name}: {exchange.sender_name} — {exchange.recipient_name}",
            details={"state": exchange.state, "document": exchange.document},
            is_critical=exchange.state == "declined",
            at=context.now,
        ),
    )
