"""What is kept of cases: counts between edges, days, terms."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.journey_sums import count_between

EDGES = np.array([0, 1, 10, 100, 1000], np.int64)


@given(st.lists(st.integers(0, 1100)))
def test_values_are_counted_between_edges_as_numpy_counts_them(values: list[int]) -> None:
    counts = np.zeros(len(EDGES) - 1, np.int64)
    count_between(np.array(values, np.int64), EDGES, counts)
    assert counts.tolist() == np.histogram(values, EDGES)[0].tolist()


def test_the_last_edge_belongs_to_the_last_count() -> None:
    counts = np.zeros(len(EDGES) - 1, np.int64)
    count_between(np.array([999, 1000, 1001]), EDGES, counts)
    assert counts.tolist() == [0, 0, 0, 2]
