"""A service: its routes, the faults of its own, and what a handler gets of a request."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Answer, Refusal, Request, problem_answer
from mocks.core.journal import Entry

if TYPE_CHECKING:
    from mocks.core.tenant import Tenant

__all__ = ["Call", "Handler", "Route", "Service"]

_PLACEHOLDER: Final = re.compile(r"\{(\w+)(:path)?\}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request that a handler answers: `values` are the parts of the path in braces, `now_us`
    the model time at which it is answered, `entry` its line in the journal."""

    tenant: "Tenant"
    service: str
    request: Request
    values: Mapping[str, str]
    key: DrawKey
    now_us: int
    entry: Entry

    def hit(self, kind: str) -> bool:
        """Whether a fault of the service's own `kind` hits this request; the journal is told."""
        fault = self.tenant.faults.hit(kind, self.service, self.key, self.now_us)
        if fault is None:
            return False
        self.entry.faults += (fault.id,)
        return True


Handler: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path with `{name}` in place of a part without slashes, `{name:path}` of one
    that may have them."""

    method: str
    path: str
    handler: Handler
    pattern: re.Pattern[str]


@dataclass
class Service:
    """An external system of the portal, `id` as in the rule book's `systems`.

    `works`: its station of the scenario is the work on a case in hand (`mocks.core.jobs`), while
    answers come at once; otherwise the station is the answering itself. `own_faults` are kinds that
    only this service has, with what they do. `hosts` are production hosts whose calls the
    in-process mode takes over. `refuse` forms refusals as the service's protocol has them. `begin`
    is called with every new tenant, by a service that must know what happens before it is asked.
    """

    id: str
    works: bool = False
    own_faults: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    refuse: Callable[[Refusal], Answer] = problem_answer
    begin: Callable[["Tenant"], object] | None = None
    most_body: int = 2**20
    routes: list[Route] = field(default_factory=list)

    def get(self, path: str) -> Callable[[Handler], Handler]:
        """Register the decorated handler for GET (and HEAD) of `path`."""
        return self.route("GET", path)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        """Register the decorated handler for POST of `path`."""
        return self.route("POST", path)

    def route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Register the decorated handler for `method` and `path`."""
        pattern, end = "", 0
        for found in _PLACEHOLDER.finditer(path):
            part = ".+" if found[2] else "[^/]+"
            pattern += f"{re.escape(path[end : found.start()])}(?P<{found[1]}>{part})"
            end = found.end()
        pattern += re.escape(path[end:])

        def register(handler: Handler) -> Handler:
            self.routes.append(Route(method, path, handler, re.compile(pattern)))
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Handler, Mapping[str, str]]:
        """The handler and the values of the path; Refusal 404 or 405."""
        method = "GET" if method == "HEAD" else method
        allowed = []
        for route in self.routes:
            match = route.pattern.fullmatch(path)
            if match is not None:
                if route.method == method:
                    return route.handler, match.groupdict()
                allowed.append(route.method)
        if allowed:
            message = f"Метод {method} здесь не поддержан"
            raise Refusal(405, "method", message, headers={"Allow": ", ".join(allowed)})
        raise Refusal(404, "no-such-path", f"У сервиса {self.id} нет пути {path}")
