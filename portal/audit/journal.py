"""Lines of the journal as they are read: who may, which ones, what is shown of them."""

import datetime as dt
import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeVar

from portal.accounts.account import Account
from portal.organizations.admission import Admitted, ForOrganization, Run, in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import Organization
from portal.ports.store import JournalLine, Store
from portal.rules import audit as rules
from portal.rules.audit import Lookup
from portal.rules.rights import VIEW_AUDIT
from portal.rules.rule import Violation
from portal.use_case import Context, Part, WrongPart
from rulebook import Policy

__all__ = [
    "LineFilter",
    "as_shown",
    "every_line",
    "for_readers",
    "line_at",
    "lines_about",
    "names_in",
    "part_of_lines",
    "said",
    "subjects_of",
    "wanted_lines",
]

F = TypeVar("F", bound=ForOrganization)

_BATCH: Final = 1_000  # lines that are held in memory at once
_MOST_LOOKED_AT: Final = 1_000  # lines for a page, most of which a filter may pass over
_LONGEST_NUMBER: Final = 18  # digits: within what databases take
_KNOWN: Final = ("at", "ip", "account", "operator", "task", "action", "result", "signatures")


@dataclass(frozen=True, kw_only=True)
class LineFilter:
    """Which lines are wanted: of an action, of whoever acted (an account, an operator, a task), of
    these days and between them, both included."""

    action: str = ""
    who: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def for_readers(run: Admitted[F]) -> Run[F]:
    """Let the decorated act be done only by whoever may view the journal (AUD-02)."""
    return in_organization(VIEW_AUDIT, _seen)(run)


def _seen(rights: Collection[str], policy: Policy) -> tuple[Violation, ...]:
    return rules.seen_and_restored(Lookup(rights=rights), policy)


def every_line(store: Store) -> Iterator[JournalLine]:
    """The whole journal from the first line on."""
    after = 0
    while lines := store.journal(after=after, limit=_BATCH):
        yield from lines
        after = lines[-1].number


def line_at(store: Store, number: int) -> JournalLine | None:
    """The line of that number; None if there is none."""
    found = store.journal(after=number - 1, limit=1)
    return found[0] if found and found[0].number == number else None


def lines_about(store: Store, subjects: Sequence[str]) -> list[JournalLine]:
    """Lines about any of these, in their order."""
    found = (store.journal(subject) for subject in dict.fromkeys(subjects))
    return list(heapq.merge(*found, key=attrgetter("number")))


def subjects_of(organization: Organization) -> tuple[str, str]:
    """What lines about an organization are about: itself, and its ОГРН while it was not here."""
    return organization.id, organization.requisites.ogrn


def said(line: JournalLine) -> dict[str, Any]:
    """The fields of a line; none if it was changed so that it cannot be read."""
    try:
        fields = json.loads(line.body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) and _has_signatures(fields) else {}


def wanted_lines(lines: Sequence[JournalLine], wanted: LineFilter) -> Iterator[JournalLine]:
    """Those of the lines that the filter lets through."""
    return (line for line in lines if _is_wanted(line, wanted))


def part_of_lines(
    store: Store, subjects: Sequence[str], wanted: LineFilter, part: Part
) -> tuple[list[JournalLine], str | None]:
    """The wanted lines about any of these in that part, the latest first, and the number before
    which the next part is; None: there is none. WrongPart."""
    before = None if part.before is None else _number(part.before)
    batch = _BATCH if part.limit is None else part.limit + 1
    found: list[JournalLine] = []
    latest = 0
    for seen, line in enumerate(_latest_about(store, subjects, before, batch)):
        is_wanted = _is_wanted(line, wanted)
        is_full = is_wanted and len(found) == part.limit
        if is_full or (part.limit is not None and seen == _MOST_LOOKED_AT):
            return found, str(latest)
        if is_wanted:
            found.append(line)
        latest = line.number
    return found, None


def as_shown(line: JournalLine, names: dict[str, str]) -> dict[str, Any]:
    """A line as people see it; `names` are those of accounts that the reader may know."""
    fields = said(line)
    return {
        "id": line.number,
        **{name: fields.get(name) for name in _KNOWN},
        "name": names.get(fields.get("account") or ""),
        "signatures": fields.get("signatures", []),
        "details": {name: each for name, each in fields.items() if name not in _KNOWN},
    }


def names_in(context: Context, organization: Organization) -> dict[str, str]:
    """Names of those who act for the organization, by account."""
    members = (each.account for each in members_of(context, organization.id))
    accounts = (context.unit.get(Account, account) for account in members)
    return {each.id: str(each.name) for each in accounts if each is not None}


# --- inside ---------------------------------------------------------------------------------------


def _number(place: str) -> int:
    if len(place) > _LONGEST_NUMBER or not (place.isascii() and place.isdigit()):
        raise WrongPart(place)
    return int(place)


def _latest_about(
    store: Store, subjects: Iterable[str], before: int | None, batch: int
) -> Iterator[JournalLine]:
    found = (_latest(store, subject, before, batch) for subject in dict.fromkeys(subjects))
    return heapq.merge(*found, key=attrgetter("number"), reverse=True)


def _latest(store: Store, subject: str, before: int | None, batch: int) -> Iterator[JournalLine]:
    """From the latest on, read as far as somebody wants them."""
    while lines := store.latest_lines(subject, before=before, limit=batch):
        yield from lines
        before = lines[-1].number


def _is_wanted(line: JournalLine, wanted: LineFilter) -> bool:
    fields = said(line)
    day = _day_of(fields)
    doers = (fields.get("account"), fields.get("operator"), fields.get("task"))
    return (
        wanted.action in ("", fields.get("action"))
        and (not wanted.who or wanted.who in doers)
        and (day is None or wanted.since is None or day >= wanted.since)
        and (day is None or wanted.until is None or day <= wanted.until)
    )


def _has_signatures(fields: dict[str, Any]) -> bool:
    signatures = fields.get("signatures", [])
    return isinstance(signatures, list) and all(isinstance(each, dict) for each in signatures)


def _day_of(fields: dict[str, Any]) -> dt.date | None:
    """The day of a line; None for one that was changed so that it has none."""
    try:
        return dt.datetime.fromisoformat(fields["at"]).date()
    except (KeyError, TypeError, ValueError):
        return None
