"""A portal beside the services of its tenant and on the tenant's clock, and who acts on it."""

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from mocks.core.country import Country
from mocks.core.draw_keys import HEADER
from mocks.core.tenant import Tenant
from portal.accounts.session import SignedIn, actor_of
from portal.adapters.given_clock import GivenClock
from portal.adapters.gost_archive import BackupPlace
from portal.adapters.kept_clock import KeptClock
from portal.http.admission import Limits
from portal.http.served import Caller, ServedPortal
from portal.portal import Portal
from portal.ports.clock import Clock
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.store import Store
from portal.registries.http_client import Conditions
from portal.registries.wiring import ports_at
from portal.use_case import Actor
from stand.draw_passing import draw_marks, forget_draw, note_draw
from stand.lane_workers import LaneWorker, model_us
from world.microseconds import SECOND_US

__all__ = ["PortalOfTenant", "caller_of_stand"]

_SILENCE: Final = frozenset({"outage", "timeout"})
_LONG_US: Final = 10 * SECOND_US  # longer than a client waits for an answer
_AHEAD_S: Final = 1.0  # of real time: how often the time of a running clock is kept
_MOST_AHEAD_S: Final = 86_400.0  # of model time: what a restart may skip


class PortalOfTenant:
    """A portal whose services are at `address`; a companion of its tenant's clock.

    While the clock stands, what is due is done before a use case is answered, and on the way when
    the clock is moved; what goes to machines of others is left to whoever is at that already, for
    such a machine may wait for the very answer. While the clock runs, a worker of each lane does it
    in its time. The clock's time survives with the store if that `is_kept`; second copies of the
    archive lie in `backups`.
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
        self._own = LaneWorker(self.portal, "own", tenant)
        self._outside = LaneWorker(self.portal, "outside", tenant)
        self._workers = (self._own, self._outside)
        tenant.companions.append(self)
        tenant.on_move.append(self._wake)
        self._wake()

    def next_us(self) -> int | None:
        """As `mocks.core.companions` says."""
        due = self.portal.next_due()
        return None if due is None else max(model_us(self._tenant, due), 0)

    def catch_up(self) -> None:
        """As `mocks.core.companions` says."""
        forget_draw()
        while self._own.catch_up() and self._outside.catch_up(waits=False):
            if not self._is_due():  # for those who have passed the outside lane by meanwhile
                break

    def close(self) -> None:
        """Do no more work; what is in hand is finished."""
        for worker in self._workers:
            worker.end()
        if self in self._tenant.companions:
            self._tenant.companions.remove(self)
            self._tenant.on_move.remove(self._wake)
        self.portal.forget_sent_letters()
        if self._kept_clock is not None:
            self._kept_clock.keep_exactly()

    # --- inside

    def _is_due(self) -> bool:
        due = self.portal.next_due()
        return due is not None and due <= self.portal.ports.clock.now()

    def _ahead(self) -> dt.timedelta:
        return dt.timedelta(seconds=min(_AHEAD_S * self._tenant.clock.speed, _MOST_AHEAD_S))

    def _pause(self, seconds: float) -> None:
        """Between attempts: time passes for a client only where the clock runs."""
        if self._tenant.clock.speed:
            time.sleep(self._tenant.clock.wall_s(int(seconds * SECOND_US)))

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
            self._wake()
        else:
            self.catch_up()

    def _wake(self) -> None:
        """The clock has been moved, or runs at another speed."""
        for worker in self._workers:
            worker.wake()


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
