"""Where a service is for the client that asks: links and redirects must lead back there."""

from collections.abc import Collection
from typing import Final

from mocks.core.country import MAIN
from mocks.core.service import Call

__all__ = ["own_address", "own_path"]

_UNNAMED: Final = "poligon.test"  # the host of a request without one, which no socket lets pass


def own_path(call: Call, hosts: Collection[str] = ()) -> str:
    """What the service's paths begin with: nothing at one of its production `hosts`."""
    host = _host(call).rpartition(":")[0] or _host(call)
    if host.lower() in hosts:
        return ""
    tenant = "" if call.tenant.name == MAIN else f"/{call.tenant.name}"
    return f"{tenant}/{call.service}"


def own_address(call: Call, hosts: Collection[str] = ()) -> str:
    """The URL that the service's paths follow."""
    return f"{call.request.scheme}://{_host(call)}{own_path(call, hosts)}"


def _host(call: Call) -> str:
    return call.request.header("Host") or _UNNAMED
