"""Licensing authorities over HTTP."""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from portal.ports.licensing import (
    LicenceDocument,
    LicenceNotTaken,
    LicenceOrder,
    LicenceView,
    LicensingState,
)
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpLicensing"]

_CASES: Final = "/v1/applications"
_NOT_TAKEN: Final = (400, 404, 422)
_STATES: Final[Mapping[str, LicensingState]] = {
    "registered": "in_examination",  # no case stays there
    "awaiting_documents": "awaiting_documents",
    "in_examination": "in_examination",
    "granted": "granted",
    "refused": "refused",
    "returned": "returned",
}


class HttpLicensing:
    """The port `Licensing`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def lists(self) -> Mapping[str, Mapping[str, str]]:
        """As the port says."""
        told = self._client.json("GET", "/v1/kinds").content
        with reading(self._client.system):
            return {
                str(kind["kind"]): {str(e["kind"]): str(e["title"]) for e in kind["documents"]}
                for kind in told["kinds"]
            }

    def apply(self, request_id: str, order: LicenceOrder) -> LicenceView:
        """As the port says."""
        until = order.valid_until
        body = {
            "request_id": request_id,
            "inn": order.inn,
            "ogrn": order.ogrn,
            "kind": order.kind,
            "head_name": order.head_name,
            "activity": order.activity,
            "valid_until": None if until is None else until.isoformat(),
            "documents": _documents(order.documents),
        }
        answer = self._client.json("POST", _CASES, body=body, known=_NOT_TAKEN)
        with reading(self._client.system):
            if answer.status in _NOT_TAKEN:
                told = answer.content
                raise LicenceNotTaken(str(told.get("field") or ""), str(told["message"]))
            return _view(answer.content)

    def supplement(
        self, number: str, request_id: str, documents: Sequence[LicenceDocument]
    ) -> LicenceView:
        """As the port says."""
        body = {"request_id": request_id, "documents": _documents(documents)}
        answer = self._client.json("POST", f"{_one(number)}/documents", body=body)
        with reading(self._client.system):
            return _view(answer.content)

    def view(self, number: str) -> LicenceView:
        """As the port says."""
        answer = self._client.json("GET", _one(number))
        with reading(self._client.system):
            return _view(answer.content)

    def document(self, licence: str) -> bytes:
        """As the port says."""
        path = f"/v1/licences/{quote(licence, safe='')}/document"
        content: bytes = self._client.bytes("GET", path).content
        return content


def _one(number: str) -> str:
    return f"{_CASES}/{quote(number, safe='')}"


def _documents(documents: Sequence[LicenceDocument]) -> list[dict[str, str]]:
    return [
        {
            "kind": each.code,
            "file_name": each.file_name,
            "content": base64.b64encode(each.content).decode(),
        }
        for each in documents
    ]


def _view(told: Mapping[str, Any]) -> LicenceView:
    return LicenceView(
        number=str(told["number"]),
        state=_STATES[told["status"]],
        due=None if told["due"] is None else dt.datetime.fromisoformat(told["due"]),
        missing=tuple(str(each["title"]) for each in told["missing"]),
        reasons=tuple(str(each["text"]) for each in told["reasons"]),
        licence=str(told["licence"] or ""),
    )
