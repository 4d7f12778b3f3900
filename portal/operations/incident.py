"""Reports of failures: what the staff needs to find the cause, asked for at once (OPS-06)."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from portal.documents.stored_document import StoredDocument, content_of, document_seen
from portal.listed import latest_part, listed
from portal.rules.operations import IncidentClaim, incident_is_described
from portal.store.derived_id import derived_id
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case, view
from world.file_formats import FileFormat

__all__ = ["Incident", "IncidentQuery", "IncidentReport", "IncidentsQuery"]

_ALL: Final = "waiting"
"""The list of all; called so in databases that are kept."""


@dataclass(frozen=True, kw_only=True)
class Incident(Entity):
    """A failure that `account` has met: `error_code` is the request's id, or the code that the
    portal's answer bore; `screenshot` is the id of an uploaded document."""

    KIND: ClassVar[str] = "incident"

    account: str
    happened_at: dt.datetime
    error_code: str
    screenshot: str
    description: str
    reported_at: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """In the list of all and that of its code."""
        return {
            "listed": listed(_ALL, self.reported_at, self.id),
            "listed_by_code": listed(derived_id(self.error_code), self.reported_at, self.id),
        }


@dataclass(frozen=True, kw_only=True)
class IncidentReport:
    """When it happened (ISO 8601; in the portal's zone without an offset), the `request_id` or
    `code` of the answer, the id of an uploaded document: a screenshot in PNG or JPG."""

    happened_at: str = ""
    error_code: str = ""
    screenshot: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentQuery:
    """One report."""

    incident: str


@dataclass(frozen=True, kw_only=True)
class IncidentsQuery:
    """All of them, or those with one code."""

    error_code: str = ""


@use_case(IncidentReport)
def report_incident(context: Context, form: IncidentReport) -> Outcome:
    """Tell of a failure; whatever is missing is named at once (OPS-06)."""
    happened_at = _moment(form.happened_at, context.now)
    screenshot = document_seen(context, form.screenshot) if form.screenshot else None
    claim = IncidentClaim(
        happened_at=happened_at,
        error_code=form.error_code,
        screenshot=None if screenshot is None else _picture_in(screenshot),
        now=context.now,
    )
    violations = incident_is_described(claim, context.policy)
    if violations or happened_at is None or screenshot is None:
        return refused(violations)
    incident = context.unit.put(
        Incident(
            id=context.portal.ports.entropy.token("incident"),
            account=context.actor.account or "",
            happened_at=happened_at,
            error_code=form.error_code,
            screenshot=screenshot.id,
            description=form.description,
            reported_at=context.now,
        )
    )
    context.note("report_incident", incident.id, "reported", error_code=incident.error_code)
    return Outcome(state="reported", data={"incident": incident.id})


@view(IncidentsQuery, signed_in=False, staff=True, in_parts=True)
def incidents(context: Context, query: IncidentsQuery) -> Outcome:
    """Failures that people have met, the latest report first."""
    if query.error_code:
        code = derived_id(query.error_code)  # what was typed may have spaces
        found, following = latest_part(context, Incident, "listed_by_code", code)
    else:
        found, following = latest_part(context, Incident, "listed", _ALL)
    items = [_shown(context, each) for each in found]
    return Outcome(state="shown", data={"items": items}, following=following)


@view(IncidentQuery, signed_in=False, staff=True)
def incident(context: Context, query: IncidentQuery) -> Outcome:
    """One report with its screenshot in Base64; none while the antivirus has not passed it."""
    found = context.unit.get(Incident, query.incident)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    document = context.unit.get(StoredDocument, found.screenshot)
    content = None
    if document is not None and document.status == "ready":
        content = content_of(context, document)
    return Outcome(
        state="shown",
        data={
            **_shown(context, found),
            "file_name": None if document is None else document.file_name,
            "content": None if content is None else base64.b64encode(content).decode(),
        },
    )


def _shown(context: Context, found: Incident) -> dict[str, Any]:
    zone = context.now.tzinfo
    return {
        "incident": found.id,
        "account": found.account,
        "happened_at": found.happened_at.astimezone(zone).isoformat(),
        "error_code": found.error_code,
        "screenshot": found.screenshot,
        "description": found.description,
        "reported_at": found.reported_at.astimezone(zone).isoformat(),
    }


def _picture_in(document: StoredDocument) -> FileFormat | None:
    """What a document is by its content; a blocked one is nothing."""
    return None if document.status == "blocked" else document.file_format


def _moment(text: str, now: dt.datetime) -> dt.datetime | None:
    """The moment that is written, in the zone of `now`; None if there is none, or none that all
    zones can tell."""
    try:
        moment = dt.datetime.fromisoformat(text)
        known = moment.replace(tzinfo=now.tzinfo) if moment.tzinfo is None else moment
        return known.astimezone(dt.UTC).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None
