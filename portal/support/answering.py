"""Answering tickets in time (SUP-02), what makes one urgent (SUP-03), and their end."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.rules import support as rules
from portal.rules.support import AnswerNow, RepeatedFailure, Routed, answer_due
from portal.support.asking import ticket_here
from portal.support.letters import tell
from portal.support.ticket import TICKET_STATES, Ticket
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "RepeatedFailureReport",
    "TicketAnswer",
    "TicketEnd",
    "answer_ticket",
    "close_ticket",
    "repeat_failure",
]


@dataclass(frozen=True, kw_only=True)
class TicketAnswer:
    """What support has decided, or what is to be done."""

    ticket: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class RepeatedFailureReport:
    """A failure that has come again, and what the applicant had done against it."""

    ticket: str
    steps: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketEnd:
    """A ticket that needs no more."""

    ticket: str


@use_case(TicketAnswer, signed_in=False, staff=True)
def answer_ticket(context: Context, form: TicketAnswer) -> Outcome:
    """Answer, with words and in the channel's hours (SUP-02), what is the portal's to decide
    (SUP-05); the applicant is told at once (SUP-01)."""
    ticket = context.unit.get(Ticket, form.ticket)
    if ticket is None:
        return Outcome(state="absent", refusal="absent")
    routed = rules.support_decides(Routed(topic=ticket.topic), context.policy)
    if routed:
        return refused(routed, "state", ticket.state, ticket.shown())
    if not TICKET_STATES.allows(ticket.state, "answer"):
        return Outcome(state=ticket.state, refusal="state")
    calendar = context.portal.ports.clock.calendar
    claim = AnswerNow(
        answer=form.answer, channel=ticket.channel, now=context.now, calendar=calendar
    )
    violations = rules.answer_is_in_time(claim, context.policy)
    if violations:
        is_empty = any(each.field == "answer" for each in violations)
        return refused(violations, "wrong" if is_empty else "state", ticket.state)
    answered = context.unit.put(
        replace(
            ticket,
            state=TICKET_STATES.after(ticket.state, "answer"),
            answer=form.answer,
            answered_by=context.actor.operator or "",
            answered_at=context.now,
        )
    )
    context.note("answer_ticket", ticket.account, "answered", ticket=ticket.number)
    account = context.unit.get(Account, ticket.account)
    if account is not None:
        occasion = f"answer/{context.now:%Y%m%d%H%M%S}"
        tell(context, account, answered, occasion, f"Решение: {form.answer}")
    return Outcome(state=answered.state, data=answered.shown())


@use_case(RepeatedFailureReport)
def repeat_failure(context: Context, form: RepeatedFailureReport) -> Outcome:
    """Say that the failure has come again after one's own steps: its priority is high (SUP-03)."""
    ticket = ticket_here(context, form.ticket)
    if ticket is None:
        return Outcome(state="absent", refusal="absent")
    claim = RepeatedFailure(steps=form.steps, was_answered=ticket.state == "answered")
    violations = rules.urgency_is_earned(claim, context.policy)
    if violations:
        return refused(violations, "wrong" if claim.was_answered else "state", ticket.state)
    calendar = context.portal.ports.clock.calendar
    urgent = context.unit.put(
        replace(
            ticket,
            state=TICKET_STATES.after(ticket.state, "repeat"),
            priority="high",
            steps=form.steps,
            due=answer_due(context.now, calendar, context.policy),
        )
    )
    context.note("repeat_failure", ticket.account, "high", ticket=ticket.number)
    return Outcome(state=urgent.state, data=urgent.shown())


@use_case(TicketEnd)
def close_ticket(context: Context, form: TicketEnd) -> Outcome:
    """Let a ticket of one's own end."""
    ticket = ticket_here(context, form.ticket)
    if ticket is None:
        return Outcome(state="absent", refusal="absent")
    if not TICKET_STATES.allows(ticket.state, "close"):
        return Outcome(state=ticket.state, refusal="state")
    closed = context.unit.put(replace(ticket, state=TICKET_STATES.after(ticket.state, "close")))
    context.note("close_ticket", ticket.account, "closed", ticket=ticket.number)
    return Outcome(state=closed.state, data=closed.shown())
