"""What the accountant and the head see of payments (PAY-03)."""

from dataclasses import dataclass

from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.payments.pay import seen_by
from portal.payments.payment import Payment
from portal.rules import payments as rules
from portal.rules.payments import PaidService
from portal.rules.rights import VIEW_PAYMENTS
from portal.use_case import Context, Outcome, refused, view

__all__ = ["PaymentQuery", "PaymentsQuery", "payment", "payment_receipt", "payments"]


@dataclass(frozen=True, kw_only=True)
class PaymentsQuery:
    """All payments of an organization, or those in a state."""

    organization: str
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentQuery:
    """One payment of an organization."""

    organization: str
    payment: str


@view(PaymentsQuery)
@in_organization(VIEW_PAYMENTS, seen_by)
def payments(context: Context, query: PaymentsQuery, found: Organization) -> Outcome:
    """Payments, the latest first."""
    kept = context.unit.find(Payment, "organization", found.id)
    wanted = [each for each in kept if query.state in ("", each.state)]
    wanted.sort(key=lambda each: (each.asked_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown() for each in wanted]})


@view(PaymentQuery)
@in_organization(VIEW_PAYMENTS, seen_by)
def payment(context: Context, query: PaymentQuery, found: Organization) -> Outcome:
    """A payment, its state, and where the payer agrees to it."""
    kept = _kept(context, query, found)
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state=kept.state, data=kept.shown())


@view(PaymentQuery)
@in_organization(VIEW_PAYMENTS, seen_by)
def payment_receipt(context: Context, query: PaymentQuery, found: Organization) -> Outcome:
    """What shows that it is paid; PAY-01 until the gateway has confirmed it."""
    kept = _kept(context, query, found)
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    paid = kept.kopecks if kept.state == "succeeded" else 0
    claim = PaidService(price_kopecks=kept.kopecks, paid_kopecks=paid)
    violations = rules.paid_before_it_is_done(claim, context.policy)
    if violations:
        return refused(violations, "state", kept.state, kept.shown())
    return Outcome(state=kept.state, data=kept.shown())


def _kept(context: Context, query: PaymentQuery, found: Organization) -> Payment | None:
    return of_organization(context, found, context.unit.get(Payment, query.payment), "payment")
