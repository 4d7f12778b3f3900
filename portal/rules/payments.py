"""Chapter PAY: what is paid for, from which account, who sees it, and what waits for it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.ports.payments import Purpose
from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.rights import VIEW_PAYMENTS
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "PURPOSES",
    "PaidService",
    "PaymentOrder",
    "PaymentSight",
    "can_be_paid",
    "paid_before_it_is_done",
    "seen_by_accountant_and_head",
]

PURPOSES: Final[Mapping[Purpose, Text]] = MappingProxyType(
    {
        "service": Text("Услуга", "Service"),
        "state_fee": Text("Государственная пошлина", "State fee"),
        "tax": Text("Налог", "Tax"),
        "fee": Text("Сбор", "Fee"),
        "fine": Text("Штраф", "Fine"),
    }
)
"""What may be paid for (PAY-02)."""


_TO_THE_BUDGET: Final = frozenset(PURPOSES) - {"service"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidService:
    """What a service costs in kopecks, and how much a confirmed payment has brought for it."""

    price_kopecks: int
    paid_kopecks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What is to be paid and from which account; `subject` is the bill, or the service's number."""

    purpose: str
    subject: str
    kopecks: int
    kbk: str
    uin: str
    bank: str
    bik: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSight:
    """The rights of somebody who wants to see payments or to pay."""

    rights: Collection[str]


@rule("PAY-01")
def paid_before_it_is_done(claim: PaidService, policy: Policy) -> Iterator[Found]:
    """A paid service is done once a payment of its whole price is confirmed."""
    if claim.paid_kopecks < claim.price_kopecks:
        yield Found("payment")


@rule("PAY-02")
def can_be_paid(claim: PaymentOrder, policy: Policy) -> Iterator[Found]:
    """It is a service, a tax, a fee or a fine, with what the budget asks for, and the bank details
    of the payer are filled in."""
    if claim.purpose not in PURPOSES:
        yield Found("purpose", Text("такое не оплачивают", "nobody pays for that"))
    if not claim.subject.strip():
        yield Found("subject", NOT_FILLED_IN)
    if claim.kopecks <= 0:
        yield Found("kopecks", Text("нужна сумма больше нуля", "it has to be more than zero"))
    if claim.purpose in _TO_THE_BUDGET and not claim.kbk:
        yield Found("kbk", Text("нужен для платежа в бюджет", "the budget asks for it"))
    if claim.purpose == "fine" and claim.uin in ("", "0"):
        yield Found("uin", Text("штраф оплачивается по УИН", "a fine is paid under its UIN"))
    for field in ("bank", "bik", "account"):
        if not getattr(claim, field).strip():
            yield Found(field, NOT_FILLED_IN)


@rule("PAY-03")
def seen_by_accountant_and_head(claim: PaymentSight, policy: Policy) -> Iterator[Found]:
    """Whoever sees payments has the right to."""
    if VIEW_PAYMENTS not in claim.rights:
        yield Found("organization")
