"""Payments: their way from the order to the charge, statuses and lifetimes."""

import json

import pytest

from mocks.accounts.ledger import Accounts
from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask, ask_json
from tests.mocks.paying import (
    DAY_US,
    FINE,
    HOUR_US,
    PAYMENTS,
    STATE_FEE,
    UIN,
    body,
    confirmed,
    created,
    error,
    events,
    paid,
    payer,
    post,
    refunded,
    seen,
    spent,
)


@pytest.fixture
def mocks() -> Country:
    return Country([bank, service])


# --- the way of a payment


def test_new_payment_waits_for_its_payer(mocks: Country) -> None:
    of = payer(mocks)
    budget = {"purpose": "state_fee", "uin": UIN, "kbk": STATE_FEE}
    answer = post(mocks, "/v3/payments", "k", body(mocks, budget=budget, metadata={"app": "1"}))
    payment = json.loads(answer.body)["id"]
    assert [len(part) for part in payment.split("-")] == [8, 4, 4, 4, 12]
    assert json.loads(answer.body) == {
        "id": payment,
        "status": "pending",
        "paid": False,
        "amount": {"value": "4000.00", "currency": "RUB"},
        "created_at": "2026-02-02T10:00:00.000+03:00",
        "expires_at": "2026-02-02T11:00:00.000+03:00",
        "confirmation": {
            "type": "redirect",
            "confirmation_url": f"https://yoomoney.ru/checkout/payments/v2/contract?orderId={payment}",
            "return_url": "https://portal.test/paid",
        },
        "description": "",
        "metadata": {"app": "1"},
        "payment_method": {
            "type": "bank_account",
            "inn": of.inn,
            "bik": of.account.bik,
            "account": of.account.number,
        },
        "budget": budget,
        "refundable": False,
        "refunded_amount": {"value": "0.00", "currency": "RUB"},
    }
    assert spent(mocks) == 0


def test_payment_of_one_stage_is_charged_when_the_payer_confirms(mocks: Country) -> None:
    payment = paid(mocks)
    assert spent(mocks) == 400_000
    assert seen(mocks, payment)["captured_at"] == "2026-02-02T10:00:00.000+03:00"
    assert events(mocks) == ["payment.succeeded"]


def test_charge_is_in_the_bank_s_statement(mocks: Country) -> None:
    budget = {"purpose": "fine", "uin": UIN, "kbk": FINE}
    payment = paid(mocks, budget=budget)
    refund = error(refunded(mocks, payment, "1000.00"))["id"]
    opening = mocks.tenant().state(Accounts).opening(payer(mocks))
    url = f"/bank/v1/customers/{payer(mocks).inn}/statement"
    assert ask_json(mocks, "GET", url) == {
        "account": payer(mocks).account.number,
        "opening_kopecks": opening,
        "entries": [
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "document": payment,
                "kopecks": -400_000,
                "balance_kopecks": opening - 400_000,
                "purpose": f"Штраф, УИН {UIN}",
            },
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "document": refund,
                "kopecks": 100_000,
                "balance_kopecks": opening - 300_000,
                "purpose": f"Возврат: Штраф, УИН {UIN}",
            },
        ],
        "closing_kopecks": opening - 300_000,
    }


def test_payment_of_two_stages_is_held_then_captured_in_part(mocks: Country) -> None:
    payment = created(mocks)
    assert confirmed(mocks, payment)["status"] == "waiting_for_capture"
    accounts = mocks.tenant().state(Accounts)
    opening = accounts.opening(payer(mocks))
    assert (spent(mocks), accounts.available(payer(mocks))) == (0, opening - 400_000)
    part = {"amount": {"value": "1500.50", "currency": "RUB"}}
    done = json.loads(post(mocks, f"/v3/payments/{payment}/capture", "c", part).body)
    assert (done["status"], done["amount"]["value"]) == ("succeeded", "1500.50")
    assert (spent(mocks), accounts.available(payer(mocks))) == (150_050, opening - 150_050)
    assert events(mocks) == ["payment.waiting_for_capture", "payment.succeeded"]


def test_more_than_held_is_not_captured(mocks: Country) -> None:
    payment = created(mocks)
    confirmed(mocks, payment)
    more = {"amount": {"value": "4000.01", "currency": "RUB"}}
    answer = post(mocks, f"/v3/payments/{payment}/capture", "c", more)
    assert (answer.status, error(answer)) == (
        400,
        {
            "type": "error",
            "code": "invalid_request",
            "description": "Сумма больше удержанной",
            "parameter": "amount",
        },
    )
    assert seen(mocks, payment)["status"] == "waiting_for_capture"


def test_cancelled_payment_releases_what_was_held(mocks: Country) -> None:
    payment = created(mocks)
    confirmed(mocks, payment)
    done = json.loads(post(mocks, f"/v3/payments/{payment}/cancel", "c").body)
    assert done["status"] == "canceled"
    assert done["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}
    accounts = mocks.tenant().state(Accounts)
    assert accounts.available(payer(mocks)) == accounts.opening(payer(mocks))


@pytest.mark.parametrize("action", ["capture", "cancel"])
def test_only_a_payment_that_waits_for_it_is_captured_or_cancelled(
    mocks: Country, action: str
) -> None:
    for payment in (created(mocks, "a"), paid(mocks, "b")):
        answer = post(mocks, f"/v3/payments/{payment}/{action}", f"{action} {payment[:8]}")
        assert (answer.status, error(answer)["code"]) == (400, "invalid_request")


def test_payer_who_confirms_twice_is_charged_once(mocks: Country) -> None:
    payment = paid(mocks)
    assert confirmed(mocks, payment)["status"] == "succeeded"
    assert spent(mocks) == 400_000


def test_declined_payment_is_cancelled(mocks: Country) -> None:
    payment = created(mocks)
    done = ask_json(mocks, "POST", f"/payment_gateway/checkout/{payment}/decline")
    assert done["cancellation_details"] == {
        "party": "payment_network",
        "reason": "3d_secure_failed",
    }
    assert confirmed(mocks, payment)["status"] == "canceled"
    assert spent(mocks) == 0


# --- lifetimes


def test_payer_has_an_hour_to_confirm(mocks: Country) -> None:
    payment, late = created(mocks, "a", capture=True), created(mocks, "b", capture=True)
    mocks.tenant().advance(HOUR_US - 1)
    assert confirmed(mocks, payment)["status"] == "succeeded"
    mocks.tenant().advance(1)
    done = confirmed(mocks, late)
    assert done["status"] == "canceled"
    assert done["cancellation_details"] == {
        "party": "yoo_money",
        "reason": "expired_on_confirmation",
    }
    assert spent(mocks) == 400_000


def test_held_money_waits_seven_days_from_the_confirmation(mocks: Country) -> None:
    first, late = created(mocks, "a"), created(mocks, "b")
    mocks.tenant().advance(HOUR_US // 2)
    confirmed(mocks, first)
    confirmed(mocks, late)
    mocks.tenant().advance(7 * DAY_US - 1)
    assert post(mocks, f"/v3/payments/{first}/capture", "c").status == 200
    mocks.tenant().advance(1)
    assert post(mocks, f"/v3/payments/{late}/capture", "d").status == 400
    assert seen(mocks, late)["cancellation_details"]["reason"] == "expired_on_capture"
    accounts = mocks.tenant().state(Accounts)
    assert accounts.available(payer(mocks)) == accounts.opening(payer(mocks)) - 400_000


def test_same_seed_and_requests_give_the_same_bytes() -> None:
    def run() -> list[bytes]:
        mocks = Country([bank, service], seed=9)
        payment = paid(mocks)
        statement = f"/bank/v1/customers/{payer(mocks).inn}/statement"
        return [
            ask(mocks, "GET", f"{PAYMENTS}/{payment}").body,
            ask(mocks, "GET", "/payment_gateway/v3/events").body,
            ask(mocks, "GET", statement).body,
        ]

    assert run() == run()
