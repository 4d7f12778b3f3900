"""A head activates their account by the link of a letter (ACT-04)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.letter_link import send_link
from portal.accounts.token_digest import token_digest
from portal.organizations.admission import in_organization
from portal.organizations.membership import membership_of
from portal.organizations.organization import Membership, Organization
from portal.rules import activation as rules
from portal.rules.activation import ActivationLink
from portal.rules.rights import MANAGE_USERS
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task, use_case

__all__ = [
    "ActivationToken",
    "NewLetter",
    "SentLink",
    "activate_head_account",
    "renew_activation_link",
    "request_activation_letter",
    "send_activation_letter",
]


@dataclass(frozen=True, kw_only=True)
class SentLink(Entity):
    """The link that the account of the same id was sent last; `digest` is the SHA-256 of its
    token."""

    KIND: ClassVar[str] = "activation_link"

    digest: str
    sent: dt.datetime
    used: bool = False

    def unique(self) -> Mapping[str, str]:
        """By the digest of the token."""
        return {"digest": self.digest}


@dataclass(frozen=True, kw_only=True)
class ActivationToken:
    """What the link of the letter holds."""

    token: str = secret()


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """The organization, and the ИНН of its head, who needs another letter."""

    organization: str
    inn: str


@use_case(NewLetter)
@in_organization(MANAGE_USERS)
def request_activation_letter(context: Context, form: NewLetter, found: Organization) -> Outcome:
    """Send the head another letter; the link before is good for nothing any more."""
    account = context.unit.one(Account, "inn", form.inn)
    member = None if account is None else membership_of(context, account.id, found.id)
    if account is None or member is None:
        return Outcome(state="absent", refusal="absent")
    if account.state != "new":
        return Outcome(state=account.state, refusal="state")
    send_activation_letter(context, account, found)
    return Outcome(state="letter_sent")


@use_case(ActivationToken, signed_in=False)
def activate_head_account(context: Context, form: ActivationToken) -> Outcome:
    """Follow the link, from wherever the mail is read: account and mail are confirmed by it."""
    found = context.unit.one(SentLink, "digest", token_digest(form.token))
    claim = ActivationLink(
        sent=None if found is None else found.sent,
        used=found is not None and found.used,
        now=context.now,
    )
    violations = rules.by_link(claim, context.policy)
    account = None if found is None else context.unit.get(Account, found.id)
    if violations or found is None or account is None:
        return refused(violations, "absent" if found is None else "state")
    context.unit.put(replace(found, used=True))
    state = account.state
    if ACCOUNT_STATES.allows(state, "activate"):
        state = ACCOUNT_STATES.after(state, "activate")
    context.unit.put(replace(account, state=state, email_confirmed=True))
    context.note("activate_head_account", account.id, "activated")
    return Outcome(state="activated", data={"account": account.id})


@use_case(ActivationToken, signed_in=False)
def renew_activation_link(context: Context, form: ActivationToken) -> Outcome:
    """Send a fresh link in place of one that is out of date, to the same mail: whoever could ask
    for another letter may be the former head, who cannot any more."""
    found = context.unit.one(SentLink, "digest", token_digest(form.token))
    account = None if found is None else context.unit.get(Account, found.id)
    if found is None or account is None:
        return Outcome(state="absent", refusal="absent")
    is_old = context.now >= rules.link_end(found.sent, context.policy)
    headed = [
        each for each in context.unit.find(Membership, "account", account.id) if each.role == "head"
    ]
    organization = context.unit.get(Organization, headed[0].organization) if headed else None
    if found.used or not is_old or organization is None:
        return Outcome(state=account.state, refusal="state")
    send_activation_letter(context, account, organization)
    context.note("renew_activation_link", account.id, "letter_sent")
    return Outcome(state="letter_sent")


def send_activation_letter(context: Context, account: Account, organization: Organization) -> None:
    """Send the link to the mail of a head's account."""
    digest = send_link(
        context,
        "activation",
        to=account.email,
        subject="Активация учётной записи руководителя",
        text=(
            f"Вы — руководитель: {organization.requisites.full_name}. Чтобы активировать "
            "учётную запись, перейдите по ссылке:"
        ),
    )
    before = context.unit.get(SentLink, account.id)
    context.unit.put(
        SentLink(
            id=account.id,
            version=0 if before is None else before.version,
            digest=digest,
            sent=context.now,
        )
    )
    end = rules.link_end(context.now, context.policy)
    schedule(context.unit, "forget_activation_link", account.id, end + dt.timedelta(days=30))


@task
def forget_activation_link(context: Context, planned: Task) -> None:
    """A link is good for nothing any more, and long enough has been told why."""
    found = context.unit.get(SentLink, planned.subject)
    if found is not None:
        context.unit.delete(found)
