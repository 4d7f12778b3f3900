"""Turning to support: by oneself in the form and the chat, by phone, mail and visit through the
staff (SUP-01, SUP-04); what others decide is passed on at once (SUP-05)."""

from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.account import Account
from portal.documents.stored_document import StoredDocument
from portal.operations.incident import Incident
from portal.rules import identifiers
from portal.rules import support as rules
from portal.rules.identifiers import Written
from portal.rules.rule import Violation
from portal.rules.support import (
    CHANNELS,
    OWN,
    TOPICS,
    Applicant,
    NewTicket,
    addressee_of,
    answer_due,
)
from portal.support.letters import tell
from portal.support.ticket import TICKET_STATES, Ticket
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "RegisteredTicket",
    "TicketForm",
    "TicketSupplement",
    "open_ticket",
    "register_ticket",
    "supplement_ticket",
    "ticket_here",
]

_PERSONAL_INN: Final = 12  # digits
_LONGEST: Final = 4_000  # characters of a description
_PASSED_ON: Final = "Этот вопрос решает {}: обращение передано туда."


@dataclass(frozen=True, kw_only=True)
class TicketForm:
    """What is wrong, by one's own words, and who asks. `screenshot` and `log` are uploaded
    documents (ids), `incident` a report of a failure (OPS-06), whose screenshot and description
    stand for those that are left out; `passport` is series and number."""

    channel: str = "form"
    topic: str = "failure"
    inn: str = ""
    kpp: str = ""
    snils: str = ""
    passport: str = ""
    description: str = ""
    screenshot: str = ""
    log: str = ""
    incident: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisteredTicket(TicketForm):
    """What somebody has said by phone, written or told in a regional centre; `login` is their
    personal ИНН."""

    login: str


@dataclass(frozen=True, kw_only=True)
class TicketSupplement:
    """What a ticket lacks; what is left out stays as it is."""

    ticket: str
    inn: str = ""
    kpp: str = ""
    snils: str = ""
    passport: str = ""
    description: str = ""
    screenshot: str = ""
    log: str = ""


@use_case(TicketForm)
def open_ticket(context: Context, form: TicketForm) -> Outcome:
    """Ask for help; all that is missing is named at once, and nothing is registered before it is
    there."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    whole = _with_incident(context, form, account)
    violations = (*_unfit(context, whole, account), *_incomplete(context, whole, account))
    if violations:
        return refused(violations)
    return _outcome(_accepted(context, _made(context, whole, account)))


@use_case(RegisteredTicket, signed_in=False, staff=True)
def register_ticket(context: Context, form: RegisteredTicket) -> Outcome:
    """Write down a request that came by phone, by mail or in a regional centre; what is missing is
    asked of the applicant by a letter at once."""
    account = context.unit.one(Account, "inn", form.login)
    if account is None:
        return Outcome(state="absent", refusal="absent")
    unknown = [each for each in _unfit(context, form, account) if each.field != "log"]
    if unknown:
        return refused(unknown)
    ticket = _made(context, form, account)
    missing = _missing(context, ticket, account)
    if missing:
        context.unit.put(ticket)
        context.note("register_ticket", account.id, ticket.state, ticket=ticket.number)
        message = context.portal.book.rule(rules.applicant_is_known.id).message.ru
        tell(context, account, ticket, "missing", message)
        return replace(_outcome(ticket), violations=missing)
    return _outcome(_accepted(context, ticket))


@use_case(TicketSupplement)
def supplement_ticket(context: Context, form: TicketSupplement) -> Outcome:
    """Bring what a ticket lacks."""
    account = context.unit.get(Account, context.actor.account or "")
    ticket = ticket_here(context, form.ticket)
    if account is None or ticket is None:
        return Outcome(state="absent", refusal="absent")
    if ticket.state != "waiting":
        return Outcome(state=ticket.state, refusal="state")
    brought = {
        name: value for name, value in vars(form).items() if name != "ticket" and value.strip()
    }
    fuller = replace(ticket, **brought)
    fuller = replace(fuller, description=fuller.description[:_LONGEST])
    violations = _missing(context, fuller, account)
    if violations:
        return refused(violations)
    return _outcome(_accepted(context, fuller))


def ticket_here(context: Context, ticket_id: str) -> Ticket | None:
    """A ticket of the actor's own; that somebody reaches for another's is noted."""
    ticket = context.unit.get(Ticket, ticket_id)
    if ticket is not None and ticket.account != context.actor.account:
        context.note(context.act, ticket.account, "another's", ticket=ticket.number)
        return None
    return ticket


# --- inside


def _with_incident(context: Context, form: TicketForm, account: Account) -> TicketForm:
    incident = context.unit.get(Incident, form.incident) if form.incident else None
    if incident is None or incident.account != account.id:
        return replace(form, incident="")
    return replace(
        form,
        screenshot=form.screenshot or incident.screenshot,
        description=form.description or incident.description,
    )


def _unfit(context: Context, form: TicketForm, account: Account) -> tuple[Violation, ...]:
    """What keeps it from being a ticket at all."""
    claim = NewTicket(
        channel=form.channel,
        topic=form.topic,
        has_log=_document(context, form.log, account) is not None,
    )
    return rules.ticket_is_registered(claim, context.policy)


def _incomplete(context: Context, form: TicketForm, account: Account) -> tuple[Violation, ...]:
    typed = Written(field="snils", text=form.snils)
    screenshot = _document(context, form.screenshot, account)
    claim = Applicant(
        inn=form.inn,
        kpp=form.kpp,
        needs_kpp=_needs_kpp(form.inn),
        snils=form.snils,
        passport=form.passport,
        description=form.description,
        screenshot=None if screenshot is None else screenshot.file_format,
    )
    return (
        *rules.applicant_is_known(claim, context.policy),
        *identifiers.snils(typed, context.policy),
    )


def _missing(context: Context, ticket: Ticket, account: Account) -> tuple[Violation, ...]:
    form = TicketForm(
        channel=ticket.channel,
        topic=ticket.topic,
        inn=ticket.inn,
        kpp=ticket.kpp,
        snils=ticket.snils,
        passport=ticket.passport,
        description=ticket.description,
        screenshot=ticket.screenshot,
        log=ticket.log,
    )
    return (*_unfit(context, form, account), *_incomplete(context, form, account))


def _document(context: Context, document_id: str, account: Account) -> StoredDocument | None:
    """An uploaded document of the applicant's own that is not blocked."""
    found = context.unit.get(StoredDocument, document_id) if document_id else None
    is_own = found is not None and found.owner == account.id and found.status != "blocked"
    return found if is_own else None


def _needs_kpp(inn: str) -> bool:
    """A sole proprietor's ИНН has twelve digits."""
    return len(inn.strip()) != _PERSONAL_INN


def _made(context: Context, form: TicketForm, account: Account) -> Ticket:
    """What was typed is known to be of the channels and topics that there are."""
    channel = next(each for each in CHANNELS if each == form.channel)
    topic = next(each for each in TOPICS if each == form.topic)
    ticket_id = context.portal.ports.entropy.token("ticket")
    calendar = context.portal.ports.clock.calendar
    return Ticket(
        id=ticket_id,
        number=f"{context.now:%y%m%d}-{ticket_id[:8].upper()}",
        account=account.id,
        channel=channel,
        topic=topic,
        inn=form.inn,
        kpp=form.kpp,
        snils=form.snils,
        passport=form.passport,
        description=form.description[:_LONGEST],
        screenshot=form.screenshot,
        log=form.log,
        incident=form.incident,
        addressee=addressee_of(topic),
        asked_at=context.now,
        due=answer_due(context.now, calendar, context.policy),
    )


def _accepted(context: Context, ticket: Ticket) -> Ticket:
    """It is worked on, or passed on to whose business it is (SUP-05)."""
    is_own = ticket.addressee == OWN
    calendar = context.portal.ports.clock.calendar
    accepted = context.unit.put(
        replace(
            ticket,
            state=TICKET_STATES.after(ticket.state, "accept" if is_own else "forward"),
            due=answer_due(context.now, calendar, context.policy),
        )
    )
    context.note(context.act, accepted.account, accepted.state, ticket=accepted.number)
    account = context.unit.get(Account, accepted.account)
    if account is not None and not is_own:
        whose = rules.ADDRESSEES[accepted.addressee].ru
        tell(context, account, accepted, "forwarded", _PASSED_ON.format(whose))
    return accepted


def _outcome(ticket: Ticket) -> Outcome:
    return Outcome(state=ticket.state, data=ticket.shown())
