"""A signature of a document, as the portal keeps it and shows it (SIG-06, SIG-07)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from portal.documents.stored_document import document_seen
from portal.rules import signature_kinds
from portal.rules.signature_kinds import MARK, SIGNED, DocumentMark
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, view

__all__ = [
    "DocumentSignature",
    "SignedDocumentQuery",
    "document_signature_id",
    "document_was_signed",
    "once_signed",
    "signed_document",
]

OnceSigned: TypeAlias = Callable[[Context, str], None]

_ONCE_SIGNED: Final[dict[str, OnceSigned]] = {}


@dataclass(frozen=True, kw_only=True)
class DocumentSignature(Entity):
    """A CMS signature (Base64) over the exact bytes of a document, whose SHA-256 is `digest`, made
    with a bound certificate; its id is `document_signature_id`."""

    KIND: ClassVar[str] = "document_signature"

    document: str
    organization: str
    certificate: str
    signer: str
    signature: str
    digest: str
    signed_at: dt.datetime
    stamped: dt.datetime | None
    mark: str = MARK
    status: str = SIGNED

    def keys(self) -> Mapping[str, str]:
        """By the document and by the organization."""
        return {"document": self.document, "organization": self.organization}

    def shown(self) -> dict[str, Any]:
        """As people see it beside the document."""
        return {
            "document": self.document,
            "certificate": self.certificate,
            "mark": self.mark,
            "status": self.status,
            "signed_at": self.signed_at.isoformat(),
            "stamped": None if self.stamped is None else self.stamped.isoformat(),
        }


def document_signature_id(document: str, certificate: str) -> str:
    """The id of the signature of a document with a certificate: once with each."""
    return f"{document}/{certificate}"


def once_signed(go_on: OnceSigned) -> OnceSigned:
    """Let the decorated function go on with a document (by its id), in the unit of work in which it
    was signed; what takes time it plans as a task. ValueError for a name that is taken."""
    if go_on.__name__ in _ONCE_SIGNED:
        raise ValueError(f"what follows a signature, {go_on.__name__}, is written twice")
    _ONCE_SIGNED[go_on.__name__] = go_on
    return go_on


def document_was_signed(context: Context, document: str) -> None:
    """What waits for a document's signature goes on."""
    for name in sorted(_ONCE_SIGNED):
        _ONCE_SIGNED[name](context, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocumentQuery:
    """Which document is to be shown as a signed one."""

    document: str


@view(SignedDocumentQuery)
def signed_document(context: Context, query: SignedDocumentQuery) -> Outcome:
    """The mark, the status and the signatures of a document; SIG-07 for one that is not signed."""
    document = document_seen(context, query.document)
    if document is None:
        return Outcome(state="absent", refusal="absent")
    found = context.unit.find(DocumentSignature, "document", document.id)
    fitting = [each for each in found if each.digest == document.digest]
    claim = DocumentMark(
        is_signed=bool(fitting),
        mark=fitting[0].mark if fitting else "",
        status=fitting[0].status if fitting else document.status,
    )
    violations = signature_kinds.marked(claim, context.policy)
    if violations:
        return refused(violations, "state")
    signatures = [{**each.shown(), "signature": each.signature} for each in fitting]
    return Outcome(
        state=claim.status,
        data={"document": document.id, "mark": claim.mark, "signatures": signatures},
    )
