"""Chapter HEAD: another head of an organization."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.rights import SIGN
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "FormerHead",
    "HeadAccount",
    "HeadSignature",
    "NewHead",
    "former_head_signs_no_more",
    "head_account",
    "head_is_named",
    "signature_is_confirmed",
]


_NAMED: Final = ("full_name", "inn", "phone", "email")
_FILLED: Final = (
    *("birth_date", "position", "snils"),
    *("passport_series", "passport_number", "passport_issued", "passport_issued_by"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHead:
    """Who the new head is, as typed, and what is wrong with the code that was entered for the role
    (None: nothing, or it is not time for it yet)."""

    full_name: str
    inn: str
    phone: str
    email: str
    wrong_code: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerHead:
    """Rights that somebody has after another has become head; `signs`: they want to sign."""

    rights: Collection[str]
    signs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSignature:
    """Whether a new head has confirmed their signature."""

    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAccount:
    """What the account of a head is made of, beside what HEAD-01 asks: whether the organization's
    ИНН is confirmed, whether the order is attached, what is wrong with the certificate (None:
    nothing)."""

    inn_confirmed: bool
    birth_date: str
    position: str
    snils: str
    passport_series: str
    passport_number: str
    passport_issued: str
    passport_issued_by: str
    has_order: bool
    wrong_certificate: Text | None
    consent: bool


@rule("HEAD-01")
def head_is_named(claim: NewHead, policy: Policy) -> Iterator[Found]:
    """Full name, ИНН and contacts are filled in, the code of the role is the one sent."""
    for field in _NAMED:
        if not getattr(claim, field).strip():
            yield Found(field, NOT_FILLED_IN)
    if claim.wrong_code is not None:
        yield Found("code", claim.wrong_code)


@rule("HEAD-02")
def former_head_signs_no_more(claim: FormerHead, policy: Policy) -> Iterator[Found]:
    """The former head has not the right to sign."""
    if claim.signs or SIGN in claim.rights:
        yield Found("signature")


@rule("HEAD-03")
def signature_is_confirmed(claim: HeadSignature, policy: Policy) -> Iterator[Found]:
    """A new head signs once they have shown their signature."""
    if not claim.confirmed:
        yield Found("signature")


@rule("HEAD-04")
def head_account(claim: HeadAccount, policy: Policy) -> Iterator[Found]:
    """Personal data, order, certificate and consent, at an organization with a confirmed ИНН."""
    if not claim.inn_confirmed:
        reason = Text("ИНН не подтверждён", "the INN is not confirmed")
        yield Found("organization", reason)
    for field in _FILLED:
        if not getattr(claim, field).strip():
            yield Found(field, NOT_FILLED_IN)
    if not claim.has_order:
        yield Found("documents.appointment_order", Text("приказа нет", "there is no order"))
    if claim.wrong_certificate is not None:
        yield Found("certificate", claim.wrong_certificate)
    if not claim.consent:
        yield Found("consent", Text("согласия нет", "there is no consent"))
