"""Clocks that run: what is due happens in its time although nobody asks."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mocks.core.country import Country
from mocks.core.tenant import Tenant
from mocks.server.holding import held, woken

__all__ = ["TenantTime", "Timekeeper"]

_log = logging.getLogger(__name__)


class TenantTime:
    """The time of one tenant: its agenda is settled as its clock runs, and whoever sleeps is woken
    when the clock is moved."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._loop = asyncio.get_running_loop()
        self._moved = asyncio.Event()
        self._sleepers: set[asyncio.Event] = set()
        self._due_us: int | None = None
        # Here and in `close` without the lock, which a thread may hold for long.
        tenant.on_move.append(self._on_move)
        self._task = self._loop.create_task(self._keep())

    @contextmanager
    def waking(self, sleeper: asyncio.Event) -> Iterator[None]:
        """Inside, `sleeper` is set whenever the clock is moved or its speed changes."""
        self._sleepers.add(sleeper)
        try:
            yield
        finally:
            self._sleepers.discard(sleeper)

    @property
    def awaited(self) -> bool:
        """Whether somebody is inside `waking`."""
        return bool(self._sleepers)

    def wake(self) -> None:
        """Let everybody who sleeps look at what has changed."""
        self._moved.set()
        for sleeper in self._sleepers:
            sleeper.set()

    def look(self) -> None:
        """A request has been answered, which may have planned something for sooner."""
        next_us = self._tenant.agenda.next_us
        sooner = next_us is not None and (self._due_us is None or next_us < self._due_us)
        if sooner and self._tenant.clock.speed:
            self._moved.set()

    def close(self) -> None:
        """Leave the tenant alone."""
        self._tenant.on_move.remove(self._on_move)
        self._task.cancel()

    def _on_move(self) -> None:
        with suppress(RuntimeError):  # the loop has ended while the clock was being moved
            self._loop.call_soon_threadsafe(self.wake)

    async def _keep(self) -> None:
        while True:
            self._moved.clear()
            try:
                pause_s = await held(self._tenant, self._settled)
            except Exception:
                _log.exception("What was due in tenant %s has failed", self._tenant.name)
                continue
            await woken(self._moved, pause_s)

    def _settled(self) -> float | None:
        """Settle; seconds until something is due again, None if nothing is or the clock stands."""
        tenant = self._tenant
        tenant.settle()
        self._due_us = tenant.agenda.next_us
        if self._due_us is None or not tenant.clock.speed:
            return None
        return tenant.clock.wall_s(max(self._due_us - tenant.clock.now_us, 0))


class Timekeeper:
    """The times of a country's tenants; to be made and used in the event loop.

    `stopping`: whoever sleeps is let go.
    """

    def __init__(self, country: Country) -> None:
        self.stopping = False
        self._country = country
        self._times: dict[Tenant, TenantTime] = {}
        for tenant in country.tenants:
            self.of(tenant)

    def of(self, tenant: Tenant) -> TenantTime:
        """The time of `tenant`, kept from now on until the tenant is deleted and nobody waits in
        it any more."""
        found = self._times.get(tenant)
        if found is None:
            self._forget_deleted()
            found = self._times[tenant] = TenantTime(tenant)
        return found

    def stop(self) -> None:
        """The server ends: let those go whose answers would not come soon."""
        self.stopping = True
        for time in self._times.values():
            time.wake()

    def close(self) -> None:
        """Leave all tenants alone."""
        for time in self._times.values():
            time.close()
        self._times.clear()

    def _forget_deleted(self) -> None:
        existing = set(self._country.tenants)
        for tenant, time in list(self._times.items()):
            if tenant not in existing and not time.awaited:
                del self._times[tenant]
                time.close()
