"""What will happen by itself: events of a tenant in the order of their model time."""

from collections.abc import Callable
from heapq import heappop, heappush

__all__ = ["Agenda", "Appointment"]

Happening = Callable[[int], None]
"""Called with the model time (µs) at which it happens."""


class Appointment:
    """One planned happening, which can be called off."""

    __slots__ = ("_happening",)

    def __init__(self, happening: Happening) -> None:
        self._happening: Happening | None = happening

    def cancel(self) -> None:
        """It will not happen."""
        self._happening = None

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

    def at(self, us: int, happening: Happening) -> Appointment:
        """Let `happening` happen at model time `us`, at the next settling if that has passed."""
        appointment = Appointment(happening)
        self._planned += 1
        heappush(self._heap, (us, self._planned, appointment))
        return appointment

    def settle(self, now_us: int) -> None:
        """Let everything happen that is due by `now_us`, also what that plans in turn."""
        while self._heap and self._heap[0][0] <= now_us:
            at_us, _, appointment = heappop(self._heap)
            appointment.happen(at_us)

    @property
    def next_us(self) -> int | None:
        """When the next happening is due, called off or not."""
        return self._heap[0][0] if self._heap else None
