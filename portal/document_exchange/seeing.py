"""What both sides see of the exchange, and nobody else (EDI-01, EDI-02)."""

import base64
from dataclasses import dataclass
from typing import Literal

from portal.document_exchange.exchange import Exchange, exchange_of, sent_content
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.rights import UPLOAD_DOCUMENTS
from portal.use_case import Context, Outcome, view

__all__ = ["ExchangeQuery", "ExchangesQuery", "exchanged_document", "exchanges"]


@dataclass(frozen=True, kw_only=True)
class ExchangeQuery:
    """One document of the exchange."""

    organization: str
    exchange: str


@dataclass(frozen=True, kw_only=True)
class ExchangesQuery:
    """Documents that came to an organization, or went from it."""

    organization: str
    direction: Literal["incoming", "outgoing"] = "incoming"


@view(ExchangeQuery)
@in_organization(UPLOAD_DOCUMENTS)
def exchanged_document(context: Context, query: ExchangeQuery, found: Organization) -> Outcome:
    """A document of the exchange: the very bytes (Base64), the signatures of both sides."""
    exchange = exchange_of(context, found, query.exchange)
    if isinstance(exchange, Outcome):
        return exchange
    return Outcome(
        state=exchange.state,
        data={
            **exchange.shown(),
            "content": base64.b64encode(sent_content(context, exchange)).decode(),
            "signature": exchange.signature,
            "answer_signature": exchange.answer_signature,
            "protocol": list(exchange.protocol),
        },
    )


@view(ExchangesQuery)
@in_organization(UPLOAD_DOCUMENTS)
def exchanges(context: Context, query: ExchangesQuery, found: Organization) -> Outcome:
    """What came, or what went, the latest first."""
    side = "recipient" if query.direction == "incoming" else "sender"
    kept = context.unit.find(Exchange, side, found.id)
    kept.sort(key=lambda each: (each.sent_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown() for each in kept]})
