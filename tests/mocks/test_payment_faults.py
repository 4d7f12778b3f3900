"""Faults of the payment gateway: double charges, lagging statuses, false declines."""

import pytest

from mocks.accounts.ledger import Accounts
from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask_json
from tests.mocks.paying import (
    HOUR_US,
    SECOND_US,
    body,
    confirmed,
    created,
    declined,
    error,
    events,
    paid,
    payer,
    plan,
    post,
    seen,
    spent,
)


@pytest.fixture
def mocks() -> Country:
    return Country([bank, service])


def test_double_charge_takes_the_money_twice_and_shows_one_payment(mocks: Country) -> None:
    plan(mocks, "double_charge")
    payment = paid(mocks)
    assert spent(mocks) == 800_000
    assert seen(mocks, payment)["amount"]["value"] == "4000.00"
    assert events(mocks) == ["payment.succeeded"]


def test_lagging_status_and_event_come_after_a_quarter_of_an_hour(mocks: Country) -> None:
    plan(mocks, "status_lag")
    payment = created(mocks, capture=True)
    assert confirmed(mocks, payment)["status"] == "pending"
    assert spent(mocks) == 400_000
    mocks.tenant().advance(900 * SECOND_US - 1)
    assert (seen(mocks, payment)["status"], events(mocks)) == ("pending", [])
    mocks.tenant().advance(1)
    assert (seen(mocks, payment)["status"], events(mocks)) == ("succeeded", ["payment.succeeded"])


def test_stuck_payment_holds_the_money_until_it_expires(mocks: Country) -> None:
    plan(mocks, "stuck")
    payment = created(mocks, capture=True)
    assert confirmed(mocks, payment)["status"] == "pending"
    accounts = mocks.tenant().state(Accounts)
    opening = accounts.opening(payer(mocks))
    mocks.tenant().advance(HOUR_US - 1)
    assert accounts.available(payer(mocks)) == opening - 400_000
    mocks.tenant().advance(1)
    assert seen(mocks, payment)["status"] == "canceled"
    assert accounts.available(payer(mocks)) == opening


def test_false_decline_cancels_a_payment_that_could_be_made(mocks: Country) -> None:
    plan(mocks, "false_decline", times=1)
    assert declined(mocks) == "general_decline"
    paid(mocks)


def test_lost_notification_leaves_the_status_to_be_asked_for(mocks: Country) -> None:
    plan(mocks, "loss")
    payment = paid(mocks)
    assert events(mocks) == []
    assert seen(mocks, payment)["status"] == "succeeded"


def test_error_of_the_gateway_is_worded_as_its_own(mocks: Country) -> None:
    plan(mocks, "error", status=500)
    answer = post(mocks, "/v3/payments", "k", body(mocks))
    assert (answer.status, error(answer)["code"]) == (500, "internal_server_error")


def test_lagging_statuses_come_one_after_another_each_with_its_own_object(mocks: Country) -> None:
    plan(mocks, "status_lag")
    payment = created(mocks)
    confirmed(mocks, payment)
    mocks.tenant().advance(300 * SECOND_US)
    post(mocks, f"/v3/payments/{payment}/capture", "capture")
    mocks.tenant().advance(600 * SECOND_US)
    assert seen(mocks, payment)["status"] == "waiting_for_capture"
    mocks.tenant().advance(300 * SECOND_US)
    assert seen(mocks, payment)["status"] == "succeeded"
    told = ask_json(mocks, "GET", "/payment_gateway/v3/events")["events"]
    assert [(event["event"], event["object"]["status"]) for event in told] == [
        ("payment.waiting_for_capture", "waiting_for_capture"),
        ("payment.succeeded", "succeeded"),
    ]


def test_a_status_that_does_not_lag_ends_the_lag_of_an_earlier_one(mocks: Country) -> None:
    plan(mocks, "status_lag", times=1)
    payment = created(mocks)
    assert confirmed(mocks, payment)["status"] == "pending"
    post(mocks, f"/v3/payments/{payment}/capture", "capture")
    assert seen(mocks, payment)["status"] == "succeeded"
    mocks.tenant().advance(900 * SECOND_US)
    assert seen(mocks, payment)["status"] == "succeeded"
