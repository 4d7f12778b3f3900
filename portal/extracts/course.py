"""What agencies do with an order: it is paid for, made, and comes to the documents (APP-06,
PAY-01)."""

import datetime as dt
from dataclasses import replace
from typing import Final

from portal.agency_case import Course
from portal.documents.made_document import keep_issued_document
from portal.events import Event, publish
from portal.extracts.extract import EXTRACT_STATES, Extract
from portal.extracts.kinds import EXTRACT_KINDS
from portal.payments.payment import Payment
from portal.payments.services import Price, once_paid, paid_service
from portal.ports.extracts import ExtractNotIssued, ExtractView
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["EXTRACT_TYPE", "SERVICE", "ordered"]

SERVICE: Final = "extract"
"""The paid service of extracts, and the service that is switched on (ACT-06)."""

EXTRACT_TYPE: Final = "extract"
"""The type of document of a certificate or an extract."""

_LOOKS: Final = dt.timedelta(hours=1)  # assumption: how often an agency is asked


def ordered(context: Context, extract: Extract) -> Extract:
    """The order as the agency has taken it; if it is silent, it is ordered again later."""
    return _COURSE.begun(context, extract)


@paid_service(SERVICE)
def price_of_extract(context: Context, organization: str, subject: str) -> Price | None:
    """The agency's charge while it is awaited; None of what is free or another's."""
    found = context.unit.get(Extract, subject)
    if found is None or found.organization != organization:
        return None
    if found.state != "awaiting_payment":
        return None
    return Price(found.charge_kopecks, f"{found.order.title} {found.number}")


@once_paid(SERVICE)
def go_on_with_extract(context: Context, payment: Payment) -> None:
    """The agency is told of the payment at once, and makes the extract."""
    found = context.unit.get(Extract, payment.subject)
    if found is not None and not found.is_over:
        context.unit.put(replace(found, payment=payment.id))
        schedule(context.unit, "watch_extract", found.id, context.now)


@task
def watch_extract(context: Context, planned: Task) -> None:
    """Order what was not ordered, pass a payment on, fetch what is ready; Unavailable plans it
    again."""
    _COURSE.watched(context, planned)


# --- inside


def _asked(context: Context, extract: Extract) -> ExtractView:
    agency = context.portal.ports.extracts
    if not extract.number:
        try:
            return agency.order(extract.id, extract.order)
        except ExtractNotIssued as why:
            return ExtractView(number="", state="refused", reason=why.why)
    if extract.payment and extract.state == "awaiting_payment":
        charged = ExtractView(
            number=extract.number,
            state="awaiting_payment",
            charge_kopecks=extract.charge_kopecks,
            uin=extract.uin,
        )
        agency.pay(extract.order, charged, extract.payment)
    return agency.view(extract.order, extract.number)


def _taken(context: Context, extract: Extract, told: ExtractView) -> Extract:
    """With the document once there is one; Unavailable."""
    after = replace(
        extract,
        number=told.number,
        charge_kopecks=told.charge_kopecks or extract.charge_kopecks,
        uin=told.uin or extract.uin,
        due=told.due,
        reason=told.reason,
    )
    return _with_document(context, after) if after.state == "ready" else after


def _with_document(context: Context, extract: Extract) -> Extract:
    content = context.portal.ports.extracts.document(extract.order, extract.number)
    document = keep_issued_document(
        context,
        owner=extract.author,
        organization=extract.organization,
        document_type=EXTRACT_TYPE,
        content=content,
    )
    return replace(extract, document=document.id)


def _tell(context: Context, extract: Extract) -> None:
    """Note a change and tell everybody who listens; what is issued is a new document."""
    title = EXTRACT_STATES.titles[extract.state]
    context.note("request_extract", extract.organization, extract.state, extract=extract.id)
    publish(
        context,
        Event(
            id=f"extract/{extract.id}/{extract.state}",
            organization=extract.organization,
            kind="document" if extract.state == "ready" else "application",
            agency=EXTRACT_KINDS[extract.order.kind].agency,
            subject=extract.id,
            title=f"{extract.order.title}: {title.lower()}",
            text=extract.reason or extract.order.purpose,
            details={"kind": extract.order.kind, "state": extract.state},
            is_critical=extract.state == "refused",
            at=context.now,
        ),
    )


_COURSE: Final = Course(
    kind=Extract,
    states=EXTRACT_STATES,
    ask=_asked,
    take=_taken,
    tell=_tell,
    watch="watch_extract",
    pause=_LOOKS,
)
