"""Identifiers of the Russian registries: their forms and check digits (ID-01 to ID-15).

`is_valid_…` takes the text as entered and never tidies it: a space, a hyphen, a digit of another
script or a line end makes it wrong (ID-06, ID-07). The other functions make a whole number of its
payload, the digits before the check digits; ValueError if the payload is not of that many digits.
"""

import re
from collections.abc import Callable, Sequence
from operator import mul
from typing import Final

__all__ = [
    "correspondent_account",
    "is_valid_bik",
    "is_valid_correspondent_account",
    "is_valid_department_code",
    "is_valid_kpp",
    "is_valid_legal_inn",
    "is_valid_ogrn",
    "is_valid_ogrnip",
    "is_valid_passport_number",
    "is_valid_passport_series",
    "is_valid_person_inn",
    "is_valid_phone",
    "is_valid_settlement_account",
    "is_valid_snils",
    "legal_inn",
    "ogrn",
    "ogrnip",
    "person_inn",
    "settlement_account",
    "snils",
]

# Weights of the tenth digit, and of the eleventh and twelfth (приказ ФНС от 29.06.2012
# № ММВ-7-6/435@, приложение).
_INN_10: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11: Final = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12: Final = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

_SNILS: Final = range(9, 0, -1)
_LAST_UNCHECKED_SNILS: Final = 1_001_998  # 001-001-998: up to it check numbers were not computed

# Weights of the account key and its place among the 20 digits (порядок Банка России от 08.09.1997
# № 515).
_KEY_WEIGHTS: Final = (*(7, 1, 3) * 7, 7, 1)  # the three digits of the bank, the twenty digits
_KEY_PLACE: Final = 8

# Quicker than int() of each character, and records of the country are full of numbers.
_VALUES: Final = bytes.maketrans(b"0123456789", bytes(range(10)))

_KPP: Final = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_PHONE: Final = re.compile(r"\+7[0-9]{10}")
_DEPARTMENT: Final = re.compile(r"[0-9]{3}-[0-9]{3}")


# --- taxpayer numbers -----------------------------------------------------------------------------


def legal_inn(payload: str) -> str:
    """ИНН of a legal entity from 9 digits: tax office (4), serial (5)."""
    return payload + _weighed(_digits(payload, 9), _INN_10)


def person_inn(payload: str) -> str:
    """ИНН of a person or a sole proprietor from 10 digits: tax office (4), serial (6)."""
    eleven = payload + _weighed(_digits(payload, 10), _INN_11)
    return eleven + _weighed(_digits(eleven, 11), _INN_12)


def is_valid_legal_inn(text: str) -> bool:
    """Ten digits, the last of them the check digit (ID-01); the office is not 0000."""
    return _is_digits(text, 10) and text[:4] != "0000" and legal_inn(text[:-1]) == text


def is_valid_person_inn(text: str) -> bool:
    """Twelve digits, the last two of them check digits (ID-02); the office is not 0000."""
    return _is_digits(text, 12) and text[:4] != "0000" and person_inn(text[:-2]) == text


def is_valid_kpp(text: str) -> bool:
    """NNNNPPXXX: tax office, reason (digits or capital Latin letters), serial (ID-05; приказ ФНС
    от 29.06.2012 № ММВ-7-6/435@). It has no check digit."""
    return _KPP.fullmatch(text) is not None


def _weighed(digits: Sequence[int], weights: Sequence[int]) -> str:
    return str(sum(map(mul, digits, weights)) % 11 % 10)


# --- registration numbers -------------------------------------------------------------------------


def ogrn(payload: str) -> str:
    """ОГРН from 12 digits: sign 1 or 5, year (2), region (2), serial (7); приказ Минфина от
    30.10.2017 № 165н."""
    return _remaindered(payload, 12, 11)


def ogrnip(payload: str) -> str:
    """ОГРНИП from 14 digits: sign 3, year (2), region (2), serial (9); the same order."""
    return _remaindered(payload, 14, 13)


def is_valid_ogrn(text: str) -> bool:
    """Thirteen digits: the sign of an ОГРН (1 or 5) first, the check digit last (ID-03)."""
    return _is_digits(text, 13) and text[0] in "15" and ogrn(text[:-1]) == text


def is_valid_ogrnip(text: str) -> bool:
    """Fifteen digits: the sign of an ОГРНИП (3) first, the check digit last (ID-04)."""
    return _is_digits(text, 15) and text[0] == "3" and ogrnip(text[:-1]) == text


def _remaindered(payload: str, length: int, divisor: int) -> str:
    _digits(payload, length)
    return payload + str(int(payload) % divisor % 10)


# --- people ---------------------------------------------------------------------------------------


def snils(payload: str) -> str:
    """СНИЛС from its 9 digits, without hyphens.

    The check number is the sum of the digits weighed 9 to 1, modulo 101; 100 is written 00. Up to
    001-001-998 there was none: such a number gets 00.
    """
    total = sum(map(mul, _digits(payload, 9), _SNILS))
    if int(payload) <= _LAST_UNCHECKED_SNILS:
        total = 0
    return f"{payload}{total % 101 % 100:02}"


def is_valid_snils(text: str) -> bool:
    """Eleven digits, the last two of them the check number, which numbers up to 001-001-998 do not
    have (ID-06). 000-000-000 is no number."""
    if not _is_digits(text, 11) or text.startswith("0" * 9):
        return False
    return int(text[:9]) <= _LAST_UNCHECKED_SNILS or snils(text[:9]) == text


def is_valid_passport_series(text: str) -> bool:
    """Four digits: region by ОКАТО, year of print (ID-14; постановление Правительства от 08.07.1997
    № 828)."""
    return _is_digits(text, 4)


def is_valid_passport_number(text: str) -> bool:
    """Six digits (ID-14)."""
    return _is_digits(text, 6)


def is_valid_department_code(text: str) -> bool:
    """NNN-NNN: who issued the passport."""
    return _DEPARTMENT.fullmatch(text) is not None


def is_valid_phone(text: str) -> bool:
    """+7 and ten digits (ID-09)."""
    return _PHONE.fullmatch(text) is not None


# --- banks ----------------------------------------------------------------------------------------


def is_valid_bik(text: str) -> bool:
    """Nine digits, the first of them 0, 1 or 2 (ID-15; положение Банка России № 732-П). There is no
    check digit."""
    return _is_digits(text, 9) and text[0] in "012"


def settlement_account(payload: str, bik: str) -> str:
    """A settlement account with its key from the other 19 digits: balance account (5), currency
    (3), then after the key's place branch (4) and number (7)."""
    return _keyed(payload, _settlement_prefix(bik))


def correspondent_account(payload: str, bik: str) -> str:
    """A bank's account at the Bank of Russia with its key, from the other 19 digits."""
    return _keyed(payload, _bank_of_russia_prefix(bik))


def is_valid_settlement_account(text: str, bik: str) -> bool:
    """Twenty digits, the ninth of them the key that fits the bank's БИК (ID-15)."""
    return _has_key(text, bik, _settlement_prefix)


def is_valid_correspondent_account(text: str, bik: str) -> bool:
    """Twenty digits that begin with 30101 and end with the last three of the БИК, with the key."""
    fits = text[:5] == "30101" and text[-3:] == bik[-3:]
    return fits and _has_key(text, bik, _bank_of_russia_prefix)


def _settlement_prefix(bik: str) -> str:
    """A bank counts with its own number; 000 to 002 are units of the Bank of Russia itself."""
    return bik[-3:] if int(bik[-3:]) > 2 else _bank_of_russia_prefix(bik)


def _bank_of_russia_prefix(bik: str) -> str:
    return "0" + bik[4:6]


def _keyed(payload: str, prefix: str) -> str:
    _digits(payload, 19)
    before, after = payload[:_KEY_PLACE], payload[_KEY_PLACE:]
    # The key's own weight is 3, whose inverse is 7: the key is −7 sums, that is 3 sums, modulo 10.
    key = _key_sum(f"{prefix}{before}0{after}") * 3 % 10
    return f"{before}{key}{after}"


def _key_sum(digits: str) -> int:
    total: int = sum(map(mul, digits.encode().translate(_VALUES), _KEY_WEIGHTS))
    return total % 10


def _has_key(text: str, bik: str, prefix: Callable[[str], str]) -> bool:
    return _is_digits(text, 20) and is_valid_bik(bik) and _key_sum(prefix(bik) + text) == 0


# --- digits ---------------------------------------------------------------------------------------


def _is_digits(text: str, length: int) -> bool:
    # `isdigit` alone is true of every script's digits.
    return len(text) == length and text.isascii() and text.isdigit()


def _digits(payload: str, length: int) -> bytes:
    """The values of the digits."""
    if not _is_digits(payload, length):
        raise ValueError(f"expected {length} digits, got {payload!r}")
    return payload.encode().translate(_VALUES)
