"""A line of the journal that somebody holds to be wrong: it is explained by another, and neither
changed nor removed (AUD-01)."""

from dataclasses import dataclass
from typing import Any

from portal.audit.journal import for_readers, line_at, subjects_of
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.rules import audit as rules
from portal.rules.audit import Journal, Wish
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["WrongLine", "explain_journal_line"]


@dataclass(frozen=True, kw_only=True)
class WrongLine:
    """The number of a line of the organization's journal, what is wanted, and the explanation."""

    organization: str
    number: int
    wish: Wish = "explain"
    text: str = ""


@use_case(WrongLine)
@for_readers
def explain_journal_line(context: Context, form: WrongLine, found: Organization) -> Outcome:
    """Add a line that explains another; that somebody wanted more than that is recorded too."""
    line = line_at(context.portal.ports.store, form.number)
    if line is None or line.subject not in subjects_of(found):
        return Outcome(state="absent", refusal="absent")
    claim = Journal(wish=form.wish, text=form.text)
    violations = rules.journal_stays(claim, context.policy)
    asked: dict[str, Any] = {"number": form.number, "wish": form.wish}
    if violations:
        return noted_refusal(context, found.id, refused(violations), **asked)
    context.note("explain_journal_line", found.id, "explained", **asked, text=form.text)
    return Outcome(state="explained", data={"organization": found.id, "number": form.number})
