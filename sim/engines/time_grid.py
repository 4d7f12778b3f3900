"""Time integrals on a grid of equal bins, exact in whole microseconds."""

import numpy as np
import numpy.typing as npt

__all__ = ["IntervalSum"]

Ints = npt.NDArray[np.int64]


class IntervalSum:
    """How long, in each bin, intervals were open: the integral of their number.

    The overlap of [a, b) with a bin is that of [0, b) less that of [0, a), and a point's overlaps
    are whole bins up to its own and a rest in it; so only points are summed, and intervals of any
    length cost the same. `rest` and `passed` are such sums that were begun elsewhere.
    """

    def __init__(self, bin_us: int, rest: Ints | None = None, passed: Ints | None = None) -> None:
        self.bin_us = bin_us
        self._rest = np.zeros(64, np.int64) if rest is None else rest
        self._passed = np.zeros(64, np.int64) if passed is None else passed

    def add(self, begins: Ints, ends: Ints, weight: int = 1) -> None:
        """Intervals [begins[i], ends[i]) in µs, each counted `weight` times."""
        if len(begins):
            self._points(ends, weight)
            self._points(begins, -weight)

    def _points(self, at: Ints, sign: int) -> None:
        place, rest = np.divmod(at, self.bin_us)
        self._reach(int(place.max()))
        np.add.at(self._rest, place, sign * rest)
        np.add.at(self._passed, place, sign)

    def _reach(self, place: int) -> None:
        if place >= len(self._rest):
            grown = max(2 * len(self._rest), place + 1) - len(self._rest)
            self._rest = np.concatenate([self._rest, np.zeros(grown, np.int64)])
            self._passed = np.concatenate([self._passed, np.zeros(grown, np.int64)])

    def per_bin(self, bins: int) -> Ints:
        """Integral over each of the first `bins` bins, in µs times the number open."""
        self._reach(bins)
        beyond = np.cumsum(self._passed[::-1])[::-1] - self._passed
        return (self._rest + beyond * self.bin_us)[:bins]
