"""Certificates and extracts over the real mocks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.ports.extracts import ExtractNotIssued, ExtractOrder
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports

OBJECT = "74:22:0000001:283"  # of organization 1


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("egrul", "egrip", "rosreestr", "fns", "pfr", "licensing") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def order(here: CountryPorts, kind: str, index: int = 1, number: str = "") -> ExtractOrder:
    of = here.organization(index)
    return ExtractOrder(
        kind=kind,
        organization=of.kind,
        inn=of.inn,
        ogrn=of.ogrn,
        purpose="Для банка",
        object=number,
    )


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("выписка ЕГРЮЛ", 1),
        ("выписка ЕГРИП", 3),
        ("задолженность по налогам", 1),
        ("лицензии и разрешения", 1),
        ("лицензии и разрешения", 8),
    ],
)
def test_registers_answer_at_once(here: CountryPorts, kind: str, index: int) -> None:
    asked = order(here, kind, index)
    told = here.ports.extracts.order("e-1", asked)
    assert (told.number, told.state, told.charge_kopecks) == ("e-1", "ready", 0)
    assert here.ports.extracts.document(asked, told.number).startswith(b"%PDF")


def test_a_certificate_of_the_pension_fund_takes_its_time(here: CountryPorts) -> None:
    asked = order(here, "регистрация в ПФР")
    told = here.ports.extracts.order("e-1", asked)
    assert told.state == "in_work"
    assert here.ports.extracts.order("e-1", asked) == told
    with pytest.raises(Unavailable):
        here.ports.extracts.document(asked, told.number)
    here.tenant.clock.advance("4wd")
    assert here.ports.extracts.view(asked, told.number).state == "ready"
    assert here.ports.extracts.document(asked, told.number).startswith(b"%PDF")


def test_real_estate_is_told_of_once_the_charge_is_paid(here: CountryPorts) -> None:
    asked = order(here, "выписка ЕГРП", number=OBJECT)
    told = here.ports.extracts.order("e-1", asked)
    assert (told.state, told.charge_kopecks > 0) == ("awaiting_payment", True)
    for _ in range(2):
        here.ports.extracts.pay(asked, told, "p-1")
    assert here.ports.extracts.view(asked, told.number).state == "in_work"
    here.tenant.clock.advance("4wd")
    assert here.ports.extracts.view(asked, told.number).state == "ready"
    assert here.ports.extracts.document(asked, told.number).startswith(b"%PDF")


def test_an_order_that_is_not_paid_in_time_is_over(here: CountryPorts) -> None:
    asked = order(here, "выписка ЕГРП", number=OBJECT)
    told = here.ports.extracts.order("e-1", asked)
    here.tenant.clock.advance(dt.timedelta(days=8))
    ended = here.ports.extracts.view(asked, told.number)
    assert (ended.state, ended.reason) == ("refused", "Плата в срок не поступила")


def test_what_nobody_has_is_not_issued(here: CountryPorts) -> None:
    for asked in (
        order(here, "выписка ЕГРП", number="74:22:0000001:999"),
        replace(order(here, "выписка ЕГРЮЛ"), ogrn="1027700132195"),
        replace(order(here, "задолженность по налогам"), inn="7707083893"),
    ):
        with pytest.raises(ExtractNotIssued):
            here.ports.extracts.order("e-1", asked)


def test_a_silent_agency_has_not_answered(here: CountryPorts) -> None:
    here.fails("rosreestr", "reset")
    with pytest.raises(Unavailable):
        here.ports.extracts.order("e-1", order(here, "выписка ЕГРП", number=OBJECT))
