"""`running`: a country for the calls of this process."""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, get_args
from weakref import WeakSet

from fastapi import FastAPI

from mocks.admin import PREFIX, admin_app, ask_application
from mocks.controls import CountryControls, local_time, planned_fault
from mocks.core.country import Country
from mocks.core.exchange import Exchange, Reply, too_large
from mocks.core.faults import Fault, FaultError
from mocks.core.http import Refusal, Request, problem_answer
from mocks.core.service import Service
from mocks.core.url_path import decoded_path
from mocks.in_process.router import ROUTER
from mocks.in_process.visit import Bell, Visit, Waiting
from scenarios.completion import CompleteScenario
from scenarios.loader import load

__all__ = ["RunningCountry", "running"]


@contextmanager
def running(
    *,
    seed: int | None = None,
    scenario: str | Path | CompleteScenario | None = None,
    faults: Iterable[Fault | Mapping[str, Any]] = (),
    start: str | dt.datetime | None = None,
    services: Sequence[Service | str] | None = None,
    waiting: Waiting = "skip",
    loopback: bool = False,
) -> Iterator["RunningCountry"]:
    """A country that calls made with `requests` reach, in every thread, until the block ends.

    `seed` makes its people and organizations; a `scenario` gives calendar, stations, population,
    faults and seed. `faults` are as in a scenario, `start` is the local time at which the clocks
    begin. `services` are those of the catalogue by id, or your own; all if None. Under
    `waiting="skip"` no delay is slept: a call whose answer is planned for later than its `timeout`
    fails at once; `"real"` waits. With `loopback`, calls to this machine itself pass through to the
    socket.

    Raises ScenarioError, FaultError, ClockError (for `start`), ValueError (for `services`,
    `waiting`). Any number of countries may run at once, also nested.
    """
    if waiting not in get_args(Waiting):
        raise ValueError(f"waiting: {waiting!r} is none of {', '.join(get_args(Waiting))}")
    planned = [f if isinstance(f, Fault) else planned_fault(f) for f in faults]
    country = Country(
        _services(services),
        seed=seed,
        scenario=load(Path(scenario)) if isinstance(scenario, str | Path) else scenario,
        faults=planned,
        start=None if start is None else local_time(start),
    )
    _check_services(country, planned)
    here = RunningCountry(country, waiting, loopback)
    try:
        yield here
    finally:
        here.close()


class RunningCountry(CountryControls):
    """A country in this process. Calls reach it at `url` (`{url}/{tenant}/{service}/…`,
    administration at `{url}/_admin/…`) and at the production hosts of its services, which are those
    of the tenant `main`.

    `core` is the country itself. All methods may be called from any thread.
    """

    def __init__(self, core: Country, waiting: Waiting, loopback: bool) -> None:
        self.core = core
        self.loopback = loopback
        self.patient = waiting == "real"
        self.hosts = {host: s.id for s in core.services.values() for host in s.hosts}
        self._bells: WeakSet[Bell] = WeakSet()  # also of tenants that are no more
        self._closed = False
        self._noting = threading.Lock()
        self._host = ROUTER.enter(self)
        super().__init__(core, f"http://{self._host}")

    def carry(self, request: Request, limit_s: float | None) -> Reply:
        """The reply to a client that waits `limit_s` seconds (None: for ever); raises TimeoutError,
        ConnectionResetError or NoTimeoutError."""
        if request.path == PREFIX:
            request = replace(request, path=f"{PREFIX}/")
        if request.path.startswith(f"{PREFIX}/"):
            return Reply(ask_application(self._admin, PREFIX, request))
        try:
            tenant, service, path = self.core.parts(decoded_path(request.path))
        except Refusal as refusal:
            return Reply(problem_answer(refusal))
        own = replace(request, path=path)
        if len(own.body) > service.most_body:  # a server does not even read it
            unread = replace(own, body=b"")
            exchange = Exchange(tenant, service, unread, too_large(service.most_body))
        else:
            exchange = Exchange(tenant, service, own)
        visit = Visit(exchange, limit_s)
        with self._noting:
            self._bells.add(visit.bell)
            visit.bell.closed |= self._closed
        return visit.waiting() if self.patient else visit.skipping()

    def close(self) -> None:
        """Calls no longer reach it; whoever still waits is sent away."""
        ROUTER.leave(self._host)
        with self._noting:
            self._closed = True
            bells = list(self._bells)
        for bell in bells:
            bell.close()

    @cached_property
    def _admin(self) -> FastAPI:
        return admin_app(self.core)


def _check_services(country: Country, faults: Iterable[Fault]) -> None:
    """A country leaves faults of other services out, which may be right for a scenario's only."""
    known = {active.spec.id for active in country.tenant().faults}
    for fault in faults:
        if fault.id not in known:
            names = ", ".join(country.services)
            raise FaultError(f"service: {fault.service} is none of {names} (fault {fault.id})")


def _services(wanted: Sequence[Service | str] | None) -> Sequence[Service]:
    """The services themselves; ValueError if the catalogue has none of that id."""
    own = [service for service in wanted or () if isinstance(service, Service)]
    if wanted is not None and len(own) == len(wanted):
        return own
    from mocks.catalogue import SERVICES  # noqa: PLC0415 - who brings services loads no others

    known = {service.id: service for service in SERVICES}
    for service in wanted or ():
        if isinstance(service, str) and service not in known:
            raise ValueError(f"services: {service} is none of {', '.join(known)}")
    if wanted is None:
        return SERVICES
    return [known[service] if isinstance(service, str) else service for service in wanted]
