"""Intake of reports by ФНС: what is filed, how it is controlled, which papers answer (APP-07).

Papers and terms are those of the electronic exchange of ФНС: a confirmation of the sending at
once, a notice of receipt within 4 hours, then the acceptance receipt within a working day or a
refusal in 6 to 12 hours, then the notice of entry within two working days of the receipt. The
signature must be there; whether it holds is the business of the portal's own check.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from mocks.case_work.applicants import check_numbers
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.filing import filed
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.fns.audits import Audits
from mocks.fns.report_forms import FORMS, Report, content_errors
from world.file_formats import file_content
from world.microseconds import DAY_US, HOUR_US
from world.records import Organization
from world.reporting_periods import period_days

__all__ = ["LATE_RECEIPT", "Reports", "file_report", "show_paper", "show_report"]

LATE_RECEIPT: Final = "late_receipt"

_DELIVERED_WITHIN_US: Final = 4 * HOUR_US
_REFUSED_FROM_US, _REFUSED_TO_US = 6 * HOUR_US, 12 * HOUR_US
_ACCEPTED_WORKING_DAYS: Final = 1
_ENTERED_WORKING_DAYS: Final = 2
_LATE_US: Final = DAY_US  # assumption: a paper that is late comes a day later
_MOST_ERRORS: Final = 20  # told of one report

TABLE: Final = StateTable(
    titles={
        "sent": "Отправлен",
        "delivered": "Получен инспекцией",
        "accepted": "Принят",
        "refused": "Отказано в приёме",
        "entered": "Обработан",
    },
    follows={
        "sent": frozenset({"delivered"}),
        "delivered": frozenset({"accepted", "refused"}),
        "accepted": frozenset({"entered"}),
        "refused": frozenset(),
        "entered": frozenset(),
    },
)

PAPERS: Final = {
    "sent": "Подтверждение даты отправки",
    "delivered": "Извещение о получении электронного документа",
    "accepted": "Квитанция о приёме (КНД 1166002)",
    "refused": "Уведомление об отказе в приёме",
    "entered": "Извещение о вводе (КНД 1166007)",
}
"""The paper that comes with each state."""


@dataclass(eq=False)
class Intake:
    """What is kept of a report, and what was found wrong in it."""

    ogrn: str
    form: str
    period_code: str
    year: int
    correction: int
    errors: tuple[str, ...]
    late: bool = False

    @classmethod
    def of(cls, report: Report, today: dt.date) -> "Intake":
        """The report without its figures, which are controlled now."""
        errors = tuple(content_errors(report, today)[:_MOST_ERRORS])
        return cls(
            report.ogrn, report.form, report.period_code, report.year, report.correction, errors
        )

    @property
    def subject(self) -> tuple[str, str, int]:
        """Form and period: one primary report is taken of each."""
        return self.form, self.period_code, self.year


class Reports:
    """The reports of a tenant's organizations; the latest ones are kept."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.docket: Docket[Intake] = Docket("REPORT", TABLE)

    def open(self, call: Call, report: Report) -> Case[Intake]:
        """Take `report` in."""
        intake = Intake.of(report, call.tenant.clock.calendar.date(call.now_us))
        due_us = call.now_us + _DELIVERED_WITHIN_US
        case = self.docket.open(call, report, intake, PAPERS["sent"], due_us)
        delivered_us = call.now_us + _part(_DELIVERED_WITHIN_US, call.key.uniform("delivery"))
        self._then(case, "delivered", delivered_us)
        return case

    def view(self, case: Case[Intake]) -> dict[str, Any]:
        """The report as answers show it; its errors are told with the refusal."""
        report = case.subject
        return {
            **case.view(self._tenant, self._tenant.now_us),
            "form": report.form,
            "form_number": FORMS[report.form].number,
            "period_code": report.period_code,
            "year": report.year,
            "correction": report.correction,
            "errors": list(report.errors) if case.state == "refused" else [],
            "papers": [step.state for step in case.history],
        }

    def paper(self, case: Case[Intake], state: str) -> bytes:
        """The PDF that came with `state`; Refusal 404 if it has not come."""
        step = next((step for step in case.history if step.state == state), None)
        if step is None:
            raise Refusal(404, "no-such-paper", f"По отчёту {case.number} такого документа нет")
        report = case.subject
        lines = [
            PAPERS[state],
            f"Отчёт {case.number}: {report.form}, форма {FORMS[report.form].number}",
            f"Период {report.period_code} {report.year} года, корректировка {report.correction}",
            f"ИНН {case.inn}, ОГРН {report.ogrn}",
            moment(self._tenant, step.at_us),
        ]
        errors = report.errors if state == "refused" else ()
        return file_content("pdf", [*lines, *errors])

    # --- what happens by itself

    def _then(self, case: Case[Intake], state: str, at_us: int) -> None:
        def happen(case: Case[Intake], now_us: int) -> None:
            if state == "accepted" and self._is_late(case):
                self._then(case, state, now_us + _LATE_US)
                return
            case.move(state, now_us, PAPERS[state], self._due_us(case, state, now_us))
            self._tell(case, now_us)
            self._go_on(case, now_us)

        self.docket.plan(self._tenant.agenda, at_us, case, happen)

    def _is_late(self, case: Case[Intake]) -> bool:
        """Whether the receipt waits a day more, which happens once."""
        if not case.subject.late and self._tenant.hit(LATE_RECEIPT, "fns", case.key):
            case.subject.late = True
            return True
        return False

    def _due_us(self, case: Case[Intake], state: str, now_us: int) -> int | None:
        """When the paper after that of `state` is due."""
        terms = {
            "delivered": (case.history[0].at_us, _ACCEPTED_WORKING_DAYS),
            "accepted": (now_us, _ENTERED_WORKING_DAYS),
        }
        if state not in terms:
            return None
        return self._tenant.clock.calendar.deadline_working_days(*terms[state])

    def _go_on(self, case: Case[Intake], now_us: int) -> None:
        due_us = case.due_us or now_us
        if case.state == "delivered":
            case.subject.errors += tuple(self._control(case))
            if case.subject.errors:
                wait_us = _part(_REFUSED_TO_US - _REFUSED_FROM_US, case.key.uniform("refusal"))
                self._then(case, "refused", case.history[0].at_us + _REFUSED_FROM_US + wait_us)
            else:
                wait_us = _part(due_us - now_us, case.key.uniform("acceptance"))
                self._then(case, "accepted", now_us + wait_us)
        elif case.state == "accepted":
            self._begin_audit(case, now_us)
            wait_us = _part(due_us - now_us, case.key.uniform("entry"))
            self._then(case, "entered", now_us + wait_us)

    def _begin_audit(self, case: Case[Intake], now_us: int) -> None:
        report = case.subject
        months = FORMS[report.form].audit_months
        if months is not None:
            subject = f"{report.form}, период {report.period_code} {report.year} года"
            audits = self._tenant.state(Audits)
            audits.begin(case.inn, case.number, subject, case.history[0].at_us, months, now_us)

    def _control(self, case: Case[Intake]) -> list[str]:
        """Reasons to refuse that the registers give."""
        organization = self._tenant.records.organization_by_inn(case.inn)
        return [
            *_taxpayer_errors(organization, case.subject),
            *_sequence_errors(case.subject, self._corrections_taken(case)),
        ]

    def _corrections_taken(self, case: Case[Intake]) -> set[int]:
        """Numbers of corrections of the same report that are accepted, or will be."""
        return {
            other.subject.correction
            for other in self.docket.of(case.inn)
            if other is not case
            and other.subject.subject == case.subject.subject
            and other.state not in ("sent", "refused")
            and not other.subject.errors
        }

    def _tell(self, case: Case[Intake], now_us: int) -> None:
        self._tenant.feed("fns").publish(
            f"{case.number}/{case.state}",
            {"kind": "report", "case": self.view(case)},
            case.key.about(case.state),
            now_us,
        )


def _taxpayer_errors(organization: Organization | None, report: Intake) -> list[str]:
    if organization is None or organization.ogrn != report.ogrn:
        return ["Налогоплательщик с такими ИНН и ОГРН не состоит на учёте"]
    if organization.standing == "liquidated":
        return ["Налогоплательщик снят с учёта: организация прекратила деятельность"]
    return []


def _sequence_errors(report: Intake, taken: set[int]) -> list[str]:
    if report.correction in taken:
        return [f"Отчёт с номером корректировки {report.correction} за этот период уже принят"]
    if report.correction and report.correction - 1 not in taken:
        return [f"Нет принятого отчёта с номером корректировки {report.correction - 1}"]
    return []


def _part(whole_us: int, share: float) -> int:
    return int(whole_us * share)


# --- handlers


def file_report(call: Call) -> Answer:
    """File a report; Refusal 422 for an unknown form, a period that the form does not have
    or wrong check digits."""
    report = call.request.read(Report)
    form = FORMS.get(report.form)
    if form is None or report.form not in call.tenant.policy.texts("APP-07.kinds"):
        message = f"Формы {report.form!r} нет; есть: {', '.join(FORMS)}"
        raise Refusal(422, "no-such-form", message, field="form")
    try:
        period_days(form.period, report.period_code, report.year)
    except KeyError:
        message = f"У формы «{report.form}» нет периода {report.period_code}"
        raise Refusal(422, "no-such-period", message, field="period_code") from None
    check_numbers(report.inn, report.ogrn)
    reports = call.tenant.state(Reports)
    return filed(reports.docket, report, lambda: reports.open(call, report), reports.view)


def show_report(call: Call) -> Answer:
    """How far a report has come."""
    reports = call.tenant.state(Reports)
    return json_answer(reports.view(reports.docket.case(call.values["number"])))


def show_paper(call: Call) -> Answer:
    """A paper about a report, as PDF."""
    reports = call.tenant.state(Reports)
    case = reports.docket.case(call.values["number"])
    return Answer(200, reports.paper(case, call.values["state"]), "application/pdf")
