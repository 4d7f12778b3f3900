"""Payments from creation to their end, and refunds; lifetimes follow the tenant's clock."""

from collections import OrderedDict
from functools import partial
from typing import Any, Final

from mocks.accounts.ledger import Accounts, MoneyRefused
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.tenant import Tenant
from mocks.payment_gateway.budget import PASSES_BLOCK
from mocks.payment_gateway.objects import payment_object
from mocks.payment_gateway.payers import PayerRefused, payer_of
from mocks.payment_gateway.payment import Cancellation, Payment, Refund
from world.microseconds import DAY_US, HOUR_US, MINUTE_US
from world.records import Organization

__all__ = ["CAPTURE_US", "CONFIRM_US", "LAG_US", "Payments"]

CONFIRM_US: Final = HOUR_US
"""The payer has an hour to confirm (ЮKassa, bank cards)."""

CAPTURE_US: Final = 7 * DAY_US
"""Held money waits seven days to be captured (ЮKassa, bank cards)."""

LAG_US: Final = 15 * MINUTE_US
"""How far the shown status lags under the fault `status_lag`; assumption."""

_MOST_PAYMENTS: Final = 20_000  # the latest; further ones are refused while all are under way
_RETRY_FULL_S: Final = 60
SERVICE: Final = "payment_gateway"


class Payments:
    """Payments and refunds of one tenant. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self._accounts = tenant.state(Accounts)
        self._payments: OrderedDict[str, Payment] = OrderedDict()
        self._refunds: OrderedDict[str, Refund] = OrderedDict()

    def new_id(self, key: DrawKey) -> str:
        """An id in the form of a UUID that no kept payment or refund has."""
        turn = 0
        while True:
            text = f"{key.word(f'id/{turn}'):016x}{key.word(f'id/{turn}/low'):016x}"
            found = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
            if found not in self._payments and found not in self._refunds:
                return found
            turn += 1

    def find(self, payment_id: str) -> Payment:
        """The payment of that id; Refusal 404."""
        payment = self._payments.get(payment_id)
        if payment is None:
            raise Refusal(404, "not_found", "Платёж не найден", field="payment_id")
        return payment

    def find_refund(self, refund_id: str) -> Refund:
        """The refund of that id; Refusal 404."""
        refund = self._refunds.get(refund_id)
        if refund is None:
            raise Refusal(404, "not_found", "Возврат не найден", field="refund_id")
        return refund

    # --- the payer

    def create(self, payment: Payment) -> None:
        """Wait for the payer; Refusal 429 while too many payments are under way."""
        if len(self._payments) >= _MOST_PAYMENTS:
            ended = ("succeeded", "canceled")
            oldest = next((p for p in self._payments.values() if p.status in ended), None)
            if oldest is None:
                message = "Слишком много незавершённых платежей"
                raise Refusal(429, "too_many_requests", message, retry_after_s=_RETRY_FULL_S)
            del self._payments[oldest.id]
        self._payments[payment.id] = payment
        self._expire_at(payment, payment.expires_us, "expired_on_confirmation")

    def confirm(self, payment: Payment, now_us: int) -> None:
        """The payer agrees: the money is held, and captured if the payment says so. Agreeing again
        does nothing."""
        if payment.status != "pending" or payment.payer is not None:
            return
        if self._hit("false_decline", payment):
            self.cancel(payment, Cancellation("payment_network", "general_decline"), now_us)
            return
        try:
            payer = payer_of(self.tenant, payment.method, now_us)
            to_budget = payment.purpose in PASSES_BLOCK
            self._accounts.hold(payer, payment.kopecks, payment.id, to_budget=to_budget)
        except PayerRefused as refused:
            self.cancel(payment, Cancellation("payment_network", refused.reason), now_us)
            return
        except MoneyRefused as refused:
            short = refused.reason == "insufficient_funds"
            reason = refused.reason if short else "payment_method_restricted"
            self.cancel(payment, Cancellation("payment_network", reason), now_us)
            return
        payment.payer = payer
        if self._hit("stuck", payment):
            return
        if payment.captures_at_once:
            self.capture(payment, payment.kopecks, now_us)
            return
        before = self.view(payment)
        payment.status = "waiting_for_capture"
        payment.expires_us = now_us + CAPTURE_US
        self._expire_at(payment, payment.expires_us, "expired_on_capture")
        self._announce(payment, before, now_us)

    # --- the merchant

    def capture(self, payment: Payment, kopecks: int, now_us: int) -> None:
        """Charge the payer `kopecks`, at most what is held; the rest is released."""
        payer = _paid_by(payment)
        before = self.view(payment)
        self._accounts.charge(payer, payment.id, kopecks, payment.statement_text, now_us)
        if self._hit("double_charge", payment):
            self._charge_again(payment, payer, kopecks, now_us)
        payment.status = "succeeded"
        payment.kopecks = kopecks
        payment.captured_us = now_us
        _call_off(payment)
        self._announce(payment, before, now_us)

    def cancel(self, payment: Payment, cancellation: Cancellation, now_us: int) -> None:
        """Give the payment up; what was held is released."""
        before = self.view(payment)
        if payment.payer is not None:
            self._accounts.release(payment.payer, payment.id)
        payment.status = "canceled"
        payment.cancellation = cancellation
        _call_off(payment)
        self._announce(payment, before, now_us)

    def refund(self, payment: Payment, kopecks: int, key: DrawKey, now_us: int) -> Refund:
        """Give `kopecks` back; an account that was closed meanwhile takes nothing."""
        payer = self._today(_paid_by(payment))
        refund_id = self.new_id(key)
        rejected = None
        if payer is None or self._accounts.state(payer) == "closed":
            rejected = Cancellation("payment_network", "rejected_by_payee")
        else:
            payment.refunded_kopecks += kopecks
            text = f"Возврат: {payment.statement_text}"
            self._accounts.give_back(payer, kopecks, refund_id, text, now_us)
        refund = Refund(refund_id, payment.id, kopecks, now_us, rejected)
        self._refunds[refund_id] = refund
        if len(self._refunds) > _MOST_PAYMENTS:
            self._refunds.popitem(last=False)
        return refund

    def _today(self, payer: Organization) -> Organization | None:
        """The payer's record; None if a test had added it and taken it back."""
        try:
            return self.tenant.records.organization(payer.index)
        except IndexError:
            return None

    def _charge_again(
        self, payment: Payment, payer: Organization, kopecks: int, now_us: int
    ) -> None:
        again = f"{payment.id}/2"
        try:
            self._accounts.hold(payer, kopecks, again, to_budget=True)
        except MoneyRefused:
            return
        self._accounts.charge(payer, again, kopecks, payment.statement_text, now_us)

    # --- by itself

    def _expire_at(self, payment: Payment, at_us: int, reason: str) -> None:
        _call_off(payment)
        expired = Cancellation("yoo_money", reason)
        payment.expiry = self.tenant.agenda.at(at_us, partial(self.cancel, payment, expired))

    # --- what the merchant is told

    def view(self, payment: Payment) -> dict[str, Any]:
        """What the merchant sees."""
        return payment.shown or payment_object(self.tenant, payment)

    def _announce(self, payment: Payment, before: dict[str, Any], now_us: int) -> None:
        seen = payment_object(self.tenant, payment)
        if self._hit("status_lag", payment):
            payment.shown = before
            self.tenant.agenda.at(now_us + LAG_US, partial(self._catch_up, payment, seen))
        else:
            payment.shown = None
            self._publish(payment, seen, now_us)

    def _catch_up(self, payment: Payment, seen: dict[str, Any], now_us: int) -> None:
        if payment.shown is not None:  # a later change may lag behind still
            payment.shown = None if payment.status == seen["status"] else seen
        self._publish(payment, seen, now_us)

    def _publish(self, payment: Payment, seen: dict[str, Any], now_us: int) -> None:
        event = f"{payment.id}/{seen['status']}"
        self.announce(event, f"payment.{seen['status']}", seen, payment.key, now_us)

    def announce(
        self, event_id: str, event: str, seen: dict[str, Any], key: DrawKey, now_us: int
    ) -> None:
        """Send the merchant a notification."""
        notification = {"type": "notification", "event": event, "object": seen}
        feed = self.tenant.feed(SERVICE)
        feed.publish(event_id, notification, key.about(event), now_us)

    def _hit(self, kind: str, payment: Payment) -> bool:
        return self.tenant.hit(kind, SERVICE, payment.key)


def _call_off(payment: Payment) -> None:
    if payment.expiry is not None:
        payment.expiry.cancel()


def _paid_by(payment: Payment) -> Organization:
    if payment.payer is None:
        raise ValueError(f"payment {payment.id} has no payer yet")
    return payment.payer
