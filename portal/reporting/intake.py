"""What the agency says to a report: its states come with papers, which go to the cabinet
(APP-07)."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portal.documents.made_document import keep_issued_document
from portal.events import Event, publish
from portal.organizations.organization import Organization
from portal.ports.reporting import FiledReport, IntakeState, ReportNotTaken, ReportView
from portal.ports.unavailable import Unavailable
from portal.reporting.report import REPORT_STATES, ReportSignature, ReportVersion
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["sent_to_agency"]

_LOOKS: Final = dt.timedelta(hours=1)  # assumption: how often the agency is asked
_AGENCY: Final = "fns"
_PAPERS: Final[Mapping[str, IntakeState]] = {
    "filing_certificate": "sent",
    "acceptance_act": "accepted",
}
"""Documents of the cabinet, and the states whose papers they are."""


def sent_to_agency(
    context: Context, organization: Organization, version: ReportVersion
) -> ReportVersion:
    """The version as the agency has taken it in; if it is silent, it is sent again later."""
    _move(context, version)
    try:
        return _followed(context, version, _sent(context, organization, version))
    except ReportNotTaken as why:
        return _ended(context, version, why)
    except Unavailable:
        schedule(context.unit, "watch_report", version.id, context.now + _LOOKS)
        return context.unit.put(version)


@task
def watch_report(context: Context, planned: Task) -> None:
    """Send a report that did not go, or ask how far it has come; Unavailable plans it again."""
    version = context.unit.get(ReportVersion, planned.subject)
    if version is None:
        return
    if version.agency_number:
        told = context.portal.ports.reporting.view(version.agency_number)
        _followed(context, version, told)
        return
    organization = context.unit.get(Organization, version.organization)
    if organization is None:
        return
    try:
        _followed(context, version, _sent(context, organization, version))
    except ReportNotTaken as why:
        _ended(context, version, why)


# --- inside


def _sent(context: Context, organization: Organization, version: ReportVersion) -> ReportView:
    signed = context.unit.get(ReportSignature, version.id)
    report = FiledReport(
        inn=organization.requisites.inn,
        ogrn=organization.requisites.ogrn,
        kind=version.kind,
        period_code=version.period_code,
        year=version.year,
        correction=version.correction,
        lines=version.lines,
        operations=[(each.day, each.kopecks) for each in version.operations],
        signature=base64.b64decode("" if signed is None else signed.signature),
    )
    return context.portal.ports.reporting.file(version.id, report)


def _followed(context: Context, version: ReportVersion, told: ReportView) -> ReportVersion:
    """The version as the agency shows it, with the papers that have come since."""
    after = replace(version, agency_number=told.number)
    if told.state != version.state:
        after = replace(
            after,
            state=REPORT_STATES.after(version.state, told.state),
            due=told.due,
            errors=tuple(told.errors),
        )
    after = context.unit.put(replace(after, papers=_papers(context, after)))
    if after.state != version.state:
        _move(context, after)
    is_whole = after.state == "entered" and after.papers.keys() == _PAPERS.keys()
    if after.state != "refused" and not is_whole:
        schedule(context.unit, "watch_report", after.id, context.now + _LOOKS)
    return after


def _papers(context: Context, version: ReportVersion) -> dict[str, str]:
    """The documents of a version by what they are: those there are, and those that have come. One
    that cannot be had now is asked for next time."""
    kept = dict(version.papers)
    for document_type, state in _PAPERS.items():
        if document_type in kept or not _has_reached(version, state):
            continue
        try:
            content = context.portal.ports.reporting.paper(version.agency_number, state)
        except Unavailable:
            continue
        document = keep_issued_document(
            context,
            owner=version.author,
            organization=version.organization,
            document_type=document_type,
            content=content,
        )
        kept[document_type] = document.id
    return kept


def _has_reached(version: ReportVersion, state: IntakeState) -> bool:
    return state == "sent" or version.is_taken  # of the other papers none is kept


def _ended(context: Context, version: ReportVersion, why: ReportNotTaken) -> ReportVersion:
    """The agency does not even take it in."""
    refused = replace(
        version,
        state=REPORT_STATES.after(version.state, "refused"),
        due=None,
        errors=(why.why,),
    )
    _move(context, refused)
    return context.unit.put(refused)


def _move(context: Context, version: ReportVersion) -> None:
    """Note a change and tell everybody who listens."""
    title = REPORT_STATES.titles[version.state]
    context.note("file_report", version.organization, version.state, version=version.id)
    publish(
        context,
        Event(
            id=f"report/{version.id}/{version.state}",
            organization=version.organization,
            kind="application",
            agency=_AGENCY,
            subject=version.id,
            title=f"Отчёт {version.number}: {title.lower()}",
            text="; ".join((version.title, *version.errors)),
            details={"number": version.number, "kind": version.kind, "state": version.state},
            is_critical=version.state == "refused",
            at=context.now,
        ),
    )
