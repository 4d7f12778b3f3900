"""The priority of a verification that has outlasted the guaranteed term (VER-06)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from portal.ports.verification import HurriedTooEarly, UnknownCase
from portal.rules import verification as rules
from portal.rules.rights import VIEW_APPLICATIONS
from portal.rules.verification import PriorityRequest
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case
from portal.verification.own import own_registration
from portal.verification.verification import AGENCIES, Verification

__all__ = ["UrgentOrganization", "hurry_agency", "raise_priority"]

_PAUSE: Final = dt.timedelta(hours=1)  # until an agency's own count of the term is over


@dataclass(frozen=True, kw_only=True)
class UrgentOrganization:
    """The organization whose verification takes too long."""

    organization: str


@use_case(UrgentOrganization)
def raise_priority(context: Context, form: UrgentOrganization) -> Outcome:
    """Let both checks that are not over go before others."""
    found = own_registration(context, form.organization, VIEW_APPLICATIONS)
    verification = context.unit.get(Verification, form.organization)
    if found is None or verification is None:
        return Outcome(state="absent", refusal="absent")
    if verification.finished is not None:
        return Outcome(state="finished", refusal="state")
    early = rules.priority_after_the_term(
        PriorityRequest(due=verification.due, now=context.now), context.policy
    )
    if early:
        return refused(early, "state")
    context.unit.put(replace(verification, urgent=True))
    for agency in AGENCIES:
        details = {"agency": agency, "round": str(verification.round)}
        schedule(context.unit, "hurry_agency", verification.id, context.now, details, part=agency)
    context.note("raise_priority", verification.id, "urgent")
    return Outcome(state="urgent")


@task
def hurry_agency(context: Context, planned: Task) -> None:
    """Ask an agency to hurry; Unavailable plans it again, a check that is over needs none."""
    verification = context.unit.get(Verification, planned.subject)
    if verification is None or str(verification.round) != planned.details["round"]:
        return
    agency = next(each for each in AGENCIES if each == planned.details["agency"])
    check = verification.checks[agency]
    if check.finished is not None:
        return
    try:
        if check.number is not None:
            context.portal.ports.verification.hurry(agency, check.number)
            return
    except UnknownCase:
        return  # the next question how it goes opens it anew
    except HurriedTooEarly:
        pass
    schedule(
        context.unit,
        planned.name,
        planned.subject,
        context.now + _PAUSE,
        planned.details,
        part=agency,
    )
