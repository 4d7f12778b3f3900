"""Whoever lives by a tenant's clock without being of the country: the portal, with its polls and
expirations."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mocks.core.tenant import Tenant

__all__ = ["Companion", "travel"]


class Companion(Protocol):
    """Asked without the tenant's lock, so it may call the tenant's services."""

    def next_us(self) -> int | None:
        """The model time (µs) of what it does next; None if nothing is planned."""

    def catch_up(self) -> None:
        """Do what is due by now."""


def travel(tenant: "Tenant", end_us: int) -> None:
    """Move the clock forward to model time `end_us`, and stop for what companions have planned on
    the way."""
    stopped_us: int | None = None
    while True:
        due_us = _next_us(tenant)
        # Whoever stays with what is due keeps nobody: time must not stand still for it.
        if due_us is None or due_us > end_us or (stopped_us is not None and due_us <= stopped_us):
            break
        _move(tenant, due_us)
        stopped_us = due_us
    _move(tenant, end_us)


def _next_us(tenant: "Tenant") -> int | None:
    planned = (companion.next_us() for companion in list(tenant.companions))
    return min((us for us in planned if us is not None), default=None)


def _move(tenant: "Tenant", us: int) -> None:
    with tenant.lock:
        tenant.advance(max(us - tenant.clock.now_us, 0))
    for companion in list(tenant.companions):
        companion.catch_up()
