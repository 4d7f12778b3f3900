"""The report of an organization's journal, and what is not as it was written (AUD-01, AUD-02)."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import Base64Bytes

from portal.audit.journal import (
    LineFilter,
    every_line,
    for_readers,
    line_at,
    lines_about,
    said,
    subjects_of,
    wanted_lines,
)
from portal.audit.report import MEDIA_TYPE, NoReport, read_report, written_report
from portal.organizations.organization import Organization
from portal.ports.store import JournalLine, Store
from portal.rules import audit as rules
from portal.rules.audit import Journal
from portal.store.journal_chain import broken_at
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "JournalCheck",
    "ReportQuery",
    "ReportToCheck",
    "audit_report",
    "check_audit_report",
    "check_journal",
]

_TOLD: Final = 100  # violations of one answer


@dataclass(frozen=True, kw_only=True)
class ReportQuery(LineFilter):
    """Which lines of the organization's journal the report is to have."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class ReportToCheck:
    """A report that was kept: the file, in Base64."""

    organization: str
    content: Base64Bytes


@dataclass(frozen=True, kw_only=True)
class JournalCheck:
    """The `number` and the `digest` (hexadecimal) of a line as somebody has noted them earlier, if
    any: a journal whose end was cut off is whole in itself."""

    number: int = 0
    digest: str = ""


@view(ReportQuery)
@for_readers
def audit_report(context: Context, query: ReportQuery, found: Organization) -> Outcome:
    """The journal as a CSV file, in Base64."""
    store = context.portal.ports.store
    lines = list(wanted_lines(lines_about(store, subjects_of(found)), query))
    context.note("audit_report", found.id, "exported", lines=len(lines))
    return Outcome(
        state="shown",
        data={
            "file_name": f"journal-{found.requisites.ogrn}.csv",
            "media_type": MEDIA_TYPE,
            "content": base64.b64encode(written_report(store, lines)).decode(),
            "lines": len(lines),
        },
    )


@use_case(ReportToCheck)
@for_readers
def check_audit_report(context: Context, form: ReportToCheck, found: Organization) -> Outcome:
    """Hold a report that was kept against the journal: which of its lines are not, or not as they
    were written, in one or the other."""
    return _judged(context, _held_against(context, found, form.content))


@view(JournalCheck, staff=True)
def check_journal(context: Context, query: JournalCheck) -> Outcome:
    """Check the whole journal: its chain, what each line says, and the line that was noted."""
    seen = _Seen(query.number)
    first = broken_at(seen.through(every_line(context.portal.ports.store)))
    if first is None and not seen.fits(query.digest):
        first = query.number
    broken = [] if first is None else [first]
    unsaid = {number: line for number, line in seen.unsaid.items() if number not in broken}
    outcome = _judged(context, Journal(lines=unsaid, broken=broken))
    if outcome.refusal is not None:
        return outcome
    last = seen.last
    whole = {"lines": 0, "digest": ""} if last is None else _end(last)
    return replace(outcome, data=whole)


# --- inside ---------------------------------------------------------------------------------------


class _Seen:
    """What a check takes note of while lines go by: the last one, the one with the number that is
    `looked_for`, and lines that do not say what they should."""

    def __init__(self, looked_for: int) -> None:
        self._looked_for = looked_for
        self._found: JournalLine | None = None
        self.last: JournalLine | None = None
        self.unsaid: dict[int, dict[str, Any]] = {}

    def through(self, lines: Iterable[JournalLine]) -> Iterator[JournalLine]:
        for line in lines:
            self.last = line
            if line.number == self._looked_for:
                self._found = line
            fields = said(line)
            if len(self.unsaid) < _TOLD and any(rules.unsaid_in(fields)):
                self.unsaid[line.number] = fields
            yield line

    def fits(self, digest: str) -> bool:
        """Whether the line that was looked for has that digest."""
        if not digest and not self._looked_for:
            return True
        return self._found is not None and self._found.digest.hex() == digest.lower()


def _held_against(context: Context, organization: Organization, content: bytes) -> Journal:
    store = context.portal.ports.store
    kept = {each.number: each for each in lines_about(store, subjects_of(organization))}
    try:
        broken = {
            each.line.number
            for each in read_report(content)
            if not each.is_whole or _kept_as(store, each.line.number, kept) != each.line
        }
    except NoReport as no_report:
        return Journal(unreadable=no_report.why)
    return Journal(broken=sorted(broken)[:_TOLD])


def _kept_as(store: Store, number: int, kept: Mapping[int, JournalLine]) -> JournalLine | None:
    """The line of that number; what was about an earlier ОГРН is not among those of now."""
    return kept[number] if number in kept else line_at(store, number)


def _judged(context: Context, claim: Journal) -> Outcome:
    violations = rules.journal_stays(claim, context.policy)
    return refused(violations) if violations else Outcome(state="whole")


def _end(line: JournalLine) -> dict[str, Any]:
    return {"lines": line.number, "digest": line.digest.hex()}
