"""Paying: the gateway is asked once for each attempt, and watched until it has ended (PAY-01 to
PAY-03)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from portal.agency_case import Course
from portal.events import Event, publish
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.payments.payment import PAYMENT_STATES, Payment, payment_id, reason_title
from portal.payments.services import PAID_SERVICES, Price, go_on_with
from portal.ports.payments import GatewayPayment, GatewayRefused
from portal.rules import payments as rules
from portal.rules.payments import PURPOSES, PaymentOrder, PaymentSight
from portal.rules.rights import VIEW_PAYMENTS
from portal.rules.rule import Violation
from portal.tasks import Task
from portal.use_case import Context, Outcome, refused, task, use_case
from rulebook import Policy

__all__ = ["SYSTEM", "Bill", "pay", "seen_by"]

SYSTEM: Final = "payment_gateway"
_LOOKS: Final = dt.timedelta(minutes=1)  # assumption: how often the gateway is asked
_LONGEST_TITLE: Final = 128  # characters (ЮKassa)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What is to be paid, for a `purpose` of PAY-02: of a paid `service` (its name) the thing with
    the number `subject`, whose price is known; to the budget the bill with that number, so many
    `kopecks` under КБК and УИН."""

    organization: str
    purpose: str
    subject: str
    service: str = ""
    kopecks: int = 0
    kbk: str = ""
    uin: str = "0"
    title: str = ""


def seen_by(rights: Collection[str], policy: Policy) -> tuple[Violation, ...]:
    """What PAY-03 says of somebody with these rights."""
    return rules.seen_by_accountant_and_head(PaymentSight(rights=rights), policy)


@use_case(Bill)
@in_organization(VIEW_PAYMENTS, seen_by)
def pay(context: Context, form: Bill, found: Organization) -> Outcome:
    """Ask the gateway for a payment from the organization's account. A bill that is being paid or
    is paid is not charged again: the same payment comes back (PAY-01)."""
    if form.purpose != "service":  # what is paid to the budget lets no service go on
        form = replace(form, service="")
    known = context.unit.get(
        Payment, payment_id(found.id, form.purpose, form.service, form.subject)
    )
    if known is not None and known.state != "canceled":
        return Outcome(state=known.state, data=known.shown())
    price = _price(context, form, found)
    if price is None:
        return Outcome(state="absent", refusal="absent")
    violations = _unfit(context, form, found, price)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    asked = _COURSE.begun(context, _ordered(context, form, found, price, known))
    return Outcome(state=asked.state, data=asked.shown())


@task
def watch_payment(context: Context, planned: Task) -> None:
    """Ask the gateway once more, or what has become of a payment; Unavailable plans it again."""
    _COURSE.watched(context, planned)


# --- inside


def _price(context: Context, form: Bill, found: Organization) -> Price | None:
    """What the bill is over; None if a service has no such thing."""
    if form.purpose != "service":
        return Price(form.kopecks, form.title.strip())
    price_of = PAID_SERVICES.get(form.service)
    return None if price_of is None else price_of(context, found.id, form.subject)


def _unfit(
    context: Context, form: Bill, found: Organization, price: Price
) -> tuple[Violation, ...]:
    requisites = found.requisites
    claim = PaymentOrder(
        purpose=form.purpose,
        subject=form.subject,
        kopecks=price.kopecks,
        kbk=form.kbk,
        uin=form.uin,
        bank=requisites.bank,
        bik=requisites.bik,
        account=requisites.account,
    )
    return rules.can_be_paid(claim, context.policy)


def _ordered(
    context: Context, form: Bill, found: Organization, price: Price, before: Payment | None
) -> Payment:
    """The payment of a bill, or the next attempt at it."""
    requisites = found.requisites
    purpose = next(each for each in PURPOSES if each == form.purpose)
    state = PAYMENT_STATES.first
    if before is not None:
        state = PAYMENT_STATES.after(before.state, "again")
    return Payment(
        id=payment_id(found.id, form.purpose, form.service, form.subject),
        version=0 if before is None else before.version,
        organization=found.id,
        purpose=purpose,
        service=form.service,
        subject=form.subject.strip(),
        kopecks=price.kopecks,
        kbk=form.kbk,
        uin=form.uin,
        title=(price.title or f"{PURPOSES[purpose].ru}, {form.subject}")[:_LONGEST_TITLE],
        inn=requisites.inn,
        bik=requisites.bik,
        payer_account=requisites.account,
        asked_by=context.actor.account or "",
        asked_at=context.now,
        attempt=1 if before is None else before.attempt + 1,
        state=state,
    )


def _asked(context: Context, payment: Payment) -> GatewayPayment:
    gateway = context.portal.ports.payments
    if payment.number:
        return gateway.view(payment.number)
    try:
        return gateway.create(payment.key, payment.asked)
    except GatewayRefused as why:
        context.note("pay", payment.organization, "refused", payment=payment.id, field=why.field)
        return GatewayPayment(number="", state="canceled")


def _taken(context: Context, payment: Payment, told: GatewayPayment) -> Payment:
    return replace(
        payment,
        number=told.number or payment.number,
        address=told.address or payment.address,
        reason=told.reason,
        ended_at=context.now if payment.is_over else None,
    )


def _tell(context: Context, payment: Payment) -> None:
    """A change is an event (PAY-03), and a confirmed payment lets go on what waits for it
    (PAY-01)."""
    context.note(
        "pay", payment.organization, payment.state, payment=payment.id, attempt=payment.attempt
    )
    _publish(context, payment)
    if payment.state == "succeeded":
        go_on_with(context, payment)


def _publish(context: Context, payment: Payment) -> None:
    why = f": {reason_title(payment.reason).ru}" if payment.state == "canceled" else ""
    title = PAYMENT_STATES.titles[payment.state]
    publish(
        context,
        Event(
            id=f"payment/{payment.id}/{payment.attempt}/{payment.state}",
            organization=payment.organization,
            kind="payment",
            agency=SYSTEM,
            subject=payment.id,
            title=f"Платёж: {title.lower()}",
            text=f"{payment.title}, {payment.kopecks / 100:.2f} ₽: {title.lower()}{why}",
            details={"state": payment.state, "service": payment.service},
            is_critical=payment.state == "canceled",
            at=context.now,
        ),
    )


_COURSE: Final = Course(
    kind=Payment,
    states=PAYMENT_STATES,
    ask=_asked,
    take=_taken,
    tell=_tell,
    watch="watch_payment",
    pause=_LOOKS,
)
