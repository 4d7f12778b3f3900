"""A payment and a refund as the gateway remembers them."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.payment_gateway.budget import PURPOSES, Purpose
from mocks.payment_gateway.payers import PaymentMethod
from world.records import Organization

__all__ = ["Cancellation", "Payment", "Refund", "Status"]

Status: TypeAlias = Literal["pending", "waiting_for_capture", "succeeded", "canceled"]


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Who cancelled a payment or a refund, and why, in ЮKassa's words."""

    party: Literal["merchant", "yoo_money", "payment_network"]
    reason: str


@dataclass(eq=False, kw_only=True)
class Payment:
    """A payment of `kopecks`; after its capture they are what was captured. Times in µs.

    `expires_us` is when it is cancelled by itself, `shown` what its status lags behind with.
    """

    id: str
    key: DrawKey
    kopecks: int
    captures_at_once: bool
    method: PaymentMethod
    purpose: Purpose
    uin: str
    kbk: str | None
    description: str
    metadata: dict[str, str]
    return_url: str
    created_us: int
    expires_us: int
    status: Status = "pending"
    payer: Organization | None = None
    captured_us: int | None = None
    refunded_kopecks: int = 0
    cancellation: Cancellation | None = None
    shown: dict[str, Any] | None = None
    expiry: Appointment | None = field(default=None, repr=False)

    @property
    def statement_text(self) -> str:
        """How the payer's statement names it."""
        number = "" if self.uin == "0" else f", УИН {self.uin}"
        return f"{PURPOSES[self.purpose]}{number}"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that went back, or could not."""

    id: str
    payment_id: str
    kopecks: int
    created_us: int
    cancellation: Cancellation | None = None
