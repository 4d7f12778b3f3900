"""Paying: the gateway is asked once for each attempt, and watched until it has ended (PAY-01 to
PAY-03)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.payments.payment import PAYMENT_STATES, Payment, payment_id, reason_title
from portal.payments.services import PAID_SERVICES, Price, go_on_with
from portal.ports.payments import GatewayPayment, GatewayRefused
from portal.ports.unavailable import Unavailable
from portal.rules import payments as rules
from portal.rules.payments import PURPOSES, VIEW_PAYMENTS, PaymentOrder, PaymentSight
from portal.rules.rule import Violation
from portal.tasks import Task, schedule
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
        context.note("pay", found.id, "refused", rules=sorted({each.rule for each in violations}))
        return refused(violations)
    payment = context.unit.put(_ordered(context, form, found, price, known))
    try:
        asked = _ask(context, payment)
    except GatewayRefused as why:
        context.note("pay", found.id, "refused", payment=payment.id, field=why.field)
        asked = _moved(context, payment, GatewayPayment(number="", state="canceled"))
    except Unavailable:
        asked = _moved(context, payment, None)
    return Outcome(state=asked.state, data=asked.shown())


@task
def watch_payment(context: Context, planned: Task) -> None:
    """Ask the gateway once more, or what has become of a payment; Unavailable plans it again."""
    payment = context.unit.get(Payment, planned.subject)
    if payment is None or payment.state not in ("new", "pending"):
        return
    if payment.number:
        _moved(context, payment, context.portal.ports.payments.view(payment.number))
        return
    try:
        _ask(context, payment)
    except GatewayRefused:
        _moved(context, payment, GatewayPayment(number="", state="canceled"))


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


def _ask(context: Context, payment: Payment) -> Payment:
    told = context.portal.ports.payments.create(payment.key, payment.asked)
    return _moved(context, payment, told)


def _moved(context: Context, payment: Payment, told: GatewayPayment | None) -> Payment:
    """The payment as the gateway has told of it (None: it has not answered yet); its change is an
    event (PAY-03), and a confirmed one lets go on what waits for it (PAY-01)."""
    after = payment
    if told is not None and told.state != payment.state:
        state = PAYMENT_STATES.after(payment.state, told.state)
        after = context.unit.put(
            replace(
                payment,
                state=state,
                number=told.number or payment.number,
                address=told.address or payment.address,
                reason=told.reason,
                ended_at=None if state == "pending" else context.now,
            )
        )
        context.note("pay", after.organization, state, payment=after.id, attempt=after.attempt)
        _publish(context, after)
        if state == "succeeded":
            go_on_with(context, after)
    if after.state in ("new", "pending"):
        schedule(context.unit, "watch_payment", after.id, context.now + _LOOKS)
    return after


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
