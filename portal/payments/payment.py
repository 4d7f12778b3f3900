"""A payment as the portal keeps it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.agency_case import AgencyCase
from portal.ports.payments import NewPayment, Purpose
from portal.rules.payments import PURPOSES
from portal.state_table import StateTable
from portal.store.derived_id import derived_id
from rulebook import Text

__all__ = ["PAYMENT_STATES", "Payment", "PaymentState", "payment_id", "reason_title"]

PaymentState: TypeAlias = Literal["new", "pending", "succeeded", "canceled"]

PAYMENT_STATES: Final[StateTable[PaymentState]] = StateTable(
    name="payment",
    titles={
        "new": "Передаётся на оплату",
        "pending": "Ожидает подтверждения плательщика",
        "succeeded": "Оплачен",
        "canceled": "Не прошёл",
    },
    first="new",
    transitions={
        ("new", "pending"): "pending",
        ("new", "succeeded"): "succeeded",
        ("new", "canceled"): "canceled",
        ("pending", "succeeded"): "succeeded",
        ("pending", "canceled"): "canceled",
        ("canceled", "again"): "new",  # PAY-01: nothing was charged
    },
)

_REASONS: Final[Mapping[str, Text]] = {
    "insufficient_funds": Text("на счёте не хватает денег", "not enough money on the account"),
    "payment_method_restricted": Text("счёт закрыт или заблокирован", "the account is restricted"),
    "invalid_account": Text("счёт не этой организации", "the account is not the organization's"),
    "3d_secure_failed": Text("плательщик не подтвердил", "the payer has not confirmed"),
    "expired_on_confirmation": Text("время на подтверждение вышло", "it was not confirmed in time"),
    "general_decline": Text("банк отклонил платёж", "the bank has declined"),
}
_NO_REASON: Final = Text("шлюз не принял платёж", "the gateway did not take the payment")


@dataclass(frozen=True, kw_only=True)
class Payment(AgencyCase):
    """What an organization pays for `subject` (a bill, or the number of a service of `service`), at
    most once; its id is `payment_id`.

    Each `attempt` is a payment of the gateway with the `number` there, asked for from the account
    that the organization had then. `address` is where the payer agrees to it, `reason` the
    gateway's word for why it was cancelled.
    """

    KIND: ClassVar[str] = "payment"

    organization: str
    purpose: Purpose
    service: str = ""
    subject: str
    kopecks: int
    kbk: str
    uin: str
    title: str
    inn: str
    bik: str
    payer_account: str
    asked_by: str
    asked_at: dt.datetime
    attempt: int = 1
    state: PaymentState = "new"
    number: str = ""
    address: str = ""
    reason: str = ""
    ended_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    @property
    def is_over(self) -> bool:
        """Whether this attempt has ended."""
        return self.state in ("succeeded", "canceled")

    @property
    def key(self) -> str:
        """Under which the gateway charges this attempt once."""
        return f"{self.id}-{self.attempt}"

    @property
    def asked(self) -> NewPayment:
        """What the gateway is asked for, the same each time."""
        return NewPayment(
            kopecks=self.kopecks,
            purpose=self.purpose,
            kbk=self.kbk,
            uin=self.uin,
            description=self.title,
            inn=self.inn,
            bik=self.bik,
            account=self.payer_account,
        )

    def shown(self) -> dict[str, Any]:
        """As the accountant and the head see it."""
        return {
            "payment": self.id,
            "purpose": self.purpose,
            "purpose_title": PURPOSES[self.purpose].ru,
            "service": self.service,
            "subject": self.subject,
            "title": self.title,
            "kopecks": self.kopecks,
            "state": self.state,
            "state_title": PAYMENT_STATES.titles[self.state],
            "attempt": self.attempt,
            "number": self.number,
            "address": self.address,
            "reason": reason_title(self.reason).ru if self.state == "canceled" else "",
            "asked_at": self.asked_at.isoformat(),
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
        }


def payment_id(organization: str, purpose: str, service: str, subject: str) -> str:
    """The id of the payment of a bill: the same bill is paid once (PAY-01)."""
    return derived_id(organization, purpose, service, subject.strip())


def reason_title(reason: str) -> Text:
    """Why a payment did not go through, as people read it."""
    return _REASONS.get(reason, _NO_REASON)
