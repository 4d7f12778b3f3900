"""A temporary password for an employee, by an administrator or by the portal (PWD-04)."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.accounts.password_setting import (
    give_temporary_password,
    set_temporary,
    wrong_with_password,
)
from portal.accounts.session import close_session, open_sessions_of
from portal.organizations.organization import Membership, membership_id
from portal.rules.rights import MANAGE_USERS
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = ["EmployeePassword", "set_employee_password"]


@dataclass(frozen=True, kw_only=True)
class EmployeePassword:
    """The employee's account, and the password; without one the portal makes one and mails it."""

    account: str
    password: str | None = secret()


@use_case(EmployeePassword)
def set_employee_password(context: Context, form: EmployeePassword) -> Outcome:
    """Give an employee of one's organization a password to begin with; their sessions end."""
    organization = context.actor.organization or ""
    own = _member(context, context.actor.account or "", organization)
    if own is None or own.role not in context.portal.book.rights[MANAGE_USERS].roles:
        context.note("set_employee_password", organization, "forbidden")
        return refused([], "forbidden")
    account = context.unit.get(Account, form.account)
    if account is None or _member(context, form.account, organization) is None:
        context.note("set_employee_password", organization, "absent")
        return refused([], "absent")
    if form.password is None:
        changed = give_temporary_password(context, account)
    else:
        found = wrong_with_password(context, account, form.password)
        if found:
            return refused(found)
        changed = set_temporary(context, account, form.password)
    context.unit.put(changed)
    for session in open_sessions_of(context, account.id):
        close_session(context, session, "password")
    context.note("set_employee_password", account.id, "set", organization=organization)
    return Outcome(state="set")


def _member(context: Context, account: str, organization: str) -> Membership | None:
    return context.unit.get(Membership, membership_id(account, organization))
