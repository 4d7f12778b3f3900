"""The services that signed documents go to by themselves (EDI-03): registration, procurement,
tax."""

from dataclasses import dataclass
from typing import Protocol

__all__ = ["DocumentNotTaken", "DocumentServices", "OfficialDocument", "OfficialReceipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """A document with its detached CMS signature; `kind` is one of `ROUTES` of the rules, `notice`
    the number of the tender that a bid is for (empty: none), `inn` the sender's."""

    document_id: str
    kind: str
    inn: str
    notice: str
    file_name: str
    content: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialReceipt:
    """The service's receipt: its number, and when it took the document, as the service writes
    it."""

    number: str
    received: str


class DocumentNotTaken(Exception):
    """The service does not take such a document; `why` is Russian, `field` what is wrong in it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


class DocumentServices(Protocol):
    """Services that take a document once under its id."""

    def take(self, document: OfficialDocument) -> OfficialReceipt:
        """Hand a document to the service of its kind; the same again gives the receipt that there
        is. DocumentNotTaken, Unavailable."""
