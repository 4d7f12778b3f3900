"""The work of certification authorities: from an application to a certificate (CERT-13)."""

import datetime as dt
from typing import Final

from mocks.ca.applications import PRICE_KOPECKS, STATES, Issue
from mocks.ca.decision import reasons_to_refuse
from mocks.ca.subjects import subject_for
from mocks.case_work.cases import Case, Docket
from mocks.case_work.terms import day_after, last_moment
from mocks.case_work.work import Works
from mocks.core.http import Refusal
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.pki.issued import Issued, IssuerKey
from mocks.pki.terms import end_of_term
from signatures.certificates import Request
from signatures.keys import derived_key
from world.certificate_profiles import LIFETIME_DAYS
from world.identifiers import legal_inn
from world.records import Organization, Person

__all__ = ["MOST_FAILURES", "SERVICE", "STEP_DAYS", "Issuing"]

SERVICE: Final = "ca"

STEP_DAYS: Final = 30
"""Assumption: so long an application waits for what is the applicant's to do."""

CHECK_WORKING_DAYS: Final = 5
"""63-ФЗ, art. 18, part 2.2 gives the registries five days to answer the authority."""

MOST_FAILURES: Final = 3
"""Failed identifications, after which it is refused; assumption."""

_SERIAL_BITS: Final = 63  # positive, as some readers take numbers


class Issuing:
    """A tenant's applications for certificates and the work on them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._works = Works(tenant, SERVICE)
        self._authorities = tenant.state(Authorities)
        self._cases: dict[tuple[IssuerKey, int], Case[Issue]] = {}
        self.docket: Docket[Issue] = Docket("CERT", STATES, on_drop=self._drop)

    # --- steps

    def check_set(self, case: Case[Issue], call: Call) -> None:
        """Take a complete set of documents into the check, or tell what is missing."""
        issue, now_us = case.subject, call.now_us
        organization = self.organization(case)
        head = self._tenant.records.person(organization.head.person)
        required = issue.required(organization.kind, head.snils == issue.representative)
        formats = self._tenant.policy.texts("DOC-03.formats")
        issue.missing = issue.documents.missing(required, formats)
        if issue.missing:
            due_us = case.due_us if case.state == "awaiting_documents" else None
            due_us = due_us or self._step_due(now_us)
            case.move("awaiting_documents", now_us, "Комплект документов неполон", due_us)
            self._lapse_after(case, due_us)
            return
        due_us = self._tenant.clock.calendar.deadline_working_days(now_us, CHECK_WORKING_DAYS)
        case.move("in_check", now_us, "Документы приняты", due_us)
        if not call.hit("lost_case"):
            self._works.on(case, self._decide).begin_surely(now_us)

    def pay(self, case: Case[Issue], payment: str, kopecks: int, now_us: int) -> None:
        """Note a payment; Refusal 409 for a second one, 422 for another sum."""
        if case.subject.payment == payment:
            return
        case.require("awaiting_payment")
        if kopecks != PRICE_KOPECKS:
            message = f"К оплате {PRICE_KOPECKS} копеек, а не {kopecks}"
            raise Refusal(422, "wrong-sum", message, field="kopecks")
        case.subject.payment = payment
        self._await(case, "awaiting_identification", "Оплачено", now_us)

    def identify(self, case: Case[Issue], method: str, failure: str | None, now_us: int) -> None:
        """Issue the certificate for an identified representative; Refusal 422 for another one."""
        issue = case.subject
        if failure is None:
            issue.identified_by = method
            self._issue(case, now_us)
            return
        issue.failed_identifications += 1
        if issue.failed_identifications >= MOST_FAILURES:
            issue.reasons = [{"code": "not_identified", "text": failure}]
            case.move("refused", now_us, failure)
        raise Refusal(422, "identification-failed", f"Идентификация не пройдена: {failure}")

    def organization(self, case: Case[Issue]) -> Organization:
        """Whose application it is; Refusal 404 if a test has taken back what it added."""
        found = self._tenant.records.organization_by_inn(case.inn)
        if found is None:
            raise Refusal(404, "no-such-organization", f"ИНН {case.inn} нет в реестрах")
        return found

    def signer(self, case: Case[Issue]) -> Person:
        """Who will sign; Refusal 404 as above."""
        found = self._tenant.records.person_by_snils(case.subject.representative)
        if found is None:
            message = f"СНИЛС {case.subject.representative} никому не выдан"
            raise Refusal(404, "no-such-person", message)
        return found

    def case_of(self, issued: Issued) -> Case[Issue] | None:
        """The application that has led to a certificate, if one has."""
        return self._cases.get((issued.issuer, issued.serial))

    # --- inside

    def _drop(self, case: Case[Issue]) -> None:
        self._works.drop(case)
        issued = case.subject.issued
        if issued is not None:
            self._cases.pop((issued.issuer, issued.serial), None)

    def _decide(self, case: Case[Issue], now_us: int) -> None:
        issue, records = case.subject, self._tenant.records
        organization = records.organization_by_inn(case.inn)
        head = None if organization is None else records.person(organization.head.person)
        signer = records.person_by_snils(issue.representative)
        issue.reasons = reasons_to_refuse(issue, organization, head, signer)
        if not issue.reasons and issue.false_refusal:
            text = "Сведения не подтверждены"
            issue.reasons = [{"code": "not_confirmed", "text": text}]
        if issue.reasons:
            case.move("refused", now_us, "; ".join(reason["text"] for reason in issue.reasons))
            return
        self._await(case, "awaiting_payment", "Сведения подтверждены", now_us)

    def _issue(self, case: Case[Issue], now_us: int) -> None:
        issue = case.subject
        organization, signer = self.organization(case), self.signer(case)
        if issue.spki is None:
            seed = self._tenant.records.world.seed
            issue.key = derived_key(issue.algorithm, f"application/{case.key}", seed)
        spki = issue.spki if issue.key is None else issue.key.spki
        not_before = self._tenant.clock.calendar.local(now_us)
        issue.issued = self._authorities.certify(
            issue.authority,
            issue.algorithm,
            Request(
                serial=1 + case.key.word("serial") % (2**_SERIAL_BITS - 1),
                subject=subject_for(organization, signer, self._written_inn(case, organization)),
                spki=spki or b"",
                not_before=not_before,
                not_after=end_of_term(not_before, dt.timedelta(days=LIFETIME_DAYS)),
            ),
        )
        self._cases[issue.issued.issuer, issue.issued.serial] = case
        case.move("issued", now_us, f"Сертификат {issue.issued.serial:x}")

    def _written_inn(self, case: Case[Issue], organization: Organization) -> str:
        """Its ИНН, under the fault `wrong_inn` the one with the next number."""
        if not case.subject.wrong_inn or organization.kind != "legal":
            return organization.inn
        payload = int(organization.inn[4:9])
        return legal_inn(f"{organization.inn[:4]}{(payload + 1) % 100_000:05}")

    def _await(self, case: Case[Issue], state: str, comment: str, now_us: int) -> None:
        due_us = self._step_due(now_us)
        case.move(state, now_us, comment, due_us)
        self._lapse_after(case, due_us)

    def _step_due(self, now_us: int) -> int:
        calendar = self._tenant.clock.calendar
        return last_moment(calendar, day_after(calendar, now_us, STEP_DAYS))

    def _lapse_after(self, case: Case[Issue], due_us: int) -> None:
        state = case.state

        def lapse(late: Case[Issue], now_us: int) -> None:
            if late.state == state and late.due_us == due_us:
                late.move("lapsed", now_us, "Шаг в срок не сделан")

        self.docket.plan(self._tenant.agenda, due_us + 1, case, lapse)
