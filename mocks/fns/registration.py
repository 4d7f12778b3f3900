"""Verification of an organization's registration data by ФНС (VER-01 to VER-10)."""

import datetime as dt
from typing import Annotated, ClassVar, Final

from pydantic import Field

from mocks.case_work.applicants import STANDINGS, Submission
from mocks.case_work.verification import Remark, Verifications
from mocks.core.person_match import NamePart, same_text
from world.records import Organization, Person

__all__ = ["Registration", "RegistrationChecks"]


class Registration(Submission):
    """The registration data that the portal sends for verification; money is in kopecks.

    A sole proprietor has no `kpp` and no `capital_kopecks`; the head is the person.
    """

    kpp: Annotated[str, Field(pattern=r"^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$")] | None = None
    full_name: Annotated[str, Field(min_length=1, max_length=1000)]
    address: Annotated[str, Field(min_length=1, max_length=1000)]
    registered: dt.date
    capital_kopecks: Annotated[int, Field(ge=0, lt=10**17)] | None = None
    head_last_name: NamePart
    head_first_name: NamePart
    head_patronymic: NamePart | None = None
    head_inn: Annotated[str, Field(pattern=r"^[0-9]{12}$")]


_MESSAGES: Final = {
    "ogrn": "ОГРН не совпадает с записью реестра",
    "kpp": "КПП не совпадает с записью реестра",
    "full_name": "Наименование не совпадает с записью реестра",
    "address": "Адрес не совпадает с записью реестра",
    "registered": "Дата регистрации не совпадает с записью реестра",
    "capital_kopecks": "Уставный капитал не совпадает с записью реестра",
    "head_inn": "ИНН руководителя не совпадает с записью реестра",
    "head_name": "ФИО руководителя не совпадает с записью реестра",
}


class RegistrationChecks(Verifications[Registration]):
    """Cases of ФНС: the data against ЕГРЮЛ or ЕГРИП."""

    service: ClassVar[str] = "fns"
    prefix: ClassVar[str] = "FNS"
    texts: ClassVar[frozenset[str]] = frozenset({"full_name", "address", "head_name"})

    def remarks(self, data: Registration) -> list[Remark]:
        """Discrepancies with the registry's record, in the order of the form."""
        records = self._tenant.records
        organization = records.organization_by_inn(data.inn)
        if organization is None:
            return [Remark("inn", "not_found", "Организации с таким ИНН нет в реестре")]
        head = records.person(organization.head.person)
        same = _agreement(data, organization, head)
        remarks = [
            Remark(name, "mismatch", _MESSAGES[name]) for name, agrees in same.items() if not agrees
        ]
        if organization.standing in ("liquidated", "unreliable"):  # REG-06
            message = f"Организация {STANDINGS[organization.standing]}"
            remarks.append(Remark("standing", organization.standing, message))
        return remarks


def _agreement(data: Registration, organization: Organization, head: Person) -> dict[str, bool]:
    return {
        "ogrn": data.ogrn == organization.ogrn,
        "kpp": data.kpp == organization.kpp,
        "full_name": same_text(data.full_name, organization.full_name),
        "address": same_text(data.address, str(organization.address)),
        "registered": data.registered == organization.registered,
        "capital_kopecks": data.capital_kopecks == organization.capital_kopecks,
        "head_inn": data.head_inn == head.inn,
        "head_name": same_text(data.head_last_name, head.name.last)
        and same_text(data.head_first_name, head.name.first)
        and same_text(data.head_patronymic or "", head.name.patronymic or ""),
    }
