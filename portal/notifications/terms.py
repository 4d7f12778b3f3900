"""Terms of reports, payments and signatures: kept until they are met, told of before they end
(NTF-05).

A chapter that knows of a term sets it, and says when it is met; a term that nobody has met is
forgotten once it is over.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.notifications import REMINDED, TermAhead, term_is_told
from portal.rules.rights import NOTIFICATION_SETTINGS
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, task, view

__all__ = ["Term", "TermKind", "TermsQuery", "meet_term", "set_term", "terms"]

TermKind: TypeAlias = Literal["report", "payment", "signature"]

_TITLES: Final[Mapping[TermKind, str]] = {
    "report": "Срок отчётности",
    "payment": "Срок платежа",
    "signature": "Срок подписи",
}


@dataclass(frozen=True, kw_only=True)
class Term(Entity):
    """What an organization has to do before `due`; `agency` is whose business it is, as of an
    event."""

    KIND: ClassVar[str] = "term"

    organization: str
    kind: TermKind
    title: str
    due: dt.datetime
    agency: str = ""

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}


@dataclass(frozen=True, kw_only=True)
class TermsQuery:
    """Those of an organization."""

    organization: str


def set_term(context: Context, term: Term) -> None:
    """Remind of a term from now on; one whose id is known is moved. Reminders that are late by now
    are made up for by one."""
    known = context.unit.get(Term, term.id)
    if term.due <= context.now or (known is not None and known.due == term.due):
        return
    context.unit.put(
        Term(
            id=term.id,
            version=0 if known is None else known.version,
            organization=term.organization,
            kind=term.kind,
            title=term.title,
            due=term.due,
            agency=term.agency,
        )
    )
    for number, before in enumerate(REMINDED):
        sooner = REMINDED[number + 1 :]
        if term.due - before < context.now and any(term.due - b <= context.now for b in sooner):
            continue  # a later reminder is late as well, and stands for this one
        moment = max(term.due - before, context.now)
        schedule(context.unit, "remind_of_term", term.id, moment, part=str(before.days))
    schedule(context.unit, "end_term", term.id, term.due)


def meet_term(context: Context, term_id: str) -> None:
    """What was due is done, or is due no longer: no reminder comes any more."""
    term = context.unit.get(Term, term_id)
    if term is not None:
        context.unit.delete(term)
    planned = (f"remind_of_term/{term_id}/{each.days}" for each in REMINDED)
    for name in (*planned, f"end_term/{term_id}"):
        work = context.unit.get(Task, name)
        if work is not None:
            context.unit.delete(work)


@task
def remind_of_term(context: Context, planned: Task) -> None:
    """Tell whoever has subscribed to terms (NTF-05)."""
    term = context.unit.get(Term, planned.subject)
    if term is None:
        return
    for violation in term_is_told(_claim(context, term), context.policy):
        message = context.portal.book.rule(violation.rule).message.ru
        publish(
            context,
            Event(
                id=f"{planned.id}/{term.due:%Y%m%d%H%M}",
                organization=term.organization,
                kind="deadline",
                agency=term.agency,
                subject=term.id,
                title=f"{_TITLES[term.kind]}: {term.title}",
                text=f"До {_claim(context, term).due:%d.%m.%Y %H:%M}. {message}",
                details={"kind": term.kind, "due": term.due.isoformat()},
                at=context.now,
            ),
        )


@task
def end_term(context: Context, planned: Task) -> None:
    """It is over: reminders would come too late."""
    meet_term(context, planned.subject)


@view(TermsQuery)
@in_organization(NOTIFICATION_SETTINGS)
def terms(context: Context, query: TermsQuery, found: Organization) -> Outcome:
    """Terms that are ahead, the nearest first; NTF-05 names those that are near."""
    kept = context.unit.find(Term, "organization", found.id)
    ahead = sorted(
        (each for each in kept if each.due > context.now), key=lambda each: (each.due, each.id)
    )
    violations = [
        violation
        for place, each in enumerate(ahead)
        for violation in term_is_told(_claim(context, each, f"items.{place}"), context.policy)
    ]
    return Outcome(
        state="shown",
        data={"items": [_shown(context, each) for each in ahead]},
        violations=tuple(violations),
    )


def _claim(context: Context, term: Term, field: str = "") -> TermAhead:
    due = term.due.astimezone(context.now.tzinfo)
    return TermAhead(title=term.title, due=due, now=context.now, field=field)


def _shown(context: Context, term: Term) -> dict[str, Any]:
    return {
        "term": term.id,
        "kind": term.kind,
        "kind_title": _TITLES[term.kind],
        "title": term.title,
        "agency": term.agency,
        "due": term.due.astimezone(context.now.tzinfo).isoformat(),
    }
