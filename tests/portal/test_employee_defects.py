"""What an applicant types wrong of an employee breaks exactly the rule that the rule book names for
it, and a good entry breaks none."""

import pytest

from portal.ports.employment import TypedEmployee
from portal.use_case import Outcome
from rulebook import load
from tests.portal.filings import COUNTRY, LEGAL, SOLE, filing
from tests.portal.staff import Staff
from tests.portal.wiring import broken, portal_with
from world.defects import apply
from world.filings import EmployeeEntry, Filing

BOOK = load()
POLICY = BOOK.policy()
DEFECT = BOOK.defects["employee_data_mismatch"]


def added(entry: EmployeeEntry) -> Outcome:
    """What comes of adding the employee as typed; the documents say what the contract does."""
    staff = Staff(portal_with())
    person = COUNTRY.person(entry.employment.person)
    staff.stand.employment.contracts[person.snils] = TypedEmployee(
        full_name=str(person.name),
        inn=person.inn,
        position=entry.employment.position,
        department=entry.employment.department,
    )
    names = {"10": entry.employment.department}
    staff.stand.act("set_departments", staff.head, **staff.departments(names))
    return staff.stand.act(
        "add_employee",
        staff.head,
        organization=staff.organization,
        full_name=entry.full_name,
        inn=entry.inn,
        snils=person.snils,
        position=entry.position,
        department=entry.department,
        department_code="10",
        phone=entry.phone,
        email=entry.email,
    )


@pytest.mark.parametrize("index", [*LEGAL, *SOLE])
def test_a_good_entry_breaks_no_rule(index: int) -> None:
    assert broken(added(filing(index).employee)) == []


@pytest.mark.parametrize("key", range(8))
@pytest.mark.parametrize("index", [*LEGAL, *SOLE])
def test_a_mistake_breaks_exactly_its_rule(index: int, key: int) -> None:
    wrong: Filing = apply(DEFECT, filing(index), world=COUNTRY, policy=POLICY, key=key)
    assert {each.rule for each in added(wrong.employee).violations} == {DEFECT.caught_by}
