"""The payment gateway over the real mock."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
import requests

from portal.ports.payments import GatewayRefused, NewPayment
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("payment_gateway") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def tax(here: CountryPorts, kopecks: int = 100) -> NewPayment:
    of = here.organization()
    return NewPayment(
        kopecks=kopecks,
        purpose="tax",
        kbk="18210102010011000110",
        uin="0",
        description="Налог",
        inn=of.inn,
        bik=of.account.bik,
        account=of.account.number,
    )


def payer(here: CountryPorts, number: str, verb: str) -> None:
    address = f"{here.tenant.url}/payment_gateway/checkout/{quote(number)}/{verb}"
    requests.post(address, timeout=10).raise_for_status()


def test_a_payment_waits_for_its_payer_and_is_captured(here: CountryPorts) -> None:
    made = here.ports.payments.create("key", tax(here))
    assert (made.state, made.number in made.address) == ("pending", True)
    payer(here, made.number, "confirm")
    assert here.ports.payments.view(made.number).state == "succeeded"


def test_the_same_under_one_key_is_one_payment(here: CountryPorts) -> None:
    first = here.ports.payments.create("key", tax(here))
    assert here.ports.payments.create("key", tax(here)) == first
    assert here.ports.payments.create("other", tax(here)).number != first.number
    with pytest.raises(GatewayRefused) as refused:
        here.ports.payments.create("key", tax(here, kopecks=101))
    assert refused.value.field == "Idempotence-Key"


@pytest.mark.parametrize(
    ("verb", "kopecks", "reason"),
    [("decline", 100, "3d_secure_failed"), ("confirm", 10**12 - 1, "insufficient_funds")],
)
def test_a_cancelled_payment_says_why(
    here: CountryPorts, verb: str, kopecks: int, reason: str
) -> None:
    made = here.ports.payments.create("key", tax(here, kopecks))
    payer(here, made.number, verb)
    found = here.ports.payments.view(made.number)
    assert (found.state, found.reason) == ("canceled", reason)


def test_a_budget_number_that_does_not_fit_is_refused(here: CountryPorts) -> None:
    wrong = replace(tax(here), kbk="18811601121010001140")
    with pytest.raises(GatewayRefused) as refused:
        here.ports.payments.create("key", wrong)
    assert "budget" in refused.value.field


def test_an_answer_that_was_lost_is_asked_for_again_without_a_second_payment(
    here: CountryPorts,
) -> None:
    here.fails("payment_gateway", "reset", times=1)
    made = here.ports.payments.create("key", tax(here))
    assert here.ports.payments.create("key", tax(here)) == made


def test_a_silent_gateway_and_an_unknown_payment_are_no_answer(here: CountryPorts) -> None:
    with pytest.raises(Unavailable):
        here.ports.payments.view("nothing")
    here.fails("payment_gateway", "error", status=503)
    with pytest.raises(Unavailable):
        here.ports.payments.create("key", tax(here))
