"""Tickets as applicants and the staff see them; SUP-02 names an answer that is late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.listed import latest_part
from portal.rules.rule import Violation
from portal.rules.support import AnswerAwaited, answer_is_in_time
from portal.support.asking import ticket_here
from portal.support.ticket import Ticket
from portal.use_case import Context, Outcome, view

__all__ = ["TicketQuery", "TicketsQuery", "my_tickets", "support_tickets", "ticket"]


@dataclass(frozen=True, kw_only=True)
class TicketsQuery:
    """All of them."""


@dataclass(frozen=True, kw_only=True)
class TicketQuery:
    """One of one's own."""

    ticket: str


@view(TicketQuery)
def ticket(context: Context, query: TicketQuery) -> Outcome:
    """A ticket with its number, state and answer."""
    found = ticket_here(context, query.ticket)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state=found.state, data=found.shown(), violations=_late(context, [found]))


@view(TicketsQuery, in_parts=True)
def my_tickets(context: Context, query: TicketsQuery) -> Outcome:
    """One's own, the latest first."""
    account = context.actor.account or ""
    found, following = latest_part(context, Ticket, "listed", account)
    awaited = context.unit.find(Ticket, "awaited_by", account)
    return replace(_listed(context, found, awaited), following=following)


@view(TicketsQuery, signed_in=False, staff=True)
def support_tickets(context: Context, query: TicketsQuery) -> Outcome:
    """What waits for support: of high priority first, then what is due first."""
    found = context.unit.find(Ticket, "open", "yes")
    found.sort(key=lambda each: (each.priority != "high", each.due, each.id))
    return _listed(context, found, found)


def _listed(context: Context, tickets: Sequence[Ticket], awaited: Sequence[Ticket]) -> Outcome:
    return Outcome(
        state="shown",
        data={"items": [each.shown() for each in tickets]},
        violations=_late(context, awaited),
    )


def _late(context: Context, tickets: Sequence[Ticket]) -> tuple[Violation, ...]:
    """Each rule and reason once: of what support works on."""
    found = (
        violation
        for each in tickets
        for violation in answer_is_in_time(
            AnswerAwaited(
                due=each.due.astimezone(context.now.tzinfo),
                now=context.now,
                is_answered=each.state != "working",
            ),
            context.policy,
        )
    )
    return tuple(dict.fromkeys(found))
