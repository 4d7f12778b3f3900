"""Confirming who a person is, other than by the automatic check: by signature, bank, video or in
person (ACC-03)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.attempts import attempt_of, use_up
from portal.accounts.sign_in_by_bank import account_of_customer
from portal.accounts.sign_in_by_signature import account_of_certificate, answered_challenge
from portal.noted_refusal import noted_refusal
from portal.ports.messenger import Letter
from portal.ports.people_registers import NamedPerson
from portal.rules.accounts import PASSPORT_REASONS, IdentityProof, IdentityWay, identity_proved
from portal.rules.reasons import ANOTHERS_CERTIFICATE
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case
from rulebook import Text
from world.identifiers import is_valid_snils

__all__ = [
    "BankProof",
    "SignatureProof",
    "VideoProof",
    "Visit",
    "confirm",
    "confirm_identity_by_bank",
    "confirm_identity_by_signature",
    "confirm_identity_by_video",
    "confirm_identity_in_person",
    "inform",
    "named",
    "not_proved",
    "unconfirmed",
]

_POLL: Final = dt.timedelta(minutes=1)  # a conversation lasts several, its queue longer

_VIDEO_REASONS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "liveness_failed": Text("нет признаков живого человека", "no signs of a living person"),
        "face_mismatch": Text("лицо не совпало с паспортом", "the face is not the passport's"),
        "data_mismatch": Text("сведения не совпали с паспортом", "the data are not the passport's"),
        "document_lost": PASSPORT_REASONS["lost"],
        "document_expired": PASSPORT_REASONS["expired"],
        "document_invalid": PASSPORT_REASONS["invalid"],
        "document_not_found": PASSPORT_REASONS["not_found"],
        "no_consent": Text("нет согласия на запись", "no consent to the recording"),
    }
)
_NOT_CONFIRMED: Final = Text("разговор не подтвердил личность", "the conversation did not confirm")
_ANOTHERS_ACCOUNT: Final = Text("счёт другого лица", "the bank account is another's")
_DECLINED: Final = Text("клиент банка отказался", "the bank's customer has declined")


@dataclass(frozen=True, kw_only=True)
class SignatureProof:
    """A challenge of `begin_signature_sign_in` and the signature over its text, in base64."""

    challenge: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class BankProof:
    """A question of `begin_bank_sign_in` that the bank's customer has answered."""

    attempt: str


@dataclass(frozen=True, kw_only=True)
class VideoProof:
    """A conversation is wanted, about the person of that СНИЛС."""

    snils: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A person came to a service centre: their ИНН, and why they are not who they say (empty: they
    are)."""

    inn: str
    refused_for: str = ""


@use_case(SignatureProof)
def confirm_identity_by_signature(context: Context, form: SignatureProof) -> Outcome:
    """A qualified certificate of the same person confirms them; what stands against the answer or
    the certificate is told as at the sign-in (AUTH-07)."""
    account, closed = unconfirmed(context)
    attempt = attempt_of(context, "signature", form.challenge)
    if account is None or attempt is None:
        return closed or refused([], "absent")
    certificate, found = answered_challenge(context, attempt, form.signature)
    use_up(context, attempt)
    holder = None if certificate is None else account_of_certificate(context, certificate)
    if found:
        refusal = refused(found, state=account.state)
        return noted_refusal(
            context, account.id, refusal, action="confirm_identity", way="signature"
        )
    if holder is None or holder.id != account.id:
        return not_proved(context, account, "signature", ANOTHERS_CERTIFICATE)
    return confirm(context, account, "signature")


@use_case(BankProof)
def confirm_identity_by_bank(context: Context, form: BankProof) -> Outcome:
    """The bank's statement that the same person acts for its customer confirms them."""
    account, closed = unconfirmed(context)
    attempt = attempt_of(context, "bank", form.attempt)
    if account is None or attempt is None or attempt.number is None or attempt.used:
        return closed or refused([], "absent")
    reply = context.portal.ports.bank.answer(attempt.number)
    if reply.answer == "waiting":
        return Outcome(state="waiting", data={"attempt": attempt.id})
    use_up(context, attempt)
    if reply.customer is None:
        return not_proved(context, account, "bank_card", _DECLINED)
    holder = account_of_customer(context, reply.customer)
    if holder is None or holder.id != account.id:
        return not_proved(context, account, "bank_card", _ANOTHERS_ACCOUNT)
    return confirm(context, account, "bank_card")


@use_case(VideoProof)
def confirm_identity_by_video(context: Context, form: VideoProof) -> Outcome:
    """Arrange a conversation; its end confirms the person or does not, and they are told."""
    account, closed = unconfirmed(context)
    if account is None:
        return closed or refused([], "absent")
    if not is_valid_snils(form.snils):
        return not_proved(context, account, "video", Text("СНИЛС неверен", "wrong SNILS"))
    video = context.portal.ports.video
    request = context.portal.ports.entropy.token("video")
    session = video.begin(request, named(account), form.snils)
    details = {"number": session.number, "snils": form.snils}
    schedule(context.unit, "watch_video", account.id, context.now + _POLL, details)
    context.note("confirm_identity", account.id, "waiting", way="video")
    return Outcome(state="waiting", data={"address": session.address})


@use_case(Visit, signed_in=False, staff=True)
def confirm_identity_in_person(context: Context, form: Visit) -> Outcome:
    """A service centre has seen the person and their passport."""
    account = context.unit.one(Account, "inn", form.inn)
    if account is None:
        return refused([], "absent")
    if not ACCOUNT_STATES.allows(account.state, "confirm"):
        return refused([], "state", state=account.state)
    if form.refused_for:
        reason = Text(form.refused_for, form.refused_for)
        return not_proved(context, account, "visit", reason)
    return confirm(context, account, "visit")


@task
def watch_video(context: Context, planned: Task) -> None:
    """Ask how the conversation has ended, again and again until it has."""
    account = context.unit.get(Account, planned.subject)
    if account is None or not ACCOUNT_STATES.allows(account.state, "confirm"):
        return
    view = context.portal.ports.video.view(planned.details["number"])
    if view.state == "waiting":
        due = context.now + _POLL
        schedule(context.unit, "watch_video", account.id, due, planned.details)
    elif view.state == "verified":
        snils = planned.details["snils"]
        confirm(context, account, "video", snils=snils)
    else:
        reason = _VIDEO_REASONS.get(view.reason or "", _NOT_CONFIRMED)
        not_proved(context, account, "video", reason)
        inform(context, account, "Личность не подтверждена", f"Видеозвонок: {reason.ru}.")


def unconfirmed(context: Context) -> tuple[Account | None, Outcome | None]:
    """The actor's account if its identity may be confirmed now, else why not."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return None, refused([], "absent")
    if not ACCOUNT_STATES.allows(account.state, "confirm"):
        return None, refused([], "state", state=account.state)
    return account, None


def confirm(context: Context, account: Account, by: str, *, snils: str | None = None) -> Outcome:
    """The identity is confirmed: everything that needs it is open from now on (ACC-10)."""
    confirmed = replace(
        account,
        state=ACCOUNT_STATES.after(account.state, "confirm"),
        confirmed_at=context.now,
        confirmed_by=by,
        snils=snils or account.snils,
    )
    context.unit.put(confirmed)
    context.note("confirm_identity", account.id, "confirmed", way=by)
    inform(context, confirmed, "Личность подтверждена", "Ваша учётная запись подтверждена.")
    return Outcome(state=confirmed.state, data={"confirmed_by": by})


def not_proved(context: Context, account: Account, way: IdentityWay, reason: Text) -> Outcome:
    """A way that did not confirm; the account is what it was."""
    claim = IdentityProof(way=way, refused_for=reason)
    refusal = refused(identity_proved(claim, context.policy), state=account.state)
    return noted_refusal(context, account.id, refusal, action="confirm_identity", way=way)


def inform(context: Context, account: Account, subject: str, text: str) -> None:
    """Write to the person."""
    context.send(
        Letter(
            id=context.portal.ports.entropy.token("letter"),
            channel="email",
            to=account.email,
            subject=subject,
            text=text,
        )
    )


def named(account: Account) -> NamedPerson:
    """The person as registers are asked about them."""
    return NamedPerson(
        last_name=account.name.last,
        first_name=account.name.first,
        patronymic=account.name.patronymic,
        birth_date=account.birth_date,
    )
