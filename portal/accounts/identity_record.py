"""What a check of an identity has found so far, and what follows from it (ACC-04 to ACC-08)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.identity import inform
from portal.documents.stored_document import StoredDocument
from portal.ports.people_registers import PassportVerdict, Verdict
from portal.rules.accounts import (
    AutomaticCheck,
    Discrepancies,
    UnderReview,
    automatic_check,
    discrepancies_documented,
    reviewed_in_time,
)
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.use_case import Context, Outcome

__all__ = [
    "IdentityCheck",
    "check_of",
    "claim_of",
    "differing_in",
    "is_own_document",
    "refuse_identity",
    "review_of",
    "standing_violations",
]

Stage: TypeAlias = Literal["automatic", "documents", "review", "over"]


@dataclass(frozen=True, kw_only=True)
class IdentityCheck(Entity):
    """The latest check of an account's identity; its id is the account's. `refusals` are what it
    was refused for."""

    KIND: ClassVar[str] = "identity_check"

    way: str
    snils: str
    series: str
    number: str
    issued: dt.date
    started: dt.datetime
    stage: Stage = "automatic"
    fns: Verdict | None = None
    fns_differs: tuple[str, ...] = ()
    passport: PassportVerdict | None = None
    passport_differs: tuple[str, ...] = ()
    late_told: bool = False
    documents: tuple[str, ...] = ()
    received: dt.datetime | None = None
    refusals: tuple[Violation, ...] = ()

    def keys(self) -> Mapping[str, str]:
        """By where it is."""
        return {"stage": self.stage}


def check_of(context: Context, account_id: str) -> tuple[Account | None, IdentityCheck | None]:
    """An account and its check, unless the identity was confirmed in another way meanwhile."""
    account = context.unit.get(Account, account_id)
    if account is None or not ACCOUNT_STATES.allows(account.state, "refuse"):
        return account, None
    return account, context.unit.get(IdentityCheck, account_id)


def claim_of(context: Context, account: Account, check: IdentityCheck) -> AutomaticCheck:
    """What the registers have said so far, as ACC-04 judges it."""
    return AutomaticCheck(
        snils=check.snils,
        fns=check.fns,
        fns_differs=check.fns_differs,
        passport=check.passport,
        passport_differs=check.passport_differs,
        phone_confirmed=account.phone_confirmed,
        lasts=context.now - check.started,
        late_told=check.late_told,
    )


def review_of(context: Context, check: IdentityCheck) -> UnderReview:
    """What an operator has before them, as ACC-06 judges it."""
    return UnderReview(
        subject="documents",
        received=check.received or check.started,
        decided=None,
        now=context.now,
        calendar=context.portal.ports.clock.calendar,
    )


def differing_in(check: IdentityCheck) -> tuple[str, ...]:
    """The fields in which the person and the registers differ."""
    unknown = ("inn",) if check.fns == "not_found" else ()
    return tuple(dict.fromkeys((*unknown, *check.fns_differs, *check.passport_differs)))


def refuse_identity(
    context: Context, account: Account, check: IdentityCheck, why: tuple[Violation, ...]
) -> Outcome:
    """The check is over: the account is as before it, and the person is told why."""
    state = ACCOUNT_STATES.after(account.state, "refuse")
    context.unit.put(replace(account, state=state))
    context.unit.put(replace(check, stage="over", refusals=why))
    context.note("check_identity", account.id, "refused", rules=[each.rule for each in why])
    reasons = "; ".join(each.reason.ru for each in why if each.reason is not None)
    message = context.portal.book.rule(why[0].rule).message.ru
    inform(context, account, "Личность не подтверждена", f"{message} {reasons}".strip())
    return Outcome(state=state, violations=why)


def standing_violations(context: Context, account: Account) -> list[Violation]:
    """What stands between an account and its confirmation, as far as a check has shown."""
    check = context.unit.get(IdentityCheck, account.id)
    if check is None or account.is_confirmed:
        return []
    if check.stage == "automatic":
        return list(automatic_check(claim_of(context, account, check), context.policy))
    if check.stage == "documents":
        claim = Discrepancies(fields=differing_in(check), documents=0)
        return list(discrepancies_documented(claim, context.policy))
    if check.stage == "review":
        return list(reviewed_in_time(review_of(context, check), context.policy))
    return list(check.refusals)


def is_own_document(context: Context, account: Account, document_id: str) -> bool:
    """Whether the account has uploaded that document, and nothing bad was found in it."""
    document = context.unit.get(StoredDocument, document_id)
    return document is not None and document.owner == account.id and document.status != "blocked"
