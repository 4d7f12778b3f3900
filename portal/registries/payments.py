"""The payment gateway over HTTP, by the protocol of ЮKassa's API v3."""

from collections.abc import Mapping
from typing import Any, Final

from portal.ports.payments import GatewayPayment, GatewayRefused, GatewayState, NewPayment
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpPaymentGateway"]

_PAYMENTS: Final = "/v3/payments"
_STATES: Final[Mapping[str, GatewayState]] = {
    "pending": "pending",
    "waiting_for_capture": "pending",
    "succeeded": "succeeded",
    "canceled": "canceled",
}
_RETURN_TO: Final = "https://portal.test/payments"
_WRONG: Final = 400


class HttpPaymentGateway:
    """The port `PaymentGateway`. Money is captured as soon as the payer agrees."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def create(self, key: str, payment: NewPayment) -> GatewayPayment:
        """As the port says: `key` makes the request repeatable."""
        answer = self._client.json(
            "POST",
            _PAYMENTS,
            body=_body(payment),
            headers={"Idempotence-Key": key},
            known=(_WRONG,),
        )
        with reading(self._client.system):
            if answer.status == _WRONG:
                told = answer.content
                raise GatewayRefused(str(told.get("parameter", "")), str(told["description"]))
            return _view(answer.content)

    def view(self, number: str) -> GatewayPayment:
        """As the port says."""
        answer = self._client.json("GET", f"{_PAYMENTS}/{number}")
        with reading(self._client.system):
            return _view(answer.content)


def _body(payment: NewPayment) -> dict[str, Any]:
    budget = {"purpose": payment.purpose, "uin": payment.uin, "kbk": payment.kbk or None}
    return {
        "amount": {
            "value": f"{payment.kopecks // 100}.{payment.kopecks % 100:02}",
            "currency": "RUB",
        },
        "capture": True,
        "payment_method_data": {
            "type": "bank_account",
            "inn": payment.inn,
            "bik": payment.bik,
            "account": payment.account,
        },
        "confirmation": {"type": "redirect", "return_url": _RETURN_TO},
        "budget": budget,
        "description": payment.description,
    }


def _view(told: Mapping[str, Any]) -> GatewayPayment:
    return GatewayPayment(
        number=str(told["id"]),
        state=_STATES[told["status"]],
        address=str(told.get("confirmation", {}).get("confirmation_url", "")),
        reason=str(told.get("cancellation_details", {}).get("reason", "")),
    )
