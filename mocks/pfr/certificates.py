"""Certificates of registration as an insurer (APP-06, «регистрация в ПФР»)."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from mocks.case_work.applicants import Submission, organization_of
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.filing import filed
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.extracts.offices import insurer_number, pension_office
from world.documents import printed_date
from world.file_formats import file_content

__all__ = ["LATE_CERTIFICATE", "Certificates", "order", "show", "show_document"]

LATE_CERTIFICATE: Final = "late_certificate"

_WORKING_DAYS: Final = 3  # 167-ФЗ, art. 11, for the registration; assumption: the certificate too

TABLE: Final = StateTable(
    titles={
        "ordered": "Заявка принята",
        "issued": "Справка выдана",
        "refused": "Отказано в выдаче",
    },
    follows={
        "ordered": frozenset({"issued", "refused"}),
        "issued": frozenset(),
        "refused": frozenset(),
    },
)


class CertificateOrder(Submission):
    """Who needs the certificate, and what for."""

    purpose: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(eq=False)
class Certificate:
    """What the certificate is for, and its text once it is issued."""

    purpose: str
    lines: tuple[str, ...] = ()
    late: bool = False


class Certificates:
    """The certificates that a tenant's organizations have ordered."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.docket: Docket[Certificate] = Docket("CERT", TABLE)

    def order(self, call: Call, asked: CertificateOrder) -> Case[Certificate]:
        """Order a certificate; it is issued at the end of its term."""
        organization_of(call, asked.inn, asked.ogrn)
        due_us = self._term_us(call.now_us)
        case = self.docket.open(call, asked, Certificate(asked.purpose), due_us=due_us)
        self._issue_at(case, due_us)
        return case

    def view(self, case: Case[Certificate]) -> dict[str, Any]:
        """The order as answers show it."""
        return {
            **case.view(self._tenant, self._tenant.now_us),
            "purpose": case.subject.purpose,
        }

    def _term_us(self, now_us: int) -> int:
        return self._tenant.clock.calendar.deadline_working_days(now_us, _WORKING_DAYS)

    def _issue_at(self, case: Case[Certificate], at_us: int) -> None:
        self.docket.plan(self._tenant.agenda, at_us, case, self._issue)

    def _issue(self, case: Case[Certificate], now_us: int) -> None:
        if not case.subject.late and self._tenant.hit(LATE_CERTIFICATE, "pfr", case.key):
            case.subject.late = True
            self._issue_at(case, self._term_us(now_us))
            return
        organization = self._tenant.records.organization_by_inn(case.inn)
        if organization is None or organization.standing == "liquidated":
            case.move("refused", now_us, "Страхователь снят с учёта")
        else:
            number = insurer_number(organization)
            case.subject.lines = (
                f"Справка {case.number} о регистрации в качестве страхователя",
                organization.full_name,
                f"ИНН {organization.inn}, ОГРН {organization.ogrn}",
                f"Регистрационный номер {number}",
                pension_office(number)[1],
                f"Для представления: {case.subject.purpose}",
                f"Выдана {printed_date(self._tenant.clock.calendar.date(now_us))}",
            )
            case.move("issued", now_us)
        self._tenant.feed("pfr").publish(
            f"{case.number}/{case.state}",
            {"kind": "certificate", "case": self.view(case)},
            case.key.about(case.state),
            now_us,
        )


# --- handlers


def order(call: Call) -> Answer:
    """Order a certificate of registration."""
    asked = call.request.read(CertificateOrder)
    certificates = call.tenant.state(Certificates)
    docket = certificates.docket
    return filed(docket, asked, lambda: certificates.order(call, asked), certificates.view)


def show(call: Call) -> Answer:
    """What has become of an order."""
    certificates = call.tenant.state(Certificates)
    return json_answer(certificates.view(certificates.docket.case(call.values["number"])))


def show_document(call: Call) -> Answer:
    """The certificate as PDF; Refusal 409 until it is issued."""
    case = call.tenant.state(Certificates).docket.case(call.values["number"])
    case.require("issued")
    return Answer(200, file_content("pdf", case.subject.lines), "application/pdf")
