"""What will happen by itself: events of a tenant in the order of their model time."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Final

__all__ = ["Agenda", "Appointment"]

Happening = Callable[[int], None]
"""Called with the model time (µs) at which it happens."""

_FEW: Final = 1_000  # called off: sweeping fewer out costs more than they do


class Appointment:
    """One planned happening, which can be called off."""

    __slots__ = ("_agenda", "_happening")

    def __init__(self, happening: Happening, agenda: "Agenda") -> None:
        self._happening: Happening | None = happening
        self._agenda = agenda

    @property
    def off(self) -> bool:
        """Whether it has been called off, or has happened."""
        return self._happening is None

    def cancel(self) -> None:
        """It will not happen."""
        if self._happening is not None:
            self._happening = None
            self._agenda.count_off()

    def happen(self, at_us: int) -> None:
        """Happen now, once."""
        happening, self._happening = self._happening, None
        if happening is not None:
            happening(at_us)


class Agenda:
    """Happenings by model time; those of one instant in the order in which they were planned."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Appointment]] = []
        self._planned = 0
        self._off = 0

    def __len__(self) -> int:
        return len(self._heap) - self._off

    def at(self, us: int, happening: Happening) -> Appointment:
        """Let `happening` happen at model time `us`, at the next settling if that has passed."""
        appointment = Appointment(happening, self)
        self._planned += 1
        heappush(self._heap, (us, self._planned, appointment))
        return appointment

    def settle(self, now_us: int) -> None:
        """Let everything happen that is due by `now_us`, also what that plans in turn."""
        while self._heap and self._heap[0][0] <= now_us:
            at_us, _, appointment = heappop(self._heap)
            self._bring_up_next()
            appointment.happen(at_us)

    @property
    def next_us(self) -> int | None:
        """When the next happening is due; may be read without the tenant's lock."""
        first = next(iter(self._heap), None)
        return None if first is None else first[0]

    def count_off(self) -> None:
        """An appointment has been called off; many of them are swept out, or a clock that stands
        still would keep them for ever."""
        self._off += 1
        self._bring_up_next()
        if self._off > _FEW and self._off > len(self._heap) // 2:
            kept = [entry for entry in self._heap if not entry[2].off]
            heapify(kept)
            self._heap = kept
            self._off = 0

    def _bring_up_next(self) -> None:
        """None that is called off stays the first."""
        while self._heap and self._heap[0][2].off:
            heappop(self._heap)
            self._off -= 1
