"""Expertises: samples of a product in, a protocol and perhaps a certificate out."""

from dataclasses import dataclass
from typing import Final

from mocks.case_work.applicants import in_force, standing_of
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.terms import years_after
from mocks.case_work.work import Works
from mocks.core.tenant import Tenant
from mocks.rosstandart.certificates import Certificates

__all__ = ["EXPERTISE_WORKING_DAYS", "SERVICE", "STATES", "Expertise", "Expertises"]

SERVICE: Final = "rosstandart"

EXPERTISE_WORKING_DAYS: Final = 20
"""Assumption: when a result is promised at the latest."""

SHARE_CONFORMING: Final = 0.85
"""Assumption: samples that meet the requirements."""

STATES: Final = StateTable(
    titles={
        "in_examination": "Образцы на экспертизе",
        "conforming": "Соответствует требованиям",
        "non_conforming": "Не соответствует требованиям",
        "rejected": "Отклонено без экспертизы",
    },
    follows={"in_examination": frozenset({"conforming", "non_conforming", "rejected"})},
)


@dataclass
class Expertise:
    """What a case is about; `certificate` is the id of what it led to."""

    product: str
    regulation: str
    years: int
    false_refusal: bool = False
    certificate: str | None = None
    declaration: str | None = None


class Expertises:
    """A tenant's expertises and its registry."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Expertise] = Docket("EXP", STATES, on_drop=self._works.drop)
        self.certificates = Certificates(tenant)

    def examine(self, case: Case[Expertise], now_us: int) -> None:
        """Take the samples in; Refusal 503 if there is no waiting place."""
        self._works.take_in(self.docket, case, self._decide, now_us)

    def _decide(self, case: Case[Expertise], now_us: int) -> None:
        expertise = case.subject
        organization = self._tenant.records.organization_by_inn(case.inn)
        if organization is None or not in_force(organization):
            case.move("rejected", now_us, f"Заявитель: {standing_of(organization)}")
            return
        if expertise.false_refusal or case.key.uniform("conforms") >= SHARE_CONFORMING:
            case.move("non_conforming", now_us, f"Не выполнены требования {expertise.regulation}")
            return
        certificate = self.certificates.issue(
            organization,
            "certificate",
            expertise.product,
            expertise.regulation,
            years_after(self._tenant.clock.calendar, now_us, expertise.years),
            case.number,
            now_us,
        )
        expertise.certificate = certificate.id
        case.move("conforming", now_us, f"Выдан сертификат {certificate.number}")
