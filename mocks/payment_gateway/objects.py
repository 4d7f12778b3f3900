"""Payments and refunds as the API of ЮKassa shows them."""

from typing import Any, Final

from mocks.core.moments import moment
from mocks.core.tenant import Tenant
from mocks.payment_gateway.payers import BankCard, PaymentMethod
from mocks.payment_gateway.payment import Cancellation, Payment, Refund

__all__ = ["CURRENCY", "payment_object", "refund_object"]

CURRENCY: Final = "RUB"

_CHECKOUT: Final = "https://yoomoney.ru/checkout/payments/v2/contract?orderId="


def payment_object(tenant: Tenant, payment: Payment) -> dict[str, Any]:
    """The payment as it is now."""
    seen: dict[str, Any] = {
        "id": payment.id,
        "status": payment.status,
        "paid": payment.status in ("waiting_for_capture", "succeeded"),
        "amount": _amount(payment.kopecks),
        "created_at": moment(tenant, payment.created_us),
    }
    if payment.captured_us is not None:
        seen["captured_at"] = moment(tenant, payment.captured_us)
    if payment.status in ("pending", "waiting_for_capture"):
        seen["expires_at"] = moment(tenant, payment.expires_us)
    if payment.status == "pending":
        seen["confirmation"] = {
            "type": "redirect",
            "confirmation_url": f"{_CHECKOUT}{payment.id}",
            "return_url": payment.return_url,
        }
    seen |= {
        "description": payment.description,
        "metadata": payment.metadata,
        "payment_method": _method(payment.method),
        "budget": {"purpose": payment.purpose, "uin": payment.uin, "kbk": payment.kbk},
        "refundable": payment.status == "succeeded" and payment.refunded_kopecks < payment.kopecks,
        "refunded_amount": _amount(payment.refunded_kopecks),
    }
    if payment.cancellation is not None:
        seen["cancellation_details"] = _cancellation(payment.cancellation)
    return seen


def refund_object(tenant: Tenant, refund: Refund) -> dict[str, Any]:
    """The refund: it has succeeded, or was cancelled at once."""
    seen: dict[str, Any] = {
        "id": refund.id,
        "payment_id": refund.payment_id,
        "status": "succeeded" if refund.cancellation is None else "canceled",
        "created_at": moment(tenant, refund.created_us),
        "amount": _amount(refund.kopecks),
    }
    if refund.cancellation is not None:
        seen["cancellation_details"] = _cancellation(refund.cancellation)
    return seen


def _amount(kopecks: int) -> dict[str, str]:
    return {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": CURRENCY}


def _cancellation(cancellation: Cancellation) -> dict[str, str]:
    return {"party": cancellation.party, "reason": cancellation.reason}


def _method(method: PaymentMethod) -> dict[str, Any]:
    if isinstance(method, BankCard):
        card = {
            "first6": method.number[:6],
            "last4": method.number[-4:],
            "expiry_month": f"{method.expiry_month:02}",
            "expiry_year": str(method.expiry_year),
            "card_type": "Mir",
        }
        return {"type": "bank_card", "card": card}
    return {
        "type": "bank_account",
        "inn": method.inn,
        "bik": method.bik,
        "account": method.account,
    }
