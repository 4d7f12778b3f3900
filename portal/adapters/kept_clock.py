"""A clock whose time a restart does not take back: the store keeps how far it may have gone."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.ports.clock import Clock
from portal.ports.store import Conflict, Store
from portal.store.entity import Entity
from portal.store.unit import Unit
from world.calendar import Calendar

__all__ = ["KeptClock", "kept_moment"]

_ID: Final = "clock"


@dataclass(frozen=True, kw_only=True)
class KeptMoment(Entity):
    """A moment that the clock has not passed."""

    KIND: ClassVar[str] = "kept_moment"

    at: dt.datetime


class KeptClock:
    """The port `Clock` over another one. A moment is kept in `store` before anybody learns it.

    `ahead` is by how much more than that is kept: a clock that runs would have every answer wait
    for the disk. Thread-safe.
    """

    def __init__(self, clock: Clock, store: Store, ahead: Callable[[], dt.timedelta]) -> None:
        self._clock = clock
        self._store = store
        self._ahead = ahead
        self._keeping = threading.Lock()
        self._kept = kept_moment(store)

    @property
    def calendar(self) -> Calendar:
        """As the port says."""
        return self._clock.calendar

    def now(self) -> dt.datetime:
        """As the port says."""
        now = self._clock.now()
        if self._kept is None or now > self._kept:
            self._keep_past(now)
        return now

    def keep_exactly(self) -> None:
        """Keep the moment that it is now: nobody will ask for later ones."""
        with self._keeping:
            self._keep(self._clock.now(), is_exact=True)

    # --- inside

    def _keep_past(self, now: dt.datetime) -> None:
        with self._keeping:
            if self._kept is None or now > self._kept:  # another thread may have been first
                self._keep(now + self._ahead(), is_exact=False)

    def _keep(self, moment: dt.datetime, *, is_exact: bool) -> None:
        while True:
            unit = Unit(self._store)
            found = unit.get(KeptMoment, _ID) or KeptMoment(id=_ID, at=moment)
            is_ours = found.at == self._kept  # or another server of the same database is ahead
            at = moment if is_exact and is_ours else max(moment, found.at)
            unit.put(replace(found, at=at))
            try:
                unit.commit()
            except Conflict:
                continue
            self._kept = at
            return


def kept_moment(store: Store) -> dt.datetime | None:
    """The moment from which time goes on; None if none was ever kept."""
    found = Unit(store).get(KeptMoment, _ID)
    return None if found is None else found.at
