"""A report is prepared, checked, signed and filed; a corrected one likewise (APP-07, APP-08)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import Base64Bytes

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.activation.services import unfit_for_service
from portal.certificates.acting import signer_of
from portal.certificates.signature_check import checked_signature, refused_or_later
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import own_or_absent
from portal.organizations.rights import rights_in
from portal.reporting.intake import sent_to_agency
from portal.reporting.kinds import open_until, period_of
from portal.reporting.report import (
    REPORT_STATES,
    Operation,
    ReportSignature,
    ReportVersion,
    report_id,
    versions_of,
)
from portal.rules import reporting as rules
from portal.rules.reporting import CorrectedReport, ReportClaim
from portal.rules.rights import SUBMIT_REPORTS
from portal.rules.roles import OwnedThing, own_things_only
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["ReportForm", "SignedReport", "file_report", "prepare_report"]

_SERVICE: Final = "report"
_TERM: Final = 1  # working days until the receipt, while the agency has not said


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A report: its kind of APP-07, the code of its period and the year, lines (kopecks by code;
    null is a field left empty), operations that it rests on."""

    organization: str
    kind: str
    period_code: str
    year: int
    lines: Mapping[str, int | None]
    operations: tuple[Operation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignedReport:
    """A prepared version and the organization's qualified signature: CMS over its text."""

    organization: str
    report_version: str
    signature: Base64Bytes = b""


@use_case(ReportForm)
@in_organization(SUBMIT_REPORTS)
def prepare_report(context: Context, form: ReportForm, found: Organization) -> Outcome:
    """Check a report and keep it as the version that is to be signed; one of one's own that was
    prepared and not signed gives way to it (ROLE-11)."""
    closed = unfit_for_service(context, found, _SERVICE)
    if closed:
        return noted_refusal(context, found.id, refused(closed, "forbidden"))
    report = report_id(found.id, form.kind, form.period_code, form.year)
    versions = versions_of(context, report)
    filed = [each for each in versions if each.state != "draft"]
    draft = next((each for each in versions if each.state == "draft"), None)
    violations = (
        *_colleagues_draft(context, found, draft),
        *_wrong_form(context, form),
        *_too_late(context, form.kind, form.period_code, form.year, filed),
    )
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    place = len(filed) + 1
    prepared = context.unit.put(
        ReportVersion(
            id=f"{report}-{place}",
            version=0 if draft is None else draft.version,
            report=report,
            organization=found.id,
            kind=form.kind,
            period_code=form.period_code,
            year=form.year,
            place=place,
            correction=sum(each.is_taken for each in filed),
            lines={code: value for code, value in form.lines.items() if value is not None},
            operations=form.operations,
            author=context.actor.account or "",
            prepared_at=context.now,
        )
    )
    context.note("prepare_report", found.id, "draft", version=prepared.id)
    return Outcome(state="draft", data={**prepared.shown(), "text": prepared.text})


@use_case(SignedReport)
@with_legal_force(by_signature)
@in_organization(SUBMIT_REPORTS)
def file_report(context: Context, form: SignedReport, found: Organization) -> Outcome:
    """File a prepared version under a number, with the term of its processing."""
    prepared = own_or_absent(
        context,
        found,
        context.unit.get(ReportVersion, form.report_version),
        area="reports",
        field="report_version",
        is_own=lambda version: version.author == context.actor.account,
    )
    if isinstance(prepared, Outcome):
        return prepared
    if prepared.state != "draft":  # filed already: nothing is sent twice
        return Outcome(state=prepared.state, data=prepared.shown())
    before = [each for each in versions_of(context, prepared.report) if each.id != prepared.id]
    violations = (
        *unfit_for_service(context, found, _SERVICE),
        *_wrong_version(context, prepared, is_signed=bool(form.signature)),
        *_too_late(context, prepared.kind, prepared.period_code, prepared.year, before),
    )
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    checked = checked_signature(context, form.signature, prepared.text.encode(), signer_of(found))
    if checked.violations:
        return noted_refusal(context, found.id, refused_or_later(checked.violations))
    signature = base64.b64encode(form.signature).decode()
    context.unit.put(ReportSignature(id=prepared.id, signature=signature))
    filed = sent_to_agency(context, _numbered(context, prepared))
    return Outcome(state=filed.state, data=filed.shown())


# --- inside


def _numbered(context: Context, prepared: ReportVersion) -> ReportVersion:
    calendar = context.portal.ports.clock.calendar
    digits = context.portal.ports.entropy.code("report_number", 8)
    due = calendar.deadline_working_days(calendar.instant(context.now), _TERM)
    return replace(
        prepared,
        state=REPORT_STATES.after(prepared.state, "sign"),
        number=f"R{context.now:%y%m%d}-{digits[:4]}-{digits[4:]}",
        filed_at=context.now,
        due=calendar.local(due),
    )


def _colleagues_draft(
    context: Context, found: Organization, draft: ReportVersion | None
) -> tuple[Violation, ...]:
    """Why a draft may not give way: it is a colleague's."""
    claim = OwnedThing(
        area="reports",
        is_own=draft is None or draft.author == context.actor.account,
        rights=rights_in(context, found.id),
        field="period_code",
    )
    return own_things_only(claim, context.policy)


def _wrong_form(context: Context, form: ReportForm) -> tuple[Violation, ...]:
    claim = ReportClaim(
        kind=form.kind,
        period=period_of(form.kind, form.period_code, form.year),
        today=context.now.date(),
        lines=form.lines,
        operations=[each.day for each in form.operations],
    )
    return rules.report_is_right(claim, context.policy)


def _wrong_version(
    context: Context, prepared: ReportVersion, *, is_signed: bool
) -> tuple[Violation, ...]:
    """The same of what was prepared, by the policy of now."""
    claim = ReportClaim(
        kind=prepared.kind,
        period=period_of(prepared.kind, prepared.period_code, prepared.year),
        today=context.now.date(),
        lines=prepared.lines,
        operations=[each.day for each in prepared.operations],
        is_signed=is_signed,
    )
    return rules.report_is_right(claim, context.policy)


def _too_late(
    context: Context, kind: str, code: str, year: int, before: list[ReportVersion]
) -> tuple[Violation, ...]:
    """What APP-08 says of another version after those that were filed before."""
    period = period_of(kind, code, year)
    is_correction = any(each.is_taken for each in before)
    if period is None or not before:
        return ()
    closes = open_until(context, kind, period[1]) if is_correction else None
    claim = CorrectedReport(
        is_under_way=any(each.is_under_way for each in before), open_until=closes, now=context.now
    )
    return rules.corrected_before_closing(claim, context.policy)
