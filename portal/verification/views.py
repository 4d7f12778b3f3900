"""What is shown of an application: the common mark, both checks, remarks and queries, terms."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.verification import Agency
from portal.registration.register_watch import profile_of
from portal.registration.registration import Registration
from portal.rules import verification as rules
from portal.rules.integration import SmevMessage, smev_message_is_taken
from portal.rules.rights import VIEW_APPLICATIONS
from portal.rules.rule import Violation
from portal.rules.verification import (
    AGENCY_TITLES,
    CHECK_TITLES,
    Clarification,
    Discrepancies,
    FastComparison,
    SilentRegister,
    Term,
)
from portal.tasks import Task
from portal.use_case import Context, Outcome, view
from portal.verification.own import own_registration
from portal.verification.verification import Check, Verification

__all__ = ["RegistrationQuery", "RegistrationsQuery", "registration", "registrations"]

_ABOUT_AGENCIES: Final = ("send_to_agency", "poll_agency")


@dataclass(frozen=True, kw_only=True)
class RegistrationQuery:
    """The application for one organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class RegistrationsQuery:
    """All that the actor has filed."""


@view(RegistrationQuery, during_maintenance=True)
def registration(context: Context, query: RegistrationQuery) -> Outcome:
    """The card of an application. Rules that are named tell what is wanted of the applicant: to
    correct (VER-03, VER-08), to answer (VER-10), to wait (VER-09), to ask for priority (VER-02)."""
    found = own_registration(context, query.organization, VIEW_APPLICATIONS)
    organization = context.unit.get(Organization, query.organization)
    if found is None or organization is None:
        return Outcome(state="absent", refusal="absent")
    verification = context.unit.get(Verification, query.organization)
    return Outcome(
        state=organization.state,
        data=_card(context, found, organization, verification),
        violations=tuple(_wanted(context, found, verification)),
    )


@view(RegistrationsQuery, during_maintenance=True)
def registrations(context: Context, query: RegistrationsQuery) -> Outcome:
    """«Заявки»: the applications that the actor has filed, the latest first."""
    found = context.unit.find(Registration, "account", context.actor.account or "")
    found.sort(key=lambda each: (each.submitted_at, each.id), reverse=True)
    items = []
    for each in found:
        organization = context.unit.get(Organization, each.id)
        if organization is not None:
            verification = context.unit.get(Verification, each.id)
            items.append(_card(context, each, organization, verification))
    return Outcome(state="shown", data={"items": items})


def _card(
    context: Context,
    found: Registration,
    organization: Organization,
    verification: Verification | None,
) -> dict[str, Any]:
    card: dict[str, Any] = {
        "organization": found.id,
        "profile": profile_of(organization),
        "state": organization.state,
        "title": ORGANIZATION_STATES.titles[organization.state],
        "submitted_at": found.submitted_at.isoformat(),
        "confirmation": found.confirmation,
        "differences": [asdict(each) for each in found.differences],
    }
    if verification is not None:
        card |= {
            "round": verification.round,
            "due": verification.due.isoformat(),
            "urgent": verification.urgent,
            "checks": {
                agency: _check(agency, check) for agency, check in verification.checks.items()
            },
        }
    return card


def _check(agency: Agency, check: Check) -> dict[str, Any]:
    return {
        "agency": AGENCY_TITLES[agency].ru,
        "state": check.state,
        "title": CHECK_TITLES[check.state],
        "remarks": [{"field": each.field, "text": each.text} for each in check.remarks],
        "finished": None if check.finished is None else check.finished.isoformat(),
    }


def _wanted(
    context: Context, found: Registration, verification: Verification | None
) -> Iterator[Violation]:
    policy = context.policy
    fields = [each.field for each in found.differences]
    if verification is None:  # a sole proprietor's
        differing = [(each.field, each.text or each.field) for each in found.differences]
        yield from rules.remarks_are_listed(Discrepancies(found=differing), policy)
        yield from _silent(context, "egrip", f"open_cabinet/{found.id}")
        return
    compared = FastComparison(
        differing=fields,
        submitted=found.submitted_at,
        compared=found.compared_at if fields else None,
        answering_since=found.compared_at,
        has_document=found.confirmation is not None,
    )
    yield from rules.fast_comparison(compared, policy)
    yield from _silent(context, "egrul", f"compare_with_register/{found.id}")
    for agency, check in verification.checks.items():
        remarks = [(each.field, each.text) for each in check.remarks]
        if check.state == "remarks":
            yield from rules.remarks_are_listed(Discrepancies(found=remarks), policy)
        elif check.state == "clarification":
            contacts = [found.application.contact_phone]
            query = Clarification(shown=True, sent_to=contacts, answer=None)
            yield from rules.clarification_is_asked(query, policy)
        for name in _ABOUT_AGENCIES:
            yield from _silent(context, agency, f"{name}/{found.id}/{agency}")
    term = Term(due=verification.due, finished=verification.finished, now=context.now)
    if verification.finished is None:
        yield from rules.guaranteed_term(term, policy)


def _silent(context: Context, system: str, task_id: str) -> Iterator[Violation]:
    """That a task waits for a system which does not answer (VER-09), or not with a message that can
    be believed (INT-01)."""
    planned = context.unit.get(Task, task_id)
    if planned is not None and planned.not_believed:
        yield from smev_message_is_taken(SmevMessage(readable=True, signed=False), context.policy)
    elif planned is not None and planned.attempts:
        claim = SilentRegister(
            system=system, kept=True, next_attempt=planned.due, waits_for_it=True
        )
        yield from rules.silent_register_is_waited_for(claim, context.policy)
