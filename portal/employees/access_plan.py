"""When the access of an organization's people is reviewed, and what was found and mended
(ROLE-10)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.organizations.membership import members_of
from portal.organizations.organization import Organization
from portal.ports.messenger import Letter
from portal.rules.roles import Risk, audit_due
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["AccessFix", "AccessPlan", "begin_reviews", "plan_of", "plan_review"]

_OWNERS: Final = {"head_of_it": "tech"}  # as roles of the portal (the rule book's conflicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFix:
    """A deviation that was mended, and by whom: the entry was closed or its rights were reduced."""

    account: str
    remedy: str
    found: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AccessPlan(Entity):
    """The reviews of the organization of the same id: when the last one was (or, before the first,
    when the first employee came), and what was mended."""

    KIND: ClassVar[str] = "access_plan"

    since: dt.datetime
    risk: Risk = "normal"
    fixes: tuple[AccessFix, ...] = ()


def begin_reviews(context: Context, organization: Organization) -> None:
    """Plan the first review, unless reviews are planned already."""
    if context.unit.get(AccessPlan, organization.id) is None:
        plan_review(context, AccessPlan(id=organization.id, since=context.now))


def plan_of(context: Context, organization: Organization) -> AccessPlan:
    """The plan of an organization; one without employees has begun now."""
    kept = context.unit.get(AccessPlan, organization.id)
    return kept or AccessPlan(id=organization.id, since=context.now)


def plan_review(context: Context, plan: AccessPlan) -> AccessPlan:
    """Keep a plan, and remind of its next review when it is due."""
    due = audit_due(plan.since, plan.risk, context.policy)
    schedule(context.unit, "remind_of_review", plan.id, due)
    return context.unit.put(plan)


@task
def remind_of_review(context: Context, planned: Task) -> None:
    """A review is due: those whose business it is are told."""
    organization = context.unit.get(Organization, planned.subject)
    if organization is None:
        return
    for account in _owners(context, organization):
        context.send(
            Letter(
                id=f"review/{organization.id}/{account.id}/{planned.due:%Y%m%d%H%M%S}",
                channel="email",
                to=account.email,
                subject="Пора провести ревизию прав",
                text=(
                    f"{organization.requisites.full_name}. "
                    f"{context.portal.book.rule('ROLE-10').message.ru}"
                ),
            )
        )
    context.note("remind_of_review", organization.id, "due")


def _owners(context: Context, organization: Organization) -> Iterator[Account]:
    named = context.policy.texts("ROLE-10.owner")
    roles = {_OWNERS.get(each, each) for each in named}
    members = members_of(context, organization.id)
    chosen = [each for each in members if each.role in roles]
    for member in chosen or [each for each in members if each.role == "head"]:
        account = context.unit.get(Account, member.account)
        if account is not None:
            yield account
