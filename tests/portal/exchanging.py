"""A document of an organization that was sent, put straight into a store."""

from portal.document_exchange.exchange import Exchange
from portal.documents.stored_document import StoredDocument
from portal.store.unit import Unit
from tests.portal.cabinets import Cabinet

__all__ = ["OF_EXCHANGE", "put_exchange"]

OF_EXCHANGE = {
    **dict.fromkeys(("exchanged_document", "sign_exchange", "decline_exchange"), "exchange"),
    **dict.fromkeys(("send_document", "state_document_kind", "forwarded_document"), "document"),
}
"""Use cases and views of chapter EDI, by the field that names what they are about."""


def put_exchange(cabinet: Cabinet) -> dict[str, str]:
    """Ids by those fields: a document that is the member's own, which the organization has got from
    itself."""
    unit, now = Unit(cabinet.stand.store), cabinet.stand.clock.now()
    ids = {"document": "the document", "exchange": "the exchange"}
    if unit.get(Exchange, ids["exchange"]) is not None:
        return ids
    unit.put(
        StoredDocument(
            id=ids["document"],
            owner="account 500100732259",
            organization=cabinet.id,
            session="s",
            context="library",
            document_type="contract",
            file_name="Договор.pdf",
            file_format="pdf",
            size=4,
            digest="",
            status="ready",
            uploaded_at=now,
        )
    )
    unit.put(
        Exchange(
            id=ids["exchange"],
            document=ids["document"],
            file_name="Договор.pdf",
            digest="",
            sender=cabinet.id,
            sender_name="ООО «Ромашка»",
            recipient=cabinet.id,
            recipient_name="ООО «Ромашка»",
            signature="",
            protocol=(),
            sent_by="somebody",
            sent_at=now,
        )
    )
    unit.commit()
    return ids
