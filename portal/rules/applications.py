"""Chapter APP: applications of organizations: their forms, their course, their monitoring."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from portal.rules import identifiers
from portal.rules.identifiers import Requisites, Written
from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.rule import Found, Violation, rule
from rulebook import Policy, Text
from world.calendar import Calendar
from world.file_formats import FileFormat

__all__ = [
    "ActOfAction",
    "Appointment",
    "AttachedDocument",
    "AttachedDocuments",
    "DocumentSlot",
    "FieldForm",
    "FilledForm",
    "FormField",
    "InformationAnswer",
    "MonitoringSelection",
    "OperatorTalk",
    "StatusMove",
    "TypedForm",
    "act_confirms",
    "answer_due",
    "documents_are_complete",
    "form_is_filled",
    "information_answered",
    "is_overdue",
    "least_loaded",
    "operator_is_asked",
    "responsible_is_appointed",
    "selection_is_right",
    "status_is_told",
    "typed_value_fits",
]

FieldForm: TypeAlias = Literal["text", "phone", "email", "name", "inn", "ogrn", "date", "amount"]
"""What a field of a form takes: a date is ДД.ММ.ГГГГ, an amount roubles with or without kopecks."""

_UNKNOWN: Final = Text("такого поля в форме нет", "the form has no such field")
_AMOUNT: Final = re.compile(r"\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of a form; `known_as` is the field of the profile that it is filled in from (empty:
    none)."""

    name: str
    title: Text
    form: FieldForm = "text"
    required: bool = True
    known_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSlot:
    """A type of document that goes with an application, and the formats that it may have."""

    document_type: str
    title: Text
    formats: tuple[FileFormat, ...] = ("pdf",)
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form that is to be submitted: its fields, and values by name."""

    fields: Sequence[FormField]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedForm:
    """A form that is being filled in: its fields, and what was typed so far by name; an empty text
    is a field that was left empty."""

    fields: Sequence[FormField]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMove:
    """A change of status: whether the state allows it, what it says, when the stage is expected to
    end (None is for the last one), and the number that the application has."""

    is_allowed: bool
    comment: str
    is_last: bool = False
    expected: dt.datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAnswer:
    """An answer to an agency: whether it has asked, the text, and how many documents go with it."""

    is_asked: bool
    answer: str
    documents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Who is responsible for an application (None: nobody), and how many open ones each of those
    has who may be, by account."""

    responsible: str | None
    loads: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringSelection:
    """What a report of monitoring is to show: days ГГГГ-ММ-ДД, both included, and what there is to
    choose from; an empty text chooses everything."""

    date_from: str = ""
    date_to: str = ""
    category: str = ""
    status: str = ""
    responsible: str = ""
    categories: Collection[str] = ()
    statuses: Collection[str] = ()
    people: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedDocument:
    """A document that goes with an application: its type and its format by its content (None: one
    that no rule names, or it was blocked)."""

    document_type: str
    file_format: FileFormat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedDocuments:
    """The documents of an application, and those that it takes."""

    slots: Sequence[DocumentSlot]
    attached: Sequence[AttachedDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTalk:
    """What is written to an operator, or by one, on the card of an application; a draft has
    none."""

    text: str
    has_card: bool = True
    field: str = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOfAction:
    """Whether an action is over, and whether the archive has its act."""

    is_over: bool
    is_kept: bool = True


@rule("APP-01")
def form_is_filled(claim: FilledForm, policy: Policy) -> Iterator[Found]:
    """Every required field has a value, and every value the form of its field."""
    for each in claim.fields:
        yield from _judged(each, claim.values.get(each.name, ""), policy)
    yield from _unknown(claim.fields, claim.values)


@rule("APP-14")
def typed_value_fits(claim: TypedForm, policy: Policy) -> Iterator[Found]:
    """The same of what was typed already."""
    for each in claim.fields:
        if each.name in claim.values:
            yield from _judged(each, claim.values[each.name], policy)
    yield from _unknown(claim.fields, claim.values)


@rule("APP-02")
def status_is_told(claim: StatusMove, policy: Policy) -> Iterator[Found]:
    """A status follows from the one before; a change says why, and until when the stage lasts."""
    if not claim.is_allowed:
        yield Found("application", Text("статус этого не допускает", "not in this status"))
        return
    if not claim.number:
        yield Found("number", NOT_FILLED_IN)
    if not claim.comment.strip():
        yield Found("comment", NOT_FILLED_IN)
    if not claim.is_last and claim.expected is None:
        yield Found("expected", NOT_FILLED_IN)


@rule("APP-03")
def information_answered(claim: InformationAnswer, policy: Policy) -> Iterator[Found]:
    """What an agency has asked for is answered, by a text or by documents."""
    if not claim.is_asked:
        yield Found("application", Text("ведомство ничего не запросило", "nothing was asked for"))
    elif not claim.answer.strip() and not claim.documents:
        yield Found("answer", NOT_FILLED_IN)


@rule("APP-04")
def responsible_is_appointed(claim: Appointment, policy: Policy) -> Iterator[Found]:
    """Somebody of those who may is responsible."""
    if claim.responsible is None or claim.responsible not in claim.loads:
        yield Found("responsible")


def least_loaded(loads: Mapping[str, int]) -> str | None:
    """Whoever has the fewest open applications; of several the first by account, None of nobody
    (APP-04)."""
    return min(loads, key=lambda account: (loads[account], account), default=None)


@rule("APP-05")
def selection_is_right(claim: MonitoringSelection, policy: Policy) -> Iterator[Found]:
    """The days are days in their order; category, status and responsible are known."""
    days: list[dt.date] = []
    for name in ("date_from", "date_to"):
        text = getattr(claim, name)
        day = _iso_day(text)
        if day is not None:
            days.append(day)
        elif text:
            yield Found(name, Text("это не дата", "that is no day"))
    if len(days) == 2 and days[0] > days[1]:
        yield Found("date_to", Text("раньше начала периода", "before the period's first day"))
    for name, known in (
        ("category", claim.categories),
        ("status", claim.statuses),
        ("responsible", claim.people),
    ):
        chosen = getattr(claim, name)
        if chosen and chosen not in known:
            yield Found(name, Text(f"«{chosen}» нет", f"there is no «{chosen}»"))


def is_overdue(due: dt.datetime | None, finished: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a stage with that last moment was, or is, longer than it should be."""
    return due is not None and (finished or now) > due


@rule("APP-11")
def documents_are_complete(claim: AttachedDocuments, policy: Policy) -> Iterator[Found]:
    """Every document that is required is there; each has a format that its place takes."""
    for slot in claim.slots:
        attached = [each for each in claim.attached if each.document_type == slot.document_type]
        formats = ", ".join(slot.formats)
        if slot.required and not attached:
            reason = Text(
                f"{slot.title.ru}: нет, нужен {formats}", f"{slot.title.en}: none, wants {formats}"
            )
            yield Found("documents", reason)
        for each in attached:
            if each.file_format not in slot.formats:
                got = each.file_format or "?"
                reason = Text(
                    f"{slot.title.ru}: {got} вместо {formats}",
                    f"{slot.title.en}: {got} instead of {formats}",
                )
                yield Found("documents", reason)


@rule("APP-12")
def operator_is_asked(claim: OperatorTalk, policy: Policy) -> Iterator[Found]:
    """A question or an answer says something, and there is a card to keep it."""
    if not claim.has_card:
        yield Found("application", Text("заявление ещё не подано", "it was not submitted yet"))
    if not claim.text.strip():
        yield Found(claim.field, NOT_FILLED_IN)


def answer_due(asked: dt.datetime, calendar: Calendar, policy: Policy) -> dt.datetime:
    """The last moment of an operator's answer on a card: it runs in working time (APP-12)."""
    days = policy.count("SUP-02.answer_working_days")
    return calendar.local(calendar.deadline_working_days(calendar.instant(asked), days))


@rule("APP-13")
def act_confirms(claim: ActOfAction, policy: Policy) -> Iterator[Found]:
    """What is over has its act in the archive."""
    if not claim.is_over:
        yield Found("act", Text("действие не завершено", "the action is not complete"))
    elif not claim.is_kept:
        yield Found("act", Text("акта в архиве нет", "the archive has no act"))


# --- inside ---------------------------------------------------------------------------------------


def _judged(each: FormField, text: str, policy: Policy) -> Iterator[Found]:
    place = f"fields.{each.name}"
    if not text.strip():
        if each.required:
            yield Found(place, NOT_FILLED_IN)
        return
    wrong = _WRONG[each.form](text, policy)
    if wrong is not None:
        yield Found(place, wrong)


def _unknown(fields: Sequence[FormField], values: Mapping[str, str]) -> Iterator[Found]:
    known = {each.name for each in fields}
    for name in values:
        if name not in known:
            yield Found(f"fields.{name}", _UNKNOWN)


def _iso_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


_Wrong: TypeAlias = Callable[[str, Policy], Text | None]


def _reason(violations: Sequence[Violation], otherwise: Text) -> Text | None:
    """What exactly a rule of chapter ID has found."""
    return (violations[0].reason or otherwise) if violations else None


def _wrong_text(text: str, policy: Policy) -> Text | None:
    return None


def _wrong_phone(text: str, policy: Policy) -> Text | None:
    otherwise = Text("номер не вида +7XXXXXXXXXX", "not a number +7XXXXXXXXXX")
    return _reason(identifiers.phone(Written(field="", text=text), policy), otherwise)


def _wrong_email(text: str, policy: Policy) -> Text | None:
    otherwise = Text("это не адрес почты", "not an address of mail")
    return _reason(identifiers.email(Written(field="", text=text), policy), otherwise)


def _wrong_name(text: str, policy: Policy) -> Text | None:
    otherwise = Text("нужны фамилия и имя полностью", "the full name is wanted")
    return _reason(identifiers.full_name(Written(field="", text=text), policy), otherwise)


def _wrong_inn(text: str, policy: Policy) -> Text | None:
    is_person = len(text) > 10
    claim = Requisites(kind="sole_proprietor" if is_person else "legal", inn=text, ogrn="")
    check = identifiers.person_inn if is_person else identifiers.legal_inn
    return _reason(check(claim, policy), Text("это не ИНН", "not an INN"))


def _wrong_ogrn(text: str, policy: Policy) -> Text | None:
    is_person = len(text) > 13
    claim = Requisites(kind="sole_proprietor" if is_person else "legal", inn="", ogrn=text)
    check = identifiers.ogrnip if is_person else identifiers.legal_ogrn
    return _reason(check(claim, policy), Text("это не ОГРН", "not an OGRN"))


def _wrong_date(text: str, policy: Policy) -> Text | None:
    wanted = Text("нужна дата ДД.ММ.ГГГГ", "a day ДД.ММ.ГГГГ is wanted")
    return _reason(identifiers.birth_date(Written(field="", text=text), policy), wanted)


def _wrong_amount(text: str, policy: Policy) -> Text | None:
    wanted = Text("нужна сумма в рублях", "an amount in roubles is wanted")
    return None if _AMOUNT.fullmatch(text) else wanted


_WRONG: Final[Mapping[FieldForm, _Wrong]] = MappingProxyType(
    {
        "text": _wrong_text,
        "phone": _wrong_phone,
        "email": _wrong_email,
        "name": _wrong_name,
        "inn": _wrong_inn,
        "ogrn": _wrong_ogrn,
        "date": _wrong_date,
        "amount": _wrong_amount,
    }
)
