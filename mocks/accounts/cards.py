"""Bank cards of organizations: one each, a function of the country and the organization.

The number leads to its owner by the inverse of the permutation that made it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

from mocks.core.records import Records
from world import draws
from world.attributes import Attributes
from world.records import Organization

__all__ = ["Card", "CardNumber", "card_of", "card_owner", "is_valid_card_number"]

_ISSUER: Final = "220499"  # of the Mir range 2200 to 2204 (ISO/IEC 7812-1); assumption
_NUMBERS: Final = 10**9
_FIRST_YEAR: Final = 2027  # assumption: cards of the country run out in 2027 to 2031
_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Card:
    """A card; it is good to the end of its last month."""

    number: str
    expiry_month: int
    expiry_year: int
    csc: str

    def is_expired(self, today: dt.date) -> bool:
        """Whether its last month is over."""
        return (today.year, today.month) > (self.expiry_year, self.expiry_month)


def card_of(records: Records, organization: Organization) -> Card:
    """The card of the organization's account."""
    seed = records.world.seed
    place = organization.index % _NUMBERS
    card = Attributes("bank cards", seed, place)
    payload = f"{_ISSUER}{draws.permute(_key(seed), place, _NUMBERS):09}"
    return Card(
        number=payload + _luhn(payload),
        expiry_month=1 + card.below("expiry/month", 12),
        expiry_year=_FIRST_YEAR + card.below("expiry/year", _YEARS),
        csc=card.digits("csc", 3),
    )


def card_owner(records: Records, number: str) -> Organization | None:
    """Whose card has this number; None if nobody's."""
    if not is_valid_card_number(number) or not number.startswith(_ISSUER):
        return None
    index = draws.unpermute(_key(records.world.seed), int(number[len(_ISSUER) : -1]), _NUMBERS)
    for possible in (index, index - _NUMBERS):  # those that a test has added have negative indices
        try:
            return records.organization(possible)
        except IndexError:
            continue
    return None


def is_valid_card_number(text: str) -> bool:
    """Sixteen digits, the last of them the check digit (ISO/IEC 7812-1, annex B: Luhn)."""
    digits = len(text) == 16 and text.isascii() and text.isdigit()
    return digits and _luhn(text[:-1]) == text[-1]


def _card_number(text: str) -> str:
    if not is_valid_card_number(text):
        raise ValueError("ожидается номер карты из 16 цифр с верной контрольной цифрой")
    return text


CardNumber: TypeAlias = Annotated[str, AfterValidator(_card_number)]
"""The number of a card in a request."""


def _luhn(payload: str) -> str:
    total = 0
    for place, char in enumerate(reversed(payload)):
        doubled = int(char) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _key(seed: int) -> int:
    return draws.combine(draws.text_key("numbering/bank card"), seed)
