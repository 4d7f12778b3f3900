"""A representative's authority, confirmed by a signature or a code of the tax service (REG-16)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar

from portal.accounts.account import Account
from portal.certificates.signature_check import SignerOf, checked_signature, refused_or_later
from portal.noted_refusal import noted_refusal
from portal.registration.signed_text import signature_bytes
from portal.rules import registration
from portal.rules.registration import AuthorityProof
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = [
    "AuthorityConfirmation",
    "AuthorityQuestion",
    "ProvedAuthority",
    "ask_authority_code",
    "authority_is_confirmed",
    "authority_text",
    "confirm_authority",
]


@dataclass(frozen=True, kw_only=True)
class AuthorityQuestion:
    """The organization that the actor wants to represent."""

    inn: str
    ogrn: str


@dataclass(frozen=True, kw_only=True)
class AuthorityConfirmation:
    """The code that the head has passed on, or a CMS signature (Base64) over `authority_text`."""

    inn: str
    ogrn: str
    code: str = secret()
    signature: str


@dataclass(frozen=True, kw_only=True)
class ProvedAuthority(Entity):
    """What an account has done to prove that it may act for the organization of an ОГРН; `number`
    is that of the tax service's question."""

    KIND: ClassVar[str] = "authority"

    number: str | None
    confirmed_at: dt.datetime | None = None


@use_case(AuthorityQuestion)
def ask_authority_code(context: Context, form: AuthorityQuestion) -> Outcome:
    """Let the tax service send a code to the head of the organization."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    ports = context.portal.ports
    number = ports.fns.ask_authority_code(
        ports.entropy.token("authority"), form.inn, form.ogrn, account.inn
    )
    if number is None:
        return Outcome(state="absent", refusal="absent")
    _keep(context, form.ogrn, number=number)
    context.note("ask_authority_code", form.ogrn, "asked")
    return Outcome(state="code_sent")


@use_case(AuthorityConfirmation)
def confirm_authority(context: Context, form: AuthorityConfirmation) -> Outcome:
    """Confirm by either of the two; the organization can be registered without a paper then."""
    by_code = _by_code(context, form)
    by_signature, wrong = (False, ()) if by_code else _by_signature(context, form)
    if wrong:
        return noted_refusal(context, form.ogrn, refused_or_later(wrong))
    proof = AuthorityProof(by_signature=by_signature, by_code=by_code)
    found = registration.authority_is_proved(proof, context.policy)
    if found:
        return noted_refusal(context, form.ogrn, refused(found))
    _keep(context, form.ogrn, confirmed_at=context.now)
    context.note("confirm_authority", form.ogrn, "confirmed")
    return Outcome(state="confirmed")


def authority_is_confirmed(context: Context, account: str, ogrn: str) -> bool:
    """Whether the account has proved its authority for the organization."""
    found = context.unit.get(ProvedAuthority, f"{account}/{ogrn}")
    return found is not None and found.confirmed_at is not None


def authority_text(account: Account, ogrn: str) -> bytes:
    """What the organization signs to confirm who represents it."""
    return f"ОГРН {ogrn}: представитель {account.name}, ИНН {account.inn}".encode()


def _by_code(context: Context, form: AuthorityConfirmation) -> bool:
    asked = context.unit.get(ProvedAuthority, f"{context.actor.account}/{form.ogrn}")
    if not form.code or asked is None or asked.number is None:
        return False
    verdict = context.portal.ports.fns.confirm_authority(asked.number, form.code)
    return verdict == "confirmed"


def _by_signature(
    context: Context, form: AuthorityConfirmation
) -> tuple[bool, tuple[Violation, ...]]:
    """Whether there is the organization's signature, and what is wrong with it."""
    account = context.unit.get(Account, context.actor.account or "")
    if not form.signature or account is None:
        return False, ()
    signer = SignerOf(kind="legal", inn=form.inn, ogrn=form.ogrn)
    content = authority_text(account, form.ogrn)
    checked = checked_signature(context, signature_bytes(form.signature), content, signer)
    return not checked.violations, checked.violations


def _keep(
    context: Context,
    ogrn: str,
    number: str | None = None,
    confirmed_at: dt.datetime | None = None,
) -> None:
    found = context.unit.get(ProvedAuthority, f"{context.actor.account}/{ogrn}")
    if found is None:
        found = ProvedAuthority(id=f"{context.actor.account}/{ogrn}", number=None)
    context.unit.put(
        replace(
            found,
            number=number or found.number,
            confirmed_at=confirmed_at or found.confirmed_at,
        )
    )
