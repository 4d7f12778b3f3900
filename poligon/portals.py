"""The portal of every tenant of a country, beside the country's services and on the tenant's clock.

A portal calls the services of its tenant over HTTP, as its users call it. That of `main` keeps what
it knows in a database, the time of its clock as well if that outlives the server; those of other
tenants, which end with the server, keep it in memory.
"""

import asyncio
import datetime as dt
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from mocks.core.country import MAIN, Country
from mocks.core.draw_keys import HEADER
from mocks.core.tenant import Tenant
from mocks.server.guests import Guests
from poligon.draw_passing import draw_marks, forget_draw, note_draw
from portal.accounts.session import SignedIn, actor_of
from portal.adapters.given_clock import GivenClock
from portal.adapters.gost_archive import BackupFolder, BackupMemory, BackupPlace
from portal.adapters.kept_clock import KeptClock, kept_moment
from portal.adapters.seeded_entropy import SeededEntropy
from portal.adapters.system_entropy import SystemEntropy
from portal.http.admission import Limits
from portal.http.app import portal_app
from portal.http.served import SCOPE_KEY, Caller, ServedPortal
from portal.portal import Portal
from portal.ports.clock import Clock
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.store import Store
from portal.registries.http_client import Conditions
from portal.registries.wiring import ports_at
from portal.store.database import file_of
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore
from portal.use_case import Actor
from world.calendar import MICROSECOND

__all__ = ["PortalOfTenant", "Portals", "caller_of_stand"]

_log: Final = logging.getLogger(__name__)
_ROOM: Final = "portal"
_SILENCE: Final = frozenset({"outage", "timeout"})
_LONG_US: Final = 10_000_000  # longer than a client waits for an answer
_PATIENCE_S: Final = 60  # until the server has an address
_AHEAD_S: Final = 1.0  # of real time: how often the time of a running clock is kept
_MOST_AHEAD_S: Final = 86_400.0  # of model time: what a restart may skip


class PortalOfTenant:
    """A portal whose services are at `address`; a companion of its tenant's clock.

    While the clock stands, what is due is done before a use case is answered, and on the way when
    the clock is moved. While it runs, a thread does it in its time. The clock's time survives with
    the store if that `is_kept`; second copies of the archive lie in `backups`.
    """

    def __init__(
        self,
        tenant: Tenant,
        country: Country,
        address: str,
        *,
        store: Store,
        entropy: Entropy,
        passwords: Passwords,
        limits: Limits,
        trust: Path | None = None,
        is_kept: bool = False,
        backups: BackupPlace | None = None,
    ) -> None:
        self._tenant = tenant
        clock: Clock = GivenClock(tenant.clock.calendar, tenant.clock.local)
        self._kept_clock = KeptClock(clock, store, self._ahead) if is_kept else None
        clock = self._kept_clock or clock
        conditions = Conditions(
            pause=self._pause,
            now_s=lambda: clock.now().timestamp(),
            trust=trust,
            is_silent=self._is_silent,
            marks=draw_marks,
        )
        ports = ports_at(
            address,
            clock=clock,
            entropy=entropy,
            passwords=passwords,
            store=store,
            conditions=conditions,
            backups=backups,
        )
        self.portal = Portal(ports, country.book, country.policy)
        self.served = ServedPortal(
            portal=self.portal, who=caller_of_stand, after_act=self._after_act, limits=limits
        )
        self._ticking = threading.Lock()
        self._woken = threading.Event()
        self._is_closed = False
        self._thread: threading.Thread | None = None
        tenant.companions.append(self)
        tenant.on_move.append(self._wake)
        self._wake()

    def next_us(self) -> int | None:
        """As `mocks.core.companions` says."""
        due = self.portal.next_due()
        return None if due is None else max(_model_us(self._tenant, due), 0)

    def catch_up(self) -> None:
        """As `mocks.core.companions` says."""
        forget_draw()
        with self._ticking:
            if not self._is_closed:
                self.portal.tick()

    def close(self) -> None:
        """Do no more work; what is in hand is finished."""
        with self._ticking:
            self._is_closed = True
        if self in self._tenant.companions:
            self._tenant.companions.remove(self)
            self._tenant.on_move.remove(self._wake)
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        if self._kept_clock is not None:
            self._kept_clock.keep_exactly()

    # --- inside

    def _ahead(self) -> dt.timedelta:
        return dt.timedelta(seconds=min(_AHEAD_S * self._tenant.clock.speed, _MOST_AHEAD_S))

    def _pause(self, seconds: float) -> None:
        """Between attempts: time passes for a client only where the clock runs."""
        if self._tenant.clock.speed:
            time.sleep(self._tenant.clock.wall_s(int(seconds * 1e6)))

    def _is_silent(self, system: str) -> bool:
        """Whether the plan of faults keeps the service from answering while the clock stands: then
        no time would pass for who waits, and a stand need not take as long as people do."""
        tenant = self._tenant
        if tenant.clock.speed:
            return False
        with tenant.lock:
            held = [each for each in tenant.faults if each.holds(system, tenant.now_us)]
        return any(
            each.spec.kind in _SILENCE
            or (each.spec.delay is not None and each.spec.delay.mean_us > _LONG_US)
            for each in held
        )

    def _after_act(self) -> None:
        if self._tenant.clock.speed:
            self._woken.set()
        else:
            self.catch_up()

    def _wake(self) -> None:
        """The clock has been moved, or runs at another speed."""
        if self._tenant.clock.speed and self._thread is None and not self._is_closed:
            name = f"portal-{self._tenant.name}"
            self._thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._thread.start()
        self._woken.set()

    def _work(self) -> None:
        """What is due in its time, for as long as the clock runs."""
        while not self._is_closed:
            self._woken.clear()
            wait_s = None
            try:
                if self._tenant.clock.speed:
                    self.catch_up()
                    wait_s = self._wait_s()
            except Exception:
                _log.exception("the portal of tenant %s has failed at its work", self._tenant.name)
                wait_s = 1.0
            self._woken.wait(wait_s)

    def _wait_s(self) -> float | None:
        due_us, clock = self.next_us(), self._tenant.clock
        return None if due_us is None else clock.wall_s(max(due_us - clock.now_us, 0))


class Portals:
    """Portals by tenant, made when they are first asked for.

    `database` is the URL of the one that `main` keeps its records in; if it `is_kept`, time begins
    where it has ended there. `address` of the server is to be told by `begin` once it is known.
    """

    def __init__(
        self,
        country: Country,
        passwords: Passwords,
        *,
        database: str | None = None,
        is_kept: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._country = country
        self._passwords = passwords
        self._limits = limits or Limits()
        self._is_kept = is_kept
        self._database = None if database is None else SqlStore(database)
        self._file = None if database is None else file_of(database)
        if is_kept and self._database is not None:
            _go_on(country.tenant(MAIN), kept_moment(self._database))
        self._address: Future[tuple[str, Path | None]] = Future()
        self._app = portal_app(limits=self._limits)
        self._making = threading.Lock()
        self._found: dict[Tenant, PortalOfTenant] = {}
        self._main_before: Tenant | None = None
        self.guests: Guests = MappingProxyType({_ROOM: self._app_of})

    def begin(self, address: str, trust: Path | None = None) -> None:
        """The services are at `address`, whose certificates are of an authority in the file
        `trust`; the portal of `main` goes on with its work."""
        self._address.set_result((address, trust))
        self.of(self._country.tenant(MAIN)).catch_up()

    def of(self, tenant: Tenant) -> PortalOfTenant:
        """The portal of a tenant; waits until `begin` was called."""
        address, trust = self._address.result(_PATIENCE_S)
        with self._making:
            found = self._found.get(tenant)
            if found is None:
                self._forget_deleted()
                found = self._found[tenant] = PortalOfTenant(
                    tenant,
                    self._country,
                    f"{address}/{tenant.name}",
                    store=self._store(tenant),
                    entropy=self._entropy(tenant),
                    passwords=self._passwords,
                    limits=self._limits,
                    trust=trust,
                    is_kept=self._is_kept_of(tenant),
                    backups=self._backups(tenant),
                )
        return found

    def close(self) -> None:
        """End all work, and let the database go."""
        for found in self._found.values():
            found.close()
        self._found.clear()
        if self._database is not None:
            self._database.close()

    # --- inside

    def _app_of(self, tenant: Tenant) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            found = self._found.get(tenant)
            if found is None:
                found = await asyncio.to_thread(self.of, tenant)
            await self._app({**scope, SCOPE_KEY: found.served}, receive, send)

        return app

    def _store(self, tenant: Tenant) -> Store:
        if tenant.name != MAIN or self._database is None:
            return MemoryStore()
        if self._main_before is not None:
            self._database.erase()  # the tenant has been made anew
        self._main_before = tenant
        return self._database

    def _entropy(self, tenant: Tenant) -> Entropy:
        """Tokens of a database that outlives the process must not come again."""
        if self._is_kept_of(tenant):
            return SystemEntropy()
        return SeededEntropy(f"{tenant.seed}/{tenant.name}")

    def _is_kept_of(self, tenant: Tenant) -> bool:
        return self._is_kept and self._database is not None and tenant.name == MAIN

    def _backups(self, tenant: Tenant) -> BackupPlace:
        """Beside the file of a database that is kept a folder; otherwise memory (EDI-04)."""
        if self._is_kept_of(tenant) and self._file is not None:
            return BackupFolder(Path(f"{self._file}-archive"))
        return BackupMemory()

    def _forget_deleted(self) -> None:
        existing = set(self._country.tenants)
        for tenant in [each for each in self._found if each not in existing]:
            self._found.pop(tenant).close()


def _go_on(tenant: Tenant, moment: dt.datetime | None) -> None:
    """Let the tenant's time begin where it has ended, unless it begins later."""
    if moment is not None:
        tenant.set_time(
            min(max(_model_us(tenant, moment), tenant.clock.now_us), tenant.clock.end_us)
        )


def _model_us(tenant: Tenant, moment: dt.datetime) -> int:
    start = tenant.clock.calendar.local(0).astimezone(dt.UTC)
    return (moment.astimezone(dt.UTC) - start) // MICROSECOND


def caller_of_stand(served: Portal, caller: Caller) -> SignedIn:
    """Who asks, on a stand for tests: by the session's token, from wherever the request says it
    comes (`Poligon-Address`, `Poligon-Region`), or the member of the staff that it names
    (`Poligon-Operator`, percent-encoded UTF-8). User-Agent is the device. `Poligon-Draw` goes on to
    the registries."""
    headers: Mapping[str, str] = caller.headers
    note_draw(headers.get(HEADER))
    device = _decoded(headers.get("user-agent", ""))
    region = _decoded(headers.get("poligon-region", ""))
    ip = _decoded(headers.get("poligon-address", "")) or caller.ip
    operator = _decoded(headers.get("poligon-operator", ""))
    if operator:
        return SignedIn(actor=Actor(operator=operator, ip=ip, device=device, region=region))
    scheme, _, token = headers.get("authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    return actor_of(served, given, ip=ip, device=device, region=region)


def _decoded(text: str) -> str:
    return unquote(text, errors="replace").replace("\0", "")
