"""What is paid for an application: it is approved once its whole price has come (PAY-01)."""

from typing import Final

from portal.applications.application import Application
from portal.applications.course import keeps_approval
from portal.payments.services import Price, not_paid_yet, paid_service
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = ["SERVICE"]

SERVICE: Final = "application"
"""The paid service; what is paid for is the number of an application."""


@paid_service(SERVICE)
def price_of_application(context: Context, organization: str, number: str) -> Price | None:
    """What an application of that number costs; None of one that is not the organization's, or
    free."""
    found = context.unit.one(Application, "number", number) if number else None
    if found is None or found.payer != organization or not found.of_kind.price_kopecks:
        return None
    return Price(kopecks=found.of_kind.price_kopecks, title=found.title)


@keeps_approval
def paid_application(context: Context, application: Application) -> tuple[Violation, ...]:
    """PAY-01 of an application that is not paid."""
    return not_paid_yet(
        context,
        application.payer,
        SERVICE,
        application.number,
        application.of_kind.price_kopecks,
    )
