"""Requests for payments: repeated ones (PAY-01) and wrong ones."""

import json
from typing import Any

import pytest

from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask
from tests.mocks.paying import (
    DAY_US,
    FINE,
    PAYMENTS,
    body,
    confirmed,
    created,
    error,
    post,
    refunded,
    spent,
)


@pytest.fixture
def mocks() -> Country:
    return Country([bank, service])


# --- repetition (PAY-01)


def test_repeated_request_is_answered_as_the_first_and_makes_one_payment(mocks: Country) -> None:
    first = post(mocks, "/v3/payments", "k", body(mocks))
    laid_out = json.dumps(body(mocks), indent=1, sort_keys=True)
    assert post(mocks, "/v3/payments", "k", laid_out).body == first.body
    assert post(mocks, "/v3/payments", "other", body(mocks)).body != first.body


def test_key_used_for_another_request_is_refused(mocks: Country) -> None:
    created(mocks)
    answer = post(mocks, "/v3/payments", "k", body(mocks, value="4000.01"))
    assert (answer.status, error(answer)) == (
        400,
        {
            "type": "error",
            "code": "invalid_request",
            "description": "Ключ идемпотентности уже использован для другого запроса",
            "parameter": "Idempotence-Key",
        },
    )


@pytest.mark.parametrize("headers", [{}, {"Idempotence-Key": ""}, {"Idempotence-Key": "x" * 65}])
def test_request_without_a_good_key_is_refused(mocks: Country, headers: dict[str, str]) -> None:
    answer = ask(mocks, "POST", PAYMENTS, body(mocks), headers)
    assert (answer.status, error(answer)["parameter"]) == (400, "Idempotence-Key")


def test_key_lives_for_a_day(mocks: Country) -> None:
    first = created(mocks)
    mocks.tenant().advance(DAY_US - 1)
    assert created(mocks) == first
    mocks.tenant().advance(1)
    assert created(mocks) != first


def test_refused_request_may_be_mended_under_its_key(mocks: Country) -> None:
    assert post(mocks, "/v3/payments", "k", body(mocks, value="0.00")).status == 400
    assert created(mocks)


def test_repeated_capture_and_refund_move_money_once(mocks: Country) -> None:
    payment = created(mocks)
    confirmed(mocks, payment)
    captures = [post(mocks, f"/v3/payments/{payment}/capture", "c").body for _ in range(2)]
    refunds = [refunded(mocks, payment, "1000.00").body for _ in range(2)]
    assert captures[0] == captures[1]
    assert refunds[0] == refunds[1]
    assert spent(mocks) == 300_000


# --- requests


@pytest.mark.parametrize("value", ["0.00", "-1.00", "1", "1.0", "1.000", "01.00", "1e3", "1,00"])
def test_amount_that_is_no_positive_number_of_kopecks_is_refused(
    mocks: Country, value: str
) -> None:
    answer = post(mocks, "/v3/payments", "k", body(mocks, value=value))
    assert (answer.status, error(answer)["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"value": "1.00", "currency": "USD"}},
        {"payment_method_data": {"type": "cash"}},
        {"confirmation": {"type": "redirect", "return_url": "ftp://x"}},
        {"metadata": {str(n): "" for n in range(17)}},
        {"budget": {"purpose": "state_fee"}},
        {"budget": {"purpose": "state_fee", "kbk": FINE}},
        {"budget": {"purpose": "fine", "kbk": FINE}},
        {"budget": {"purpose": "fine", "kbk": FINE, "uin": "18209965144380684246"}},
        {"save_payment_method": True},
    ],
    ids=lambda change: str(change)[:50],
)
def test_wrong_payment_is_refused(mocks: Country, change: dict[str, Any]) -> None:
    assert post(mocks, "/v3/payments", "k", body(mocks, **change)).status == 400


def test_unknown_payment_is_not_found(mocks: Country) -> None:
    answer = ask(mocks, "GET", f"{PAYMENTS}/nobody")
    assert (answer.status, error(answer)["code"]) == (404, "not_found")
