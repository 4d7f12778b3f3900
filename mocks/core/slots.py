"""Who is being answered right now: a service's slots, and the clients that wait for one."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

__all__ = ["Client", "Slots"]


class Client(Protocol):
    """Somebody who wants an answer."""

    def begin(self) -> None:
        """A slot is taken for it."""

    def lose(self) -> None:
        """It has lost its slot: an outage has begun."""


class Slots:
    """`servers()` clients at a time, `queue_limit` more may wait (None: any number), first come
    first served. Not locked: its tenant locks."""

    def __init__(self, servers: Callable[[], int], queue_limit: int | None) -> None:
        self._servers = servers
        self._limit = queue_limit
        self._waiting: OrderedDict[Client, None] = OrderedDict()
        self._served: dict[Client, None] = {}

    @property
    def busy(self) -> int:
        """How many are being served."""
        return len(self._served)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def enter(self, client: Client) -> bool:
        """`client` begins, perhaps at once; False if there is no place to wait in."""
        if not self._waiting and len(self._served) < self._servers():
            self._served[client] = None
            client.begin()
            return True
        if self._limit is not None and len(self._waiting) >= self._limit:
            return False
        self._waiting[client] = None
        return True

    def leave(self, client: Client) -> None:
        """`client` is done or has given up: whoever waits longest takes its slot."""
        self._waiting.pop(client, None)
        self._served.pop(client, None)
        self.fill()

    def throw_out(self) -> None:
        """An outage: whoever is being served loses the slot at once."""
        lost, self._served = self._served, {}
        for client in lost:
            client.lose()

    def fill(self) -> None:
        """Let those in who have a place: also to be called when the number of servers changes."""
        while self._waiting and len(self._served) < self._servers():
            client, _ = self._waiting.popitem(last=False)
            self._served[client] = None
            client.begin()
