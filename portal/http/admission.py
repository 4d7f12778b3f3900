"""Who is let in: so many requests of one client in a time, so many requests at once (OPS-05)."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from portal.http.problems import Refused
from portal.rules.operations import ClientRate, RequestsInside, overload_is_told
from rulebook import Policy

__all__ = ["Gate", "Limits", "RateLimiter"]

_PACE_WEIGHT: Final = 1 / 16  # of the latest departure in the mean
_MOST_CLIENTS: Final = 10_000  # counted at a time; who was not seen for longest is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the portal over HTTP.

    `body_bytes` bounds a body, `threads` the requests that are worked on at once, `waiting` those
    that wait for a thread, `longest_wait_s` how long their turn may be away. One client (a session,
    or an address that has none) may send `burst` requests at once and `per_second` of them for as
    long as it likes.
    """

    body_bytes: int = 64 * 2**20
    threads: int = 16
    waiting: int = 240
    longest_wait_s: float = 5.0
    per_second: float = 500.0
    burst: int = 2000


class Gate:
    """Lets in as many as can be served soon, and refuses the others at once.

    While every thread is busy it learns from departures how fast requests are done, and lets nobody
    wait whose turn would not come within `longest_wait_s`: slow requests leave room for fewer.
    `now_s` is a monotonic clock. For one event loop.
    """

    def __init__(self, limits: Limits, now_s: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now_s = now_s
        self._pace_s = 0.0  # from one departure to the next; 0: not known
        self._left_s: float | None = None
        self.inside = 0

    @property
    def most(self) -> int:
        """How many may be inside now."""
        limits = self._limits
        places = limits.threads + limits.waiting
        if not self._pace_s:
            return places
        in_time = limits.threads + int(limits.longest_wait_s / self._pace_s)
        return min(places, in_time)

    @contextmanager
    def passed(self, policy: Policy) -> Iterator[None]:
        """A place until the end of the block; Refused, with when to come again, if there is
        none."""
        claim = RequestsInside(inside=self.inside, most=self.most)
        violations = overload_is_told(claim, policy)
        if violations:
            wait_s = max(math.ceil((self.inside - self._limits.threads) * self._pace_s), 1)
            raise Refused("busy", headers={"Retry-After": f"{wait_s}"}, violations=violations)
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
            self._note_departure()

    def _note_departure(self) -> None:
        if self.inside < self._limits.threads:  # nobody waits: what was learned is of the past
            self._left_s, self._pace_s = None, 0.0
            return
        now_s = self._now_s()
        if self._left_s is not None:
            passed_s = now_s - self._left_s
            weight = _PACE_WEIGHT if self._pace_s else 1.0
            self._pace_s += (passed_s - self._pace_s) * weight
        self._left_s = now_s


class RateLimiter:
    """A bucket for each client that fills again with time; `now_s` is a monotonic clock."""

    def __init__(self, limits: Limits, now_s: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now_s = now_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._counting = threading.Lock()

    def admit(self, client: str, policy: Policy) -> None:
        """Count a request of `client`; Refused with the time to wait if it is one too many."""
        limits, now_s = self._limits, self._now_s()
        with self._counting:
            left, since_s = self._buckets.pop(client, (float(limits.burst), now_s))
            left = min(left + (now_s - since_s) * limits.per_second, float(limits.burst))
            wait_s = math.ceil((1.0 - left) / limits.per_second)
            violations = overload_is_told(ClientRate(left=left, next_s=wait_s), policy)
            self._buckets[client] = left - (not violations), now_s
            if len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
        if violations:
            raise Refused("too-many", headers={"Retry-After": f"{wait_s}"}, violations=violations)
