"""Labour contracts: both sides tell the same, and only living organizations employ adults."""

import datetime as dt

from world.country import World
from world.dates import LAST_DAY, anniversary
from world.organizations import BLOCK

COUNTRY = World(1)
INDICES = range(4 * BLOCK)


def test_employers_and_employees_name_the_same_contracts() -> None:
    of_people = [COUNTRY.employer_of(person) for person in INDICES]
    of_organizations = [
        contract for organization in INDICES for contract in COUNTRY.employees_of(organization)
    ]
    known = [contract for contract in of_people if contract is not None]
    assert sorted(of_organizations, key=lambda contract: contract.person) == known
    assert 100 < len(known) < len(INDICES)


def test_contract_lies_within_the_life_of_both_sides() -> None:
    for person in INDICES:
        contract = COUNTRY.employer_of(person)
        if contract is not None:
            organization = COUNTRY.organization(contract.organization)
            adult_since = anniversary(COUNTRY.person(person).birth_date, 18)
            assert contract.person == person
            assert organization.closed is None
            assert max(organization.registered, adult_since) <= contract.since <= LAST_DAY
            assert contract.since < dt.date(2026, 1, 1)
            assert contract.position
            assert contract.department


def test_liquidated_organization_has_no_employees() -> None:
    closed = World(1, standing={"liquidated": 1.0})
    assert [closed.employees_of(i) for i in range(BLOCK)] == [()] * BLOCK


def test_head_is_no_employee_of_the_organization() -> None:
    for organization in INDICES:
        head = COUNTRY.organization(organization).head.person
        assert head not in {c.person for c in COUNTRY.employees_of(organization)}


def test_larger_business_has_more_employees() -> None:
    sizes: dict[str, list[int]] = {"small": [], "medium": [], "large": []}
    for index in range(20 * BLOCK):
        organization = COUNTRY.organization(index)
        if organization.kind == "legal" and organization.closed is None:
            sizes[organization.tier].append(len(COUNTRY.employees_of(index)))
    small, medium, large = (sum(s) / len(s) for s in sizes.values())
    assert small < medium < large


def test_contract_is_the_same_in_a_small_country_if_it_has_the_employer() -> None:
    village = World(1, organizations=100, people=100)  # ends inside a block
    for person in range(100):
        contract = COUNTRY.employer_of(person)
        known = contract is not None and contract.organization < 100
        assert village.employer_of(person) == (contract if known else None)


def test_people_beyond_the_organizations_work_for_nobody() -> None:
    crowd = World(1, organizations=BLOCK, people=10_000)
    assert {crowd.employer_of(person) for person in range(BLOCK, 3 * BLOCK)} == {None}
