"""Everybody who is connected, and who leaves when there are too many."""

import asyncio
from collections import OrderedDict
from typing import Protocol

__all__ = ["Crowd", "Guest"]


class Guest(Protocol):
    """A connection."""

    def give_way(self) -> None:
        """Leave at once, for a newcomer."""

    def turn_away(self) -> None:
        """Be refused: there is no room."""


class Crowd:
    """At most `most` guests: a newcomer takes the place of whoever has been idle longest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: set[Guest] = set()
        self._idle: OrderedDict[Guest, None] = OrderedDict()
        self._empty = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._all)

    def come(self, guest: Guest) -> None:
        """A newcomer, idle until it asks for something."""
        self._all.add(guest)
        self._idle[guest] = None
        if self._closed:
            guest.give_way()
        elif len(self._all) > self._most:
            longest, _ = self._idle.popitem(last=False)
            if longest is guest:
                guest.turn_away()
            else:
                longest.give_way()

    def busy(self, guest: Guest) -> None:
        """Its request is being answered."""
        self._idle.pop(guest, None)

    def idle(self, guest: Guest) -> None:
        """It has its answer."""
        if guest in self._all:
            self._idle[guest] = None

    def leave(self, guest: Guest) -> None:
        """It is connected no more."""
        self._all.discard(guest)
        self._idle.pop(guest, None)
        if not self._all:
            self._empty.set()

    def close(self) -> None:
        """Whoever comes from now on, accepted before the end, leaves at once."""
        self._closed = True

    async def emptied(self) -> None:
        """Returns when nobody is connected."""
        while self._all:
            self._empty.clear()
            await self._empty.wait()
