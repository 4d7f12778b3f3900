"""The served portal as one server that its requests share: a flow-equivalent server (Chandy,
Herzog, Woo 1975) with processor sharing.

One process with an event loop, threads and one interpreter lock works on what is inside at a total
speed that depends only on how many requests are inside: alone, a request waits for the disk and
for wake-ups of threads in vain; together they overlap, and share commits; many more are much to
look after. That speed is measured beforehand, at loads near the one that is asked about
(`shared_calibration`). Requests beyond the threads wait in the order of their coming; those beyond
the places are refused.
"""

import heapq
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loadtests.validation.prediction import Cases

__all__ = ["SharedServer", "SpeedPoint"]


@dataclass(frozen=True)
class SpeedPoint:
    """With `inside` requests inside on average all together get `speed` seconds of work a second:
    1 is the speed of a request that is alone."""

    inside: float
    speed: float


@dataclass(frozen=True)
class SharedServer:
    """`speeds` by the number inside, ascending; between them the speed is interpolated, beyond the
    last it stays. `threads` are shared in, the others wait, `places` are all that may be inside. To
    refuse somebody takes the server `refusal_s` seconds, during which nobody's work goes on."""

    speeds: tuple[SpeedPoint, ...]
    threads: int
    places: int
    refusal_s: float = 0.0

    def speed(self, inside: float) -> float:
        """The total speed with so many inside."""
        points = self.speeds
        place = bisect_right([point.inside for point in points], inside)
        if place == 0:
            return points[0].speed
        if place == len(points):
            return points[-1].speed
        before, after = points[place - 1], points[place]
        share = (inside - before.inside) / (after.inside - before.inside)
        return before.speed + share * (after.speed - before.speed)

    def serve(self, arrived_s: npt.NDArray[np.float64], work_s: Sequence[float]) -> Cases:
        """Requests that come at `arrived_s` (ascending), each with its seconds of work alone."""
        speeds = [self.speed(n) for n in range(math.ceil(self.speeds[-1].inside) + 1)]
        left = np.full(len(arrived_s), np.nan)
        sharing: list[tuple[float, int]] = []  # (work that each sharer has had when it ends, which)
        waiting: deque[int] = deque()
        now = done = 0.0

        def pace() -> float:
            """Of each sharer."""
            inside = min(len(sharing) + len(waiting), len(speeds) - 1)
            return speeds[inside] / len(sharing)

        def end_until(until: float) -> None:
            nonlocal now, done
            while sharing:
                ends = now + max(sharing[0][0] - done, 0.0) / pace()
                if ends > until:
                    break
                now, (done, which) = ends, heapq.heappop(sharing)
                left[which] = now
                if waiting:
                    following = waiting.popleft()
                    heapq.heappush(sharing, (done + work_s[following], following))
            if sharing and until != np.inf:
                done += (until - now) * pace()
            now = until

        for which, at in enumerate(arrived_s.tolist()):
            end_until(at)
            if len(sharing) < self.threads:
                heapq.heappush(sharing, (done + work_s[which], which))
            elif len(sharing) + len(waiting) < self.places:
                waiting.append(which)
            else:
                done -= self.refusal_s * pace()
        end_until(np.inf)
        completed = ~np.isnan(left)
        return Cases(
            number=np.arange(len(arrived_s)),
            arrived_s=arrived_s,
            time_s=np.where(completed, left - arrived_s, 0.0),
            completed=completed,
        )
