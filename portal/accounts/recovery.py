"""A lost password: by a code to a linked contact (PWD-05), or through support (PWD-06)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.accounts.change_password import close_others
from portal.accounts.lockout import count_failure, forget_failures, lock_of
from portal.accounts.one_time_codes import (
    CodeChannel,
    TypedCode,
    contact_of,
    enter_code,
    send_code,
)
from portal.accounts.password_setting import (
    chosen_password,
    give_temporary_password,
    wrong_with_password,
)
from portal.organizations.organization import Membership, Organization
from portal.rules import identifiers
from portal.rules.identifiers import Written
from portal.rules.passwords import (
    NewPassword,
    Recovery,
    SupportRequest,
    complete_support_request,
    recovered_by_right,
    strong_enough,
)
from portal.rules.rule import Violation, every
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, secret, use_case, view
from rulebook import Kind

__all__ = [
    "AccessDecision",
    "AccessRequest",
    "AccessRequested",
    "AskSupport",
    "NewAccess",
    "access_requests",
    "ask_support_for_access",
    "decide_access",
    "recover_password",
    "request_recovery",
]

_MOST_DOCUMENTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class AccessRequested:
    """ИНН (the person's, or of an organization they act for) and e-mail of an account, and where
    the code is to go."""

    inn: str
    email: str
    channel: CodeChannel = "email"


@dataclass(frozen=True, kw_only=True)
class NewAccess(TypedCode):
    """The code that came, and the new password."""

    inn: str
    email: str
    password: str = secret()


@dataclass(frozen=True, kw_only=True)
class AskSupport:
    """What support needs to give access back; `documents` are the names of the founding papers
    that come with it."""

    inn: str
    ogrn: str
    phone: str
    contact: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccessDecision:
    """What an operator has decided: whether the person is the one they say, and the e-mail that
    the temporary password goes to."""

    request: str
    identity_verified: bool
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class NoQuery:
    """Everything."""


@dataclass(frozen=True, kw_only=True)
class AccessRequest(Entity):
    """A request to support for access to an account (PWD-06)."""

    KIND: ClassVar[str] = "access_request"

    form: AskSupport
    at: dt.datetime
    state: str = "open"

    def keys(self) -> Mapping[str, str]:
        """By whether it is open."""
        return {"state": self.state}


@use_case(AccessRequested, signed_in=False)
def request_recovery(context: Context, form: AccessRequested) -> Outcome:
    """Send a code to a linked contact. The outcome is the same for an account that is not there:
    nobody learns from it who has one."""
    found = list(every(_form_errors(context, form.inn, form.email)))
    if found:
        return refused(found)
    account = _account_of(context, form.inn, form.email)
    if account is not None:
        purpose = _purpose(account)
        in_vain = send_code(context, purpose, form.channel, contact_of(account, form.channel))
        context.note("request_recovery", account.id, "waits" if in_vain else "sent")
    return Outcome(state="code_sent", data={"channel": form.channel})


@use_case(NewAccess, signed_in=False, remembered=False)
def recover_password(context: Context, form: NewAccess) -> Outcome:
    """Set a new password with the code that came; every session ends. Who fails again and again is
    locked out as at the sign-in, and support helps (PWD-06)."""
    account = _account_of(context, form.inn, form.email)
    subject = f"{form.inn}/{form.email}"
    locked = lock_of(context, account, subject)
    if locked:
        return refused(locked, "forbidden")
    weak = strong_enough(NewPassword(text=form.password, strict=False), context.policy)
    if weak:
        return refused(weak)
    code = None
    if account is not None and account.state != "new":
        code, _ = enter_code(context, _purpose(account), form.code)
    claim = Recovery(account_found=account is not None, code_good=code is not None)
    found = recovered_by_right(claim, context.policy)
    if account is None or code is None:
        count_failure(context, account, subject)
        return refused(found)
    easy = wrong_with_password(context, account, form.password)
    if easy:  # told only to who has the code, which is still good
        context.unit.put(replace(code, used=False))
        return refused(easy)
    context.unit.put(chosen_password(context, account, form.password))
    forget_failures(context, account)
    close_others(context, account)
    context.note("recover_password", account.id, "changed")
    return Outcome(state="recovered")


@use_case(AskSupport, signed_in=False)
def ask_support_for_access(context: Context, form: AskSupport) -> Outcome:
    """Ask an operator to give access back."""
    claim = SupportRequest(
        inn=form.inn,
        ogrn=form.ogrn,
        phone=form.phone,
        contact=form.contact,
        documents=min(len(form.documents), _MOST_DOCUMENTS),
    )
    phone = identifiers.phone(Written(field="phone", text=form.phone), context.policy)
    found = list(every((complete_support_request(claim, context.policy), phone)))
    if found:
        return refused(found)
    request = AccessRequest(
        id=context.portal.ports.entropy.token("access request"),
        form=replace(form, documents=form.documents[:_MOST_DOCUMENTS]),
        at=context.now,
    )
    context.unit.put(request)
    context.note("ask_support_for_access", request.id, "open")
    return Outcome(state="open", data={"request": request.id})


@use_case(AccessDecision, signed_in=False, staff=True)
def decide_access(context: Context, form: AccessDecision) -> Outcome:
    """Give access back to somebody whose identity the operator has verified: the account opens
    again and a temporary password goes to the e-mail that they have now; or refuse it."""
    request = context.unit.get(AccessRequest, form.request)
    if request is None:
        return refused([], "absent")
    if request.state != "open":
        return refused([], "state", state=request.state)
    if not form.identity_verified:
        context.unit.put(replace(request, state="refused"))
        context.note("decide_access", request.id, "refused")
        return Outcome(state="refused")
    email = identifiers.email(Written(field="email", text=form.email), context.policy)
    if email:
        return refused(email)
    account = _account_of_request(context, request.form)
    if account is None:
        return refused([], "absent")
    opened = replace(
        account,
        email=form.email or account.email,
        email_confirmed=account.email_confirmed and form.email in ("", account.email),
        blocked_at=None,
    )
    context.unit.put(give_temporary_password(context, opened))
    context.unit.put(replace(request, state="restored"))
    forget_failures(context, account)
    close_others(context, account)
    context.note("decide_access", request.id, "restored", restored=account.id)
    return Outcome(state="restored", data={"account": account.id})


@view(NoQuery, signed_in=False, staff=True)
def access_requests(context: Context, asked: NoQuery) -> Outcome:
    """Open requests, the oldest first."""
    found = context.unit.find(AccessRequest, "state", "open")
    return Outcome(
        state="shown",
        data={
            "requests": [
                {
                    "request": each.id,
                    "at": each.at.isoformat(),
                    "inn": each.form.inn,
                    "ogrn": each.form.ogrn,
                    "phone": each.form.phone,
                    "contact": each.form.contact,
                    "documents": list(each.form.documents),
                }
                for each in sorted(found, key=lambda request: (request.at, request.id))
            ]
        },
    )


def _form_errors(context: Context, inn: str, email: str) -> list[tuple[Violation, ...]]:
    kind: Kind = "legal" if len(inn) <= _LEGAL_INN else "sole_proprietor"
    number = identifiers.Requisites(kind=kind, inn=inn, ogrn="")
    return [
        identifiers.legal_inn(number, context.policy),
        identifiers.person_inn(number, context.policy),
        identifiers.no_other_signs(number, context.policy),
        identifiers.email(Written(field="email", text=email), context.policy),
    ]


_LEGAL_INN: Final = 10  # digits; longer ones are people's


def _account_of(context: Context, inn: str, email: str) -> Account | None:
    """The account of an e-mail whose ИНН it is, or that of an organization it acts for."""
    for account in context.unit.find(Account, "email", email.casefold()):
        if account.inn == inn or inn in _organizations_inns(context, account):
            return account
    return None


def _organizations_inns(context: Context, account: Account) -> set[str]:
    found = set()
    for membership in context.unit.find(Membership, "account", account.id):
        organization = context.unit.get(Organization, membership.organization)
        if organization is not None:
            found.add(organization.requisites.inn)
    return found


def _account_of_request(context: Context, form: AskSupport) -> Account | None:
    """The account of a person's ИНН, or the owner of the organization of that ОГРН."""
    found = context.unit.one(Account, "inn", form.inn)
    organization = context.unit.one(Organization, "ogrn", form.ogrn)
    if found is None and organization is not None and organization.owner is not None:
        return context.unit.get(Account, organization.owner)
    return found


def _purpose(account: Account) -> str:
    return f"recovery/{account.id}"
