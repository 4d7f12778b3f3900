"""The ASGI application of portals: POST a form to do a use case, GET a view.

A request's portal is `scope["portal"]` (`portal.http.served.SCOPE_KEY`): one application serves the
portals of all tenants. Use cases are synchronous and wait for registers: each is done in a thread
of a bounded pool, and who would have to wait for long is refused at once.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeAlias

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from portal.http.admission import Gate, Limits
from portal.http.document import (
    Schemas,
    components,
    operation_of_case,
    operation_of_view,
    path_of,
)
from portal.http.exchange import Exchange, Reply
from portal.http.problems import Refused
from portal.http.served import SCOPE_KEY, ServedPortal
from portal.http.watching import log_request
from portal.use_case import USE_CASES, VIEWS
from rulebook import Text

__all__ = ["portal_app"]

_log: Final = logging.getLogger(__name__)
_DESCRIPTION: Final = """\
Each use case is a POST of its form, each view a GET with its query. Refusals are
`application/problem+json`; `violations` name every broken rule of the rule book with its field.
"""

_DOCUMENT: Final = "/openapi.json"
_NOT_READY: Final = {
    "description": "The store does not answer",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}

Work: TypeAlias = Callable[[Exchange], Reply]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def portal_app(served: ServedPortal | None = None, limits: Limits | None = None) -> FastAPI:
    """An application over every use case and view that has been imported; of the portal `served`
    where a request's scope names none."""
    bounds = limits or (served.limits if served else Limits())
    app = _Portal(
        title="Poligon: the portal",
        version="1",
        description=_DESCRIPTION,
        openapi_url=_DOCUMENT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    desk = _Desk(served, bounds)
    schemas = Schemas(
        {name: case.form for name, case in USE_CASES.items()}
        | {_view_key(name): shown.query for name, shown in VIEWS.items()}
    )
    app.schemas = schemas
    for name, case in USE_CASES.items():
        app.add_act(
            "POST",
            path_of(name),
            desk.endpoint(name, partial(Exchange.act, name=name)),
            summary=_summary(case.run),
            operation_id=name,
            openapi_extra=operation_of_case(case, schemas, name),
        )
    for name, shown in VIEWS.items():
        key = _view_key(name)
        work = partial(Exchange.read, name=name, properties=schemas.properties(key))
        app.add_act(
            "GET",
            path_of(name),
            desk.endpoint(name, work),
            summary=_summary(shown.show),
            operation_id=key,
            openapi_extra=operation_of_view(shown, schemas, key),
        )
    _tell_of_health(app, desk)
    app.add_exception_handler(HTTPException, desk.refuse)
    return app


class _Portal(FastAPI):
    """FastAPI, but for the way to use cases and views: to try a hundred patterns one after the
    other, and to resolve dependencies that there are not, would take longer than most answers."""

    schemas: Schemas

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._acts: dict[tuple[str, str], Endpoint] = {}

    def add_act(self, method: str, path: str, endpoint: Endpoint, **told: Any) -> None:
        """Answer at a path without parameters; `told` is for the document."""
        self._acts[method, path] = endpoint
        self.add_api_route(path, endpoint, methods=[method], response_model=None, **told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: by what is at its path, by FastAPI's routes otherwise."""
        endpoint = None
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            endpoint = self._acts.get((scope["method"], path))
        if endpoint is None:
            await super().__call__(scope, receive, send)
            return
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The document, with forms and queries among its components. FastAPI's own notion of a
        wrong request is no answer of ours."""
        if self.openapi_schema is None:
            document = super().openapi()
            common = components()
            defined = document.setdefault("components", {}).setdefault("schemas", {})
            defined.clear()
            defined.update(self.schemas.defined)
            defined.update(common["schemas"])
            document["components"]["securitySchemes"] = common["securitySchemes"]
        return super().openapi()


class _Desk:
    """Takes requests in the event loop and has them worked on in threads."""

    def __init__(self, served: ServedPortal | None, limits: Limits) -> None:
        self._served = served
        self._limits = limits
        self._gate = Gate(limits)
        self._threads = ThreadPoolExecutor(limits.threads, "portal")

    def served(self, request: Request) -> ServedPortal:
        """Whose request it is."""
        found: ServedPortal | None = request.scope.get(SCOPE_KEY, self._served)
        if found is None:
            raise RuntimeError("the scope names no portal, and the application has none")
        return found

    def endpoint(self, act: str, work: Work) -> Endpoint:
        """What answers requests for `act`."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, act, work)

        return endpoint

    async def refuse(self, request: Request, error: Exception) -> Response:
        """The answer to a request that is for nothing of ours."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {404: "no-such-path", 405: "method"}.get(status, "failure")
        headers = dict(getattr(error, "headers", None) or {})
        document = f"{request.scope.get('root_path', '')}{_DOCUMENT}"
        one_of = Text(f"один из {document}", f"one of {document}")
        errors = (("path", one_of),) if code == "no-such-path" else ()

        def refused(_: Exchange) -> Reply:
            raise Refused(code, errors, headers)

        return await self._answer(request, "-", refused)

    async def _answer(self, request: Request, act: str, work: Work) -> Response:
        begun_s = time.perf_counter()
        served = self.served(request)
        exchange = Exchange(served, request)
        try:
            with self._gate.passed(served.portal.policy):
                served.metrics.inside.set(self._gate.inside)
                exchange.body = await self._body(request)
                reply = await asyncio.get_running_loop().run_in_executor(
                    self._threads, _worked, exchange, work
                )
        except Refused as refused:
            reply = exchange.refused(refused)
        seconds = time.perf_counter() - begun_s
        served.metrics.inside.set(self._gate.inside)
        served.metrics.count(act, reply.status, seconds)
        log_request(
            request_id=exchange.request_id,
            act=act,
            status=reply.status,
            seconds=seconds,
            account=exchange.account,
        )
        return Response(reply.body, reply.status, reply.headers, reply.media_type)

    async def _body(self, request: Request) -> bytes:
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self._limits.body_bytes:
            raise Refused("too-large")
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self._limits.body_bytes:
                raise Refused("too-large")
        return bytes(body)


def _worked(exchange: Exchange, work: Work) -> Reply:
    """The reply, whatever happens."""
    try:
        return exchange.replied(work)
    except Refused as refused:
        return exchange.refused(refused)
    except Exception:
        _log.exception("request %s has failed", exchange.request_id)
        return exchange.refused(Refused("failure"))


def _tell_of_health(app: FastAPI, desk: _Desk) -> None:
    @app.get("/healthz", response_class=PlainTextResponse)
    async def alive() -> Response:
        """The process answers."""
        return Response("ok", media_type="text/plain")

    @app.get("/readyz", response_class=PlainTextResponse, responses={503: _NOT_READY})
    def ready(request: Request) -> Response:
        """The store answers."""
        try:
            desk.served(request).portal.ports.store.get("probe", "probe")
        except Exception:
            _log.exception("the store does not answer")
            return Response("the store does not answer", 503, media_type="text/plain")
        return Response("ok", media_type="text/plain")

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        """Figures in the text format of Prometheus."""
        text = desk.served(request).metrics.text()
        return Response(text, media_type="text/plain; version=0.0.4")


def _summary(function: Callable[..., object]) -> str:
    """The first paragraph of its docstring, in one line."""
    return " ".join((function.__doc__ or "").partition("\n\n")[0].split())


def _view_key(name: str) -> str:
    """A view's name among schemas, where use cases have theirs."""
    return f"view_{name}"
