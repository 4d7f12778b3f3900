"""A monotone search on a grid: where more of anything never makes what is good bad.

What meets makes everything above it meet, what fails makes everything below it fail. Each probe is
the cell that leaves least to look at whichever way it turns out; over one key that is bisection.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Cell", "Search", "most_probes", "widest_frontier"]

Cell = tuple[int, ...]
Grid = npt.NDArray[np.int64]

_UNKNOWN: Final = 0
_MEETS: Final = 1
_FAILS: Final = -1


def widest_frontier(shape: Sequence[int]) -> int:
    """How many cells at most of which none is below another: a grid of chains has as many as there
    are on its middle rank (de Bruijn, van Ebbenhorst Tengbergen and Kruyswijk 1951)."""
    ranks = np.ones(1, np.int64)
    for size in shape:
        ranks = np.convolve(ranks, np.ones(size, np.int64))
    return int(ranks.max())


def most_probes(shape: Sequence[int]) -> int:
    """How many cells at most a search looks at before all is known.

    Over one key the largest, then those of a bisection. A wider grid is covered by as many chains
    as its frontier can be wide, and bisecting each of them, the largest cell apart, takes so many.
    That the search, which is quicker as a rule, never takes more was seen on all frontiers of
    narrow grids and on random ones of others, not proven.
    """
    width = widest_frontier(shape)
    longest = sum(shape) - len(shape) + 1
    bisected = math.ceil(math.log2(longest)) + 1
    return bisected if width == 1 else 1 + width * bisected


class Search:
    """What is known of a grid whose cells cost `costs`; indices grow with capacity, and costs do
    not fall with them. Probes come from `cheapest_probe` and `frontier_probe`; each is answered by
    `tell`."""

    def __init__(self, costs: npt.NDArray[np.float64]) -> None:
        self._costs = costs
        self._state = np.zeros(costs.shape, np.int8)
        self._best: Cell | None = None

    @property
    def best(self) -> Cell | None:
        """The cheapest cell that was told to meet."""
        return self._best

    @property
    def frontier(self) -> list[Cell]:
        """Cells known to meet below which none does, as far as is known."""
        meets = self._state == _MEETS
        minimal = meets.copy()
        for axis in range(meets.ndim):
            below = np.roll(meets, 1, axis)
            below[(slice(None),) * axis + (0,)] = False
            minimal &= ~below
        return [tuple(map(int, cell)) for cell in np.argwhere(minimal)]

    def tell(self, cell: Cell, meets: bool) -> None:
        """How a probe turned out."""
        if not meets:
            self._state[tuple(slice(None, i + 1) for i in cell)] = _FAILS
            return
        above = self._state[tuple(slice(i, None) for i in cell)]
        above[above == _UNKNOWN] = _MEETS
        if self._best is None or self._costs[cell] < self._costs[self._best]:
            self._best = cell

    def cheapest_probe(self) -> Cell | None:
        """The next cell on the way to the cheapest; the largest one first; None when it is found,
        or when the largest fails."""
        shape: tuple[int, ...] = self._state.shape
        top = tuple(size - 1 for size in shape)
        if self._best is None:
            return top if self._state[top] == _UNKNOWN else None
        open_ = (self._state == _UNKNOWN) & (self._costs < self._costs[self._best])
        ranks = np.sort(self._costs[open_])
        dearer = len(ranks) - np.searchsorted(ranks, self._costs, side="left")
        return self._widest(open_, np.where(open_, dearer, 0))

    def frontier_probe(self) -> Cell | None:
        """The next cell on the way to the whole frontier; None when it is known."""
        open_ = self._state == _UNKNOWN
        return self._widest(open_, _counts(open_, range(open_.ndim), upward=True))

    def _widest(self, open_: npt.NDArray[np.bool_], if_meets: Grid) -> Cell | None:
        """The open cell with most to gain in the worse case, the cheaper of equals."""
        if not open_.any():
            return None
        if_fails = _counts(open_, range(open_.ndim), upward=False)
        worse = np.where(open_, np.minimum(if_meets, if_fails), -1)
        ties = np.argwhere(worse == worse.max())
        cheapest = min(ties, key=lambda cell: (self._costs[tuple(cell)], tuple(cell)))
        return tuple(map(int, cheapest))


def _counts(open_: npt.NDArray[np.bool_], axes: Sequence[int], upward: bool) -> Grid:
    """How many open cells lie at or below (above, if `upward`) each cell in every key."""
    counted = open_.astype(np.int64)
    for axis in axes:
        if upward:
            counted = np.flip(np.cumsum(np.flip(counted, axis), axis=axis), axis)
        else:
            counted = np.cumsum(counted, axis=axis)
    return counted
