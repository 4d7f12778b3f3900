"""The journal of a tenant: pages, queries, verification."""

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from mocks.admin.access import TheTenant
from mocks.admin.problems import NO_TENANT, ProblemError, named, refusals
from mocks.controls import PatternError, TenantControls
from mocks.core.journal import Entry, NotCalledSo, Outcome, Pattern

__all__ = ["router"]

router: Final = APIRouter(prefix="/tenants/{tenant}/journal", tags=["journal"])
_MOST: Final = 1_000  # entries of a page

After = Annotated[NonNegativeInt, Query(description="Only entries with larger numbers")]
Limit = Annotated[int, Field(ge=1, le=_MOST, description="Entries of a page at most")]


class Content(BaseModel):
    """A body: `text` if it is UTF-8, else `base64`; cut to 16 KB, while `size` is of the whole."""

    size: int
    text: str | None
    base64: str | None


class EntryView(BaseModel):
    """One request, and how it ended: `open` until then, `silent` and `reset` as the plan of faults
    had it, `refused` without a place in the queue, `abandoned` if the client left.

    `planned_us`: after how many µs of model time the answer was planned, waiting for a slot apart.
    `faults` are the ids of those that hit it, `draw` is the key of its random numbers.
    """

    number: int
    at: dt.datetime
    at_us: int
    service: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Content
    draw: str
    planned_us: int
    faults: list[str]
    outcome: Outcome
    status: int | None
    answer_headers: list[tuple[str, str]]
    answer_body: Content
    answer_sha256: str


class Page(BaseModel):
    """`entries`, oldest first; `next_after` asks for the following page, null if there is none.
    `forgotten`: how many of the oldest are no longer kept."""

    entries: list[EntryView]
    next_after: int | None
    forgotten: int


class JournalQuery(BaseModel):
    """Which calls, and how many at most; `pattern.after` turns the pages."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pattern": {"service": "egrul", "status": 503}, "limit": 20}]
        },
    )

    pattern: Pattern = Pattern()
    limit: Limit = 100


class Verification(BaseModel):
    """How often calls that `pattern` means must have come; once at least if nothing is said."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pattern": {"service": "mvd", "method": "POST"}, "times": 2}]
        },
    )

    pattern: Pattern
    times: NonNegativeInt | None = None
    at_least: NonNegativeInt | None = None
    at_most: NonNegativeInt | None = None


class ExactVerification(BaseModel):
    """`calls` to `services` (to all if null) in this order, and no others."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"calls": [{"service": "egrul"}, {"service": "mvd"}], "services": None}]
        },
    )

    calls: list[Pattern]
    services: list[str] | None = None


class Verified(BaseModel):
    """The numbers of the calls that were meant."""

    entries: list[int]


@router.get("", responses=refusals(_404=NO_TENANT, _422="A parameter is wrong"))
async def read_journal(tenant: TheTenant, after: After = 0, limit: Limit = 100) -> Page:
    """The journal page by page."""
    return _page(tenant, Pattern(after=after), limit)


@router.post("/query", responses=refusals(_404=NO_TENANT, _422="A field is wrong"))
async def query_journal(tenant: TheTenant, query: JournalQuery) -> Page:
    """The calls that a pattern means, page by page."""
    return _page(tenant, query.pattern, query.limit)


@router.post(
    "/verify",
    responses=refusals(_404=NO_TENANT, _409="Called otherwise", _422="A field is wrong"),
)
async def verify_journal(tenant: TheTenant, wanted: Verification) -> Verified:
    """Whether calls came as often as they must have; 409 shows what came instead."""
    try:
        found = tenant.journal.verify(
            wanted.pattern, times=wanted.times, at_least=wanted.at_least, at_most=wanted.at_most
        )
    except PatternError as error:
        raise named(error, "pattern") from None
    except NotCalledSo as error:
        raise ProblemError(409, "not-called-so", str(error)) from None
    return _verified(found)


@router.post(
    "/verify-exactly",
    responses=refusals(_404=NO_TENANT, _409="Called otherwise", _422="A field is wrong"),
)
async def verify_journal_exactly(tenant: TheTenant, wanted: ExactVerification) -> Verified:
    """Whether exactly these calls came, in this order; 409 shows what came instead."""
    try:
        return _verified(tenant.journal.verify_exactly(wanted.calls, wanted.services))
    except PatternError as error:
        raise named(error) from None
    except NotCalledSo as error:
        raise ProblemError(409, "not-called-so", str(error)) from None


@router.delete("", status_code=204, responses=refusals(_404=NO_TENANT))
async def clear_journal(tenant: TheTenant) -> None:
    """Forget all entries; numbers go on."""
    tenant.journal.clear()


def _page(tenant: TenantControls, pattern: Pattern, limit: int) -> Page:
    try:
        found = tenant.journal.find(pattern)
    except PatternError as error:
        raise named(error, "pattern") from None
    calendar = tenant.state.clock.calendar
    shown = found[:limit]
    return Page(
        entries=[_view(entry, calendar.local(entry.at_us)) for entry in shown],
        next_after=shown[-1].number if len(found) > limit else None,
        forgotten=tenant.journal.forgotten,
    )


def _view(entry: Entry, at: dt.datetime) -> EntryView:
    return EntryView(
        number=entry.number,
        at=at,
        at_us=entry.at_us,
        service=entry.service,
        method=entry.method,
        path=entry.path,
        query=entry.query,
        headers=dict(entry.headers),
        body=_content(entry.body, entry.body_size),
        draw=entry.draw,
        planned_us=entry.planned_us,
        faults=list(entry.faults),
        outcome=entry.outcome,
        status=entry.status,
        answer_headers=list(entry.answer_headers),
        answer_body=_content(entry.answer_body, entry.answer_size),
        answer_sha256=entry.answer_sha256,
    )


def _content(body: bytes, size: int) -> Content:
    try:
        return Content(size=size, text=body.decode(), base64=None)
    except UnicodeDecodeError:
        return Content(size=size, text=None, base64=base64.b64encode(body).decode())


def _verified(entries: Sequence[Entry]) -> Verified:
    return Verified(entries=[entry.number for entry in entries])
