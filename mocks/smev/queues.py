"""A queue of messages for one recipient: first in, first out, until each is acknowledged.

    waiting --get--> handed out --acknowledge--> gone
       ^                 |
       +---- its visibility time is over

Nothing here knows XML, HTTP or a clock: times (µs) are arguments, and so is what the plan of faults
does to a message.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Queue"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Place(Generic[K, T]):
    """A message in the queue; it is out of sight until `hidden_until_us`."""

    message_id: str
    kinds: frozenset[K]
    message: T
    hidden_until_us: int | None = None

    def is_handed_out(self, now_us: int) -> bool:
        return self.hidden_until_us is not None and now_us < self.hidden_until_us

    def is_of(self, kind: K | None) -> bool:
        return kind is None or kind in self.kinds


class Queue(Generic[K, T]):
    """Messages `T` of kinds `K`, those of a kind in the order of their coming.

    A message handed out by `get` is hidden for its visibility time; unless it is acknowledged
    within that, it is in its old place again. A message that is `doubled` may be handed out twice
    before it is acknowledged, never after; one that is `late` lets the next one overtake it, and
    comes anyway once its reader finds nothing else.
    """

    def __init__(self) -> None:
        self._places: dict[int, _Place[K, T]] = {}
        self._places_of: dict[str, list[int]] = {}
        self._late: list[_Place[K, T]] = []
        self._last = 0

    def __len__(self) -> int:
        """How many messages are not acknowledged yet."""
        return len(self._places_of) + len(self._late)

    def put(
        self,
        message_id: str,
        kinds: frozenset[K],
        message: T,
        *,
        doubled: bool = False,
        late: bool = False,
    ) -> None:
        """Add a message of those kinds; its id must be new."""
        place = _Place(message_id, kinds, message)
        if late:
            self._late.append(place)
            return
        self._append(place)
        if doubled:
            self._append(_Place(message_id, kinds, message))
        self._let_late_come()

    def get(self, kind: K | None, now_us: int, visibility_us: int) -> T | None:
        """The first message in sight, of `kind` unless that is None, now hidden for
        `visibility_us`; None if there is none."""
        place = self._first(kind, now_us)
        if place is None and any(late.is_of(kind) for late in self._late):
            self._let_late_come()
            place = self._first(kind, now_us)
        if place is None:
            return None
        place.hidden_until_us = now_us + visibility_us
        return place.message

    def handed_out(self, message_id: str, now_us: int) -> T | None:
        """The message of that id if somebody has it to acknowledge now."""
        places = (self._places[number] for number in self._places_of.get(message_id, ()))
        return next((place.message for place in places if place.is_handed_out(now_us)), None)

    def acknowledge(self, message_id: str, now_us: int) -> T | None:
        """Take a message away for good; None if it is not handed out now."""
        message = self.handed_out(message_id, now_us)
        if message is not None:
            self.remove(message_id)
        return message

    def remove(self, message_id: str) -> None:
        """Take a message away wherever it is, if it is here at all."""
        for number in self._places_of.pop(message_id, ()):
            del self._places[number]
        self._late = [late for late in self._late if late.message_id != message_id]

    def _first(self, kind: K | None, now_us: int) -> _Place[K, T] | None:
        return next(
            (p for p in self._places.values() if p.is_of(kind) and not p.is_handed_out(now_us)),
            None,
        )

    def _append(self, place: _Place[K, T]) -> None:
        self._last += 1
        self._places[self._last] = place
        self._places_of.setdefault(place.message_id, []).append(self._last)

    def _let_late_come(self) -> None:
        late, self._late = self._late, []
        for place in late:
            self._append(place)
