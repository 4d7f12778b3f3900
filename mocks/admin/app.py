"""The administration of a country as an ASGI application with an OpenAPI document.

Operations take the lock of their tenant, and to move a clock by a year takes seconds: a server's
call is made in a thread, a call in process where it is. Pages of documentation are off: theirs
would need a network.
"""

import threading
from typing import Any, Final

from fastapi import Depends, FastAPI
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from mocks.admin import clock, faults, inboxes, journal, records, services, tenants
from mocks.admin.bridge import call_in_thread, is_stepped
from mocks.admin.problems import MEDIA_TYPE, refuse_with_problems
from mocks.admin.text import expect_whole_characters
from mocks.core.country import Country

__all__ = ["PREFIX", "admin_app"]

PREFIX: Final = "/_admin"
_DESCRIPTION: Final = """\
Each tenant has its own clock, fault plan, journal, inboxes and changes of records.
Durations are written `250ms`, `90s`, `15m`, `2h`, `3d`; local times `2026-04-20T09:00`.
Refusals are `application/problem+json`; `errors` name each wrong field and what was expected.
"""


def admin_app(country: Country) -> FastAPI:
    """The administration of `country`, to be mounted at `/_admin`; its document is
    `/_admin/openapi.json`."""
    app = _Administration(
        title="Poligon: administration of the country",
        version="1",
        description=_DESCRIPTION,
        openapi_url="/openapi.json",
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        dependencies=[Depends(expect_whole_characters)],
    )
    app.state.country = country
    for part in (tenants, clock, faults, journal, inboxes, records, services):
        app.include_router(part.router)
    refuse_with_problems(app)

    @app.get("/", include_in_schema=False)
    async def lead_to_document() -> Response:
        return RedirectResponse(f"{PREFIX}/openapi.json")

    return app


class _Administration(FastAPI):
    _documenting: Final = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_stepped(scope):
            await call_in_thread(super().__call__, scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The document. FastAPI would give one media type to all answers of an operation, and
        refusals of its own even where nothing can be wrong."""
        with self._documenting:
            if self.openapi_schema is None:
                _document_problems(super().openapi())
            return super().openapi()


def _document_problems(document: dict[str, Any]) -> None:
    operations = (o for path in document["paths"].values() for o in path.values())
    for operation in operations:
        responses: dict[str, Any] = operation["responses"]
        for status in [status for status in responses if int(status) >= 400]:
            content = responses[status]["content"]
            content[MEDIA_TYPE] = content.pop("application/json")
            if content[MEDIA_TYPE]["schema"]["$ref"].endswith("/HTTPValidationError"):
                del responses[status]
    for name in ("HTTPValidationError", "ValidationError"):
        del document["components"]["schemas"][name]
