"""An operator looks at documents where the registers say otherwise (ACC-05, ACC-06)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.identity import confirm, inform
from portal.accounts.identity_record import (
    IdentityCheck,
    check_of,
    differing_in,
    is_own_document,
    refuse_identity,
    review_of,
    standing_violations,
)
from portal.rules.accounts import (
    Discrepancies,
    IdentityProof,
    discrepancies_documented,
    identity_proved,
    review_deadline,
)
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case, view
from rulebook import Text

__all__ = [
    "IdentityDecision",
    "IdentityDocuments",
    "NoQuery",
    "decide_identity",
    "identity_reviews",
    "send_identity_documents",
]

_MOST_DOCUMENTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class IdentityDocuments:
    """Ids of the documents that were asked for."""

    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityDecision:
    """What an operator has decided, and why if they refuse."""

    account: str
    accepted: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NoQuery:
    """Everything."""


@use_case(IdentityDocuments)
def send_identity_documents(context: Context, form: IdentityDocuments) -> Outcome:
    """Send what was asked for after a discrepancy; an operator's term begins with that."""
    account, check = check_of(context, context.actor.account or "")
    if account is None or check is None:
        return refused([], "absent")
    if check.stage != "documents":
        return refused(standing_violations(context, account), "state", state=account.state)
    own = tuple(
        each for each in form.documents[:_MOST_DOCUMENTS] if is_own_document(context, account, each)
    )
    differing = differing_in(check)
    found = discrepancies_documented(
        Discrepancies(fields=differing, documents=len(own)), context.policy
    )
    if found:
        return refused(found, state=account.state)
    received = replace(check, stage="review", documents=own, received=context.now)
    context.unit.put(received)
    due = review_deadline(review_of(context, received), context.policy)
    overdue = due + dt.timedelta(microseconds=1)
    schedule(context.unit, "tell_of_overdue_review", account.id, overdue)
    context.note("send_identity_documents", account.id, "received", documents=len(own))
    return Outcome(state=account.state, data={"expected_by": due.isoformat()})


@use_case(IdentityDecision, signed_in=False, staff=True)
def decide_identity(context: Context, form: IdentityDecision) -> Outcome:
    """Confirm or refuse the person whose documents an operator has looked at."""
    account, check = check_of(context, form.account)
    if account is None or check is None:
        return refused([], "absent")
    if check.stage != "review":
        return refused([], "state", state=account.state)
    if form.accepted:
        context.unit.put(replace(check, stage="over"))
        return confirm(context, account, "operator", snils=check.snils)
    reason = form.reason or "документы не подтвердили сведения"
    claim = IdentityProof(way=check.way, refused_for=Text(reason, reason))
    return refuse_identity(context, account, check, identity_proved(claim, context.policy))


@view(NoQuery, signed_in=False, staff=True)
def identity_reviews(context: Context, asked: NoQuery) -> Outcome:
    """What operators have to look at, the most urgent first."""
    found = context.unit.find(IdentityCheck, "stage", "review")
    rows = [
        {
            "account": each.id,
            "due": review_deadline(review_of(context, each), context.policy).isoformat(),
            "differs": list(differing_in(each)),
            "documents": list(each.documents),
        }
        for each in found
    ]
    return Outcome(
        state="shown",
        data={"reviews": sorted(rows, key=lambda row: (str(row["due"]), str(row["account"])))},
    )


@task
def tell_of_overdue_review(context: Context, planned: Task) -> None:
    """An operator's term is over: say whom to ask."""
    account, check = check_of(context, planned.subject)
    if account is not None and check is not None and check.stage == "review":
        text = context.portal.book.rule("ACC-06").message.ru
        inform(context, account, "Проверка документов задерживается", text)
        context.note("tell_of_overdue_review", account.id, "overdue")
