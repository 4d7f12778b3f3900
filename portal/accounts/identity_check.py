"""The automatic check of an identity and the operator behind it (ACC-04, 05, 06 and 08)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, TypeAlias

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.identity import confirm, inform, named
from portal.accounts.standing import unfit_for_functions
from portal.documents.stored_document import StoredDocument
from portal.ports.people_registers import PassportVerdict, Verdict
from portal.ports.unavailable import Unavailable
from portal.rules import accounts, identifiers
from portal.rules.accounts import (
    AutomaticCheck,
    Discrepancies,
    IdentityProof,
    PassportAnswer,
    UnderReview,
    automatic_check,
    discrepancies_documented,
    passport_is_good,
    review_deadline,
    reviewed_in_time,
)
from portal.rules.identifiers import PassportData, Written
from portal.rules.rule import Violation, every
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case, view
from rulebook import Text

__all__ = [
    "IdentityCheck",
    "IdentityDecision",
    "IdentityDocuments",
    "IdentityForm",
    "confirm_identity",
    "decide_identity",
    "identity_reviews",
    "send_identity_documents",
    "standing_violations",
]

Stage: TypeAlias = Literal["automatic", "documents", "review", "over"]

_POLL: Final = dt.timedelta(minutes=1)  # between questions to a register that was silent
_MOST_DOCUMENTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class IdentityForm:
    """The passport as typed (ID-14), its uploaded scan by the document's id, the СНИЛС, and the way
    by which the person has shown that the contacts are theirs."""

    way: str
    snils: str
    passport_series: str
    passport_number: str
    passport_issued: str
    passport_issued_by: str
    passport_scan: str = ""


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


@use_case(IdentityForm)
def confirm_identity(context: Context, form: IdentityForm) -> Outcome:
    """Let registers confirm the person; the answer takes minutes."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    if not ACCOUNT_STATES.allows(account.state, "check"):
        found = standing_violations(context, account)
        return refused(found, "state", state=account.state)
    unfit = unfit_for_functions(context, account)
    found = list(every((unfit, *_form_errors(context, account, form))))
    if found:
        return refused(found, state=account.state)
    before = context.unit.get(IdentityCheck, account.id)
    context.unit.put(
        IdentityCheck(
            id=account.id,
            version=0 if before is None else before.version,
            way=form.way,
            snils=form.snils,
            series=form.passport_series,
            number=form.passport_number,
            issued=dt.datetime.strptime(form.passport_issued, "%d.%m.%Y").date(),
            started=context.now,
        )
    )
    checking = replace(account, state=ACCOUNT_STATES.after(account.state, "check"))
    context.unit.put(checking)
    soonest, latest = _duration(context)
    schedule(context.unit, "check_identity", account.id, context.now + soonest)
    schedule(context.unit, "tell_of_delay", account.id, context.now + latest)
    context.note("confirm_identity", account.id, checking.state, way=form.way)
    return Outcome(state=checking.state, data={"expected_by": (context.now + latest).isoformat()})


@use_case(IdentityDocuments)
def send_identity_documents(context: Context, form: IdentityDocuments) -> Outcome:
    """Send what was asked for after a discrepancy; an operator's term begins with that."""
    account, check = _check_of(context, context.actor.account or "")
    if account is None or check is None:
        return refused([], "absent")
    if check.stage != "documents":
        return refused(standing_violations(context, account), "state", state=account.state)
    own = tuple(
        each for each in form.documents[:_MOST_DOCUMENTS] if _is_own(context, account, each)
    )
    differing = _differing(check)
    found = discrepancies_documented(
        Discrepancies(fields=differing, documents=len(own)), context.policy
    )
    if found:
        return refused(found, state=account.state)
    received = replace(check, stage="review", documents=own, received=context.now)
    context.unit.put(received)
    due = review_deadline(_review(context, received), context.policy)
    overdue = due + dt.timedelta(microseconds=1)
    schedule(context.unit, "tell_of_overdue_review", account.id, overdue)
    context.note("send_identity_documents", account.id, "received", documents=len(own))
    return Outcome(state=account.state, data={"expected_by": due.isoformat()})


@use_case(IdentityDecision, signed_in=False, staff=True)
def decide_identity(context: Context, form: IdentityDecision) -> Outcome:
    """Confirm or refuse the person whose documents an operator has looked at."""
    account, check = _check_of(context, form.account)
    if account is None or check is None:
        return refused([], "absent")
    if check.stage != "review":
        return refused([], "state", state=account.state)
    if form.accepted:
        context.unit.put(replace(check, stage="over"))
        return confirm(context, account, "operator", snils=check.snils)
    reason = form.reason or "документы не подтвердили сведения"
    claim = IdentityProof(way=check.way, refused_for=Text(reason, reason))
    return _refuse(context, account, check, accounts.identity_proved(claim, context.policy))


@view(NoQuery, signed_in=False, staff=True)
def identity_reviews(context: Context, asked: NoQuery) -> Outcome:
    """What operators have to look at, the most urgent first."""
    found = context.unit.find(IdentityCheck, "stage", "review")
    rows = [
        {
            "account": each.id,
            "due": review_deadline(_review(context, each), context.policy).isoformat(),
            "differs": list(_differing(each)),
            "documents": list(each.documents),
        }
        for each in found
    ]
    return Outcome(
        state="shown",
        data={"reviews": sorted(rows, key=lambda row: (str(row["due"]), str(row["account"])))},
    )


@task
def check_identity(context: Context, planned: Task) -> None:
    """Ask the registers that have not answered; decide once all have. A silent one is asked again,
    for as long as it takes (VER-09)."""
    account, check = _check_of(context, planned.subject)
    if account is None or check is None or check.stage != "automatic":
        return
    check = context.unit.put(_asked(context, account, check))
    if check.fns is None or check.passport is None:
        schedule(context.unit, "check_identity", account.id, context.now + _POLL)
        return
    bad = passport_is_good(PassportAnswer(verdict=check.passport), context.policy)
    differs = automatic_check(_claim(context, account, check), context.policy)
    if bad:
        _refuse(context, account, check, bad)
    elif not differs:
        context.unit.put(replace(check, stage="over"))
        confirm(context, account, "automatic", snils=check.snils)
    elif _differing(check):
        _hand_over(context, account, check)
    else:
        _refuse(context, account, check, differs)


@task
def tell_of_delay(context: Context, planned: Task) -> None:
    """The promised quarter of an hour is over: say so if there is no decision."""
    account, check = _check_of(context, planned.subject)
    if account is not None and check is not None and check.stage == "automatic":
        context.unit.put(replace(check, late_told=True))
        text = "Ведомства ещё не ответили. Проверка продолжится сама, отправлять её не нужно."
        inform(context, account, "Проверка личности задерживается", text)


@task
def tell_of_overdue_review(context: Context, planned: Task) -> None:
    """An operator's term is over: say whom to ask."""
    account, check = _check_of(context, planned.subject)
    if account is not None and check is not None and check.stage == "review":
        text = context.portal.book.rule("ACC-06").message.ru
        inform(context, account, "Проверка документов задерживается", text)
        context.note("tell_of_overdue_review", account.id, "overdue")


def standing_violations(context: Context, account: Account) -> list[Violation]:
    """What stands between an account and its confirmation, as far as a check has shown."""
    check = context.unit.get(IdentityCheck, account.id)
    if check is None or account.is_confirmed:
        return []
    if check.stage == "automatic":
        return list(automatic_check(_claim(context, account, check), context.policy))
    if check.stage == "documents":
        claim = Discrepancies(fields=_differing(check), documents=0)
        return list(discrepancies_documented(claim, context.policy))
    if check.stage == "review":
        return list(reviewed_in_time(_review(context, check), context.policy))
    return list(check.refusals)


# --- inside


def _form_errors(
    context: Context, account: Account, form: IdentityForm
) -> list[tuple[Violation, ...]]:
    policy = context.policy
    passport = PassportData(
        series=Written(field="passport_series", text=form.passport_series),
        number=Written(field="passport_number", text=form.passport_number),
        issued=Written(field="passport_issued", text=form.passport_issued),
        issued_by=Written(field="passport_issued_by", text=form.passport_issued_by),
    )
    scan = bool(form.passport_scan) and _is_own(context, account, form.passport_scan)
    asked = AutomaticCheck(
        snils=form.snils,
        fns="match",
        fns_differs=(),
        passport="valid",
        passport_differs=(),
        phone_confirmed=account.phone_confirmed,
        lasts=dt.timedelta(),
        late_told=False,
        scan=scan,
    )
    snils = identifiers.snils(Written(field="snils", text=form.snils), policy)
    return [
        accounts.identity_proved(IdentityProof(way=form.way, refused_for=_way(form)), policy),
        identifiers.passport_data(passport, policy),
        snils,
        # A СНИЛС that ID-06 has named is not named again.
        tuple(
            each for each in automatic_check(asked, policy) if not (snils and each.field == "snils")
        ),
    ]


def _way(form: IdentityForm) -> Text | None:
    """Whether the check is behind that way; the others have doors of their own."""
    if form.way in ("sms_code", "email_link"):
        return None
    return Text("этот способ начинается иначе", "this way begins elsewhere")


def _is_own(context: Context, account: Account, document_id: str) -> bool:
    document = context.unit.get(StoredDocument, document_id)
    return document is not None and document.owner == account.id and document.status != "blocked"


def _check_of(context: Context, account_id: str) -> tuple[Account | None, IdentityCheck | None]:
    """An account and its check, unless the identity was confirmed in another way meanwhile."""
    account = context.unit.get(Account, account_id)
    if account is None or not ACCOUNT_STATES.allows(account.state, "refuse"):
        return account, None
    return account, context.unit.get(IdentityCheck, account_id)


def _asked(context: Context, account: Account, check: IdentityCheck) -> IdentityCheck:
    ports, person = context.portal.ports, named(account)
    if check.fns is None:
        try:
            verdict, differs = ports.fns.check_person(person, account.inn)
            check = replace(check, fns=verdict, fns_differs=tuple(differs))
        except Unavailable:
            pass
    if check.passport is None:
        try:
            answer, fields = ports.mvd.check_passport(
                person, check.series, check.number, check.issued
            )
            check = replace(check, passport=answer, passport_differs=tuple(fields))
        except Unavailable:
            pass
    return check


def _claim(context: Context, account: Account, check: IdentityCheck) -> AutomaticCheck:
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


def _review(context: Context, check: IdentityCheck) -> UnderReview:
    return UnderReview(
        subject="documents",
        received=check.received or check.started,
        decided=None,
        now=context.now,
        calendar=context.portal.ports.clock.calendar,
    )


def _differing(check: IdentityCheck) -> tuple[str, ...]:
    """The fields in which the person and the registers differ."""
    unknown = ("inn",) if check.fns == "not_found" else ()
    return tuple(dict.fromkeys((*unknown, *check.fns_differs, *check.passport_differs)))


def _hand_over(context: Context, account: Account, check: IdentityCheck) -> None:
    state = ACCOUNT_STATES.after(account.state, "ask_operator")
    context.unit.put(replace(account, state=state))
    context.unit.put(replace(check, stage="documents"))
    context.note("check_identity", account.id, state, differs=list(_differing(check)))
    text = context.portal.book.rule("ACC-05").message.ru
    inform(context, account, "Нужны дополнительные документы", text)


def _refuse(
    context: Context, account: Account, check: IdentityCheck, why: tuple[Violation, ...]
) -> Outcome:
    state = ACCOUNT_STATES.after(account.state, "refuse")
    context.unit.put(replace(account, state=state))
    context.unit.put(replace(check, stage="over", refusals=why))
    context.note("check_identity", account.id, "refused", rules=[each.rule for each in why])
    reasons = "; ".join(each.reason.ru for each in why if each.reason is not None)
    message = context.portal.book.rule(why[0].rule).message.ru
    inform(context, account, "Личность не подтверждена", f"{message} {reasons}".strip())
    return Outcome(state=state, violations=why)


def _duration(context: Context) -> tuple[dt.timedelta, dt.timedelta]:
    soonest, latest = context.policy.range("ACC-04.duration_min")
    return dt.timedelta(minutes=soonest), dt.timedelta(minutes=latest)
