"""Services that take signed documents over HTTP: procurement, registration and ФНС."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from portal.ports.document_services import DocumentNotTaken, OfficialDocument, OfficialReceipt
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpDocumentServices"]

_DOCUMENTS: Final = "/v1/documents"
_NOT_TAKEN: Final = (400, 403, 404, 409, 422)
_TAX: Final = "tax"


class HttpDocumentServices:
    """The port `DocumentServices`: what is for the tax service goes to `fns`, all the rest to
    `procurement`."""

    def __init__(self, procurement: HttpClient, fns: HttpClient) -> None:
        self._procurement = procurement
        self._fns = fns

    def take(self, document: OfficialDocument) -> OfficialReceipt:
        """As the port says."""
        client = self._fns if document.kind == _TAX else self._procurement
        answer = client.json("POST", _DOCUMENTS, body=_body(document), known=_NOT_TAKEN)
        with reading(client.system):
            told: Mapping[str, Any] = answer.content
            if answer.status in _NOT_TAKEN:
                raise DocumentNotTaken(str(told.get("field") or ""), str(told["message"]))
            return OfficialReceipt(number=str(told["receipt"]), received=str(told["received"]))


def _body(document: OfficialDocument) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "kind": document.kind,
        "inn": document.inn,
        "notice": document.notice or None,
        "file_name": document.file_name,
        "content": base64.b64encode(document.content).decode(),
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "signature": base64.b64encode(document.signature).decode(),
    }
