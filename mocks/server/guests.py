"""Applications of others beside the services, each with a part for every tenant: the portal."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from mocks.core.country import MAIN, Country, TenantError
from mocks.core.tenant import Tenant
from mocks.server.bodies import Bodies

__all__ = ["NO_GUESTS", "GuestRooms", "Guests"]

Guests: TypeAlias = Mapping[str, Callable[[Tenant], ASGIApp]]
"""By the part of the path that leads to them (one of `RESERVED`): what serves a tenant's users."""

NO_GUESTS: Final[Guests] = MappingProxyType({})
_MOST_BODY: Final = 64 * 2**20  # bytes: guests have bounds of their own below


class GuestRooms:
    """Paths `/{tenant}/{guest}/…` and `/{guest}/…`; every other one is for `otherwise`."""

    def __init__(
        self, country: Country, guests: Guests, bodies: Bodies, *, otherwise: ASGIApp
    ) -> None:
        self._country = country
        self._guests = guests
        self._bodies = bodies
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to whoever it is for."""
        found = self._found(scope["path"])
        if found is None:
            await self._otherwise(scope, receive, send)
            return
        app, root = found
        inner = {**scope, "root_path": root}
        await self._bodies.bounded(app, _MOST_BODY)(inner, receive, send)

    def _found(self, path: str) -> tuple[ASGIApp, str] | None:
        """The application, and the part of the path that has led there."""
        parts = path.split("/", 3)[1:]
        for name, *rest in (parts, [MAIN, *parts]):
            if rest and rest[0] in self._guests:
                try:
                    tenant = self._country.tenant(name)
                except TenantError:
                    return None
                root = "/" + "/".join(parts[: len(parts) - len(rest) + 1])
                return self._guests[rest[0]](tenant), root
        return None
