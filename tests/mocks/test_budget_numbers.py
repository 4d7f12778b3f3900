"""Numbers of payments to the budget: UIN with its check digit, KBK with its purpose."""

from typing import Any

import pytest

from mocks.payment_gateway.budget import is_kbk_of, is_valid_uin
from tests.mocks.paying import FINE, STATE_FEE


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
