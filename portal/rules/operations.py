"""Chapter OPS: what people are told while something fails, is overloaded or under maintenance."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.file_formats import FileFormat

__all__ = [
    "AskedSystem",
    "ClientRate",
    "DuringMaintenance",
    "IncidentClaim",
    "PlannedMaintenance",
    "RepeatedKey",
    "RequestsInside",
    "SeenSystem",
    "incident_is_described",
    "maintenance_is_told",
    "overload_is_told",
    "repetition_is_safe",
    "silence_is_waited_for",
    "status_is_true",
]

SCREENSHOTS: Final[tuple[FileFormat, ...]] = ("png", "jpg")
"""Formats of a picture of the screen (OPS-06, SUP-04)."""

_ERROR_CODE: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)
_FARTHEST: Final = dt.timedelta(days=366)  # assumption: of the end of works that are planned


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedKey:
    """A submission under an idempotency key that was used before: whether it is of the same
    content."""

    same_content: bool
    field: str = "idempotency_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSystem:
    """A system that somebody's request depends on, by its title (None: it is not known which),
    and whether it has answered with sense."""

    title: Text | None
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DuringMaintenance:
    """Something to do or to show: whether it stays open during maintenance, and the end of
    what goes on now (None: nothing does)."""

    stays_open: bool
    until: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMaintenance:
    """Maintenance as it is planned, at the moment `now`."""

    start: dt.datetime
    end: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsInside:
    """How many requests are worked on or wait, before one more, and how many may."""

    inside: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRate:
    """How many requests a client may send at once now, and how soon one more (seconds, whole)."""

    left: float
    next_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClaim:
    """A report of a failure as it was typed: when it happened (None: not said, or not a moment),
    the error code, what the screenshot is by its content (None: there is none, or of no known
    format); `now` is when the report comes."""

    happened_at: dt.datetime | None
    error_code: str
    screenshot: FileFormat | None
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSystem:
    """A system as the portal's latest calls have seen it."""

    id: str
    title: Text
    answers: bool


@rule("OPS-01")
def repetition_is_safe(claim: RepeatedKey, policy: Policy) -> Iterator[Found]:
    """A key stands for one submission: of another content it is no repetition."""
    if not claim.same_content:
        yield Found(
            claim.field,
            Text("этот ключ уже дан другому содержанию", "this key was given to another content"),
        )


@rule("OPS-02")
def silence_is_waited_for(claim: AskedSystem, policy: Policy) -> Iterator[Found]:
    """A system that does not answer refuses nothing: one comes again."""
    if not claim.answers:
        yield Found("", claim.title)


@rule("OPS-03")
def maintenance_is_told(
    claim: DuringMaintenance | PlannedMaintenance, policy: Policy
) -> Iterator[Found]:
    """During maintenance only what stays open can be done, and its end is told."""
    if isinstance(claim, DuringMaintenance):
        if claim.until is not None and not claim.stays_open:
            yield Found("", _until(claim.until))
        return
    if claim.end <= max(claim.start, claim.now):
        yield Found("end", Text("окончание уже прошло", "the end is in the past"))
    elif claim.end - claim.now > _FARTHEST:
        yield Found("end", Text("до окончания больше года", "the end is more than a year ahead"))


@rule("OPS-05")
def overload_is_told(claim: RequestsInside | ClientRate, policy: Policy) -> Iterator[Found]:
    """One request more than can be taken is refused at once, with the time to come again."""
    match claim:
        case RequestsInside():
            if claim.inside >= claim.most:
                yield Found("", Text("запросов слишком много", "too many requests wait"))
        case ClientRate():
            if claim.left < 1.0:
                yield Found("", Text(f"через {claim.next_s} с", f"in {claim.next_s} s"))


@rule("OPS-06")
def incident_is_described(claim: IncidentClaim, policy: Policy) -> Iterator[Found]:
    """When, with which code, and how it looked."""
    if claim.happened_at is None:
        yield Found("happened_at", Text("времени нет", "there is no time"))
    elif claim.happened_at > claim.now:
        yield Found("happened_at", Text("время ещё не наступило", "the time has not come yet"))
    if not _ERROR_CODE.fullmatch(claim.error_code):
        yield Found("error_code")
    if claim.screenshot not in SCREENSHOTS:
        said = claim.screenshot or "—"
        yield Found(
            "screenshot", Text(f"«{said}», а нужен снимок PNG или JPG", f"«{said}», no PNG or JPG")
        )


@rule("OPS-07")
def status_is_true(claim: SeenSystem, policy: Policy) -> Iterator[Found]:
    """What is shown is true but while a system fails: then it may lag, and people are told."""
    if not claim.answers:
        yield Found(claim.id, claim.title)


def _until(end: dt.datetime) -> Text:
    return Text(f"до {end:%d.%m.%Y %H:%M}", f"until {end:%Y-%m-%d %H:%M}")
