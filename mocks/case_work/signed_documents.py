"""Signed documents: what is looked at when one comes in, and the receipt for it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import asked_organization, organization_of
from mocks.case_work.files import decoded_file
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.records import Organization

__all__ = [
    "MOST_DOCUMENTS",
    "Received",
    "SignedDocument",
    "SignedDocuments",
    "checked_content",
    "is_signed_data",
    "receipt_of",
    "taken",
]

MOST_DOCUMENTS: Final = 10_000
"""Receipts kept for a tenant, the latest ones; the files are not kept."""

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
"""Object identifier 1.2.840.113549.1.7.2, id-signedData, in DER (RFC 5652, section 5.1)."""

_SEQUENCE: Final = 0x30
_LONG_FORM: Final = 0x80


class SignedDocument(BaseModel):
    """A document with its detached signature; `sha256` is the digest of the content, in hex. A
    service says what kinds it takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    kind: str
    inn: str
    notice: Annotated[str, Field(pattern=r"^[0-9]{19}$")] | None = None
    file_name: Annotated[str, Field(min_length=1, max_length=255)]
    content: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: str


@dataclass(frozen=True, slots=True)
class Received:
    """A document that was taken; `number` is the receipt's."""

    number: str
    document_id: str
    kind: str
    inn: str
    notice: str | None
    sha256: str
    signature_sha256: str
    received_us: int

    def view(self, tenant: Tenant) -> dict[str, Any]:
        """The receipt."""
        return {
            "receipt": self.number,
            "document_id": self.document_id,
            "kind": self.kind,
            "inn": self.inn,
            "notice": self.notice,
            "sha256": self.sha256,
            "signature_sha256": self.signature_sha256,
            "received": moment(tenant, self.received_us),
            "status": "accepted",
        }


class SignedDocuments:
    """What a tenant's senders have sent, by sender and document."""

    def __init__(self, _: Tenant) -> None:
        self._received: OrderedDict[tuple[str, str], Received] = OrderedDict()
        self._count = 0

    def known(self, inn: str, document_id: str) -> Received | None:
        """The receipt of a document."""
        return self._received.get((inn, document_id))

    def of(self, inn: str) -> list[Received]:
        """A sender's receipts, oldest first."""
        return [one for one in self._received.values() if one.inn == inn]

    def receive(self, document: SignedDocument, signature: bytes, now_us: int) -> Received:
        """Take a document that has been looked at."""
        self._count += 1
        received = Received(
            number=f"RCV-{self._count:08}",
            document_id=document.document_id,
            kind=document.kind,
            inn=document.inn,
            notice=document.notice,
            sha256=document.sha256,
            signature_sha256=sha256(signature).hexdigest(),
            received_us=now_us,
        )
        self._received[document.inn, document.document_id] = received
        if len(self._received) > MOST_DOCUMENTS:
            self._received.popitem(last=False)
        return received


def taken(
    call: Call,
    state: SignedDocuments,
    document: SignedDocument,
    check: Callable[[Organization], None],
) -> Answer:
    """Take a document in: 201 with a receipt, 200 with the same receipt for the same one again;
    Refusal 409 for another one under its id, and whatever `check` of its sender refuses."""
    known = state.known(document.inn, document.document_id)
    if known is not None:
        if (known.sha256, known.kind, known.notice) != (
            document.sha256,
            document.kind,
            document.notice,
        ):
            message = f"Документ {document.document_id} уже принят с другим содержанием"
            raise Refusal(409, "document-id-taken", message, field="document_id")
        return json_answer(known.view(call.tenant))
    organization = organization_of(call, document.inn)
    _, signature = checked_content(document)
    check(organization)
    return json_answer(state.receive(document, signature, call.now_us).view(call.tenant), 201)


def receipt_of(call: Call, state: SignedDocuments) -> Answer:
    """The receipt of the document of the path, sent by the organization of parameter `inn`."""
    document_id = call.values["document_id"]
    found = state.known(asked_organization(call).inn, document_id)
    if found is None:
        raise Refusal(404, "no-such-document", f"Документ {document_id} не принимался")
    return json_answer(found.view(call.tenant))


def checked_content(document: SignedDocument) -> tuple[bytes, bytes]:
    """Content and signature; Refusal 422 unless there is content whose digest is the one given,
    and a signature in a CMS container.

    Whether the signature is a true one is not looked at.
    """
    content = decoded_file(document.content, "content")
    if not content:
        raise Refusal(422, "empty-document", "Документ пуст", field="content")
    if sha256(content).hexdigest() != document.sha256:
        message = "Дайджест SHA-256 не соответствует содержимому"
        raise Refusal(422, "digest-mismatch", message, field="sha256")
    signature = decoded_file(document.signature, "signature")
    if not signature:
        raise Refusal(422, "unsigned", "Документ не подписан", field="signature")
    if not is_signed_data(signature):
        message = "Подпись — не контейнер CMS SignedData в DER"
        raise Refusal(422, "bad-signature-container", message, field="signature")
    return content, signature


def is_signed_data(container: bytes) -> bool:
    """Whether `container` is one DER SEQUENCE that begins with the identifier of signed data
    (RFC 5652, section 3)."""
    if len(container) < 2 or container[0] != _SEQUENCE:
        return False
    first = container[1]
    if first < _LONG_FORM:
        begin, length = 2, first
    else:
        begin = 2 + first - _LONG_FORM
        length = int.from_bytes(container[2:begin], "big")
        shortest = first > _LONG_FORM and len(container) >= begin and container[2] != 0
        if not shortest or length < _LONG_FORM:  # DER allows the shortest form alone
            return False
    whole = len(container) == begin + length
    return whole and container.startswith(_SIGNED_DATA, begin)
