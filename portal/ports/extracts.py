"""Agencies that issue certificates and extracts (APP-06)."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from rulebook import Kind

__all__ = ["ExtractNotIssued", "ExtractOrder", "ExtractView", "Extracts", "OrderState"]

OrderState: TypeAlias = Literal["awaiting_payment", "in_work", "ready", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractOrder:
    """What is ordered: the kind (of `APP-06.kinds`), of which organization, what for, about which
    `object` (a cadastral number; empty: the organization itself)."""

    kind: str
    organization: Kind
    inn: str
    ogrn: str
    purpose: str
    object: str = ""

    @property
    def title(self) -> str:
        """The kind at the beginning of a line."""
        return f"{self.kind[:1].upper()}{self.kind[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractView:
    """An order as the agency shows it: its `number` there, what is to be paid under which УИН, the
    last moment of the stage, the reason of a refusal."""

    number: str
    state: OrderState
    charge_kopecks: int = 0
    uin: str = ""
    due: dt.datetime | None = None
    reason: str = ""


class ExtractNotIssued(Exception):
    """The agency does not take the order; `field` is what is wrong in it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


class Extracts(Protocol):
    """All agencies behind one door."""

    def order(self, request_id: str, order: ExtractOrder) -> ExtractView:
        """Order; a repetition of `request_id` gives the order that there is. ExtractNotIssued,
        Unavailable."""

    def pay(self, order: ExtractOrder, view: ExtractView, payment_id: str) -> None:
        """Tell the agency that its charge is paid; once for each payment. Unavailable."""

    def view(self, order: ExtractOrder, number: str) -> ExtractView:
        """Where an order is. Unavailable."""

    def document(self, order: ExtractOrder, number: str) -> bytes:
        """What was issued, as PDF. Unavailable."""
