"""What the loop is told little by little: arrivals, changes of capacities, days."""

from datetime import timedelta
from itertools import islice
from typing import Any

import numpy as np

from sim.engines.compiled import layout
from sim.engines.compiled.arrays import CHANGES, Arrays
from sim.model.arrivals import Ints, merged_blocks
from sim.model.model import Model

__all__ = ["NEVER", "Learning"]

NEVER = (1 << 63) - 1
_DAYS = 64
_NOTHING: Ints = np.zeros(0, np.int64)


class Learning:
    """Fills `arrays` for a replication of `model` whose key is `replication`; `terms` are working
    days. The loop knows of days before `known_until` (µs)."""

    def __init__(self, model: Model, terms: list[int], replication: int, arrays: Arrays) -> None:
        self._calendar = model.calendar
        self._arrays = arrays
        self._blocks = [merged_blocks(arrivals, replication) for arrivals in model.arrivals]
        self._changes = [spec.capacity(model.calendar) for spec in model.stations]
        self._schedules = [[next(changes)] for changes in self._changes]
        self._first_day = model.calendar.date(0)
        self._midnights = [model.calendar.midnight(self._first_day)]
        self._working_days = terms
        self._terms: list[list[int]] = [[] for _ in terms]
        self.known_until = 0 if terms else NEVER
        for row, schedule in zip(arrays["stations"], self._schedules, strict=False):
            row["capacity"] = schedule[0][1]
        self.learn()

    def schedule(self, station: int) -> list[tuple[int, int]]:
        """Changes of the capacity so far."""
        begun = int(self._arrays["stations"][station]["change"])
        return self._schedules[station] + self._known_changes(station)[:begun]

    def learn(self) -> None:
        """Fill in changes of capacities and arrivals that the loop is about to need."""
        stations, changes = self._arrays["stations"], self._arrays["changes"]
        for number, source in enumerate(self._changes):
            row = stations[number]
            if row["all_known"] or row["change"] + 1 < row["known"]:
                continue
            at = int(row["change"])
            known = self._known_changes(number)
            self._schedules[number] += known[:at]
            left = known[at:]
            left += islice(source, CHANGES - len(left))
            first = number * CHANGES
            changes[first : first + len(left)] = left
            row["change"], row["known"] = 0, len(left)
            row["all_known"] = len(left) < CHANGES
        for number, blocks in enumerate(self._blocks):
            row = self._arrays["streams"][number]
            if not row["all_known"] and row["at"] >= row["known"]:
                self._fill(number, row, next(blocks, _NOTHING))

    def learn_days(self, end: int) -> None:
        """Local midnights and ends of terms, until some time after the next event; none at `end` or
        later."""
        st = self._arrays.st
        at = int(self._arrays["heap"]["at"][0]) if st["events"] else end
        if at >= end:
            self.known_until = NEVER
            return
        while self.known_until <= at:
            for _ in range(_DAYS):
                day = self._first_day + timedelta(days=len(self._midnights) - 1)
                self._midnights.append(self._calendar.midnight(day + timedelta(days=1)))
                noon = (self._midnights[-2] + self._midnights[-1]) // 2
                for term, days in zip(self._terms, self._working_days, strict=True):
                    term.append(self._calendar.deadline_working_days(noon, days))
            self.known_until = self._midnights[-1]
        for name, known in (
            ("midnights", self._midnights),
            ("terms", [at for term in self._terms for at in term]),
        ):
            self._arrays.place(name, np.array(known, np.int64).view(layout.ARRAYS[name]))
        st["days"] = len(self._midnights) - 1

    def _known_changes(self, station: int) -> list[tuple[int, int]]:
        first = station * CHANGES
        known = int(self._arrays["stations"][station]["known"])
        of_station = self._arrays["changes"][first : first + known]
        return [(int(at), int(servers)) for at, servers in of_station.tolist()]

    def _fill(self, number: int, row: Any, block: Ints) -> None:
        st, journeys = self._arrays.st, len(self._blocks)
        each = int(st["instants_each"])
        if len(block) > each:
            wider = np.zeros(journeys * len(block), layout.ARRAYS["instants"])
            old = self._arrays["instants"].reshape(journeys, each)
            wider.reshape(journeys, -1)[:, :each] = old
            self._arrays.place("instants", wider)
            st["instants_each"] = each = len(block)
        first = number * each
        self._arrays["instants"]["at"][first : first + len(block)] = block
        row["at"], row["known"], row["all_known"] = 0, len(block), not len(block)
