"""Cells of tables: a value and, small under it, its interval."""

from dataclasses import dataclass
from typing import Any

from reports.formatting import finite, interval
from rulebook import Language
from sim.experiments.results import Figure, Result

__all__ = ["Cell", "figure_cell"]


@dataclass(frozen=True)
class Cell:
    """A figure in a table: the value and, small under it, the interval (empty with one
    replication).
    """

    value: str
    interval: str


def figure_cell(figure: Figure, result: Result, lang: Language, show: Any) -> Cell:
    """The cell of a figure that `show` shows."""
    alone = result.replications == 1 or finite(figure.value) is None
    between = (
        "" if alone or figure.low == figure.high == figure.value else interval(figure, lang, show)
    )
    return Cell(show(figure.value, lang), between)
