"""A document that goes to a service by itself once it is signed (EDI-03), as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.rules.document_exchange import ROUTES
from portal.state_table import StateTable
from portal.store.entity import Entity

__all__ = ["FORWARDING_STATES", "Forwarding", "ForwardingState"]

ForwardingState: TypeAlias = Literal["unsigned", "going", "passed", "refused"]

FORWARDING_STATES: Final[StateTable[ForwardingState]] = StateTable(
    name="forwarding of a document",
    titles={
        "unsigned": "Ждёт подписи",
        "going": "Передаётся в сервис",
        "passed": "Принят сервисом",
        "refused": "Сервис не принял",
    },
    first="unsigned",
    transitions={
        ("unsigned", "state"): "unsigned",
        ("unsigned", "sign"): "going",
        ("going", "take"): "passed",
        ("going", "refuse"): "refused",
        ("refused", "state"): "unsigned",
    },
)


@dataclass(frozen=True, kw_only=True)
class Forwarding(Entity):
    """Where a document goes (its id is the document's): the `kind` of ROUTES, the number of the
    `attempt` (another one after each refusal), the tender's number for a bid, then the service's
    `receipt`, or the `reason` why it was not taken."""

    KIND: ClassVar[str] = "forwarding"

    organization: str
    kind: str
    notice: str
    attempt: int = 1
    state: ForwardingState = "unsigned"
    receipt: str = ""
    received: str = ""
    reason: str = ""

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    def shown(self) -> dict[str, Any]:
        """As its owner sees it."""
        return {
            "document": self.id,
            "kind": self.kind,
            "kind_title": ROUTES[self.kind].title.ru,
            "recipient": ROUTES[self.kind].recipient,
            "state": self.state,
            "state_title": FORWARDING_STATES.titles[self.state],
            "receipt": self.receipt,
            "received": self.received,
            "reason": self.reason,
        }
