"""The journal in the security settings: an organization's, and one's own account's (AUD-02)."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.audit.journal import (
    LineFilter,
    as_shown,
    for_readers,
    lines_about,
    names_in,
    subjects_of,
    wanted_lines,
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


@view(AuditLogQuery)
@for_readers
def audit_log(context: Context, query: AuditLogQuery, found: Organization) -> Outcome:
    """What was done to the organization, the latest first."""
    return _shown(context, query, subjects_of(found), names_in(context, found))


@view(SecurityLogQuery)
def security_log(context: Context, query: SecurityLogQuery) -> Outcome:
    """What was done to one's own account, the latest first: sign-ins, failures, changes."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    return _shown(context, query, (account.id,), {account.id: str(account.name)})


def _shown(
    context: Context, query: LineFilter, subjects: tuple[str, ...], names: dict[str, str]
) -> Outcome:
    lines = lines_about(context.portal.ports.store, subjects)
    items = [as_shown(line, names) for line in wanted_lines(lines, query)]
    return Outcome(state="shown", data={"items": items[::-1]})
