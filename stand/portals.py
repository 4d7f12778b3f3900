"""The portal of every tenant of a country, beside the country's services and on the tenant's clock.

A portal calls the services of its tenant over HTTP, as its users call it. That of `main` keeps what
it knows in a database, the time of its clock as well if that outlives the server; those of other
tenants, which end with the server, keep it in memory.
"""

import asyncio
import datetime as dt
import threading
from concurrent.futures import Future
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from mocks.core.country import MAIN, Country
from mocks.core.tenant import Tenant
from mocks.server.guests import Guests
from portal.adapters.gost_archive import BackupFolder, BackupMemory, BackupPlace
from portal.adapters.kept_clock import kept_moment
from portal.adapters.seeded_entropy import SeededEntropy
from portal.adapters.system_entropy import SystemEntropy
from portal.http.admission import Limits
from portal.http.app import portal_app
from portal.http.served import SCOPE_KEY
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.store import Store
from portal.store.database import file_of
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore
from stand.lane_workers import model_us
from stand.portal_of_tenant import PortalOfTenant

__all__ = ["Portals"]

_ROOM: Final = "portal"
_PATIENCE_S: Final = 60  # until the server has an address


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
            min(max(model_us(tenant, moment), tenant.clock.now_us), tenant.clock.end_us)
        )
