"""Services that cost something: what each costs, and what is done once it is paid (PAY-01).

A chapter with a paid service registers it; payments know of it by its name alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from portal.payments.payment import Payment, payment_id
from portal.rules import payments as rules
from portal.rules.payments import PaidService
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = ["PAID_SERVICES", "Price", "not_paid_yet", "once_paid", "paid_service"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one thing costs, and how the bill calls it."""

    kopecks: int
    title: str


PriceOf: TypeAlias = Callable[[Context, str, str], Price | None]
OncePaid: TypeAlias = Callable[[Context, Payment], None]

_PRICES: Final[dict[str, PriceOf]] = {}
_ONCE_PAID: Final[dict[str, OncePaid]] = {}
PAID_SERVICES: Final[Mapping[str, PriceOf]] = MappingProxyType(_PRICES)
"""What a thing of each paid service costs, by the service's name."""


def paid_service(name: str) -> Callable[[PriceOf], PriceOf]:
    """Let the decorated function price a thing of a service by organization and number (None: there
    is no such thing, or nothing to pay). ValueError for a name that is taken."""

    def register(price_of: PriceOf) -> PriceOf:
        if name in _PRICES:
            raise ValueError(f"paid service {name} is written twice")
        _PRICES[name] = price_of
        return price_of

    return register


def once_paid(name: str) -> Callable[[OncePaid], OncePaid]:
    """Let the decorated function go on with a thing of a service, in the unit of work in which its
    payment was confirmed; what takes time it plans as a task. ValueError likewise."""

    def register(go_on: OncePaid) -> OncePaid:
        if name in _ONCE_PAID:
            raise ValueError(f"what follows {name} is written twice")
        _ONCE_PAID[name] = go_on
        return go_on

    return register


def go_on_with(context: Context, payment: Payment) -> None:
    """What waits for a payment goes on."""
    go_on = _ONCE_PAID.get(payment.service)
    if go_on is not None:
        go_on(context, payment)


def not_paid_yet(
    context: Context, organization: str, service: str, subject: str, price_kopecks: int
) -> tuple[Violation, ...]:
    """What PAY-01 says while a thing of a service waits for its money; nothing if it is free."""
    found = context.unit.get(Payment, payment_id(organization, "service", service, subject))
    paid = found.kopecks if found is not None and found.state == "succeeded" else 0
    claim = PaidService(price_kopecks=price_kopecks, paid_kopecks=paid)
    return rules.paid_before_it_is_done(claim, context.policy)
