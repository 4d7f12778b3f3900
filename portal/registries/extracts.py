"""Certificates and extracts over HTTP. Registers that show what they know at once are asked for it
when the document is made; Росреестр and ПФР take an order and issue a PDF."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import quote

from portal.ports.extracts import ExtractNotIssued, ExtractOrder, ExtractView, OrderState
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading
from world.file_formats import file_content

__all__ = ["HttpExtracts"]

_NOT_TAKEN: Final = (400, 404, 422)
_STATES: Final[Mapping[str, OrderState]] = {
    "awaiting_payment": "awaiting_payment",
    "ordered": "in_work",
    "in_work": "in_work",
    "issued": "ready",
    "ready": "ready",
    "refused": "refused",
    "void": "refused",
}


class _Agency(Protocol):
    def order(self, request_id: str, order: ExtractOrder) -> ExtractView: ...
    def pay(self, view: ExtractView, payment_id: str) -> None: ...
    def view(self, number: str) -> ExtractView: ...
    def document(self, order: ExtractOrder, number: str) -> bytes: ...


class HttpExtracts:
    """The port `Extracts`."""

    def __init__(
        self,
        *,
        egrul: HttpClient,
        egrip: HttpClient,
        rosreestr: HttpClient,
        fns: HttpClient,
        pfr: HttpClient,
        licensing: HttpClient,
    ) -> None:
        self._agencies: dict[str, _Agency] = {
            "выписка ЕГРЮЛ": _Shown(egrul, _record_place, _record_lines),
            "выписка ЕГРИП": _Shown(egrip, _record_place, _record_lines),
            "выписка ЕГРП": _Ordered(rosreestr, "/v1/extracts", about="cadastral_number"),
            "задолженность по налогам": _Shown(fns, _place("/v1/settlements"), _debt_lines),
            "регистрация в ПФР": _Ordered(pfr, "/v1/registration-certificates"),
            "лицензии и разрешения": _Shown(licensing, _place("/v1/licences"), _licence_lines),
        }

    def order(self, request_id: str, order: ExtractOrder) -> ExtractView:
        """As the port says."""
        return self._agencies[order.kind].order(request_id, order)

    def pay(self, order: ExtractOrder, view: ExtractView, payment_id: str) -> None:
        """As the port says."""
        self._agencies[order.kind].pay(view, payment_id)

    def view(self, order: ExtractOrder, number: str) -> ExtractView:
        """As the port says."""
        return self._agencies[order.kind].view(number)

    def document(self, order: ExtractOrder, number: str) -> bytes:
        """As the port says."""
        return self._agencies[order.kind].document(order, number)


_Place: TypeAlias = Callable[[ExtractOrder], tuple[str, Mapping[str, str]]]
_Lines: TypeAlias = Callable[[Any], Sequence[str]]


class _Shown:
    """A register that answers at once: the order is ready as soon as it is asked for."""

    def __init__(self, client: HttpClient, place: _Place, lines: _Lines) -> None:
        self._client = client
        self._place = place
        self._lines = lines

    def order(self, request_id: str, order: ExtractOrder) -> ExtractView:
        path, query = self._place(order)
        answer = self._client.json("GET", path, query=query, known=_NOT_TAKEN)
        if answer.status in _NOT_TAKEN:
            raise _not_issued(self._client, answer.content)
        return self.view(request_id)

    def pay(self, view: ExtractView, payment_id: str) -> None:
        """Nothing is charged here."""

    def view(self, number: str) -> ExtractView:
        return ExtractView(number=number, state="ready")

    def document(self, order: ExtractOrder, number: str) -> bytes:
        path, query = self._place(order)
        answer = self._client.json("GET", path, query=query)
        head = [f"{order.title} № {number}", f"ИНН {order.inn}, ОГРН {order.ogrn}"]
        with reading(self._client.system):
            lines = [*head, *self._lines(answer.content), f"Для представления: {order.purpose}"]
        return file_content("pdf", lines)


class _Ordered:
    """An agency with orders at `path`; `about` is its field for the object of an extract."""

    def __init__(self, client: HttpClient, path: str, about: str = "") -> None:
        self._client = client
        self._path = path
        self._about = about

    def order(self, request_id: str, order: ExtractOrder) -> ExtractView:
        body = {
            "request_id": request_id,
            "inn": order.inn,
            "ogrn": order.ogrn,
            "purpose": order.purpose,
            **({self._about: order.object} if self._about else {}),
        }
        answer = self._client.json("POST", self._path, body=body, known=_NOT_TAKEN)
        if answer.status in _NOT_TAKEN:
            raise _not_issued(self._client, answer.content)
        return self._viewed(answer.content)

    def pay(self, view: ExtractView, payment_id: str) -> None:
        body = {
            "payment_id": payment_id,
            "uin": view.uin,
            "amount_kopecks": view.charge_kopecks,
        }
        self._client.json("POST", f"{self._one(view.number)}/payment", body=body)

    def view(self, number: str) -> ExtractView:
        return self._viewed(self._client.json("GET", self._one(number)).content)

    def document(self, order: ExtractOrder, number: str) -> bytes:
        content: bytes = self._client.bytes("GET", f"{self._one(number)}/document").content
        return content

    def _one(self, number: str) -> str:
        return f"{self._path}/{quote(number, safe='')}"

    def _viewed(self, told: Any) -> ExtractView:
        with reading(self._client.system):
            charge = told.get("charge") or {"amount_kopecks": 0, "uin": ""}
            state = _STATES[told["status"]]
            return ExtractView(
                number=str(told["number"]),
                state=state,
                charge_kopecks=int(charge["amount_kopecks"]),
                uin=str(charge["uin"]),
                due=None if told["due"] is None else dt.datetime.fromisoformat(told["due"]),
                reason=str(told["history"][-1]["comment"]) if state == "refused" else "",
            )


def _not_issued(client: HttpClient, told: Any) -> ExtractNotIssued:
    with reading(client.system):
        return ExtractNotIssued(str(told.get("field") or ""), str(told["message"]))


def _place(path: str) -> _Place:
    return lambda order: (path, {"inn": order.inn})


def _record_place(order: ExtractOrder) -> tuple[str, Mapping[str, str]]:
    return f"/v1/organizations/{quote(order.ogrn, safe='')}", {}


def _record_lines(record: Any) -> Sequence[str]:
    return (
        str(record["full_name"]),
        f"Адрес: {record['address']['text']}",
        f"{record['head']['position']}: {record['head']['name']}",
        f"Дата регистрации: {record['registered']}",
        f"Сведения на {record['as_of']}",
    )


def _debt_lines(told: Any) -> Sequence[str]:
    lines = [f"{each['tax']}: {each['debt_kopecks'] / 100:.2f} ₽" for each in told["taxes"]]
    return (f"Задолженность на {told['as_of']}: {told['debt_kopecks'] / 100:.2f} ₽", *lines)


def _licence_lines(told: Any) -> Sequence[str]:
    found = [
        f"{each['number']}, {each['kind']}: {each['status_title']}" for each in told["licences"]
    ]
    return found or ("Лицензий и разрешений нет",)
