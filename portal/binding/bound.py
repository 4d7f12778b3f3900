"""A binding is confirmed: the organization has an owner, or is created with one (BND-18)."""

from dataclasses import replace

from portal.accounts.account import Account
from portal.binding.binding import BINDING_STATES, Addition, Binding, shown
from portal.binding.failed_bindings import forget_wrong_bindings
from portal.organizations.membership import join
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.messenger import Letter
from portal.registration.register_watch import watch_registers_from_now
from portal.registration.registration import Registration, requisites_of
from portal.registration.sole_proprietor import open_or_wait
from portal.rules import binding as rules
from portal.rules.binding_claims import NewOrganization, Ownership
from portal.use_case import Context, Outcome, refused
from portal.verification.beginning import begin_round
from portal.verification.verification import Verification, deadline

__all__ = ["bind"]


def bind(context: Context, binding: Binding) -> Outcome:
    """Bind the organization now, unless somebody else was first meanwhile (BND-01, BND-03)."""
    addition = binding.addition
    if addition is not None:
        present = context.unit.one(Organization, "ogrn", binding.ogrn) is not None
        added_by_another = rules.absent_from_portal(
            NewOrganization(present=present), context.policy
        )
        if added_by_another:
            return refused(added_by_another, "state")
        organization = _created(context, binding, addition)
    else:
        known = context.unit.get(Organization, binding.organization or "")
        if known is None:
            return Outcome(state="absent", refusal="absent")
        claim = Ownership(owner=known.owner, account=binding.account)
        taken = rules.one_owner(claim, context.policy)
        if taken:
            return refused(taken, "state")
        organization = _owned(context, binding, known)
    join(
        context,
        binding.account,
        organization.id,
        binding.role,
        extra_rights=binding.extra_rights,
    )
    bound = replace(
        binding,
        state=BINDING_STATES.after(binding.state, "confirm"),
        organization=organization.id,
        addition=None,
        link=None,
        bound_at=context.now,
    )
    context.unit.put(bound)
    forget_wrong_bindings(context, binding.account)
    context.note("bind_organization", organization.id, "bound", way=binding.way)
    _tell(context, bound)
    return Outcome(
        state=bound.state, data={**shown(bound), "organization_state": organization.state}
    )


def _owned(context: Context, binding: Binding, organization: Organization) -> Organization:
    """An organization that the portal has: an unbound one is active again (UNB-04)."""
    state = organization.state
    if state == "unbound":
        state = ORGANIZATION_STATES.after(state, "bind")
    return context.unit.put(replace(organization, owner=binding.account, state=state))


def _created(context: Context, binding: Binding, addition: Addition) -> Organization:
    """An organization of the portal from now on; its data go the way of every registration: to both
    agencies, or for a sole proprietor to the register alone."""
    organization = Organization(
        id=context.portal.ports.entropy.token("organization"),
        kind=binding.kind,
        tier=addition.tier,
        requisites=requisites_of(addition.application),
        owner=binding.account,
        registered_at=context.now,
    )
    found = Registration(
        id=organization.id,
        account=binding.account,
        application=addition.application,
        documents=addition.documents,
        submitted_at=context.now,
    )
    watch_registers_from_now(context, binding.kind)
    if binding.kind == "sole_proprietor":
        return open_or_wait(context, found, organization, silent=not addition.compared)
    verification = Verification(
        id=organization.id, round=1, begun=context.now, due=deadline(context)
    )
    begin_round(context, found, verification)
    state = ORGANIZATION_STATES.after(organization.state, "verify")
    return context.unit.put(replace(organization, state=state))


def _tell(context: Context, binding: Binding) -> None:
    account = context.unit.get(Account, binding.account)
    if account is not None:
        context.send(
            Letter(
                id=f"bound/{binding.id}/{context.now:%Y%m%d%H%M%S}",
                channel="email",
                to=account.email,
                subject="Организация привязана",
                text=f"Организация привязана: {binding.full_name}, ОГРН {binding.ogrn}.",
            )
        )
