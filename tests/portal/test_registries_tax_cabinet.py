"""The taxpayer's cabinet over the real mock."""

from collections.abc import Iterator

import pytest
import requests

from portal.ports.tax_cabinet import NoSuchTaxpayer
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("tax_cabinet") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def decide(here: CountryPorts, number: str, what: str) -> None:
    of, head = here.organization(), here.head()
    place = f"lk/{head.inn}/organizations/{of.inn}/access-requests/{number}/{what}"
    requests.post(f"{here.tenant.url}/tax_cabinet/{place}", timeout=10).raise_for_status()


def test_access_is_given_shown_and_taken_back(here: CountryPorts) -> None:
    of, cabinet = here.organization(), here.ports.tax_cabinet
    asked = cabinet.request_access("a-1", of.inn, of.ogrn, 30)
    assert asked.state == "pending"
    assert cabinet.request_access("a-1", of.inn, of.ogrn, 30) == asked
    assert cabinet.card(of.inn, asked.number) is None
    decide(here, asked.number, "confirmation")
    assert cabinet.access(asked.number).state == "confirmed"
    here.tenant.clock.advance("10m")
    assert cabinet.access(asked.number).state == "open"
    card = cabinet.card(of.inn, asked.number)
    assert card is not None
    assert of.inn in str(card)
    decide(here, asked.number, "revocation")
    assert cabinet.access(asked.number).state == "revoked"
    assert cabinet.card(of.inn, asked.number) is None


def test_a_taxpayer_whom_nobody_knows_has_no_cabinet(here: CountryPorts) -> None:
    with pytest.raises(NoSuchTaxpayer):
        here.ports.tax_cabinet.request_access("a-1", "7707083893", "1027700132195", 30)


def test_a_silent_cabinet_and_an_unknown_request_are_no_answer(here: CountryPorts) -> None:
    with pytest.raises(Unavailable):
        here.ports.tax_cabinet.access("CONSENT-2026-999999")
    here.fails("tax_cabinet", "reset")
    of = here.organization()
    with pytest.raises(Unavailable):
        here.ports.tax_cabinet.request_access("a-1", of.inn, of.ogrn, 30)
