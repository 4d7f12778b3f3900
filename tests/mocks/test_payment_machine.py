"""Payments under any order of requests: nothing is charged twice, no kopeck appears or is lost."""

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from mocks.accounts.ledger import Accounts
from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.payment_gateway.service import service
from tests.mocks.paying import SECOND_US, body, confirmed, payer, post, seen


class PaymentsMachine(RuleBasedStateMachine):
    """Requests in any order, repeated or not, with time passing, against sums kept by hand."""

    payments = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.mocks = Country([service])
        self.captured: dict[str, int] = {}
        self.given_back: dict[str, int] = {}
        self.amounts: dict[str, int] = {}
        self.keys = 0

    @initialize()
    def start(self) -> None:
        self.opening = self.mocks.tenant().state(Accounts).opening(payer(self.mocks))

    def key(self) -> str:
        self.keys += 1
        return f"key {self.keys}"

    def twice(self, path: str, content: object = b"") -> Answer:
        """The answer to a request that the client repeats under its key."""
        key = self.key()
        first = post(self.mocks, path, key, content)
        second = post(self.mocks, path, key, content)
        assert (first.status, first.body) == (second.status, second.body)
        return first

    @rule(target=payments, kopecks=st.integers(1, 3_000_000), capture=st.booleans())
    def create(self, kopecks: int, capture: bool) -> str:
        asked = body(self.mocks, f"{kopecks // 100}.{kopecks % 100:02}", capture=capture)
        payment = str(json.loads(self.twice("/v3/payments", asked).body)["id"])
        self.amounts[payment] = kopecks
        return payment

    @rule(payment=payments)
    def confirm(self, payment: str) -> None:
        before = seen(self.mocks, payment)["status"]
        after = confirmed(self.mocks, payment)["status"]
        confirmed(self.mocks, payment)
        if before != after == "succeeded":
            self.captured[payment] = self.amounts[payment]

    @rule(payment=payments, share=st.fractions(0, 1, max_denominator=7))
    def capture(self, payment: str, share: Any) -> None:
        kopecks = max(1, int(self.amounts[payment] * share))
        part = {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": "RUB"}
        answer = self.twice(f"/v3/payments/{payment}/capture", {"amount": part})
        if answer.status == 200:
            assert payment not in self.captured
            self.captured[payment] = kopecks

    @rule(payment=payments)
    def cancel(self, payment: str) -> None:
        if self.twice(f"/v3/payments/{payment}/cancel").status == 200:
            assert payment not in self.captured

    @rule(payment=payments, kopecks=st.integers(1, 3_000_000))
    def refund(self, payment: str, kopecks: int) -> None:
        amount = {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": "RUB"}
        answer = self.twice("/v3/refunds", {"payment_id": payment, "amount": amount})
        left = self.captured.get(payment, 0) - self.given_back.get(payment, 0)
        assert (answer.status == 200) == (kopecks <= left)
        if answer.status == 200:
            self.given_back[payment] = self.given_back.get(payment, 0) + kopecks

    @rule(minutes=st.sampled_from([30, 60, 7 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.mocks.tenant().advance(minutes * 60 * SECOND_US)

    @invariant()
    def money_is_conserved_and_charged_as_agreed(self) -> None:
        accounts = self.mocks.tenant().state(Accounts)
        of = payer(self.mocks)
        charged = sum(self.captured.values()) - sum(self.given_back.values())
        assert accounts.treasury_kopecks == charged
        assert accounts.balance(of) == self.opening - charged
        waiting = (
            kopecks
            for payment, kopecks in self.amounts.items()
            if seen(self.mocks, payment)["status"] == "waiting_for_capture"
        )
        assert accounts.available(of) == accounts.balance(of) - sum(waiting) >= 0


PaymentsMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_any_order_of_requests_conserves_money = PaymentsMachine.TestCase
