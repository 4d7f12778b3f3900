"""The review of access: entries that nobody uses, rights beyond what the rule book gives to such
an entry, and mending that (ROLE-10)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from portal.accounts.session import Device
from portal.employees.access_plan import AccessFix, AccessPlan, plan_of, plan_review
from portal.employees.entries import HEAD, OfEntry, end_entry, entry_of, without_admin
from portal.employees.notice import tell_of_role
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import Membership, Organization
from portal.organizations.own_role import OwnRole, role_title
from portal.rules import roles
from portal.rules.rights import ACCESS_SETTINGS
from portal.rules.roles import AccessReview, Risk, audit_due
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "DeviationFix",
    "ReviewOf",
    "RiskChoice",
    "access_report",
    "complete_access_review",
    "fix_access_deviation",
    "set_access_risk",
]

_REDUCED: Final = "emp"
_IN_CHARGE: Final = frozenset({"head", "admin", "tech"})
_LATEST_FIXES: Final = 100  # shown and kept: an assumption


@dataclass(frozen=True, kw_only=True)
class ReviewOf:
    """The organization whose access is reviewed."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class DeviationFix(OfEntry):
    """How a deviation of the report is mended: the entry is closed, or becomes an employee's."""

    remedy: Literal["close", "reduce"]


@dataclass(frozen=True, kw_only=True)
class RiskChoice:
    """How risky the access to an organization's cabinet is: it says how often it is reviewed."""

    organization: str
    risk: Risk


@view(ReviewOf)
@in_organization(ACCESS_SETTINGS)
def access_report(context: Context, query: ReviewOf, found: Organization) -> Outcome:
    """Every entry with the days since it was used last; what is wrong with the entries, and that a
    review is due, is named by ROLE-10."""
    plan = plan_of(context, found)
    members = members_of(context, found.id)
    violations = roles.access_is_reviewed(_claim(context, plan, members), context.policy)
    due = audit_due(plan.since, plan.risk, context.policy)
    return Outcome(
        state="due" if context.now >= due else "reviewed",
        data={
            "risk": plan.risk,
            "since": plan.since.isoformat(),
            "due": due.isoformat(),
            "items": [_line(context, each) for each in members],
            "fixes": [asdict(each) | {"at": each.at.isoformat()} for each in plan.fixes],
        },
        violations=violations,
    )


@use_case(DeviationFix)
@in_organization(ACCESS_SETTINGS)
def fix_access_deviation(context: Context, form: DeviationFix, found: Organization) -> Outcome:
    """Close an entry that the report names, or reduce its rights; that is recorded."""
    member = entry_of(context, found, form.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    plan = plan_of(context, found)
    deviations = _deviations(context, plan, [member])
    if not deviations:
        return Outcome(state="in_order", refusal="state")
    last = without_admin(context, found, member)
    if last:
        return refused(last, "state")
    if form.remedy == "close":
        end_entry(context, found, member, "fix_access_deviation")
    else:
        reduced = context.unit.put(replace(member, role=_REDUCED))
        tell_of_role(context, found, reduced)
    reasons = [each.reason.ru for each in deviations if each.reason is not None]
    fix = AccessFix(
        account=member.account,
        remedy=form.remedy,
        found="; ".join(reasons),
        by=context.actor.account or "",
        at=context.now,
    )
    context.unit.put(replace(plan, fixes=(*plan.fixes, fix)[-_LATEST_FIXES:]))
    context.note("fix_access_deviation", found.id, form.remedy, employee=member.account)
    return Outcome(state="fixed", data={"account": member.account, "remedy": form.remedy})


@use_case(ReviewOf)
@in_organization(ACCESS_SETTINGS)
def complete_access_review(context: Context, form: ReviewOf, found: Organization) -> Outcome:
    """Record that access was reviewed, once nothing is left to mend; the next review is planned."""
    plan = plan_of(context, found)
    left = _deviations(context, plan, members_of(context, found.id))
    if left:
        return noted_refusal(context, found.id, refused(left, "state"))
    reviewed = plan_review(context, replace(plan, since=context.now))
    context.note("complete_access_review", found.id, "reviewed", fixes=len(plan.fixes))
    due = audit_due(reviewed.since, reviewed.risk, context.policy)
    return Outcome(state="reviewed", data={"next": due.isoformat()})


@use_case(RiskChoice)
@in_organization(ACCESS_SETTINGS)
def set_access_risk(context: Context, form: RiskChoice, found: Organization) -> Outcome:
    """Say how risky the access is; the next review is due accordingly, counted from the last."""
    plan = plan_review(context, replace(plan_of(context, found), risk=form.risk))
    context.note("set_access_risk", found.id, form.risk)
    due = audit_due(plan.since, plan.risk, context.policy)
    return Outcome(state=form.risk, data={"next": due.isoformat()})


# --- inside ---------------------------------------------------------------------------------------


def _claim(context: Context, plan: AccessPlan, members: list[Membership]) -> AccessReview:
    """Of everybody but the head, whom the register names."""
    reviewed = [each for each in members if each.role != HEAD]
    return AccessReview(
        now=context.now,
        since=plan.since,
        risk=plan.risk,
        unused_days={each.account: _unused_days(context, each) for each in reviewed},
        excessive={each.account: set(_excessive(context, each)) for each in reviewed},
    )


def _deviations(
    context: Context, plan: AccessPlan, members: list[Membership]
) -> tuple[Violation, ...]:
    """What is wrong with entries, whether a review is due or not."""
    claim = replace(_claim(context, plan, members), since=context.now)
    return roles.access_is_reviewed(claim, context.policy)


def _unused_days(context: Context, member: Membership) -> int:
    """Whole days since anybody has signed in with the account, or the entry has begun."""
    devices = context.unit.find(Device, "account", member.account)
    used = max([member.since, *(each.last_seen for each in devices)])
    return (context.now - used).days


def _excessive(context: Context, member: Membership) -> Iterator[str]:
    """Rights of a role of one's own that the rule book gives to those in charge alone."""
    own = context.unit.get(OwnRole, member.role)
    for name in () if own is None else own.rights:
        if set(context.portal.book.rights[name].roles) <= _IN_CHARGE:
            yield name


def _line(context: Context, member: Membership) -> dict[str, Any]:
    return {
        "id": member.account,
        "account": member.account,
        "role": member.role,
        "role_title": role_title(context, member.role),
        "unused_days": _unused_days(context, member),
        "excessive": sorted(_excessive(context, member)),
    }
