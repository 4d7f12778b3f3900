"""Chapter ACC: a person's account, from the form to the confirmed identity."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from portal.ports.people_registers import PassportVerdict, Verdict
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.calendar import Calendar
from world.identifiers import is_valid_snils

__all__ = [
    "PASSPORT_REASONS",
    "WAYS",
    "AccountAccess",
    "AccountForm",
    "AccountStanding",
    "AutomaticCheck",
    "Discrepancies",
    "IdentityProof",
    "IdentityWay",
    "Occupied",
    "PassportAnswer",
    "UnderReview",
    "activated_and_reachable",
    "automatic_check",
    "confirmed_before_legal_action",
    "confirmed_before_organization",
    "discrepancies_documented",
    "form_is_full",
    "identity_proved",
    "not_occupied",
    "passport_is_good",
    "review_deadline",
    "reviewed_in_time",
]

IdentityWay: TypeAlias = Literal[
    "sms_code", "email_link", "signature", "bank_card", "video", "visit"
]
WAYS: Final[tuple[IdentityWay, ...]] = (
    "sms_code",
    "email_link",
    "signature",
    "bank_card",
    "video",
    "visit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForm:
    """The form of a new account, as typed."""

    name: str
    birth_date: str
    inn: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAccess:
    """That somebody wants to sign in with an account, or to use a function with it."""

    activated: bool
    phone_confirmed: bool
    email_confirmed: bool
    wants: Literal["sign_in", "function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProof:
    """A way to confirm the identity that was taken, and why it did not (None: it did)."""

    way: str
    refused_for: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticCheck:
    """What the automatic check has found by now; None is no answer yet. `scan` says whether the
    passport's scan is there.

    `late_told` says that the person was told that it takes longer than promised.
    """

    snils: str
    fns: Verdict | None
    fns_differs: Collection[str]
    passport: PassportVerdict | None
    passport_differs: Collection[str]
    phone_confirmed: bool
    lasts: dt.timedelta
    late_told: bool
    scan: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancies:
    """The fields in which a person and the registers differ, and the documents sent since."""

    fields: Collection[str]
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderReview:
    """What an operator has had since a moment; `decided` is None as long as they have not."""

    subject: Literal["documents", "organization"]
    received: dt.datetime
    decided: dt.datetime | None
    now: dt.datetime
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStanding:
    """Whether the identity of an account's person is confirmed."""

    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportAnswer:
    """What МВД says of a passport; None is no answer yet."""

    verdict: PassportVerdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """Whether another account has the phone or the ИНН."""

    phone: bool
    inn: bool


@rule("ACC-01")
def form_is_full(claim: AccountForm, policy: Policy) -> Iterator[Found]:
    """Name, birth date, ИНН, phone and e-mail are all given."""
    for field in ("name", "birth_date", "inn", "phone", "email"):
        if not getattr(claim, field).strip():
            yield Found(field)


@rule("ACC-02")
def activated_and_reachable(claim: AccountAccess, policy: Policy) -> Iterator[Found]:
    """Before its code an account is of no use, and without a confirmed contact of little."""
    if not claim.activated:
        yield Found("account")
    elif claim.wants == "function" and not (claim.phone_confirmed or claim.email_confirmed):
        reason = Text("не подтверждены ни телефон, ни почта", "neither phone nor e-mail confirmed")
        yield Found("account", reason)


@rule("ACC-03")
def identity_proved(claim: IdentityProof, policy: Policy) -> Iterator[Found]:
    """The identity is confirmed in one of six ways."""
    if claim.way not in WAYS:
        yield Found("way", Text("такого способа нет", "there is no such way"))
    elif claim.refused_for is not None:
        yield Found("way", claim.refused_for)


@rule("ACC-04")
def automatic_check(claim: AutomaticCheck, policy: Policy) -> Iterator[Found]:
    """Passport by МВД, СНИЛС by its check number, name and birth date by ФНС, phone by a code: all
    agree. A passport that is not good as such is refused by ACC-08."""
    waits = Text("ответа ещё нет", "no answer yet")
    if not claim.scan:
        yield Found("passport_scan", Text("нет скана паспорта", "no passport scan"))
    if not is_valid_snils(claim.snils):
        yield Found("snils")
    if not claim.phone_confirmed:
        yield Found("phone", Text("телефон не подтверждён кодом", "the phone has no code yet"))
    if claim.fns is None:
        yield Found("inn", waits)
    elif claim.fns == "not_found":
        yield Found("inn", Text("ФНС не знает такого ИНН", "the FNS knows no such INN"))
    elif claim.fns == "mismatch":
        yield from (Found(field) for field in claim.fns_differs)
    if claim.passport is None:
        yield Found("passport", waits)
    elif claim.passport == "mismatch":
        yield from (Found(field) for field in claim.passport_differs)
    longest = dt.timedelta(minutes=policy.range("ACC-04.duration_min")[1])
    is_undecided = claim.fns is None or claim.passport is None
    if is_undecided and claim.lasts > longest and not claim.late_told:
        yield Found("", Text("о задержке не сообщено", "nothing was said of the delay"))


@rule("ACC-05")
def discrepancies_documented(claim: Discrepancies, policy: Policy) -> Iterator[Found]:
    """Where the registers say otherwise, documents are asked for."""
    if not claim.documents:
        yield from (Found(field) for field in claim.fields)


@rule("ACC-06")
def reviewed_in_time(claim: UnderReview, policy: Policy) -> Iterator[Found]:
    """Until the operator has decided one waits; when the term is over, support is asked."""
    if claim.decided is not None:
        return
    due = review_deadline(claim, policy)
    if claim.now > due:
        yield Found("", Text("обещанный срок прошёл", "the promised term has passed"))
    else:
        yield Found("", Text(f"срок — {due:%d.%m.%Y %H:%M}", f"the term is {due:%d.%m.%Y %H:%M}"))


@rule("ACC-07")
def confirmed_before_organization(claim: AccountStanding, policy: Policy) -> Iterator[Found]:
    """Only a confirmed person adds or binds an organization."""
    if not claim.confirmed:
        yield Found("account")


PASSPORT_REASONS: Final[Mapping[PassportVerdict, Text]] = MappingProxyType(
    {
        "lost": Text("паспорт числится утраченным", "the passport is listed as lost"),
        "expired": Text("срок действия паспорта истёк", "the passport has expired"),
        "invalid": Text("паспорт недействителен", "the passport is invalid"),
        "not_found": Text("паспорта нет в базе МВД", "the MVD has no such passport"),
    }
)
"""Why a passport is not good, whoever's it is."""


@rule("ACC-08")
def passport_is_good(claim: PassportAnswer, policy: Policy) -> Iterator[Found]:
    """A passport that МВД does not know, or restricts, is refused for a named reason."""
    if claim.verdict is not None and claim.verdict in PASSPORT_REASONS:
        yield Found("passport_number", PASSPORT_REASONS[claim.verdict])


@rule("ACC-09")
def not_occupied(claim: Occupied, policy: Policy) -> Iterator[Found]:
    """A phone and an ИНН belong to one account."""
    if claim.phone:
        yield Found("phone")
    if claim.inn:
        yield Found("inn")


@rule("ACC-10")
def confirmed_before_legal_action(claim: AccountStanding, policy: Policy) -> Iterator[Found]:
    """Only a confirmed person acts with legal force."""
    if not claim.confirmed:
        yield Found("account")


def review_deadline(claim: UnderReview, policy: Policy) -> dt.datetime:
    """The last moment of an operator's term (ACC-06): a working day for documents, a day and night
    for the record of an organization."""
    if claim.subject == "organization":
        return claim.received + dt.timedelta(hours=policy.number("ACC-06.org_review_typical_h"))
    received = claim.calendar.instant(claim.received)
    days = policy.count("ACC-06.operator_sla_working_days")
    return claim.calendar.local(claim.calendar.deadline_working_days(received, days))
