"""The journal in the security settings: an organization's, and one's own account's (AUD-02)."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.audit.journal import (
    LineFilter,
    as_shown,
    for_readers,
    names_in,
    part_of_lines,
    subjects_of,
)
from portal.organizations.organization import Organization
from portal.use_case import Context, Outcome, view

__all__ = ["AuditLogQuery", "SecurityLogQuery", "audit_log", "security_log"]


@dataclass(frozen=True, kw_only=True)
class AuditLogQuery(LineFilter):
    """Lines of an organization's journal."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class SecurityLogQuery(LineFilter):
    """Lines about one's own account."""


@view(AuditLogQuery, in_parts=True)
@for_readers
def audit_log(context: Context, query: AuditLogQuery, found: Organization) -> Outcome:
    """What was done to the organization, the latest first."""
    return _shown(context, query, subjects_of(found), names_in(context, found))


@view(SecurityLogQuery, in_parts=True)
def security_log(context: Context, query: SecurityLogQuery) -> Outcome:
    """What was done to one's own account, the latest first: sign-ins, failures, changes."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    return _shown(context, query, (account.id,), {account.id: str(account.name)})


def _shown(
    context: Context, query: LineFilter, subjects: tuple[str, ...], names: dict[str, str]
) -> Outcome:
    store = context.portal.ports.store
    lines, following = part_of_lines(store, subjects, query, context.part)
    items = [as_shown(line, names) for line in lines]
    return Outcome(state="shown", data={"items": items}, following=following)
