"""One-time codes by SMS, e-mail and in the application: sending, sending again, entering (AUTH-05,
AUTH-06)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final, Literal, TypeAlias

from portal.accounts.account import Account
from portal.ports.messenger import Channel, Letter
from portal.rules.rule import Violation
from portal.rules.sign_in import CodeEntry, CodeRequest, code_is_live, code_requested_in_turn
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task
from rulebook import Text

__all__ = [
    "CodeChannel",
    "CodeWanted",
    "OneTimeCode",
    "TypedCode",
    "code_outcome",
    "contact_of",
    "enter_code",
    "is_live",
    "send_code",
    "send_code_to",
    "wrong_code",
]

CodeChannel: TypeAlias = Literal["sms", "email"]

_DIGITS: Final = 6
_TEXT: Final = "Код подтверждения: {}. Никому его не сообщайте, даже сотруднику портала."
_SUBJECT: Final = "Код подтверждения"
_KEPT: Final = dt.timedelta(days=1)  # of a code that nobody has asked for again
_INSTEAD: Final[Mapping[Channel, tuple[Channel, ...]]] = MappingProxyType(
    {"push": ("push", "sms", "email"), "sms": ("sms", "email"), "email": ("email",)}
)
_WRONG: Final = Text("код неверен", "the code is wrong")


@dataclass(frozen=True, kw_only=True)
class CodeWanted:
    """A code is wanted, by this channel: what every form has that asks for one."""

    channel: CodeChannel = "sms"


@dataclass(frozen=True, kw_only=True)
class TypedCode:
    """The code that has come: what every form has that is confirmed by one."""

    code: str = secret()


@dataclass(frozen=True, kw_only=True)
class OneTimeCode(Entity):
    """A code that was sent; only its hash is kept. Its id says what it is for: a later code for the
    same replaces it."""

    KIND: ClassVar[str] = "one_time_code"

    hashed: str
    channel: Channel
    to: str
    sent: dt.datetime
    used: bool = False
    failures: int = 0


def contact_of(account: Account, channel: Channel) -> str:
    """Where the account's codes by that channel go; empty if there is no application to go to."""
    if channel == "push":
        return account.app or ""
    return account.phone if channel == "sms" else account.email


def code_outcome(in_vain: tuple[Violation, ...], channel: CodeChannel) -> Outcome:
    """What whoever has asked for a code is told: it is on its way, or it is too early (AUTH-06)."""
    return (
        refused(in_vain, "state")
        if in_vain
        else Outcome(state="code_sent", data={"channel": channel})
    )


def send_code_to(
    context: Context, purpose: str, account: Account, channel: Channel = "sms"
) -> tuple[Violation, ...]:
    """Send a code that confirms what the person of `account` does: to the application (push), or if
    there is none or no gateway takes that, to the phone; likewise then to the mail. What forbids it
    now."""
    contacts = [(each, contact_of(account, each)) for each in _INSTEAD[channel]]
    (first, to), *otherwise = [(each, to) for each, to in contacts if to]
    return send_code(context, purpose, first, to, otherwise)


def send_code(
    context: Context,
    purpose: str,
    channel: Channel,
    to: str,
    otherwise: Iterable[tuple[Channel, str]] = (),
) -> tuple[Violation, ...]:
    """Send a new code for `purpose`, which the one before no longer is; what forbids it now.

    If the gateway of the channel does not take it, the contacts in `otherwise` are tried: leave
    them out where the code is to prove the contact itself.
    """
    before = context.unit.get(OneTimeCode, purpose)
    claim = CodeRequest(
        channel=channel,
        now=context.now,
        last_channel=None if before is None else before.channel,
        last_sent=None if before is None else before.sent,
    )
    found = code_requested_in_turn(claim, context.policy)
    if found:
        return found
    ports = context.portal.ports
    code = ports.entropy.code(purpose, _DIGITS)
    context.unit.put(
        OneTimeCode(
            id=purpose,
            version=0 if before is None else before.version,
            hashed=ports.passwords.hash(code),
            channel=channel,
            to=to,
            sent=context.now,
        )
    )
    letters = [
        Letter(
            id=ports.entropy.token("letter"),
            channel=each,
            to=contact,
            text=_TEXT.format(code),
            subject="" if each == "sms" else _SUBJECT,
        )
        for each, contact in ((channel, to), *otherwise)
    ]
    context.send_secret(*letters)
    schedule(context.unit, "forget_code", purpose, context.now + _KEPT)
    return ()


def enter_code(
    context: Context, purpose: str, text: str
) -> tuple[OneTimeCode | None, tuple[Violation, ...]]:
    """The code that was sent for `purpose` once `text` is it, used up by that; and what is wrong
    otherwise, one attempt less. Without any code sent it is as if it had expired."""
    sent = context.unit.get(OneTimeCode, purpose)
    if sent is None:
        claim = CodeEntry(sent=_NEVER, now=context.now, used=False, failures=0, matches=False)
        return None, code_is_live(claim, context.policy)
    claim = CodeEntry(
        sent=sent.sent,
        now=context.now,
        used=sent.used,
        failures=sent.failures,
        matches=context.portal.ports.passwords.verify(sent.hashed, text),
    )
    found = code_is_live(claim, context.policy)
    if found:
        context.unit.put(replace(sent, failures=sent.failures + (not claim.matches)))
        return None, found
    return context.unit.put(replace(sent, used=True)), ()


def wrong_code(context: Context, purpose: str, text: str) -> Text | None:
    """What AUTH-05 says against the code for `purpose`, which is used up if it is right (None)."""
    code, found = enter_code(context, purpose, text)
    if code is not None:
        return None
    return found[0].reason or _WRONG


def is_live(context: Context, purpose: str) -> bool:
    """Whether the code that was sent for `purpose` may still be entered."""
    sent = context.unit.get(OneTimeCode, purpose)
    if sent is None:
        return False
    claim = CodeEntry(
        sent=sent.sent, now=context.now, used=sent.used, failures=sent.failures, matches=True
    )
    return not code_is_live(claim, context.policy)


_NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@task
def forget_code(context: Context, planned: Task) -> None:
    """A code has long been of no use."""
    sent = context.unit.get(OneTimeCode, planned.subject)
    if sent is not None:
        context.unit.delete(sent)
