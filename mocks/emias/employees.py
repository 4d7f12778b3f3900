"""Whose medical data an organization may see: those who work for it, and nobody else's."""

from mocks.core.http import Refusal
from mocks.core.records import Records
from world.identifiers import is_valid_snils
from world.records import Organization, Person

__all__ = ["employee_of", "employees_of", "strangers_among"]


def employees_of(records: Records, organization: Organization) -> list[Person]:
    """People with a labour contract with `organization`, as they are registered today."""
    if organization.index < 0:  # added by a test: the country knows no contracts of it
        return []
    contracts = records.world.employees_of(organization.index)
    return [records.person(contract.person) for contract in contracts]


def employee_of(records: Records, organization: Organization, snils: str) -> Person | None:
    """The employee with this СНИЛС; None for anybody else, known or not."""
    person = records.person_by_snils(snils)
    if person is None or person.index < 0 or organization.index < 0:
        return None
    contract = records.world.employer_of(person.index)
    works_here = contract is not None and contract.organization == organization.index
    return person if works_here else None


def strangers_among(
    records: Records, organization: Organization, numbers: tuple[str, ...]
) -> list[str]:
    """СНИЛС of those who do not work for `organization`; whether they exist is not told.

    Refusal 422 for a wrong check number (ID-06).
    """
    for place, snils in enumerate(numbers):
        if not is_valid_snils(snils):
            message = "СНИЛС: ожидается 11 цифр с верным контрольным числом"
            raise Refusal(422, "bad-snils", message, field=f"employees.{place}.snils")
    return [snils for snils in numbers if employee_of(records, organization, snils) is None]
