"""Payments: repetition, statuses and lifetimes, charges and refunds, what goes to the budget."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mocks.accounts.cards import card_of
from mocks.accounts.ledger import Accounts
from mocks.bank.service import service as bank
from mocks.core.country import Country
from mocks.payment_gateway.budget import is_kbk_of, is_valid_uin
from mocks.payment_gateway.service import service
from tests.mocks.asking import ask, ask_json
from tests.mocks.paying import (
    DAY_US,
    FINE,
    HOUR_US,
    PAYMENTS,
    SECOND_US,
    STATE_FEE,
    UIN,
    body,
    confirmed,
    created,
    error,
    events,
    paid,
    payer,
    plan,
    post,
    refunded,
    seen,
    spent,
)

NUMBERS = itertools.count()


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


# --- refunds


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


# --- payers


def declined(mocks: Country, **changes: Any) -> str:
    payment = created(mocks, f"declined {next(NUMBERS)}", capture=True, **changes)
    done = confirmed(mocks, payment)
    assert done["status"] == "canceled"
    return str(done["cancellation_details"]["reason"])


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


# --- numbers of the budget


@pytest.mark.parametrize(
    "uin",
    [
        "0",
        "20000722973004836429",  # M00007229730048364Z of the order's examples, letters as digits
        "20000722974004836425",  # the remainder is 10 first, then 5
        "18209965144380684245",
        "1234567890123456789012346",  # 2 * 285 + 30 = 600, modulo 11 it is 6
    ],
)
def test_uin_with_its_check_digit_is_valid(uin: str) -> None:
    assert is_valid_uin(uin)
    wrong = f"{uin[:-1]}{(int(uin[-1]) + 1) % 10}"
    assert not is_valid_uin(wrong)


@pytest.mark.parametrize("uin", ["", "00", "0" * 20, "0" * 25, "1820996514438068424", "٣" * 20])
def test_text_that_is_no_uin_is_not_valid(uin: str) -> None:
    assert not is_valid_uin(uin)


@pytest.mark.parametrize(
    ("kbk", "purpose", "fits"),
    [
        (STATE_FEE, "state_fee", True),
        (STATE_FEE, "tax", False),
        (FINE, "fine", True),
        (FINE, "state_fee", False),
        ("18201061201010000510", "tax", True),  # the single tax payment
        (STATE_FEE[:-1], "state_fee", False),
    ],
)
def test_kbk_fits_its_purpose(kbk: str, purpose: Any, fits: bool) -> None:
    assert is_kbk_of(kbk, purpose) is fits


# --- faults


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


def test_a_refund_to_a_payer_that_is_no_longer_there_is_cancelled(mocks: Country) -> None:
    records = mocks.tenant().records
    added = records.add_organization(0, {"inn": "7707083893", "ogrn": "1027700132195"})
    account = {"inn": added.inn, "bik": added.account.bik, "account": added.account.number}
    payment = paid(mocks, payment_method_data={"type": "bank_account", **account})
    records.restore()
    refund = json.loads(refunded(mocks, payment, "1.00").body)
    assert refund["status"] == "canceled"
    assert refund["cancellation_details"]["reason"] == "rejected_by_payee"


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
