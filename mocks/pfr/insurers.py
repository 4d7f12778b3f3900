"""Verification of an organization as an insurer (VER-01, VER-07)."""

from typing import Annotated, ClassVar, Final

from pydantic import Field

from mocks.case_work.applicants import Submission
from mocks.case_work.verification import Remark, Verifications
from mocks.core.person_match import same_text
from mocks.core.records import Records
from mocks.extracts.offices import insurer_number
from world.records import Organization

__all__ = ["Insurer", "InsurerChecks", "insured_people"]


class Insurer(Submission):
    """What the organization says of itself as an insurer; `employees` counts insured people, the
    head of a legal entity included. What it leaves out is not compared."""

    full_name: Annotated[str, Field(min_length=1, max_length=1000)]
    insurer_number: Annotated[str, Field(pattern=r"^[0-9]{3}-[0-9]{3}-[0-9]{6}$")] | None = None
    employees: Annotated[int, Field(ge=0, lt=10**7)] | None = None


_MESSAGES: Final = {
    "ogrn": "ОГРН не совпадает с учётом страхователей",
    "full_name": "Наименование не совпадает с учётом страхователей",
    "insurer_number": "Регистрационный номер страхователя не совпадает с учётом",
    "employees": "Число застрахованных лиц не совпадает с представленными сведениями",
}


class InsurerChecks(Verifications[Insurer]):
    """Cases of ПФР: the data against the register of insurers."""

    service: ClassVar[str] = "pfr"
    prefix: ClassVar[str] = "PFR"
    texts: ClassVar[frozenset[str]] = frozenset({"full_name"})

    def remarks(self, data: Insurer) -> list[Remark]:
        """Discrepancies with the register of insurers, in the order of the form."""
        organization = self._tenant.records.organization_by_inn(data.inn)
        if organization is None:
            return [Remark("inn", "not_found", "Страхователя с таким ИНН нет на учёте")]
        if organization.standing == "liquidated":
            return [Remark("standing", "liquidated", "Страхователь снят с учёта")]
        same = {
            "ogrn": data.ogrn == organization.ogrn,
            "full_name": same_text(data.full_name, organization.full_name),
            "insurer_number": data.insurer_number in (None, insurer_number(organization)),
            "employees": data.employees
            in (None, insured_people(self._tenant.records, organization)),
        }
        return [
            Remark(name, "mismatch", _MESSAGES[name]) for name, agrees in same.items() if not agrees
        ]


def insured_people(records: Records, organization: Organization) -> int:
    """Everyone with a labour contract, and the head of a legal entity; an organization that a test
    has added has no contracts."""
    added = organization.index < 0
    contracts = () if added else records.world.employees_of(organization.index)
    return len(contracts) + (organization.kind == "legal")
