"""Chapter PAY: what is paid before it is done, what can be paid, who sees it."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import payments
from portal.rules.payments import PaidService, PaymentOrder, PaymentSight
from tests.portal.findings import BOOK, found

GOOD = PaymentOrder(
    purpose="tax",
    subject="Требование 12",
    kopecks=1,
    kbk="18210102010011000110",
    uin="0",
    bank="Банк",
    bik="044525225",
    account="40702810938000000001",
)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [(0, [("payment", None)]), (399_999, [("payment", None)]), (400_000, []), (400_001, [])],
)
def test_a_service_waits_for_its_whole_price(
    paid: int, expected: list[tuple[str, str | None]]
) -> None:
    claim = PaidService(price_kopecks=400_000, paid_kopecks=paid)
    assert found(payments.paid_before_it_is_done, claim) == expected


def test_what_costs_nothing_waits_for_nothing() -> None:
    claim = PaidService(price_kopecks=0, paid_kopecks=0)
    assert found(payments.paid_before_it_is_done, claim) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"purpose": "fee"}, []),
        ({"purpose": "state_fee"}, []),
        ({"purpose": "service", "kbk": ""}, []),
        ({"purpose": "fine", "uin": "18209965144380684245"}, []),
        ({"purpose": "present"}, ["purpose"]),
        ({"subject": " "}, ["subject"]),
        ({"kopecks": 0}, ["kopecks"]),
        ({"kopecks": -1}, ["kopecks"]),
        ({"kbk": ""}, ["kbk"]),
        ({"purpose": "fine"}, ["uin"]),
        ({"purpose": "fine", "uin": ""}, ["uin"]),
        ({"bank": ""}, ["bank"]),
        ({"bik": " "}, ["bik"]),
        ({"account": ""}, ["account"]),
        ({"bank": "", "bik": "", "account": ""}, ["bank", "bik", "account"]),
    ],
)
def test_services_taxes_fees_and_fines_are_paid_from_a_known_account(
    changes: dict[str, Any], expected: list[str]
) -> None:
    named = [field for field, _ in found(payments.can_be_paid, replace(GOOD, **changes))]
    assert named == expected


@pytest.mark.parametrize("role", sorted(BOOK.roles))
def test_the_accountant_and_the_head_see_payments(role: str) -> None:
    claim = PaymentSight(rights=BOOK.rights_of(role))
    expected = [] if role in ("head", "acc") else [("organization", None)]
    assert found(payments.seen_by_accountant_and_head, claim) == expected
