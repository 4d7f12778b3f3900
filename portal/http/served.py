"""One portal that is served: who asks it, and what is counted of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from starlette.datastructures import Headers

from portal.accounts.session import SignedIn, actor_of
from portal.http.admission import Limits, RateLimiter
from portal.http.watching import Metrics
from portal.portal import Portal

__all__ = ["SCOPE_KEY", "Caller", "ServedPortal", "Who", "bearer"]

SCOPE_KEY = "portal"
"""Where the ASGI scope of a request has its ServedPortal."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A request as far as it says who sends it: its headers and the client's address."""

    headers: Headers
    ip: str


Who: TypeAlias = Callable[[Portal, Caller], SignedIn]


def bearer(portal: Portal, caller: Caller) -> SignedIn:
    """Whoever the session's token in Authorization is of (RFC 6750); nobody without one."""
    headers = caller.headers
    scheme, _, token = headers.get("authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    device = unquote(headers.get("user-agent", ""), errors="replace").replace("\0", "")
    return actor_of(portal, given, ip=caller.ip, device=device, region="")


def _nothing() -> None:
    """The portal's work is done elsewhere."""


@dataclass(kw_only=True)
class ServedPortal:
    """`after_act` is called in the request's thread once a use case has been done: work may be due
    now."""

    portal: Portal
    who: Who = bearer
    after_act: Callable[[], None] = _nothing
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=Metrics)
    rates: RateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.rates = RateLimiter(self.limits)
