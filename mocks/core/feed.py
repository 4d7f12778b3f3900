"""Messages in the order in which a service sends them, with the faults that reach messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from mocks.core.draw_keys import DrawKey

__all__ = ["Event", "Feed"]

_MOST_EVENTS: Final = 10_000  # kept; a reader further behind is told so

Chance = Callable[[str, DrawKey, int], object | None]
"""Whether a fault of a kind hits the message of that key at that model time."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message: `number` is its place in the feed, `id` what it is; a duplicate has the id of the
    first."""

    number: int
    id: str
    at_us: int
    payload: Any


class Feed:
    """Events with numbers from 1, read from a cursor; the latest 10,000 are kept.

    `duplicate` puts an event in twice, `loss` drops it, `reorder` lets the next one overtake it;
    if no other comes before the reader has read all, it comes then. Not locked: its tenant locks.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._events: list[Event] = []
        self._last = 0
        self._overtaken: list[tuple[str, int, Any]] = []

    def publish(self, event_id: str, payload: Any, key: DrawKey, now_us: int) -> None:
        """Send an event, as well as the plan of faults lets it be sent."""
        if self._chance("loss", key, now_us):
            return
        if self._chance("reorder", key, now_us):
            self._overtaken.append((event_id, now_us, payload))
            if len(self._overtaken) > _MOST_EVENTS:
                self._append(*self._overtaken.pop(0))
            return
        copies = 2 if self._chance("duplicate", key, now_us) else 1
        for _ in range(copies):
            self._append(event_id, now_us, payload)
        self._let_overtaken_come()

    def after(self, cursor: int, limit: int) -> list[Event]:
        """At most `limit` events with numbers above `cursor`; those the feed no longer has are
        left out."""
        if cursor >= self._last:
            self._let_overtaken_come()
        start = max(cursor + 1 - self.oldest, 0)
        return self._events[start : start + limit]

    @property
    def oldest(self) -> int:
        """The number of the oldest event still kept; of the next one if none is."""
        return self._last - len(self._events) + 1

    def _let_overtaken_come(self) -> None:
        overtaken, self._overtaken = self._overtaken, []
        for event in overtaken:
            self._append(*event)

    def _append(self, event_id: str, at_us: int, payload: Any) -> None:
        self._last += 1
        self._events.append(Event(self._last, event_id, at_us, payload))
        if len(self._events) > _MOST_EVENTS:
            del self._events[: len(self._events) - _MOST_EVENTS]
