"""How entries of a registry are read, also by a registry that lags, and what a body orders about
them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import asked_organization
from mocks.case_work.entries import Entry
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Service
from world.microseconds import DAY_US
from world.records import Organization

__all__ = ["add_orders", "as_of", "asked_entries", "shown"]

E = TypeVar("E", bound=Entry)

STALE_US: Final = DAY_US
"""Assumption: a registry that lags is a day old."""

_ORDERS: Final = {"suspension": "suspended", "resumption": "active", "termination": "terminated"}
"""The state that each order brings an entry into (`ENTRY_STATES`)."""


class Order(BaseModel):
    """An act of the body, of supervision or of a court about an entry."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Registry(Protocol):
    """Entries, and how they are looked up."""

    def by_number(self, number: str) -> Entry | None:
        """The entry of a full number."""

    def of_organization(self, organization: Organization) -> Sequence[Entry]:
        """Entries of an organization."""


def as_of(call: Call, stale: str) -> int:
    """Of which model time (µs) the registry tells: of now, a day ago if fault `stale` hits."""
    return call.now_us - (STALE_US if call.hit(stale) else 0)


def shown(call: Call, entries: Iterable[Entry], as_of_us: int) -> list[dict[str, object]]:
    """The entries that were there at `as_of_us`, as they stood."""
    return [one.view(call.tenant, as_of_us) for one in entries if one.state_at(as_of_us)]


def asked_entries(call: Call, registry: Registry) -> list[dict[str, object]]:
    """Entries by query parameter `number`, or those of the organization of `inn`, as the registry
    shows them, which fault `stale_registry` makes lag."""
    number = call.request.parameter("number")
    found: Sequence[Entry | None]
    if number is not None:
        found = [registry.by_number(number)]
    else:
        found = registry.of_organization(asked_organization(call))
    as_of_us = as_of(call, "stale_registry")
    return shown(call, (one for one in found if one is not None), as_of_us)


def add_orders(
    service: Service,
    path: str,
    find: Callable[[Call], E],
    move: Callable[[Call, E, str, str], None],
) -> None:
    """Routes `{path}/suspension`, `/resumption` and `/termination` of the entry that `find` finds;
    `move` brings it into a state for a reason, Refusal 409 if it cannot be."""

    def handler(state: str) -> Callable[[Call], Answer]:
        def order(call: Call) -> Answer:
            asked = call.request.read(Order)
            entry = find(call)
            move(call, entry, state, asked.reason)
            return json_answer(entry.view(call.tenant, call.now_us))

        return order

    for name, state in _ORDERS.items():
        service.post(f"{path}/{name}")(handler(state))
