"""Refunds: how much goes back, and when nothing does."""

import json

import pytest

from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask_json
from tests.mocks.paying import created, error, events, paid, refunded, seen, spent


@pytest.fixture
def mocks() -> Country:
    return Country([bank, service])


def test_refunds_do_not_exceed_what_was_captured(mocks: Country) -> None:
    payment = paid(mocks)
    first = json.loads(refunded(mocks, payment, "3999.99", "a").body)
    assert first == {
        "id": first["id"],
        "payment_id": payment,
        "status": "succeeded",
        "created_at": "2026-02-02T10:00:00.000+03:00",
        "amount": {"value": "3999.99", "currency": "RUB"},
    }
    assert refunded(mocks, payment, "0.02", "b").status == 400
    assert refunded(mocks, payment, "0.01", "c").status == 200
    assert spent(mocks) == 0
    done = seen(mocks, payment)
    assert (done["refundable"], done["refunded_amount"]["value"]) == (False, "4000.00")
    assert events(mocks) == ["payment.succeeded", "refund.succeeded", "refund.succeeded"]
    assert ask_json(mocks, "GET", f"/payment_gateway/v3/refunds/{first['id']}") == first


def test_unpaid_payment_is_not_refunded(mocks: Country) -> None:
    answer = refunded(mocks, created(mocks), "1.00")
    assert (answer.status, error(answer)["parameter"]) == (400, "payment_id")
    assert refunded(mocks, "nobody", "1.00").status == 404


def test_closed_account_takes_no_refund(mocks: Country) -> None:
    payment = paid(mocks)
    mocks.tenant().records.change_organization(0, {"standing": "liquidated"}, 0)
    refund = json.loads(refunded(mocks, payment, "1.00").body)
    assert refund["status"] == "canceled"
    assert refund["cancellation_details"]["reason"] == "rejected_by_payee"
    assert seen(mocks, payment)["refunded_amount"]["value"] == "0.00"
    assert spent(mocks) == 400_000


def test_a_refund_to_a_payer_that_is_no_longer_there_is_cancelled(mocks: Country) -> None:
    records = mocks.tenant().records
    added = records.add_organization(0, {"inn": "7707083893", "ogrn": "1027700132195"})
    account = {"inn": added.inn, "bik": added.account.bik, "account": added.account.number}
    payment = paid(mocks, payment_method_data={"type": "bank_account", **account})
    records.restore()
    refund = json.loads(refunded(mocks, payment, "1.00").body)
    assert refund["status"] == "canceled"
    assert refund["cancellation_details"]["reason"] == "rejected_by_payee"
