"""Chapter SUP: what a ticket bears, when it is answered, who answers it, what makes it urgent."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from portal.rules.operations import SCREENSHOTS
from portal.rules.reasons import NOT_STATED
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.calendar import Calendar
from world.file_formats import FileFormat

__all__ = [
    "ADDRESSEES",
    "CHANNELS",
    "OWN",
    "TOPICS",
    "Addressee",
    "AnswerAwaited",
    "AnswerNow",
    "Applicant",
    "NewTicket",
    "RepeatedFailure",
    "Routed",
    "TicketChannel",
    "Topic",
    "addressee_of",
    "answer_due",
    "answer_is_in_time",
    "applicant_is_known",
    "support_decides",
    "ticket_is_registered",
    "urgency_is_earned",
]

TicketChannel: TypeAlias = Literal["phone", "mail", "chat", "form", "center"]
Topic: TypeAlias = Literal["failure", "question", "inn", "kpp", "authority", "sync", "reception"]
Addressee: TypeAlias = Literal["portal", "fns", "erp", "service_center"]

CHANNELS: Final[Mapping[TicketChannel, Text]] = MappingProxyType(
    {
        "phone": Text("телефон", "phone"),
        "mail": Text("почта", "mail"),
        "chat": Text("чат", "chat"),
        "form": Text("форма", "form"),
        "center": Text("региональный центр", "regional centre"),
    }
)
"""By which people turn to support (SUP-01)."""

TOPICS: Final[Mapping[Topic, Addressee]] = MappingProxyType(
    {
        "failure": "portal",
        "question": "portal",
        "inn": "fns",
        "kpp": "fns",
        "authority": "fns",
        "sync": "erp",
        "reception": "service_center",
    }
)
"""What it is about, and who decides that (SUP-05)."""

OWN: Final[Addressee] = "portal"

ADDRESSEES: Final[Mapping[Addressee, Text]] = MappingProxyType(
    {
        "portal": Text("поддержка портала", "the portal's support"),
        "fns": Text("ФНС", "the FNS"),
        "erp": Text("поставщик учётной системы", "the accounting system's vendor"),
        "service_center": Text("региональный центр", "a regional centre"),
    }
)

_OPENS: Final = dt.time(9)  # assumption: working hours of operators, local time
_CLOSES: Final = dt.time(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A request to support as it was typed, and whether a log is attached."""

    channel: str
    topic: str
    has_log: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a request says of who asks and of what they see; `screenshot` is what the picture is by
    its content (None: there is none, or of no known format). A sole proprietor has no КПП: then it
    `needs_kpp` not."""

    inn: str
    kpp: str
    needs_kpp: bool
    snils: str
    passport: str
    description: str
    screenshot: FileFormat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNow:
    """An operator answers by a channel at a moment of the portal's zone; `answer` is what they have
    written."""

    answer: str
    channel: TicketChannel
    now: dt.datetime
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAwaited:
    """An answer that is due at a moment, and whether it is there."""

    due: dt.datetime
    now: dt.datetime
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedFailure:
    """A failure that is said to have come again: what was done against it, and whether it was
    answered with instructions before."""

    steps: str
    was_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What is to be answered by the portal's own support, by its topic."""

    topic: Topic


@rule("SUP-01")
def ticket_is_registered(claim: NewTicket, policy: Policy) -> Iterator[Found]:
    """It comes by one of the channels, is about something, and a log is attached."""
    if claim.channel not in CHANNELS:
        yield Found("channel", _no_such(claim.channel))
    if claim.topic not in TOPICS:
        yield Found("topic", _no_such(claim.topic))
    if not claim.has_log:
        yield Found("log", Text("журнала нет", "there is no log"))


@rule("SUP-02")
def answer_is_in_time(claim: AnswerNow | AnswerAwaited, policy: Policy) -> Iterator[Found]:
    """By phone one is answered round the clock, letters on working days, all else in working
    hours; nothing later than its term, and with words."""
    match claim:
        case AnswerAwaited():
            if not claim.is_answered and claim.now > claim.due:
                day = f"{claim.due:%d.%m.%Y %H:%M}"
                yield Found("answer", Text(f"ждали до {day}", f"it was due by {day}"))
        case AnswerNow():
            if not claim.answer.strip():
                yield Found("answer", NOT_STATED)
            if not _is_there(claim):
                yield Found("channel", Text("сейчас не отвечают", "nobody answers now"))


@rule("SUP-03")
def urgency_is_earned(claim: RepeatedFailure, policy: Policy) -> Iterator[Found]:
    """Priority is high once a failure comes again after one's own steps."""
    if not claim.was_answered:
        yield Found("ticket", Text("инструкции ещё нет", "there are no instructions yet"))
    if not claim.steps.strip():
        yield Found("steps", Text("шаги не выполнены", "no steps were taken"))


@rule("SUP-04")
def applicant_is_known(claim: Applicant, policy: Policy) -> Iterator[Found]:
    """ИНН and КПП, СНИЛС or passport, a description and a screenshot; all that is missing is asked
    for at once."""
    for field, text in (("inn", claim.inn), ("description", claim.description)):
        if not text.strip():
            yield Found(field, NOT_STATED)
    if claim.needs_kpp and not claim.kpp.strip():
        yield Found("kpp", NOT_STATED)
    if not claim.snils.strip() and not claim.passport.strip():
        yield Found("snils", Text("нет ни СНИЛС, ни паспорта", "neither SNILS nor passport"))
    if claim.screenshot not in SCREENSHOTS:
        yield Found("screenshot", Text("нужен снимок PNG или JPG", "a PNG or JPG is wanted"))


@rule("SUP-05")
def support_decides(claim: Routed, policy: Policy) -> Iterator[Found]:
    """What others decide is theirs, and the portal says whose."""
    addressee = addressee_of(claim.topic)
    if addressee != OWN:
        yield Found("topic", ADDRESSEES[addressee])


def addressee_of(topic: Topic) -> Addressee:
    """Who decides what a topic is about."""
    return TOPICS[topic]


def answer_due(asked: dt.datetime, calendar: Calendar, policy: Policy) -> dt.datetime:
    """The last moment of an answer: the end of a working day after that of the request."""
    days = policy.count("SUP-02.answer_working_days")
    return calendar.local(calendar.deadline_working_days(calendar.instant(asked), days))


def _is_there(claim: AnswerNow) -> bool:
    if claim.channel == "phone":
        return True
    is_working = claim.calendar.is_working_day(claim.now.date())
    if claim.channel == "mail":
        return is_working
    return is_working and _OPENS <= claim.now.time() < _CLOSES


def _no_such(named: str) -> Text:
    return Text(f"«{named}» нет", f"there is no «{named}»") if named else NOT_STATED
