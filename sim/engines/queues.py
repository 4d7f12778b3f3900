"""Queue disciplines: which of the waiting visits is served next."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from sim.engines.visits import Visit
from sim.model.stations import StationSpec

__all__ = ["FifoQueue", "PatientQueue", "PriorityQueue", "Queue", "queue_of"]


class PatientQueue(deque[Visit]):
    """Waiting visits in the order of their coming, none of which leaves before its turn."""

    push = deque.append
    pop_first = deque.popleft


class FifoQueue(OrderedDict[Visit, None]):
    """Waiting visits in the order of their coming; leaving from the middle costs no more than
    from the front."""

    def push(self, visit: Visit) -> None:
        """`visit` begins to wait."""
        self[visit] = None

    def pop_first(self) -> Visit:
        """Take out the visit whose turn it is."""
        return self.popitem(last=False)[0]

    def remove(self, visit: Visit) -> None:
        """`visit` leaves before its turn."""
        del self[visit]


class PriorityQueue:
    """Waiting visits by their node's priority, smaller first; within one priority in the order
    of their coming."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Visit]] = []
        self._waiting: dict[Visit, None] = {}
        self._came = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Visit]:
        return iter(self._waiting)

    def push(self, visit: Visit) -> None:
        """`visit` begins to wait."""
        self._came += 1
        heappush(self._heap, (visit.node.priority, self._came, visit))
        self._waiting[visit] = None

    def pop_first(self) -> Visit:
        """Take out the visit whose turn it is."""
        while True:
            visit = heappop(self._heap)[2]
            if visit in self._waiting:
                del self._waiting[visit]
                return visit

    def remove(self, visit: Visit) -> None:
        """`visit` leaves before its turn."""
        del self._waiting[visit]
        if len(self._heap) > 2 * len(self._waiting) + 64:
            self._heap = [entry for entry in self._heap if entry[2] in self._waiting]
            heapify(self._heap)


Queue = PatientQueue | FifoQueue | PriorityQueue


def queue_of(spec: StationSpec) -> Queue:
    """The queue that the station's discipline asks for, the lightest that can do it."""
    if spec.priority:
        return PriorityQueue()
    return PatientQueue() if spec.patience is None and spec.timeout_us is None else FifoQueue()
