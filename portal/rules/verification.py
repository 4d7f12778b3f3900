"""Chapter VER: verification by ФНС and ПФР, as claims of what was done and of what is asked for."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.ports.verification import Agency, CaseState
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "AGENCY_TITLES",
    "CHECK_TITLES",
    "IN_VERIFICATION",
    "BothChecks",
    "Changed",
    "Clarification",
    "Discrepancies",
    "FastComparison",
    "FinishedCheck",
    "PriorityRequest",
    "SilentRegister",
    "Submitted",
    "Term",
    "both_checks_agree",
    "change_begins_anew",
    "clarification_is_asked",
    "completion_is_told",
    "fast_comparison",
    "guaranteed_term",
    "priority_after_the_term",
    "remarks_are_listed",
    "shown_in_verification",
    "silent_register_is_waited_for",
]

CheckTitle: TypeAlias = Literal["Ожидание", "В процессе", "Завершено"]
CHECK_TITLES: Final[dict[CaseState, CheckTitle]] = {
    "waiting": "Ожидание",
    "in_progress": "В процессе",
    "clarification": "В процессе",
    "remarks": "Завершено",
    "completed": "Завершено",
}
"""What VER-01 calls where a check is."""

AGENCY_TITLES: Final[dict[Agency, Text]] = {
    "fns": Text("ФНС", "the tax service"),
    "pfr": Text("ПФР", "the pension fund"),
}
IN_VERIFICATION: Final = "В проверке"
"""The common mark of VER-01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What is shown of an application whose checks are not over: the common mark, the titles of the
    checks; `asks` is whether its owner asks to check the same data once more."""

    mark: str
    titles: dict[Agency, str]
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When the guaranteed term ends, when the checks ended (None: they go on), and the time now."""

    due: dt.datetime
    finished: dt.datetime | None
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancies:
    """Fields that the checks remark on, and those that are in the list shown."""

    found: Collection[tuple[str, str]]
    listed: Collection[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """That data were changed during the verification: which round is going on, which one was, and
    the agencies to which the new data are on their way."""

    before: int
    after: int
    agencies: Collection[Agency]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedCheck:
    """The end of a check of an agency, and the channels through which it was told."""

    agency: Agency
    told: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRequest:
    """A request of priority at a moment; the guaranteed term ends with `due`."""

    due: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BothChecks:
    """Where both checks are."""

    states: dict[Agency, CaseState]


@dataclass(frozen=True, slots=True, kw_only=True)
class FastComparison:
    """A signed set: fields that differ from the register, when it was submitted and compared (None:
    not yet), when the register began to answer if it was silent, and whether there is a confirming
    document."""

    differing: Collection[str]
    submitted: dt.datetime
    compared: dt.datetime | None
    answering_since: dt.datetime | None
    has_document: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentRegister:
    """A register that does not answer: whether the application is kept, and when it is asked again
    (None: never)."""

    system: str
    kept: bool
    next_attempt: dt.datetime | None
    waits_for_it: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    """A query of an officer: whether it stands in «Заявки», to whom it was sent, and the answer
    (None: there is none yet)."""

    shown: bool
    sent_to: Collection[str]
    answer: str | None


@rule("VER-01")
def shown_in_verification(claim: Submitted, policy: Policy) -> Iterator[Found]:
    """What is being checked is shown so, with the status of each check; to check the same data
    once more is not needed."""
    if claim.mark != IN_VERIFICATION:
        yield Found("state")
    for agency in AGENCY_TITLES:
        if claim.titles.get(agency) not in CHECK_TITLES.values():
            yield Found(f"checks.{agency}")
    if claim.asks:
        yield Found("", Text("сведения не изменились", "the data have not changed"))


@rule("VER-02")
def guaranteed_term(claim: Term, policy: Policy) -> Iterator[Found]:
    """The checks end within the guaranteed term, its last moment included."""
    if (claim.finished or claim.now) > claim.due:
        last = claim.due
        yield Found("due", Text(f"срок до {last:%d.%m.%Y}", f"the term ended on {last:%Y-%m-%d}"))


@rule("VER-03")
def remarks_are_listed(claim: Discrepancies, policy: Policy) -> Iterator[Found]:
    """Every discrepancy is in the list, and has to be corrected."""
    for field, text in claim.found:
        if (field, text) not in claim.listed:
            yield Found(field, Text(text, text))


@rule("VER-04")
def change_begins_anew(claim: Changed, policy: Policy) -> Iterator[Found]:
    """Changed data are checked from the beginning, by both agencies."""
    if claim.after != claim.before + 1:
        yield Found("round")
    for agency in AGENCY_TITLES:
        if agency not in claim.agencies:
            yield Found(f"checks.{agency}")


@rule("VER-05")
def completion_is_told(claim: FinishedCheck, policy: Policy) -> Iterator[Found]:
    """The end of each check is told by SMS and by mail."""
    for channel in ("sms", "email"):
        if channel not in claim.told:
            yield Found(f"checks.{claim.agency}.{channel}")


@rule("VER-06")
def priority_after_the_term(claim: PriorityRequest, policy: Policy) -> Iterator[Found]:
    """The priority is raised once the guaranteed term is over, not in its last moment yet."""
    if claim.now <= claim.due:
        last = claim.due
        yield Found("due", Text(f"срок до {last:%d.%m.%Y}", f"the term ends on {last:%Y-%m-%d}"))


@rule("VER-07")
def both_checks_agree(claim: BothChecks, policy: Policy) -> Iterator[Found]:
    """Both checks have ended without remarks."""
    for agency, title in AGENCY_TITLES.items():
        if claim.states.get(agency) != "completed":
            yield Found(f"checks.{agency}", title)


@rule("VER-08")
def fast_comparison(claim: FastComparison, policy: Policy) -> Iterator[Found]:
    """A signed set is compared within minutes, and confirmed by a document if all agrees.

    Minutes count from when the register answers (VER-09).
    """
    if claim.compared is None:
        return
    for field in claim.differing:
        yield Found(field)
    _, longest_min = policy.range("VER-08.fast_path_min")
    begun = max(claim.submitted, claim.answering_since or claim.submitted)
    if claim.compared - begun > dt.timedelta(minutes=longest_min):
        yield Found("compared")
    if not claim.differing and not claim.has_document:
        yield Found("confirmation")


@rule("VER-09")
def silent_register_is_waited_for(claim: SilentRegister, policy: Policy) -> Iterator[Found]:
    """A register that does not answer refuses nothing: the application is kept, it is asked again.

    To somebody who `waits_for_it` now it is told which one is silent.
    """
    if not claim.kept:
        yield Found("state")
    if claim.next_attempt is None:
        yield Found("next_attempt")
    if claim.waits_for_it:
        yield Found(claim.system)


@rule("VER-10")
def clarification_is_asked(claim: Clarification, policy: Policy) -> Iterator[Found]:
    """A query is shown and sent to the person in charge, and the verification waits for a text."""
    if not claim.shown:
        yield Found("applications")
    if not claim.sent_to:
        yield Found("notice")
    if not (claim.answer or "").strip():
        yield Found("answer", Text("ответа нет", "there is no answer"))
