"""The monotone search: it finds the cheapest cell and the frontier, and how few it looks at."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.studies.search import Cell, Search, most_probes, widest_frontier


def searched(shape: tuple[int, ...], costs: np.ndarray, meets: set[Cell]) -> tuple[Search, int]:
    """The search over a grid on which the cells `meets` are enough, and how many it probed."""
    search = Search(costs)
    probes = 0
    while (cell := search.cheapest_probe()) is not None:
        search.tell(cell, cell in meets)
        probes += 1
    if search.best is not None:
        while (cell := search.frontier_probe()) is not None:
            search.tell(cell, cell in meets)
            probes += 1
    return search, probes


@st.composite
def monotone_grids(draw: st.DrawFn) -> tuple[tuple[int, ...], np.ndarray, set[Cell]]:
    """A grid of up to three keys, with prices, and an upward closed set of cells that meet."""
    shape = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    corners = draw(st.lists(st.tuples(*(st.integers(0, n - 1) for n in shape)), max_size=4))
    prices = draw(st.lists(st.integers(1, 9), min_size=len(shape), max_size=len(shape)))
    cells = [*product(*map(range, shape))]
    costs = np.array([sum(p * i for p, i in zip(prices, c, strict=True)) for c in cells], float)
    meets = {
        cell
        for cell in cells
        if any(all(i >= k for i, k in zip(cell, corner, strict=True)) for corner in corners)
    }
    return shape, costs.reshape(shape), meets


@given(monotone_grids())
def test_cheapest_and_frontier_are_those_of_all_cells(
    grid: tuple[tuple[int, ...], np.ndarray, set[Cell]],
) -> None:
    shape, costs, meets = grid
    search, probes = searched(shape, costs, meets)
    assert probes <= most_probes(shape)
    if not meets:
        assert search.best is None
        return
    assert search.best in meets
    assert costs[search.best] == min(costs[cell] for cell in meets)
    minimal = {
        cell
        for cell in meets
        if not any(
            other != cell and all(i <= k for i, k in zip(other, cell, strict=True))
            for other in meets
        )
    }
    assert set(search.frontier) == minimal


@given(st.integers(1, 300), st.data())
def test_one_key_is_bisected(size: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, size - 1))
    costs = np.arange(size, dtype=float)
    search, probes = searched((size,), costs, {(i,) for i in range(right, size)})
    assert search.best == (right,)
    assert probes <= most_probes((size,)) == 1 + math.ceil(math.log2(size))


@given(st.integers(1, 100), st.data(), st.integers(1, 9), st.integers(1, 9))
def test_narrow_grid_takes_no_more_probes_than_its_two_chains_are_bisected_in(
    size: int, data: st.DataObject, price: int, other: int
) -> None:
    high, low = sorted((data.draw(st.integers(0, size)) for _ in range(2)), reverse=True)
    meets: set[Cell] = {(i, j) for i, m in enumerate((high, low)) for j in range(m, size)}
    costs = np.add.outer(np.arange(2.0) * price, np.arange(size) * other)
    _, probes = searched((2, size), costs, meets)
    assert probes <= most_probes((2, size))


def test_largest_capacity_that_fails_ends_the_search_at_once() -> None:
    search, probes = searched((100, 100), np.add.outer(np.arange(100.0), np.arange(100.0)), set())
    assert (search.best, probes, search.frontier) == (None, 1, [])


@pytest.mark.parametrize("shape", [(4,), (2, 3), (3, 4), (2, 2, 2), (3, 2, 2)])
def test_widest_frontier_is_the_largest_set_of_cells_none_of_which_is_below_another(
    shape: tuple[int, ...],
) -> None:
    cells = [*np.ndindex(*shape)]

    def apart(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
        signs = {np.sign(x - y) for x, y in zip(a, b, strict=True)}
        return {-1, 1} <= signs

    def largest(chosen: list[tuple[int, ...]], rest: list[tuple[int, ...]]) -> int:
        sizes = [len(chosen)]
        for place, cell in enumerate(rest):
            if all(apart(cell, other) for other in chosen):
                sizes.append(largest([*chosen, cell], rest[place + 1 :]))
        return max(sizes)

    assert widest_frontier(shape) == largest([], cells)
