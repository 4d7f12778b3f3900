"""The payment gateway (PAY-01 to PAY-03): it takes the money, the portal only asks."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = [
    "GatewayPayment",
    "GatewayRefused",
    "GatewayState",
    "NewPayment",
    "PaymentGateway",
    "Purpose",
]

Purpose: TypeAlias = Literal["service", "state_fee", "tax", "fee", "fine"]
"""What a payment is for."""

GatewayState: TypeAlias = Literal["pending", "succeeded", "canceled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment that is asked for, from an organization's account; `kbk` is empty and `uin` "0"
    where there is none."""

    kopecks: int
    purpose: Purpose
    kbk: str
    uin: str
    description: str
    inn: str
    bik: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayPayment:
    """A payment as the gateway shows it: its `number` there, the `address` of the page where the
    payer agrees, the `reason` why it was cancelled (the gateway's word)."""

    number: str
    state: GatewayState
    address: str = ""
    reason: str = ""


class GatewayRefused(Exception):
    """The gateway does not take a payment of that kind; `field` is what is wrong in it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


class PaymentGateway(Protocol):
    """A gateway that charges once what is asked for under one key."""

    def create(self, key: str, payment: NewPayment) -> GatewayPayment:
        """Ask for a payment; the same again under the same `key` (at most 64 characters) gives the
        payment that there is. GatewayRefused, Unavailable."""

    def view(self, number: str) -> GatewayPayment:
        """The payment as it is now. Unavailable."""
