"""The bank: identification by account and card (AUTH-09, ACC-03)."""

from typing import Literal, Protocol, TypeAlias

__all__ = ["Bank", "BankAnswer"]

BankAnswer: TypeAlias = Literal["confirmed", "declined", "waiting"]


class Bank(Protocol):
    """The banks of the country behind one door."""

    def begin(self, request_id: str, phone: str) -> str:
        """Ask the bank's client of that phone to confirm who they are; the bank's own number of the
        question. Unavailable."""

    def answer(self, number: str) -> tuple[BankAnswer, str | None]:
        """What has come of it, and the ИНН of the client who has confirmed. Unavailable."""
