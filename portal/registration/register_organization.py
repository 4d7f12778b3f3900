"""An organization is registered: all that is wrong at once, or the verification begins; a sole
proprietor has the cabinet at once (REG-01 to REG-14)."""

from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.account import Account
from portal.accounts.legal_force import with_legal_force
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import (
    ORGANIZATION_STATES,
    Membership,
    Organization,
    membership_id,
)
from portal.registration.application_check import (
    Checked,
    SignedApplication,
    backing_of,
    check_application,
    papers_of,
    signed_text,
)
from portal.registration.register_watch import watch_registers_from_now
from portal.registration.registration import Registration, application_in, requisites_of
from portal.registration.sole_proprietor import open_or_wait
from portal.rules import binding
from portal.rules import registration as rules
from portal.rules.binding_claims import NewOrganization
from portal.rules.registration import EarlierApplication
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, Refusal, refused, use_case, view
from portal.verification.beginning import begin_round
from portal.verification.verification import Verification, deadline
from rulebook import Tier

__all__ = ["RegistrationForm", "register_organization", "registration_text"]

_UNDECIDED: Final = frozenset({"registered", "verifying", "remarks"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationForm(SignedApplication):
    """An application for registration, and the size of the business (ACT-05)."""

    tier: Tier = "small"


@view(SignedApplication)
def registration_text(context: Context, query: SignedApplication) -> Outcome:
    """What the signature of the application has to be over, as it is sent: UTF-8, nothing added."""
    text = signed_text(query, papers_of(context, query))
    return Outcome(state="shown", data={"text": text.decode()})


@use_case(RegistrationForm)
@with_legal_force(backing_of, ties_organization=True)
def register_organization(context: Context, form: RegistrationForm) -> Outcome:
    """File the application if no rule is broken: a legal entity's verification begins, a sole
    proprietor's cabinet is opened as soon as the register has answered."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    earlier = context.unit.one(Organization, "ogrn", form.ogrn)
    earlier = earlier or context.unit.one(Organization, "inn", form.inn)
    if earlier is not None:
        return _second(context, form, earlier)
    checked = check_application(context, account, form)
    if checked.violations:
        return _refused(context, form, checked.violations, checked.refusal)
    organization = _registered(context, account, form, checked)
    context.note("register_organization", organization.id, organization.state)
    return Outcome(
        state=organization.state,
        data={
            "organization": organization.id,
            "title": ORGANIZATION_STATES.titles[organization.state],
        },
    )


def _second(context: Context, form: RegistrationForm, earlier: Organization) -> Outcome:
    """The organization is here already: its application is undecided (REG-11), or it can only be
    bound (BND-01)."""
    claim = EarlierApplication(undecided=earlier.state in _UNDECIDED)
    found = rules.no_second_application(claim, context.policy)
    found = found or binding.absent_from_portal(NewOrganization(present=True), context.policy)
    return _refused(context, form, found, "state")


def _refused(
    context: Context, form: RegistrationForm, violations: tuple[Violation, ...], why: Refusal
) -> Outcome:
    who = context.actor.account or ""
    return noted_refusal(context, who, refused(violations, why), ogrn=form.ogrn)


def _leads(account: Account, form: RegistrationForm, checked: Checked) -> bool:
    """Whether who registers leads the organization. While the register is silent, that shows only
    when it is compared (VER-08); a sole proprietor is known by their ИНН."""
    if form.kind == "sole_proprietor":
        return account.inn == form.inn
    return checked.record is not None and account.inn == checked.record.head_inn


def _registered(
    context: Context, account: Account, form: RegistrationForm, checked: Checked
) -> Organization:
    organization_id = context.portal.ports.entropy.token("organization")
    organization = Organization(
        id=organization_id,
        kind=form.kind,
        tier=form.tier,
        requisites=requisites_of(form),
        registered_at=context.now,
    )
    context.unit.put(
        Membership(
            id=membership_id(account.id, organization_id),
            account=account.id,
            organization=organization_id,
            role="head" if _leads(account, form, checked) else "rep",
            since=context.now,
        )
    )
    certificate = checked.certificate
    found = Registration(
        id=organization_id,
        account=account.id,
        application=application_in(form),
        documents=checked.papers,
        submitted_at=context.now,
        signed_by=None if certificate is None else certificate.fingerprint,
        shows_when_compared=checked.silent is not None,
    )
    watch_registers_from_now(context, form.kind)
    if form.kind == "sole_proprietor":
        return open_or_wait(context, found, organization, silent=checked.silent is not None)
    verification = Verification(
        id=organization_id, round=1, begun=context.now, due=deadline(context)
    )
    begin_round(context, found, verification)
    state = ORGANIZATION_STATES.after("registered", "verify")
    return context.unit.put(replace(organization, state=state))
