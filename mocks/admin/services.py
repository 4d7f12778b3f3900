"""The services of the country: what they stand for, which rules use them, how they break."""

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel

from mocks.admin.access import TheCountry
from mocks.core.country import Country
from mocks.core.faults import KINDS
from mocks.core.service import Service
from mocks.core.tenant import Tenant
from scenarios.durations import format_duration

__all__ = ["router"]

router: Final = APIRouter(prefix="/services", tags=["services"])


class StationView(BaseModel):
    """How fast a service is: `servers` on duty at the time of the tenant `main`, the mean time of
    one of them for a case, waiting places (null: unlimited)."""

    servers: int
    mean_service: str
    queue_limit: int | None


class ServiceView(BaseModel):
    """A service: `name` in Russian, `rules` of the rule book that use it, `own_faults` that only it
    has, `hosts` whose calls the in-process mode takes over.

    `works`: it works on cases for hours or days, and `station` is that work; otherwise `station` is
    the answering of requests. Null: at once, any number at a time.
    """

    id: str
    name: str
    rules: list[str]
    own_faults: dict[str, str]
    hosts: list[str]
    works: bool
    station: StationView | None


class Services(BaseModel):
    """`services` in their order, and `fault_kinds` that all of them know, with what each does."""

    services: list[ServiceView]
    fault_kinds: dict[str, str]


@router.get("")
async def list_services(country: TheCountry) -> Services:
    """All services of the country."""
    return Services(
        services=[_view(country, service) for service in country.services.values()],
        fault_kinds=dict(KINDS),
    )


def _view(country: Country, service: Service) -> ServiceView:
    return ServiceView(
        id=service.id,
        name=country.book.systems[service.id].name,
        rules=list(country.rules_of(service.id)),
        own_faults=dict(service.own_faults),
        hosts=list(service.hosts),
        works=service.works,
        station=_station(country.tenant(), service),
    )


def _station(main: Tenant, service: Service) -> StationView | None:
    with main.lock:
        now_us = main.settle()
        if service.works:
            try:
                working = main.stations.working(service.id)
            except KeyError:
                return None
            _, servers = next(working.capacity(now_us))
            duration, limit = working.service, working.queue_limit
        else:
            answering = main.stations.answering(service.id)
            if answering is None:
                return None
            servers = main.stations.servers(answering, now_us)
            duration, limit = answering.service, answering.queue_limit
    return StationView(
        servers=servers,
        mean_service=format_duration(round(duration.mean_us)),
        queue_limit=limit,
    )
