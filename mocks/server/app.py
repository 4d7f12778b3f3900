"""The ASGI application: services of the country, its administration, whether it lives."""

import asyncio
from typing import Final, NamedTuple

from starlette.requests import Request as HealthRequest
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from mocks.admin import PREFIX, admin_app
from mocks.core.country import Country
from mocks.core.exchange import Exchange
from mocks.core.http import Answer, Refusal, Request, problem_answer
from mocks.core.service import Service
from mocks.core.tenant import Tenant
from mocks.core.url_path import decoded_path
from mocks.server.bodies import Bodies, ClientLeft
from mocks.server.carrier import Carrier
from mocks.server.connection import connection_of
from mocks.server.guests import NO_GUESTS, GuestRooms, Guests
from mocks.server.holding import held
from mocks.server.limits import Limits
from mocks.server.timekeeper import Timekeeper
from mocks.server.wire import send_whole

__all__ = ["application"]

_MOST_BODY_OF_ADMIN: Final = 8 * 2**20  # bytes: a plan of ten thousand faults
_MOST_BODY_OF_NOBODY: Final = 2**20  # bytes: to a service that there is not


def application(
    country: Country, times: Timekeeper, limits: Limits, guests: Guests = NO_GUESTS
) -> ASGIApp:
    """Services at `/{tenant}/{service}/…` and `/{service}/…`, `guests` likewise, administration at
    `/_admin/…`, liveness at `/healthz`, readiness at `/readyz`."""
    bodies = Bodies(limits)

    async def alive(_: HealthRequest) -> Response:
        return PlainTextResponse("ok")

    async def ready(_: HealthRequest) -> Response:
        return PlainTextResponse(*(("stopping", 503) if times.stopping else ("ok", 200)))

    async def lead_to_administration(_: HealthRequest) -> Response:
        return RedirectResponse(f"{PREFIX}/")

    routes: list[BaseRoute] = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route(PREFIX, lead_to_administration),
        Mount(PREFIX, bodies.bounded(admin_app(country), _MOST_BODY_OF_ADMIN)),
    ]
    services = _Services(country, times, bodies)
    rooms = GuestRooms(country, guests, bodies, otherwise=services)
    router = Router(routes, redirect_slashes=False, default=rooms)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await router(scope, receive, send)
        except asyncio.CancelledError:  # the server has ended: no failure, and nobody listens
            return

    return answer


class _Target(NamedTuple):
    """Whom a request is for, as Exchange wants it."""

    tenant: Tenant
    service: Service
    path: str


class _Services:
    """Every path that is none of the others: a request to a service."""

    def __init__(self, country: Country, times: Timekeeper, bodies: Bodies) -> None:
        self._country = country
        self._times = times
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            target = _Target(*self._country.parts(decoded_path(_raw_path(scope))))
        except Refusal as refusal:
            await self._refuse_path(refusal, scope, receive, send)
            return
        connection = connection_of(scope)
        try:
            async with self._bodies.reading(scope, receive, target.service.most_body) as body:
                tenant, service, path = target
                request = _request(scope, path, body)
                exchange = await held(tenant, lambda: Exchange(tenant, service, request))
                await Carrier(exchange, connection, self._times).carry(send)
        except ClientLeft:
            return
        except Refusal as refusal:
            connection.refuse(await _refused(target, scope, refusal))

    async def _refuse_path(
        self, refusal: Refusal, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def refuse(_scope: Scope, _receive: Receive, _send: Send) -> None:
            await send_whole(problem_answer(refusal), scope["method"], send)

        await self._bodies.bounded(refuse, _MOST_BODY_OF_NOBODY)(scope, receive, send)


async def _refused(target: _Target, scope: Scope, refusal: Refusal) -> Answer:
    """The answer to a request whose body has not been read; the journal notes it."""
    tenant, service, path = target
    request = _request(scope, path, b"")

    def refused() -> Answer:
        reply = Exchange(tenant, service, request, refusal).enter()
        assert reply is not None  # it was made to be refused
        return reply.answer

    return await held(tenant, refused)


def _request(scope: Scope, path: str, body: bytes) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        # RFC 9110, 5.3; cookies are joined in their own way (RFC 6265, 5.4).
        joint = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    query = scope["query_string"].decode("latin-1")
    return Request(scope["method"], path, query, headers, body, scope["scheme"])


def _raw_path(scope: Scope) -> str:
    raw: bytes = scope["raw_path"]
    return raw.decode("latin-1")
