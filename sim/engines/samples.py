"""Durations reduced: their number, sum and quantiles, in memory that does not grow with them.

Up to WHOLE values are kept, and quantiles are those of the data. Beyond, they are counted in bins
that are a 1024th of their value wide or narrower (below 2,048 µs, a microsecond): a quantile is
then within a 2048th (0.05%) of that of the data, whatever the order in which the values came. The
number and the sum stay exact.
"""

import math
from array import array

import numpy as np
import numpy.typing as npt

from world.compiled import compiled, float_to_bits, int64, uint64
from world.draws import LONGEST_US

__all__ = ["BINS", "WHOLE", "DurationSample", "bin_of", "quantile_of_bins"]

Ints = npt.NDArray[np.int64]

WHOLE = 65_536
_DIGITS = 10
_EXACT_BELOW = 2 << _DIGITS
_MANTISSA_BITS, _BIAS = 52, 1023


@compiled("i8(i8)")
def bin_of(us: int) -> int:
    """The bin of a duration: its ten leading binary digits after the first, and their place."""
    if us < _EXACT_BELOW:
        return us
    shift = int64(float_to_bits(float(us)) >> uint64(_MANTISSA_BITS)) - _BIAS - _DIGITS
    return (shift << _DIGITS) + (us >> shift)


BINS = bin_of(LONGEST_US) + 1
_Bounds = tuple[int, int]


def _bounds(place: int) -> _Bounds:
    """Least and greatest duration of a bin."""
    if place < _EXACT_BELOW:
        return place, place
    shift = (place >> _DIGITS) - 1
    least = (place - (shift << _DIGITS)) << shift
    return least, least + (1 << shift) - 1


def quantile_of_bins(counts: Ints, p: float) -> float:
    """The quantile `p`, as numpy interpolates it, of values in the middle of their bins (µs)."""
    up_to = np.cumsum(counts)
    rank = (int(up_to[-1]) - 1) * p
    low, high = (
        sum(_bounds(int(np.searchsorted(up_to, whole, "right")))) / 2.0
        for whole in (math.floor(rank), math.ceil(rank))
    )
    return low + (high - low) * (rank - math.floor(rank))


@compiled("void(i8[::1], i8[::1])")
def count_bins(values: Ints, counts: Ints) -> None:
    """Add `values` to the counts of their bins."""
    for value in values:
        counts[bin_of(value)] += 1


class DurationSample:
    """Durations of at least 0 µs."""

    def __init__(self) -> None:
        self.count = 0
        self.total_us = 0
        self._whole = array("q")
        self._counts: Ints | None = None

    def add(self, values: Ints) -> None:
        """Add some."""
        self.count += len(values)
        self.total_us += int(values.sum())
        if self._counts is None:
            self._whole.frombytes(values.tobytes())
            if self.count <= WHOLE:
                return
            self._counts = np.zeros(BINS, np.int64)
            values = np.array(self._whole, np.int64)
            self._whole = array("q")
        count_bins(np.ascontiguousarray(values), self._counts)

    @classmethod
    def of(cls, count: int, total_us: int, whole: Ints, counts: Ints) -> "DurationSample":
        """What was reduced elsewhere: `whole` has the first WHOLE values, `counts` all."""
        sample = cls()
        sample.count, sample.total_us = count, total_us
        if count <= WHOLE:
            sample._whole.frombytes(whole[:count].tobytes())
        else:
            sample._counts = counts
        return sample

    @property
    def mean_us(self) -> float | None:
        """Their mean; None if there are none."""
        return self.total_us / self.count if self.count else None

    def quantile_us(self, p: float) -> float | None:
        """Their quantile `p`, interpolated linearly; None if there are none."""
        if not self.count:
            return None
        if self._counts is not None:
            return quantile_of_bins(self._counts, p)
        return float(np.quantile(np.frombuffer(self._whole, np.int64), p))
