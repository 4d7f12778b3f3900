"""Whoever registers an organization reads its mail: a link in a letter (REG-13)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from portal.accounts.letter_link import send_link
from portal.accounts.token_digest import token_digest
from portal.rules import identifiers, registration
from portal.rules.identifiers import Written
from portal.rules.registration import CorporateEmail
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = [
    "EmailLink",
    "EmailToConfirm",
    "OwnedEmail",
    "confirm_corporate_email",
    "email_is_confirmed",
    "send_corporate_email_link",
]


@dataclass(frozen=True, kw_only=True)
class EmailToConfirm:
    """A corporate address."""

    email: str


@dataclass(frozen=True, kw_only=True)
class EmailLink:
    """What the link of the letter holds."""

    token: str = secret()


@dataclass(frozen=True, kw_only=True)
class OwnedEmail(Entity):
    """An address to which an account has had a link sent; `digest` is the SHA-256 of the token, of
    which there is one a letter."""

    KIND: ClassVar[str] = "owned_email"

    digest: str
    confirmed_at: dt.datetime | None = None

    def unique(self) -> Mapping[str, str]:
        """By the digest of the token."""
        return {"digest": self.digest}


@use_case(EmailToConfirm)
def send_corporate_email_link(context: Context, form: EmailToConfirm) -> Outcome:
    """Send a letter with a link to the address; a later letter makes the earlier link void."""
    wrong = identifiers.email(Written(field="email", text=form.email or " "), context.policy)
    if wrong:
        return refused(wrong)
    owned_id = _id(context.actor.account or "", form.email)
    before = context.unit.get(OwnedEmail, owned_id)
    if before is not None and before.confirmed_at is not None:
        return Outcome(state="confirmed")
    digest = send_link(
        context,
        "corporate-email",
        to=form.email,
        subject="Подтверждение корпоративной почты",
        text="Чтобы подтвердить адрес, перейдите по ссылке:",
    )
    version = 0 if before is None else before.version
    context.unit.put(OwnedEmail(id=owned_id, version=version, digest=digest))
    return Outcome(state="link_sent")


@use_case(EmailLink, signed_in=False)
def confirm_corporate_email(context: Context, form: EmailLink) -> Outcome:
    """Follow the link, from wherever the mail is read."""
    found = context.unit.one(OwnedEmail, "digest", token_digest(form.token))
    if found is None:
        claim = CorporateEmail(email=form.token, confirmed=False)
        return refused(registration.corporate_email(claim, context.policy), "absent")
    if found.confirmed_at is None:
        context.unit.put(replace(found, confirmed_at=context.now))
        context.note("confirm_corporate_email", found.id, "confirmed")
    return Outcome(state="confirmed")


def email_is_confirmed(context: Context, account: str, email: str) -> bool:
    """Whether the account has shown that it reads this address."""
    found = context.unit.get(OwnedEmail, _id(account, email))
    return found is not None and found.confirmed_at is not None


def _id(account: str, email: str) -> str:
    return f"{account}/{email.casefold()}"
