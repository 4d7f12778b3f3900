"""A session of `requests` that talks to public machines alone, whatever a name resolves to.

What an organization types as an address must not lead the portal into networks that only the portal
can reach. The address is looked at once the connection is there and before anything is sent, so
that a name which resolves to another address a moment later gains nothing.
"""

import ipaddress
import socket
from functools import partial
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

__all__ = ["may_be_reached", "public_session"]

_SCHEMES: Final = ("http://", "https://")


def may_be_reached(address: str, *, own_machine: bool) -> bool:
    """Whether an IP address is public, or of the portal's own machine where that is allowed."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global or (own_machine and mapped.is_loopback)


def public_session(*, own_machine: bool) -> requests.Session:
    """A session that breaks off, with requests' ConnectionError, where it meets another machine
    than `may_be_reached` says. It heeds no proxy of the environment."""
    session = requests.Session()
    session.trust_env = False
    for scheme in _SCHEMES:
        session.mount(scheme, _PublicAdapter(own_machine))
    return session


class _Checked:
    """A connection that looks at whom it has reached."""

    def __init__(self, *args: Any, own_machine: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own_machine = own_machine

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        address = made.getpeername()[0].partition("%")[0]  # without the zone of IPv6
        if not may_be_reached(address, own_machine=self._own_machine):
            made.close()
            raise NewConnectionError(self, f"{address} is no public address")  # type: ignore[arg-type]
        return made


class _CheckedHttp(_Checked, HTTPConnection):
    pass


class _CheckedHttps(_Checked, HTTPSConnection):
    pass


class _PublicAdapter(HTTPAdapter):
    """Its pools make connections that are checked."""

    def __init__(self, own_machine: bool) -> None:
        self._own_machine = own_machine
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As `requests` calls it."""
        super().init_poolmanager(*args, **kwargs)

        class Http(HTTPConnectionPool):
            ConnectionCls = partial(_CheckedHttp, own_machine=self._own_machine)  # type: ignore[assignment]

        class Https(HTTPSConnectionPool):
            ConnectionCls = partial(_CheckedHttps, own_machine=self._own_machine)  # type: ignore[assignment]

        self.poolmanager.pool_classes_by_scheme = {"http": Http, "https": Https}
