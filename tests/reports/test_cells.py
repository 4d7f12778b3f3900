"""A value and its interval."""

import pytest

from reports.cells import Cell, figure_cell
from reports.formatting import count
from sim.experiments.results import Figure


@pytest.mark.parametrize(
    ("figure", "of", "cell", "in_line"),
    [
        (Figure(5.0, 4.0, 6.0), 3, Cell("5", "4–6"), "5 (4–6)"),
        (Figure(5.0, 5.0, 5.0), 3, Cell("5", ""), "5"),
        (Figure(5.0), 1, Cell("5", ""), "5"),
        (Figure(5.0), 3, Cell("5", "one replication"), "5 (one replication)"),
        (Figure(None), 3, Cell("—", ""), "—"),
    ],
    ids=["interval", "no width", "one replication", "one of several", "no value"],
)
def test_interval_stands_where_it_says_something(
    figure: Figure, of: int, cell: Cell, in_line: str
) -> None:
    found = figure_cell(figure, count, "en", of)
    assert found == cell
    assert found.in_line == in_line
