"""Payers: who is charged, who is declined and why."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mocks.accounts.cards import card_of
from mocks.accounts.ledger import Accounts
from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask_json
from tests.mocks.paying import (
    DAY_US,
    FINE,
    STATE_FEE,
    UIN,
    body,
    confirmed,
    created,
    declined,
    paid,
    payer,
    seen,
    spent,
)


@pytest.fixture
def mocks() -> Country:
    return Country([bank, service])


def test_payer_without_enough_money_is_declined(mocks: Country) -> None:
    opening = mocks.tenant().state(Accounts).opening(payer(mocks))
    everything = f"{opening // 100}.{opening % 100:02}"
    over = f"{(opening + 1) // 100}.{(opening + 1) % 100:02}"
    assert declined(mocks, value=over) == "insufficient_funds"
    paid(mocks, value=everything)
    assert declined(mocks, value="0.01") == "insufficient_funds"


def test_held_money_cannot_be_spent_again(mocks: Country) -> None:
    opening = mocks.tenant().state(Accounts).opening(payer(mocks))
    confirmed(mocks, created(mocks, value=f"{opening // 100}.{opening % 100:02}"))
    assert declined(mocks, value="0.01") == "insufficient_funds"


@pytest.mark.parametrize(
    ("purpose", "kbk", "passes"),
    [
        ("tax", "18210102010011000110", True),
        ("state_fee", STATE_FEE, True),
        ("fine", FINE, False),
        ("service", None, False),
    ],
)
def test_blocked_account_pays_taxes_and_fees_only(
    mocks: Country, purpose: str, kbk: str | None, passes: bool
) -> None:
    url = f"/bank/v1/customers/{payer(mocks).inn}/account"
    ask_json(mocks, "PUT", url, {"state": "blocked"})
    budget = {"purpose": purpose, "kbk": kbk, "uin": UIN}
    if passes:
        paid(mocks, budget=budget)
    else:
        assert declined(mocks, budget=budget) == "payment_method_restricted"


def test_closed_account_pays_nothing(mocks: Country) -> None:
    url = f"/bank/v1/customers/{payer(mocks).inn}/account"
    ask_json(mocks, "PUT", url, {"state": "closed"})
    assert declined(mocks) == "payment_method_restricted"


def test_account_of_another_organization_does_not_pay(mocks: Country) -> None:
    method = {**body(mocks)["payment_method_data"], "inn": mocks.world.organization(1).inn}
    assert declined(mocks, payment_method_data=method) == "invalid_account"


def by_card(mocks: Country, **changes: str) -> dict[str, Any]:
    card = card_of(mocks.tenant().records, payer(mocks))
    data = {
        "number": card.number,
        "expiry_month": f"{card.expiry_month:02}",
        "expiry_year": str(card.expiry_year),
        "csc": card.csc,
    }
    return {"type": "bank_card", "card": {**data, **changes}}


def test_card_charges_the_account_it_belongs_to(mocks: Country) -> None:
    payment = paid(mocks, payment_method_data=by_card(mocks))
    assert spent(mocks) == 400_000
    card = card_of(mocks.tenant().records, payer(mocks))
    assert seen(mocks, payment)["payment_method"]["card"] == {
        "first6": card.number[:6],
        "last4": card.number[-4:],
        "expiry_month": f"{card.expiry_month:02}",
        "expiry_year": str(card.expiry_year),
        "card_type": "Mir",
    }


def test_wrong_card_is_declined_by_its_bank(mocks: Country) -> None:
    csc = card_of(mocks.tenant().records, payer(mocks)).csc
    wrong = {
        "invalid_card_number": by_card(mocks, number="4111111111111111"),
        "invalid_csc": by_card(mocks, csc=f"{(int(csc) + 1) % 1000:03}"),
    }
    for reason, method in wrong.items():
        assert declined(mocks, payment_method_data=method) == reason


def test_expired_card_is_declined(mocks: Country) -> None:
    mocks.tenant().advance(7 * 366 * DAY_US)
    assert declined(mocks, payment_method_data=by_card(mocks)) == "card_expired"


def test_a_wrong_charge_leaves_the_hold_as_it_is(mocks: Country) -> None:
    accounts = mocks.tenant().state(Accounts)
    accounts.hold(payer(mocks), 500, "h")
    for kopecks in (0, 501):
        with pytest.raises(ValueError, match="expected 1 to 500 kopecks"):
            accounts.charge(payer(mocks), "h", kopecks, "", 0)
    assert accounts.holds(payer(mocks)) == {"h": 500}


def test_eight_threads_spend_no_kopeck_twice(mocks: Country) -> None:
    accounts = mocks.tenant().state(Accounts)
    opening = accounts.opening(payer(mocks))
    each = opening // 20
    rest = opening - 20 * each
    amount = {"value": f"{each // 100}.{each % 100:02}", "currency": "RUB"}

    def pay(number: int) -> Any:
        payment = created(mocks, f"k{number}", amount=amount, capture=True)
        return confirmed(mocks, payment)["status"]

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(pay, range(32)))
    assert sorted(statuses) == ["canceled"] * 12 + ["succeeded"] * 20
    assert accounts.balance(payer(mocks)) == accounts.available(payer(mocks)) == rest
    assert accounts.treasury_kopecks == 20 * each
