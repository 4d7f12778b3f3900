"""The bank: identification of an organization by its account or card (AUTH-09, ACC-03)."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Bank", "BankAnswer", "BankCustomer", "BankReply"]

BankAnswer: TypeAlias = Literal["confirmed", "declined", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCustomer:
    """Whom the bank vouches for: an organization, and the name and phone of who acts for it."""

    inn: str
    ogrn: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReply:
    """What the customer has done so far; `customer` is there once they have confirmed."""

    answer: BankAnswer
    customer: BankCustomer | None = None


class Bank(Protocol):
    """The banks of the country behind one door."""

    def begin(self, request_id: str, hint: str) -> str | None:
        """Ask a customer to confirm who they are: `account:БИК:счёт:ИНН` or `card:номер`. The
        bank's own number of the question; None if the bank has no such customer. Unavailable."""

    def answer(self, number: str) -> BankReply:
        """What has come of it. Unavailable."""
