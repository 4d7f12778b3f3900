"""Chapter AUTH: who comes in, by what, from where, and how far."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.ports.messenger import Channel
from portal.rules.identifiers import is_email_address
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world import identifiers

__all__ = [
    "ActionLevel",
    "Activity",
    "BankAnswered",
    "CabinetEntry",
    "ChallengeAnswer",
    "CodeEntry",
    "CodeRequest",
    "DeviceStanding",
    "EsiaAnswered",
    "Failures",
    "FirstSignIn",
    "LoginKind",
    "LoginPair",
    "Method",
    "OpenSessions",
    "QrConfirmation",
    "SecondFactor",
    "SecondFactorMeans",
    "SignInPlace",
    "TypedLogin",
    "activity_unsuspicious",
    "bank_vouches",
    "cabinet_open",
    "challenge_signed",
    "code_is_live",
    "code_requested_in_turn",
    "device_trusted",
    "esia_vouches",
    "first_sign_in_by_code",
    "level_is_enough",
    "lock_end",
    "login_kind",
    "login_recognised",
    "not_locked",
    "pair_matches",
    "place_is_usual",
    "qr_is_live",
    "second_factor_given",
    "session_to_spare",
]

LoginKind: TypeAlias = Literal["email", "phone", "person_inn", "legal_inn", "ogrn", "code"]
Method: TypeAlias = Literal["password", "password_code", "signature", "qr", "bank", "esia"]
SecondFactorMeans: TypeAlias = Literal["sms", "email", "app", "generator", "signature"]

_ISSUED_CODE: Final = re.compile(r"[A-Z]{2}-[0-9]{6}", re.ASCII)  # as the portal issues them


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLogin:
    """What was typed as a login."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPair:
    """Whether login and password belong together; which of them does not is not even known."""

    matches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failures in a row and when the last one was."""

    in_row: int
    last: dt.datetime | None
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A sign-in by password: into whose cabinet, whether the person has switched the second factor
    on, and by what it was given (None: not yet)."""

    target: Literal["person", "organization"]
    switched_on: bool
    given: SecondFactorMeans | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """A code that was entered: when it was sent, whether it was used, how many wrong ones there
    were before this, and whether it is the right one."""

    sent: dt.datetime
    now: dt.datetime
    used: bool
    failures: int
    matches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequest:
    """That a code is wanted by a channel, after one was sent (None: none was)."""

    channel: Channel
    now: dt.datetime
    last_channel: Channel | None = None
    last_sent: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeAnswer:
    """A signed challenge: `wrong` is what is wrong with the signature itself, `known` whether its
    certificate is an account's."""

    issued: dt.datetime
    now: dt.datetime
    used: bool
    wrong: str | None
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QrConfirmation:
    """A confirmation of a QR code in the application."""

    shown: dt.datetime
    now: dt.datetime
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAnswered:
    """What the bank says: whether it knows the customer, whether they have confirmed, and whether
    the one it names has an account here."""

    customer: bool
    confirmed: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EsiaAnswered:
    """What has come back from ЕСИА."""

    accepted: bool
    state_matches: bool
    fresh: bool
    role: Literal["person", "organization"] | None
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSessions:
    """How many sessions an organization has open before one more."""

    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPlace:
    """Where a sign-in comes from, against those of before."""

    device_known: bool
    region_usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStanding:
    """Whether the device of a session was removed from the trusted ones."""

    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What speaks for somebody else's hand: failures in a row, a strange place; or that the account
    is blocked for it already."""

    failures: int
    place: SignInPlace
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CabinetEntry:
    """Whether the data of the organization whose cabinet is entered are confirmed."""

    data_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLevel:
    """An action in a session that was opened by a method."""

    method: str
    significant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSignIn:
    """A sign-in by password: whether it is the account's first, and whether a code came with it."""

    first: bool
    code_given: bool


# --- login and password ---------------------------------------------------------------------------


@rule("AUTH-01")
def login_recognised(claim: TypedLogin, policy: Policy) -> Iterator[Found]:
    """A login is an e-mail, a phone, an ИНН, an ОГРН or a code that was issued."""
    if login_kind(claim.text) is None:
        yield Found("login")


@rule("AUTH-02")
def pair_matches(claim: LoginPair, policy: Policy) -> Iterator[Found]:
    """One and the same message, whichever of login and password is wrong."""
    if not claim.matches:
        yield Found("")


@rule("AUTH-03")
def not_locked(claim: Failures, policy: Policy) -> Iterator[Found]:
    """After so many failures in a row nothing opens for a term."""
    end = lock_end(claim, policy)
    if end is not None and claim.now < end:
        yield Found("", Text(f"до {end:%H:%M:%S}", f"until {end:%H:%M:%S}"))


@rule("AUTH-04")
def second_factor_given(claim: SecondFactor, policy: Policy) -> Iterator[Found]:
    """Into an organization's cabinet, and where it is switched on, a second factor is needed."""
    is_needed = claim.switched_on or claim.target in policy.texts("AUTH-04.required_for")
    if is_needed and claim.given is None:
        yield Found("code")


# --- codes ----------------------------------------------------------------------------------------


@rule("AUTH-05")
def code_is_live(claim: CodeEntry, policy: Policy) -> Iterator[Found]:
    """A code works once, for a limited time, and bears few mistakes."""
    lifetime = dt.timedelta(seconds=policy.number("AUTH-05.code_ttl_s"))
    left = policy.count("AUTH-05.max_code_attempts") - claim.failures
    if claim.used:
        yield Found("code", Text("код уже использован", "the code was used"))
    elif claim.now - claim.sent >= lifetime:
        yield Found("code", Text("код истёк", "the code has expired"))
    elif left <= 0:
        yield Found("code", Text("попытки кончились", "no attempts are left"))
    elif not claim.matches:
        yield Found(
            "code", Text(f"код неверен, попыток: {left - 1}", f"wrong code, attempts: {left - 1}")
        )


@rule("AUTH-06")
def code_requested_in_turn(claim: CodeRequest, policy: Policy) -> Iterator[Found]:
    """Another code by the same channel after the interval; by e-mail instead of SMS at once."""
    if claim.last_sent is None or (claim.channel == "email" and claim.last_channel != "email"):
        return
    interval = dt.timedelta(seconds=policy.number("AUTH-06.resend_interval_s"))
    waits = claim.last_sent + interval - claim.now
    if waits > dt.timedelta():
        seconds = -(-waits // dt.timedelta(seconds=1))
        yield Found("channel", Text(f"через {seconds} с", f"in {seconds} s"))


# --- other ways in --------------------------------------------------------------------------------


@rule("AUTH-07")
def challenge_signed(claim: ChallengeAnswer, policy: Policy) -> Iterator[Found]:
    """A challenge is signed once, soon, with a certificate of somebody here; whether that is good
    is said by the rules of certificates. A challenge lives as long as a code."""
    lifetime = dt.timedelta(seconds=policy.number("AUTH-05.code_ttl_s"))
    if claim.used:
        yield Found("challenge", Text("запрос уже использован", "the challenge was used"))
    elif claim.now - claim.issued >= lifetime:
        yield Found("challenge", Text("запрос истёк", "the challenge has expired"))
    elif claim.wrong is not None:
        yield Found("signature", Text(claim.wrong, "the signature is not good"))
    elif not claim.known:
        yield Found("signature", Text("сертификат не привязан", "the certificate is not bound"))


@rule("AUTH-08")
def qr_is_live(claim: QrConfirmation, policy: Policy) -> Iterator[Found]:
    """A QR code is confirmed once and soon."""
    lifetime = dt.timedelta(seconds=policy.number("AUTH-08.qr_ttl_s"))
    if claim.used:
        yield Found("qr", Text("код уже использован", "the code was used"))
    elif claim.now - claim.shown >= lifetime:
        yield Found("qr", Text("код истёк", "the code has expired"))


@rule("AUTH-09")
def bank_vouches(claim: BankAnswered, policy: Policy) -> Iterator[Found]:
    """The bank knows the customer, they have confirmed, and they have an account here."""
    if not claim.customer:
        yield Found("hint", Text("банк не знает такого клиента", "the bank knows no such customer"))
    elif not claim.confirmed:
        yield Found("hint", Text("клиент не подтвердил вход", "the customer has not confirmed"))
    elif not claim.known:
        yield Found("hint", Text("у клиента нет записи", "the customer has no account here"))


@rule("AUTH-10")
def esia_vouches(claim: EsiaAnswered, policy: Policy) -> Iterator[Found]:
    """ЕСИА's answer is one to our request, in time, and names a role and somebody known."""
    if not claim.state_matches:
        yield Found("state", Text("ответ не на этот запрос", "the answer is to another request"))
    elif not claim.fresh:
        yield Found("state", Text("ответ устарел", "the answer is stale"))
    elif not claim.accepted:
        yield Found("code", Text("ЕСИА отклонила код", "ESIA has declined the code"))
    elif claim.role is None:
        yield Found("role", Text("роль не выбрана", "no role was chosen"))
    elif not claim.known:
        yield Found("code", Text("записи с такими сведениями нет", "there is no such account"))


# --- sessions and devices -------------------------------------------------------------------------


@rule("AUTH-11")
def session_to_spare(claim: OpenSessions, policy: Policy) -> Iterator[Found]:
    """An organization has so many sessions at a time and no more."""
    if claim.open >= policy.count("AUTH-11.max_sessions_per_org"):
        yield Found("organization")


@rule("AUTH-12")
def place_is_usual(claim: SignInPlace, policy: Policy) -> Iterator[Found]:
    """A sign-in from a strange device or region is told to the person by mail and phone."""
    if not claim.device_known:
        yield Found("device")
    if not claim.region_usual:
        yield Found("region")


@rule("AUTH-13")
def device_trusted(claim: DeviceStanding, policy: Policy) -> Iterator[Found]:
    """Sessions of a removed device are closed."""
    if claim.removed:
        yield Found("device")


@rule("AUTH-14")
def activity_unsuspicious(claim: Activity, policy: Policy) -> Iterator[Found]:
    """Two locks in a row, or a strange device in a strange region after failures that had locked
    the sign-in, are somebody else's hand: the account is blocked."""
    most = policy.count("AUTH-03.max_failures")
    is_strange = not (claim.place.device_known or claim.place.region_usual)
    if claim.blocked or claim.failures >= 2 * most or (is_strange and claim.failures >= most):
        yield Found("account")


@rule("AUTH-15")
def cabinet_open(claim: CabinetEntry, policy: Policy) -> Iterator[Found]:
    """A cabinet opens once the organization's data are confirmed."""
    if not claim.data_confirmed:
        yield Found("organization")


@rule("AUTH-16")
def level_is_enough(claim: ActionLevel, policy: Policy) -> Iterator[Found]:
    """What is legally significant needs a sign-in by signature or bank."""
    if claim.significant and claim.method not in policy.texts("AUTH-16.high"):
        yield Found("session")


@rule("AUTH-17")
def first_sign_in_by_code(claim: FirstSignIn, policy: Policy) -> Iterator[Found]:
    """The first sign-in takes a code even where no second factor is asked."""
    if claim.first and not claim.code_given:
        yield Found("code")


def login_kind(text: str) -> LoginKind | None:
    """What a login is by its form; None if it is nothing that the portal knows."""
    return next((kind for kind, is_valid in _LOGINS if is_valid(text)), None)


def lock_end(claim: Failures, policy: Policy) -> dt.datetime | None:
    """When a lock that these failures have brought ends; None if they have brought none."""
    most = policy.count("AUTH-03.max_failures")
    if claim.last is None or claim.in_row < most or claim.in_row % most:
        return None
    return claim.last + dt.timedelta(minutes=policy.number("AUTH-03.lock_min"))


_LOGINS: Final[tuple[tuple[LoginKind, Callable[[str], object]], ...]] = (
    ("phone", identifiers.is_valid_phone),
    ("person_inn", identifiers.is_valid_person_inn),
    ("legal_inn", identifiers.is_valid_legal_inn),
    ("ogrn", identifiers.is_valid_ogrn),
    ("ogrn", identifiers.is_valid_ogrnip),
    ("code", _ISSUED_CODE.fullmatch),
    ("email", is_email_address),
)
