"""Settlement status: what an organization owes by taxes, less what it has paid (INT-05).

What is accrued is drawn for an organization and a tax once and for all; payments come from the
treasury's side and reduce it.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import asked_organization, organization_of
from mocks.core.draw_keys import DrawKey, seeded_key
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.register import RequestId
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from rulebook.kinds import Kind
from world import draws
from world.microseconds import DAY_US
from world.records import Organization

__all__ = ["STALE_SETTLEMENT", "Settlements", "record_payment", "show_settlement"]

STALE_SETTLEMENT: Final = "stale_settlement"

TAXES: Final[dict[Kind, tuple[str, ...]]] = {
    "legal": ("НДС", "Налог на прибыль", "Страховые взносы"),
    "sole_proprietor": ("УСН", "Страховые взносы"),
}

# Assumptions, all of them.
_OWING: Final = 0.15  # share of organizations that owe a given tax
_MOST_ROUBLES: Final = 500_000
_LAG_US: Final = DAY_US

_MOST_PAYMENTS: Final = 100_000  # of a tenant; a further one is refused


class PaymentNote(BaseModel):
    """A payment that the treasury has received; `payment_id` names it for good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payment_id: RequestId
    inn: str
    tax: str
    kopecks: Annotated[int, Field(gt=0, le=10**15)]


@dataclass(frozen=True, slots=True)
class _Payment:
    note: PaymentNote
    at_us: int


class Settlements:
    """The payments of a tenant's organizations."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._payments: dict[str, _Payment] = {}
        self._by_inn: dict[str, list[_Payment]] = {}

    def record(self, note: PaymentNote, now_us: int) -> None:
        """Take a payment in, once; Refusal 409 for other content under the same number."""
        known = self._payments.get(note.payment_id)
        if known is not None:
            if known.note != note:
                message = f"Платёж {note.payment_id} уже учтён с другим содержанием"
                raise Refusal(409, "payment-id-taken", message, field="payment_id")
            return
        if len(self._payments) >= _MOST_PAYMENTS:
            raise Refusal(507, "too-many", "Учёт платежей переполнен")
        payment = self._payments[note.payment_id] = _Payment(note, now_us)
        self._by_inn.setdefault(note.inn, []).append(payment)

    def status(self, organization: Organization, as_of_us: int) -> dict[str, Any]:
        """Debts and overpayments in kopecks, by taxes, with payments received until then."""
        taxes = [self._tax(organization, tax, as_of_us) for tax in TAXES[organization.kind]]
        return {
            "inn": organization.inn,
            "as_of": moment(self._tenant, as_of_us),
            "debt_kopecks": sum(tax["debt_kopecks"] for tax in taxes),
            "overpaid_kopecks": sum(tax["overpaid_kopecks"] for tax in taxes),
            "taxes": taxes,
        }

    def _tax(self, organization: Organization, tax: str, as_of_us: int) -> dict[str, Any]:
        accrued = self._accrued(organization.inn, tax)
        paid = sum(
            payment.note.kopecks
            for payment in self._by_inn.get(organization.inn, ())
            if payment.note.tax == tax and payment.at_us <= as_of_us
        )
        return {
            "tax": tax,
            "accrued_kopecks": accrued,
            "paid_kopecks": paid,
            "debt_kopecks": max(accrued - paid, 0),
            "overpaid_kopecks": max(paid - accrued, 0),
        }

    def _accrued(self, inn: str, tax: str) -> int:
        seed = seeded_key("fns/settlements", self._tenant.seed)
        key = DrawKey(seed, draws.text_key(inn), 0, 0).about(tax)
        if key.uniform("owes") >= _OWING:
            return 0
        return int(key.uniform("amount") * _MOST_ROUBLES) * 100


def record_payment(call: Call) -> Answer:
    """The treasury's side: a payment of a tax; the same number again changes nothing."""
    note = call.request.read(PaymentNote)
    organization = organization_of(call, note.inn)
    if note.tax not in TAXES[organization.kind]:
        names = ", ".join(TAXES[organization.kind])
        message = f"Такого налога у плательщика нет; есть: {names}"
        raise Refusal(422, "no-such-tax", message, field="tax")
    settlements = call.tenant.state(Settlements)
    settlements.record(note, call.now_us)
    return json_answer(settlements.status(organization, call.now_us))


def show_settlement(call: Call) -> Answer:
    """`?inn=`: the settlement status; a stale one leaves out what was paid in the last day."""
    organization = asked_organization(call)
    as_of_us = call.now_us - (_LAG_US if call.hit(STALE_SETTLEMENT) else 0)
    return json_answer(call.tenant.state(Settlements).status(organization, as_of_us))
