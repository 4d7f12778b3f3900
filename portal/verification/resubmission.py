"""An application is corrected and sent again, any number of times (VER-03); a change during the
verification begins it anew (VER-04); a query is answered (VER-10)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.legal_force import with_legal_force
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.registration.application_check import (
    SignedApplication,
    backing_of,
    check_application,
)
from portal.registration.registration import Registration, application_in, requisites_of
from portal.registration.sole_proprietor import open_or_wait
from portal.rules import verification as rules
from portal.rules.rights import EDIT_ORGANIZATION
from portal.rules.rule import Violation
from portal.rules.verification import (
    CHECK_TITLES,
    IN_VERIFICATION,
    Clarification,
    SilentRegister,
    Submitted,
)
from portal.use_case import Context, Outcome, refused, use_case
from portal.verification.beginning import begin_round
from portal.verification.own import own_registration
from portal.verification.verification import Verification

__all__ = ["Resubmission", "resubmit_registration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmission(SignedApplication):
    """The whole application once more, as it is to be now, signed anew; `answer` replies to an
    officer's query."""

    organization: str
    answer: str = ""


@use_case(Resubmission)
@with_legal_force(backing_of)
def resubmit_registration(context: Context, form: Resubmission) -> Outcome:
    """Send an application again that is being verified or has remarks."""
    found = own_registration(context, form.organization, EDIT_ORGANIZATION)
    organization = context.unit.get(Organization, form.organization)
    account = context.unit.get(Account, context.actor.account or "")
    if found is None or organization is None or account is None:
        return Outcome(state="absent", refusal="absent")
    if organization.state not in ("verifying", "remarks"):
        return Outcome(state=organization.state, refusal="state")
    verification = context.unit.get(Verification, found.id)
    if organization.state == "verifying" and _is_same(found, form):
        return refused(_nothing_to_do(context, verification), "state", organization.state)
    checked = check_application(context, account, form, organization.requisites.ogrn)
    unanswered = _unanswered(context, form, verification)
    if checked.violations or unanswered:
        violations = (*checked.violations, *unanswered)
        why = "wrong" if unanswered else checked.refusal
        return refused(violations, why, organization.state)
    if checked.silent is not None and _is_renamed(organization, form):
        return refused(_silent(context, checked.silent.system), "later", organization.state)
    changed = replace(
        found,
        application=application_in(form),
        documents=checked.papers,
        submitted_at=context.now,
        signed_by=None if checked.certificate is None else checked.certificate.fingerprint,
        differences=(),
        answer=form.answer,
    )
    return _begun(context, changed, organization, verification, silent=checked.silent is not None)


def _begun(
    context: Context,
    changed: Registration,
    organization: Organization,
    verification: Verification | None,
    *,
    silent: bool,
) -> Outcome:
    form = changed.application
    organization = replace(organization, requisites=requisites_of(form))
    if verification is None:  # a sole proprietor's
        if silent:
            waiting = ORGANIZATION_STATES.after(organization.state, "wait")
            organization = replace(organization, state=waiting)
        state = open_or_wait(context, changed, organization, silent=silent).state
        round_ = 0
    else:
        anew = verification.anew(context)
        begin_round(context, changed, anew)
        state = ORGANIZATION_STATES.after(organization.state, "verify")
        context.unit.put(replace(organization, state=state))
        round_ = anew.round
    context.note("resubmit_registration", changed.id, state, round=round_)
    data = {"organization": changed.id, "round": round_}
    return Outcome(state=state, data={**data, "title": ORGANIZATION_STATES.titles[state]})


def _is_same(found: Registration, form: Resubmission) -> bool:
    return found.application == application_in(form) and found.documents == form.documents


def _is_renamed(organization: Organization, form: Resubmission) -> bool:
    """Whether it has other numbers: only the register can tell that these are the same one's."""
    requisites = organization.requisites
    return (form.inn, form.ogrn) != (requisites.inn, requisites.ogrn)


def _nothing_to_do(context: Context, verification: Verification | None) -> tuple[Violation, ...]:
    checks = {} if verification is None else verification.checks
    claim = Submitted(
        mark=IN_VERIFICATION,
        titles={agency: CHECK_TITLES[check.state] for agency, check in checks.items()},
        asks=True,
    )
    return rules.shown_in_verification(claim, context.policy)


def _unanswered(
    context: Context, form: Resubmission, verification: Verification | None
) -> tuple[Violation, ...]:
    checks = () if verification is None else verification.checks.values()
    if all(check.state != "clarification" for check in checks):
        return ()
    query = Clarification(shown=True, sent_to=[form.contact_phone], answer=form.answer)
    return rules.clarification_is_asked(query, context.policy)


def _silent(context: Context, system: str) -> tuple[Violation, ...]:
    claim = SilentRegister(system=system, kept=True, next_attempt=context.now, waits_for_it=True)
    return rules.silent_register_is_waited_for(claim, context.policy)
