"""Payments of one organization through the gateway, each step in a line."""

import itertools
import json
from typing import Any

from mocks.accounts.ledger import Accounts
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer
from tests.mocks.asking import ask, ask_json
from world.records import Organization

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
PAYMENTS = "/payment_gateway/v3/payments"
STATE_FEE = "18210807010011000110"  # registration of legal entities
FINE = "18811601121010001140"
UIN = "18209965144380684245"
NUMBERS = itertools.count()


def payer(mocks: Country) -> Organization:
    return mocks.tenant().records.organization(0)


def body(mocks: Country, value: str = "4000.00", **changes: Any) -> dict[str, Any]:
    of = payer(mocks)
    account = {"inn": of.inn, "bik": of.account.bik, "account": of.account.number}
    asked = {
        "amount": {"value": value, "currency": "RUB"},
        "payment_method_data": {"type": "bank_account", **account},
        "confirmation": {"type": "redirect", "return_url": "https://portal.test/paid"},
        "budget": {"purpose": "state_fee", "kbk": STATE_FEE},
    }
    return {**asked, **changes}


def post(mocks: Country, path: str, key: str, content: object = b"") -> Answer:
    return ask(mocks, "POST", f"/payment_gateway{path}", content, {"Idempotence-Key": key})


def created(mocks: Country, key: str = "k", **changes: Any) -> str:
    answer = post(mocks, "/v3/payments", key, body(mocks, **changes))
    assert answer.status == 200, answer.body.decode()
    return str(json.loads(answer.body)["id"])


def confirmed(mocks: Country, payment: str) -> Any:
    return ask_json(mocks, "POST", f"/payment_gateway/checkout/{payment}/confirm")


def paid(mocks: Country, key: str = "k", **changes: Any) -> str:
    payment = created(mocks, key, capture=True, **changes)
    assert confirmed(mocks, payment)["status"] == "succeeded"
    return payment


def declined(mocks: Country, **changes: Any) -> str:
    payment = created(mocks, f"declined {next(NUMBERS)}", capture=True, **changes)
    done = confirmed(mocks, payment)
    assert done["status"] == "canceled"
    return str(done["cancellation_details"]["reason"])


def seen(mocks: Country, payment: str) -> Any:
    return ask_json(mocks, "GET", f"{PAYMENTS}/{payment}")


def refunded(mocks: Country, payment: str, value: str, key: str = "r") -> Answer:
    asked = {"payment_id": payment, "amount": {"value": value, "currency": "RUB"}}
    return post(mocks, "/v3/refunds", key, asked)


def events(mocks: Country) -> list[str]:
    page = ask_json(mocks, "GET", "/payment_gateway/v3/events?after=0")
    return [event["event"] for event in page["events"]]


def spent(mocks: Country) -> int:
    accounts = mocks.tenant().state(Accounts)
    return accounts.opening(payer(mocks)) - accounts.balance(payer(mocks))


def plan(mocks: Country, kind: str, **more: Any) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "payment_gateway", "kind": kind, **more}
    mocks.tenant().plan_fault(Fault.model_validate(fault))


def error(answer: Answer) -> Any:
    return json.loads(answer.body)
