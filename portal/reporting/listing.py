"""Reports that were filed, with all their versions (APP-08)."""

from dataclasses import dataclass

from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.organizations.rights import rights_in, why_without
from portal.reporting.kinds import REPORT_KINDS
from portal.reporting.report import ReportVersion
from portal.rules.rights import FINANCIAL_REPORTS, VIEW_REPORTS
from portal.use_case import Context, Outcome, refused, view

__all__ = ["ReportVersionQuery", "ReportsQuery", "report_version", "reports"]


@dataclass(frozen=True, kw_only=True)
class ReportsQuery:
    """Versions of all reports of an organization, or of one `kind` or one `report` (its id)."""

    organization: str
    kind: str = ""
    report: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportVersionQuery:
    """One version, with its figures."""

    organization: str
    report_version: str


@view(ReportsQuery)
@in_organization(VIEW_REPORTS)
def reports(context: Context, query: ReportsQuery, found: Organization) -> Outcome:
    """Versions, the latest first."""
    kept = context.unit.find(ReportVersion, "organization", found.id)
    wanted = [
        each for each in kept if query.kind in ("", each.kind) and query.report in ("", each.report)
    ]
    wanted.sort(key=lambda each: (each.prepared_at, each.report, each.place), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown() for each in wanted]})


@view(ReportVersionQuery)
@in_organization(VIEW_REPORTS)
def report_version(context: Context, query: ReportVersionQuery, found: Organization) -> Outcome:
    """A version with its lines and operations, and the text that its signature is over; financial
    ones with the right `financial_reports` alone."""
    version = context.unit.get(ReportVersion, query.report_version)
    kept = of_organization(context, found, version, "report_version")
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    if REPORT_KINDS[kept.kind].financial and FINANCIAL_REPORTS not in rights_in(context, found.id):
        context.note("report_version", found.id, "forbidden", right=FINANCIAL_REPORTS)
        return refused(why_without(context, found.id, FINANCIAL_REPORTS), "forbidden")
    operations = [
        {"day": each.day.isoformat(), "kopecks": each.kopecks} for each in kept.operations
    ]
    figures = {"lines": dict(kept.lines), "operations": operations, "text": kept.text}
    return Outcome(state=kept.state, data={**kept.shown(), **figures})
