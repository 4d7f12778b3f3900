"""What is paid to the budget: purposes, УИН and КБК (приказ Минфина от 12.11.2013 № 107н)."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

__all__ = ["PASSES_BLOCK", "PURPOSES", "Purpose", "is_kbk_of", "is_valid_uin", "uin"]

Purpose: TypeAlias = Literal["state_fee", "tax", "fee", "fine", "service"]

PURPOSES: Final[Mapping[Purpose, str]] = {
    "state_fee": "Государственная пошлина",
    "tax": "Налог",
    "fee": "Сбор",
    "fine": "Штраф",
    "service": "Оплата услуги",
}
"""What a statement calls a payment."""

PASSES_BLOCK: Final[frozenset[Purpose]] = frozenset({"state_fee", "tax", "fee"})
"""Paid from a blocked account too (НК РФ, статья 76, пункт 1; the state fee is a fee, 333.16)."""

# Group and subgroup of income, digits 4 to 6 of a КБК (приказ Минфина от 24.05.2022 № 82н).
_INCOME: Final[Mapping[Purpose, str]] = {"state_fee": "108", "fine": "116", "service": "113"}

_KBK_LENGTH: Final = 20
_UIN_LENGTHS: Final = (20, 25)
_WEIGHTS: Final = 10
_SHIFT: Final = 2


def uin(payload: str) -> str:
    """УИН from its 19 or 24 digits.

    The check digit is the sum of the digits weighed 1 to 10 over and over, modulo 11; if that is
    10, weights begin with 3; if it is 10 again, the digit is 0.
    """
    for shift in (0, _SHIFT):
        remainder = sum(
            int(digit) * ((place + shift) % _WEIGHTS + 1) for place, digit in enumerate(payload)
        )
        if remainder % 11 < 10:
            return f"{payload}{remainder % 11}"
    return f"{payload}0"


def is_valid_uin(text: str) -> bool:
    """Twenty or twenty-five digits, not all of them zeros, the last one the check digit; or «0»,
    which says that there is none. Letters, as in old УИН of the traffic police, are not known."""
    if text == "0":
        return True
    digits = len(text) in _UIN_LENGTHS and text.isascii() and text.isdigit()
    return digits and set(text) != {"0"} and uin(text[:-1]) == text


def is_kbk_of(text: str, purpose: Purpose) -> bool:
    """Twenty digits whose kind of income fits the purpose."""
    if len(text) != _KBK_LENGTH or not (text.isascii() and text.isdigit()):
        return False
    if purpose in _INCOME:
        return text[3:6] == _INCOME[purpose]
    return text[3:6] not in _INCOME.values()
