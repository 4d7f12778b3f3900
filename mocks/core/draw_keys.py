"""Which random number belongs to a request: the model's own, or one of its content."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from mocks.core.http import Refusal, Request
from scenarios.distributions import Distribution
from world import draws
from world.attempts import attempt_of, error_k

__all__ = ["HEADER", "DrawKey", "DrawKeys", "parsed_key", "seeded_key"]

HEADER: Final = "Poligon-Draw"
_FORM: Final = re.compile(r"(\d{1,20})/(\d{1,20})/(\d{1,9})/(\d{1,9})", re.ASCII)
_REMEMBERED: Final = 65_536  # different requests whose repetitions are counted, the latest ones
_WORD: Final = 2**64


@dataclass(frozen=True, slots=True)
class DrawKey:
    """(entity, node, visit, k) of `world.draws`; `k` is that of an attempt's service time."""

    entity: int
    node: int
    visit: int
    k: int

    def duration_us(self, distribution: Distribution) -> int:
        """The service time: the model's own if this is the model's key."""
        return distribution.draw(self.entity, self.node, self.visit, self.k)

    def error_u(self) -> float:
        """The number in (0, 1) by which the model decides whether `error` faults hit."""
        return draws.uniform(self.entity, self.node, self.visit, error_k(attempt_of(self.k)))

    def about(self, purpose: str) -> "DrawKey":
        """A key of its own for `purpose`, so that its draws take nobody else's."""
        return DrawKey(
            self.entity, draws.combine(self.node, draws.text_key(purpose)), self.visit, self.k
        )

    def uniform(self, purpose: str) -> float:
        """A number in (0, 1) for `purpose`."""
        key = self.about(purpose)
        return draws.uniform(key.entity, key.node, key.visit, key.k)

    def word(self, purpose: str) -> int:
        """A 64-bit number for `purpose`: identifiers, tokens."""
        key = self.about(purpose)
        return draws.combine(draws.combine(draws.combine(key.entity, key.node), key.visit), key.k)

    def __str__(self) -> str:
        return f"{self.entity}/{self.node}/{self.visit}/{self.k}"


class DrawKeys:
    """Keys of a tenant's requests: `seed` is the tenant's.

    Without the header a key is made of the service, the request's content and how often that very
    request came before, so requests of other clients in between change nothing.
    """

    def __init__(self, seed: int) -> None:
        self._tenant = seeded_key("tenant", seed)
        self._seen: OrderedDict[int, int] = OrderedDict()
        self._entities: dict[str, int] = {}

    def of(self, service: str, request: Request) -> DrawKey:
        """The key of `request`; Refusal 400 if its header is not four numbers."""
        given = request.header(HEADER)
        if given is not None:
            return parsed_key(given)
        return self.made(service, f"{request.method} {request.path}?{request.query}", request.body)

    def made(self, service: str, what: str, content: bytes = b"") -> DrawKey:
        """The key of the next occurrence of `what` with `content` in `service`."""
        entity = self._entities.get(service)
        if entity is None:
            entity = draws.combine(self._tenant, draws.text_key(service))
            self._entities[service] = entity
        node = draws.bytes_key(what.encode() + b"\0" + content)
        seen = draws.combine(entity, node)
        visit = self._seen.pop(seen, -1) + 1
        self._seen[seen] = visit
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return DrawKey(entity, node, visit, 0)


def seeded_key(name: str, seed: int) -> int:
    """The key of what is called `name` in a country or for a tenant of `seed`, any whole number."""
    return draws.combine(draws.text_key(name), seed % _WORD)


def parsed_key(header: str) -> DrawKey:
    """The key that a header has; Refusal 400 if it is not four numbers."""
    match = _FORM.fullmatch(header.strip())
    parts = [int(part) for part in match.groups()] if match else []
    if not parts or max(parts[:2]) >= _WORD:
        message = f"{HEADER}: ожидается entity/node/visit/k — четыре целых числа"
        raise Refusal(400, "bad-draw-key", message, field=HEADER)
    return DrawKey(*parts)
