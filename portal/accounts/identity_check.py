"""The automatic check of an identity by ФНС and МВД (ACC-04, ACC-08)."""

import datetime as dt
from dataclasses import dataclass, replace

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.identity import confirm, inform, named
from portal.accounts.identity_record import (
    IdentityCheck,
    check_of,
    claim_of,
    differing_in,
    is_own_document,
    refuse_identity,
    standing_violations,
)
from portal.accounts.standing import unfit_for_functions
from portal.ports.unavailable import Unavailable
from portal.rules import accounts, identifiers
from portal.rules.accounts import (
    AutomaticCheck,
    IdentityProof,
    PassportAnswer,
    automatic_check,
    passport_is_good,
)
from portal.rules.identifiers import PassportData, Written
from portal.rules.rule import Violation, every
from portal.tasks import Task, retry_pause, schedule
from portal.use_case import Context, Outcome, refused, task, use_case
from rulebook import Text

__all__ = ["IdentityForm", "confirm_identity"]


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


@task
def check_identity(context: Context, planned: Task) -> None:
    """Ask the registers that have not answered; decide once all have. A silent one is asked again
    after a pause that grows, for as long as it takes (VER-09, OPS-02)."""
    account, check = check_of(context, planned.subject)
    if account is None or check is None or check.stage != "automatic":
        return
    check = context.unit.put(_asked(context, account, check))
    if check.fns is None or check.passport is None:
        silent = int(planned.details.get("silent", "0"))
        due = context.now + retry_pause(silent)
        schedule(context.unit, planned.name, account.id, due, {"silent": str(silent + 1)})
        return
    bad = passport_is_good(PassportAnswer(verdict=check.passport), context.policy)
    differs = automatic_check(claim_of(context, account, check), context.policy)
    if bad:
        refuse_identity(context, account, check, bad)
    elif not differs:
        context.unit.put(replace(check, stage="over"))
        confirm(context, account, "automatic", snils=check.snils)
    elif differing_in(check):
        _hand_over(context, account, check)
    else:
        refuse_identity(context, account, check, differs)


@task
def tell_of_delay(context: Context, planned: Task) -> None:
    """The promised quarter of an hour is over: say so if there is no decision."""
    account, check = check_of(context, planned.subject)
    if account is not None and check is not None and check.stage == "automatic":
        context.unit.put(replace(check, late_told=True))
        text = "Ведомства ещё не ответили. Проверка продолжится сама, отправлять её не нужно."
        inform(context, account, "Проверка личности задерживается", text)


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
    scan = bool(form.passport_scan) and is_own_document(context, account, form.passport_scan)
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


def _hand_over(context: Context, account: Account, check: IdentityCheck) -> None:
    state = ACCOUNT_STATES.after(account.state, "ask_operator")
    context.unit.put(replace(account, state=state))
    context.unit.put(replace(check, stage="documents"))
    context.note("check_identity", account.id, state, differs=list(differing_in(check)))
    text = context.portal.book.rule("ACC-05").message.ru
    inform(context, account, "Нужны дополнительные документы", text)


def _duration(context: Context) -> tuple[dt.timedelta, dt.timedelta]:
    soonest, latest = context.policy.range("ACC-04.duration_min")
    return dt.timedelta(minutes=soonest), dt.timedelta(minutes=latest)
