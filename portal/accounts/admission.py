"""The last door of every way in: who is let in, and what is told of it (AUTH-11 to AUTH-16)."""

from dataclasses import replace
from typing import Final

from portal.accounts.account import Account
from portal.accounts.lockout import block, forget_failures, place_of, suspicion
from portal.accounts.session import level_of, open_session, too_many_sessions
from portal.binding.binding import Binding, binding_id
from portal.organizations.organization import Membership, Organization, membership_id
from portal.ports.messenger import Letter
from portal.rules.accounts import AccountAccess, activated_and_reachable
from portal.rules.activation import AfterActivation, opened_for_employees
from portal.rules.binding import no_mistake
from portal.rules.binding_claims import MistakenBinding
from portal.rules.rule import Violation, every
from portal.rules.sign_in import (
    CabinetEntry,
    Method,
    cabinet_open,
    place_is_usual,
)
from portal.rules.unbinding import Unbound, closed_after_unbinding
from portal.use_case import Context, Outcome, refused

__all__ = ["admit", "barred", "organization_of"]

_IN_CHARGE: Final = ("head", "admin", "rep")  # they come in before it is activated
_CONFIRMED: Final = ("verified", "active")  # states of an organization whose data are confirmed


def organization_of(context: Context, ogrn: str | None) -> Organization | None:
    """The organization of an ОГРН; None without one, or if the portal knows none."""
    return None if ogrn is None else context.unit.one(Organization, "ogrn", ogrn)


def barred(context: Context, account: Account, ogrn: str | None) -> Outcome | None:
    """Why an account is not let in, into the cabinet of an organization if one is named; None if it
    is. Whether there is an organization that one does not belong to is not told."""
    access = AccountAccess(
        activated=account.state != "new",
        phone_confirmed=account.phone_confirmed,
        email_confirmed=account.email_confirmed,
        wants="sign_in",
    )
    found = list(
        every((activated_and_reachable(access, context.policy), suspicion(context, account)))
    )
    if found:
        return refused(found, "forbidden")
    if ogrn is None:
        return None
    organization = organization_of(context, ogrn)
    if organization is None or not _belongs(context, account, organization):
        unbound = _unbound_from(context, account, ogrn)
        if unbound:
            return refused(unbound, "forbidden")
        context.note("sign_in", account.id, "absent", organization=ogrn)
        return refused([], "absent")
    entry = CabinetEntry(data_confirmed=organization.state in _CONFIRMED)
    mistaken = MistakenBinding(wrong=organization.mistaken)
    found = list(
        every(
            (
                cabinet_open(entry, context.policy),
                _opened_for(context, account, organization),
                no_mistake(mistaken, context.policy),
                too_many_sessions(context, organization.id),
            )
        )
    )
    return refused(found, "forbidden") if found else None


def admit(context: Context, account: Account, ogrn: str | None, method: Method) -> Outcome:
    """Open a session, or tell why not. A strange place is told to the person by mail and phone, and
    stands in the outcome (AUTH-12)."""
    closed = barred(context, account, ogrn)
    if closed is not None:
        return closed
    place = place_of(context, account)
    suspicious = suspicion(context, account, place)
    if suspicious:
        block(context, account)
        return refused(suspicious, "forbidden")
    organization = organization_of(context, ogrn)
    forget_failures(context, account)
    if account.signed_in_at is None:
        account = context.unit.put(replace(account, signed_in_at=context.now))
    where = None if organization is None else organization.id
    session, token = open_session(context, account, where, method)
    strange = place_is_usual(place, context.policy)
    if strange:
        _alert(context, account)
    who = {"account": account.id, "method": method, "organization": where}  # known by now
    for subject in (account.id, where):
        if subject is not None:
            context.note("sign_in", subject, "signed_in", **who)
    return Outcome(
        state="signed_in",
        violations=strange,
        data={
            "token": token,
            "session": session.id,
            "account": account.id,
            "organization": where,
            "level": level_of(method, context.policy.texts("AUTH-16.high")),
        },
    )


def _belongs(context: Context, account: Account, organization: Organization) -> bool:
    if organization.owner == account.id:
        return True
    return context.unit.get(Membership, membership_id(account.id, organization.id)) is not None


def _unbound_from(context: Context, account: Account, ogrn: str) -> tuple[Violation, ...]:
    """What UNB-04 says to somebody whose organization it was before it was unbound."""
    before = context.unit.get(Binding, binding_id(account.id, ogrn))
    if before is None or before.state != "unbound":
        return ()
    claim = Unbound(owner=None, members=0, sessions=0, wants_access=True)
    return closed_after_unbinding(claim, context.policy)


def _opened_for(
    context: Context, account: Account, organization: Organization
) -> tuple[Violation, ...]:
    """What ACT-03 says against an employee in the cabinet that those in charge have to activate."""
    member = context.unit.get(Membership, membership_id(account.id, organization.id))
    claim = AfterActivation(
        active=organization.state != "verified",
        employee_wants_in=member is not None and member.role not in _IN_CHARGE,
    )
    return opened_for_employees(claim, context.policy) if claim.employee_wants_in else ()


def _alert(context: Context, account: Account) -> None:
    text = context.portal.book.rule("AUTH-12").message.ru
    for channel, to in (("email", account.email), ("sms", account.phone)):
        context.send(
            Letter(
                id=context.portal.ports.entropy.token("letter"),
                channel="email" if channel == "email" else "sms",
                to=to,
                subject="Вход с незнакомого устройства" if channel == "email" else "",
                text=text,
            )
        )
