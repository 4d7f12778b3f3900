"""Encryption with an authority of one's own, made anew for every server (SEC-01)."""

import ipaddress
import ssl
from collections.abc import Mapping
from typing import Final

import trustme

from rulebook import Policy

__all__ = ["Authority"]

_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_VERSIONS: Final[Mapping[str, ssl.TLSVersion]] = {
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class Authority:
    """A certification authority that nobody knows yet; a client trusts it by `pem`."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Poligon")

    @property
    def pem(self) -> bytes:
        """The authority's certificate."""
        return self._ca.cert_pem.bytes()

    def context(self, policy: Policy, host: str = "localhost") -> ssl.SSLContext:
        """For a server at this machine's loopback names and at `host`; connections from the
        policy's TLS floor up."""
        names = _NAMES if host in _NAMES or _is_every_address(host) else (*_NAMES, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _VERSIONS[str(policy["SEC-01.tls_floor"])]
        self._ca.issue_cert(*names).configure_cert(context)
        return context


def _is_every_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
