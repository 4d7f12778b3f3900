"""Walkers of a case, and what takes them from event to event."""

from collections.abc import Generator

from simpy.events import Event

from sim.engines.simpy_clock import Moment
from sim.engines.visits import Case

__all__ = ["Join", "Token", "Walker", "drive"]


class Join:
    """What the branches of a fork have in common: how many still walk, and whether one failed."""

    __slots__ = ("failed", "moment", "pending")

    def __init__(self, branches: int) -> None:
        self.pending = branches
        self.failed = False
        self.moment: Moment | None = None

    def end_branch(self, failed: bool) -> None:
        """A branch has ended; the last one calls back whoever waits for `moment`."""
        self.failed = self.failed or failed
        self.pending -= 1
        if not self.pending and self.moment is not None:
            for callback in self.moment.callbacks:
                callback(self.moment)


class Token:
    """One walker of a case: the case itself, or a branch of a fork inside it.

    `join` is where it ends if it is a branch; `awaited` the join of the fork at `node`, while its
    branches walk. `repeat_at` is the node whose failure it comes from: asking there again is a
    repetition. `inner` are its open sub-journeys: number, µs of entry, returns before it.
    """

    __slots__ = ("awaited", "case", "inner", "join", "node", "repeat_at")

    def __init__(self, case: Case, join: Join | None = None) -> None:
        self.case = case
        self.join = join
        self.awaited: Join | None = None
        self.node = -1
        self.repeat_at = -1
        self.inner: list[tuple[int, int, int]] = []


class Walker:
    """Takes a walk from event to event: `simpy.Process` without its two events of birth and death.

    A closure would do, but one that names itself is a cycle, and the run goes on without the
    garbage collector.
    """

    __slots__ = ("_send",)

    def __init__(self, walk: Generator[Event, object, object]) -> None:
        self._send = walk.send

    def __call__(self, _: object) -> None:
        """The event it waited for has happened."""
        try:
            event = self._send(None)
        except StopIteration:
            return
        event.callbacks.append(self)


def drive(walk: Generator[Event, object, object]) -> None:
    """Begin `walk` now; the events it yields take it on."""
    Walker(walk)(None)
