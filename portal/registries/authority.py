"""Certification authorities over HTTP."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from portal.ports.authority import (
    AuthorityOrder,
    NotIdentified,
    OrderDocument,
    OrderRefused,
    OrderState,
    OrderView,
)
from portal.registries.http_client import Answer, HttpClient
from portal.registries.reading import reading

__all__ = ["HttpAuthority"]

_STATES: Final[Mapping[str, OrderState]] = {
    "registered": "checking",
    "awaiting_documents": "documents",
    "in_check": "checking",
    "awaiting_payment": "payment",
    "awaiting_identification": "identification",
    "issued": "issued",
    "delivered": "issued",
    "refused": "refused",
    "lapsed": "lapsed",
}
_NOT_TAKEN: Final = (400, 404, 422)
_OUT_OF_TURN: Final = 409


class HttpAuthority:
    """The port `CertificationAuthority`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def submit(self, request_id: str, order: AuthorityOrder) -> OrderView:
        """As the port says."""
        body = _body(request_id, order)
        answer = self._client.json("POST", "/v1/applications", body=body, known=_NOT_TAKEN)
        with reading(self._client.system):
            if answer.status in _NOT_TAKEN:
                told = answer.content
                raise OrderRefused(str(told.get("field") or ""), str(told["message"]))
            return _view(answer)

    def view(self, number: str) -> OrderView:
        """As the port says."""
        return self._viewed(self._client.json("GET", _path(number)))

    def supplement(
        self, number: str, request_id: str, documents: Sequence[OrderDocument]
    ) -> OrderView:
        """As the port says."""
        body = {"request_id": request_id, "documents": _documents(documents)}
        return self._step(number, "documents", body)

    def pay(self, number: str, payment_id: str, kopecks: int) -> OrderView:
        """As the port says."""
        body = {"payment_id": payment_id, "kopecks": kopecks}
        return self._step(number, "payment", body)

    def identify(self, number: str, series: str, passport: str) -> OrderView:
        """As the port says."""
        body = {"method": "in_person", "series": series, "number": passport}
        path = f"{_path(number)}/identification"
        answer = self._client.json("POST", path, body=body, known=(400, 422, _OUT_OF_TURN))
        if answer.status in (400, 422):
            with reading(self._client.system):
                raise NotIdentified(str(answer.content["message"]))
        return self.view(number) if answer.status == _OUT_OF_TURN else self._viewed(answer)

    def receive(self, number: str) -> bytes:
        """As the port says."""
        self._client.json("POST", f"{_path(number)}/receipt")
        content: bytes = self._client.bytes("GET", f"{_path(number)}/certificate.cer").content
        return content

    def _step(self, number: str, what: str, body: Mapping[str, Any]) -> OrderView:
        path = f"{_path(number)}/{what}"
        answer = self._client.json("POST", path, body=dict(body), known=(422, _OUT_OF_TURN))
        if answer.status in (422, _OUT_OF_TURN):
            return self.view(number)
        return self._viewed(answer)

    def _viewed(self, answer: Answer) -> OrderView:
        with reading(self._client.system):
            return _view(answer)


def _path(number: str) -> str:
    return f"/v1/applications/{quote(number, safe='')}"


def _view(answer: Answer) -> OrderView:
    told = answer.content
    return OrderView(
        number=told["number"],
        state=_STATES[told["status"]],
        price_kopecks=told["price_kopecks"],
        missing=tuple(each["kind"] for each in told["missing"]),
        reasons=tuple(each["code"] for each in told["reasons"]),
    )


def _body(request_id: str, order: AuthorityOrder) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "inn": order.inn,
        "ogrn": order.ogrn,
        "authority": order.authority,
        "channel": "cabinet",
        "algorithm": order.algorithm,
        "delivery": order.delivery,
        "head_name": order.head_name,
        "head_snils": order.head_snils,
        "representative": order.representative,
        "code_word": order.code_word,
        "csr": order.csr,
        "renews": order.renews,
        "documents": _documents(order.documents),
    }


def _documents(documents: Sequence[OrderDocument]) -> list[dict[str, str]]:
    return [
        {
            "kind": each.kind,
            "file_name": each.file_name,
            "content": base64.b64encode(each.content).decode(),
        }
        for each in documents
    ]
