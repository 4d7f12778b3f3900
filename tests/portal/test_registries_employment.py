"""Labour contracts: the port over the real cabinet of citizens (ROLE-06)."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from portal.ports.employment import Consent, TypedEmployee
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports
from world.records import Person


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("citizen_portal") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def index(here: CountryPorts) -> int:
    """An organization that employs somebody."""
    world = here.country.world
    return next(each for each in range(100) if world.employees_of(each))


def employee(here: CountryPorts) -> Person:
    return here.country.world.person(here.country.world.employees_of(index(here))[0].person)


def typed(here: CountryPorts, **changes: str) -> TypedEmployee:
    contract = here.country.world.employees_of(index(here))[0]
    known: dict[str, Any] = {
        "full_name": str(employee(here).name),
        "inn": employee(here).inn,
        "position": contract.position,
        "department": contract.department,
    }
    return TypedEmployee(**{**known, **changes})


def ask(here: CountryPorts, number: str = "c-1", snils: str | None = None) -> Consent | None:
    inn = here.organization(index(here)).inn
    person = employee(here).snils if snils is None else snils
    return here.ports.employment.ask_consent(number, inn, person)


def decide(here: CountryPorts, consent: Consent, decision: str) -> None:
    cabinet = f"{here.tenant.url}/citizen_portal/v1/cabinet/{employee(here).snils}"
    answer = requests.post(f"{cabinet}/consents/{consent.number}/{decision}", timeout=10)
    answer.raise_for_status()


def approved(here: CountryPorts) -> Consent:
    asked = ask(here)
    assert asked is not None
    decide(here, asked, "approve")
    found = ask(here)
    assert found is not None
    return found


def test_a_person_is_asked_once_under_a_number(here: CountryPorts) -> None:
    asked = ask(here)
    assert asked is not None
    assert asked.state == "requested"
    assert ask(here) == asked
    assert ask(here, "c-2") != asked


@pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("decline", "declined")])
def test_the_same_number_tells_what_was_decided(
    here: CountryPorts, decision: str, state: str
) -> None:
    asked = ask(here)
    assert asked is not None
    decide(here, asked, decision)
    assert ask(here) == Consent(number=asked.number, state=state)  # type: ignore[arg-type]


@pytest.mark.parametrize("snils", ["12345678964", "123", ""])
def test_nobody_has_that_snils(here: CountryPorts, snils: str) -> None:
    assert ask(here, snils=snils) is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"full_name": "Иванов Иван"}, ["full_name"]),
        ({"position": "Директор", "department": "Склад"}, ["position", "department"]),
    ],
)
def test_what_differs_from_the_contract(
    here: CountryPorts, changes: dict[str, str], fields: list[str]
) -> None:
    consent = approved(here)
    assert list(here.ports.employment.differing(consent, typed(here, **changes))) == fields


def test_without_a_consent_nothing_is_compared(here: CountryPorts) -> None:
    asked = ask(here)
    assert asked is not None
    wrong = typed(here, position="Директор")
    assert list(here.ports.employment.differing(asked, wrong)) == []


def test_who_works_elsewhere_has_no_contract_here(here: CountryPorts) -> None:
    other = here.organization(index(here) + 1)
    consent = here.ports.employment.ask_consent("c-9", other.inn, employee(here).snils)
    assert consent is not None
    decide(here, consent, "approve")
    found = Consent(number=consent.number, state="approved")
    assert list(here.ports.employment.differing(found, typed(here))) == ["employment"]


def test_a_silent_cabinet_is_unavailable(here: CountryPorts) -> None:
    here.fails("citizen_portal", "error", status=503)
    with pytest.raises(Unavailable):
        ask(here)
