"""What the agency says to a report: its states come with papers, which go to the cabinet
(APP-07)."""

import base64
import datetime as dt
from dataclasses import replace
from typing import Final

from portal.agency_case import Course
from portal.documents.made_document import keep_issued_document
from portal.events import Event, publish
from portal.organizations.organization import kept_organization
from portal.ports.reporting import FiledReport, IntakeState, ReportNotTaken, ReportView
from portal.ports.unavailable import Unavailable
from portal.reporting.report import PAPERS, REPORT_STATES, ReportSignature, ReportVersion
from portal.tasks import Task
from portal.use_case import Context, task

__all__ = ["sent_to_agency"]

_LOOKS: Final = dt.timedelta(hours=1)  # assumption: how often the agency is asked
_AGENCY: Final = "fns"


def sent_to_agency(context: Context, version: ReportVersion) -> ReportVersion:
    """The version as the agency has taken it in; if it is silent, it is sent again later."""
    _tell(context, version)
    return _COURSE.begun(context, version)


@task
def watch_report(context: Context, planned: Task) -> None:
    """Send a report that did not go, or ask how far it has come; Unavailable plans it again."""
    _COURSE.watched(context, planned)


# --- inside


def _asked(context: Context, version: ReportVersion) -> ReportView:
    reporting = context.portal.ports.reporting
    if version.agency_number:
        return reporting.view(version.agency_number)
    try:
        return reporting.file(version.id, _filed(context, version))
    except ReportNotTaken as why:
        return ReportView(number="", state="refused", errors=(why.why,))


def _filed(context: Context, version: ReportVersion) -> FiledReport:
    requisites = kept_organization(context.unit, version.organization).requisites
    signed = context.unit.get(ReportSignature, version.id)
    return FiledReport(
        inn=requisites.inn,
        ogrn=requisites.ogrn,
        kind=version.kind,
        period_code=version.period_code,
        year=version.year,
        correction=version.correction,
        lines=version.lines,
        operations=[(each.day, each.kopecks) for each in version.operations],
        signature=base64.b64decode("" if signed is None else signed.signature),
    )


def _taken(context: Context, version: ReportVersion, told: ReportView) -> ReportVersion:
    """With the papers that have come since; an agency that has no number for it has none."""
    after = replace(version, agency_number=told.number, due=told.due, errors=tuple(told.errors))
    return replace(after, papers=_papers(context, after)) if told.number else after


def _papers(context: Context, version: ReportVersion) -> dict[str, str]:
    """The documents of a version by what they are: those there are, and those that have come. One
    that cannot be had now is asked for next time."""
    kept = dict(version.papers)
    for document_type, state in PAPERS.items():
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


def _tell(context: Context, version: ReportVersion) -> None:
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


_COURSE: Final = Course(
    kind=ReportVersion,
    states=REPORT_STATES,
    ask=_asked,
    take=_taken,
    tell=_tell,
    watch="watch_report",
    pause=_LOOKS,
)
