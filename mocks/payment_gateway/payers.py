"""Who pays: an organization by its account or by its card (PAY-02)."""

from dataclasses import dataclass
from typing import TypeAlias

from mocks.accounts.cards import card_of, card_owner
from mocks.core.tenant import Tenant
from world.records import Organization

__all__ = ["BankAccount", "BankCard", "PayerRefused", "PaymentMethod", "payer_of"]


class PayerRefused(Exception):
    """The bank does not know such a payer; `reason` is ЮKassa's word, or for an account
    `invalid_account`, which is ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BankCard:
    """A card with what is printed on it."""

    number: str
    expiry_month: int
    expiry_year: int
    csc: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account, and the ИНН of its holder."""

    inn: str
    bik: str
    account: str


PaymentMethod: TypeAlias = BankCard | BankAccount


def payer_of(tenant: Tenant, method: PaymentMethod, now_us: int) -> Organization:
    """The organization that pays; PayerRefused if there is none."""
    records = tenant.records
    if isinstance(method, BankAccount):
        holder = records.organization_by_inn(method.inn)
        asked = (method.bik, method.account)
        if holder is None or (holder.account.bik, holder.account.number) != asked:
            raise PayerRefused("invalid_account")
        return holder
    holder = card_owner(records, method.number)
    if holder is None:
        raise PayerRefused("invalid_card_number")
    card = card_of(records, holder)
    if (method.expiry_month, method.expiry_year) != (card.expiry_month, card.expiry_year):
        raise PayerRefused("invalid_card_number")
    if card.is_expired(tenant.clock.calendar.date(now_us)):
        raise PayerRefused("card_expired")
    if method.csc != card.csc:
        raise PayerRefused("invalid_csc")
    return holder
