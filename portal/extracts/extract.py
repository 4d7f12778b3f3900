"""An order of a certificate or an extract as the portal keeps it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.agency_case import AgencyCase
from portal.ports.extracts import ExtractOrder
from portal.state_table import StateTable

__all__ = ["EXTRACT_STATES", "Extract", "ExtractState"]

ExtractState: TypeAlias = Literal["requested", "awaiting_payment", "in_work", "ready", "refused"]

EXTRACT_STATES: Final[StateTable[ExtractState]] = StateTable(
    name="extract",
    titles={
        "requested": "Передаётся в ведомство",
        "awaiting_payment": "Ожидает оплаты",
        "in_work": "Готовится",
        "ready": "Готова",
        "refused": "Отказано в выдаче",
    },
    first="requested",
    transitions={
        ("requested", "awaiting_payment"): "awaiting_payment",
        ("requested", "in_work"): "in_work",
        ("requested", "ready"): "ready",
        ("requested", "refused"): "refused",
        ("awaiting_payment", "in_work"): "in_work",  # PAY-01
        ("awaiting_payment", "ready"): "ready",
        ("awaiting_payment", "refused"): "refused",
        ("in_work", "ready"): "ready",
        ("in_work", "refused"): "refused",
    },
)


@dataclass(frozen=True, kw_only=True)
class Extract(AgencyCase):
    """What was ordered by `author`; `number` is the agency's own, `document` that of the cabinet
    once it is issued. `payment` is what the charge was paid by, of which the agency is told under
    `uin`."""

    KIND: ClassVar[str] = "extract"

    organization: str
    order: ExtractOrder
    wanted_by: dt.date
    author: str
    asked_at: dt.datetime
    state: ExtractState = "requested"
    number: str = ""
    charge_kopecks: int = 0
    uin: str = ""
    payment: str = ""
    due: dt.datetime | None = None
    reason: str = ""
    document: str = ""

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    @property
    def is_over(self) -> bool:
        """Whether it was issued or refused."""
        return self.state in ("ready", "refused")

    def shown(self) -> dict[str, Any]:
        """As lists show it."""
        return {
            "extract": self.id,
            "kind": self.order.kind,
            "purpose": self.order.purpose,
            "object": self.order.object,
            "wanted_by": self.wanted_by.isoformat(),
            "asked_at": self.asked_at.isoformat(),
            "state": self.state,
            "state_title": EXTRACT_STATES.titles[self.state],
            "number": self.number,
            "charge_kopecks": self.charge_kopecks,
            "due": None if self.due is None else self.due.isoformat(),
            "reason": self.reason,
            "document": self.document,
        }
