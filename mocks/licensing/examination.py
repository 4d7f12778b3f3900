"""The cases of a licensing body: from a checked set of documents to a decision."""

from typing import Final

from mocks.case_work.cases import Case, Docket
from mocks.case_work.terms import day_after, last_moment
from mocks.case_work.work import Works
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.licence_registry.registry import LicenceRegistry
from mocks.licensing.applications import STATES, Application
from mocks.licensing.decision import reasons_to_refuse
from mocks.licensing.kinds import requirements_of

__all__ = ["DECISION_WORKING_DAYS", "MENDING_DAYS", "SERVICE", "Licensing"]

SERVICE: Final = "licensing"

DECISION_WORKING_DAYS: Final = 45
"""99-ФЗ, art. 14, part 1: a decision at most so long after a complete set is accepted."""

MENDING_DAYS: Final = 30
"""99-ФЗ, art. 13, part 8: so long may an applicant mend what is missing."""


class Licensing:
    """A tenant's applications and the work on them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Application] = Docket("LIC", STATES, on_drop=self._works.drop)
        self.registry = tenant.state(LicenceRegistry)

    def check_set(self, case: Case[Application], call: Call) -> None:
        """Accept a complete set, or tell what is missing and until when it is awaited."""
        application, calendar = case.subject, self._tenant.clock.calendar
        now_us = call.now_us
        required = requirements_of(application.kind).documents
        formats = self._tenant.policy.texts("DOC-03.formats")
        application.missing = application.documents.missing(required, formats)
        if application.missing and application.renews is None:
            due_us = last_moment(calendar, day_after(calendar, now_us, MENDING_DAYS))
            if case.state == "awaiting_documents":
                due_us = case.due_us or due_us  # the term runs from the first notice
            case.move("awaiting_documents", now_us, "Комплект документов неполон", due_us)
            self.docket.plan(self._tenant.agenda, due_us + 1, case, self._return)
            return
        application.missing = []
        due_us = calendar.deadline_working_days(now_us, DECISION_WORKING_DAYS)
        case.move("in_examination", now_us, "Заявление и документы приняты", due_us)
        if not call.hit("lost_case"):
            self._works.on(case, self._decide).begin_surely(now_us)

    def _return(self, case: Case[Application], now_us: int) -> None:
        if case.state == "awaiting_documents":
            case.move("returned", now_us, "Недостающие документы в срок не представлены")

    def _decide(self, case: Case[Application], now_us: int) -> None:
        application, records = case.subject, self._tenant.records
        organization = records.organization_by_inn(case.inn)
        if organization is None:
            application.reasons = [{"code": "no_such_organization", "text": "ИНН нет в реестрах"}]
            case.move("refused", now_us, application.reasons[0]["text"])
            return
        head = records.person(organization.head.person)
        licences = self.registry.of_organization(organization)
        application.reasons = reasons_to_refuse(application, organization, head, licences)
        if not application.reasons and application.false_refusal:
            text = "Представленные сведения недостоверны"
            application.reasons = [{"code": "untrue_data", "text": text}]
        if application.reasons:
            texts = "; ".join(reason["text"] for reason in application.reasons)
            case.move("refused", now_us, texts)
            return
        renewed = next((one for one in licences if one.serial == application.renews), None)
        if renewed is not None and application.valid_until is not None:
            self.registry.extend(renewed, application.valid_until, now_us)
            licence = renewed
        else:
            licence = self.registry.grant(
                organization,
                application.kind,
                requirements_of(application.kind).codes,
                application.activity,
                application.valid_until,
                case.number,
                now_us,
            )
        application.licence = licence.serial
        case.move("granted", now_us, f"Лицензия {licence.number}")
