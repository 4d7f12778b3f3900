"""Cells of tables: a value and, small under it, its interval."""

from dataclasses import dataclass

from reports.formatting import Formatter, finite, interval
from rulebook import Language
from sim.experiments.results import Figure

__all__ = ["Cell", "figure_cell"]


@dataclass(frozen=True)
class Cell:
    """A figure as a table shows it; `interval` is empty where there is none, or it has no width."""

    value: str
    interval: str

    @property
    def in_line(self) -> str:
        """The same in a sentence: the interval in brackets."""
        return f"{self.value} ({self.interval})" if self.interval else self.value


def figure_cell(figure: Figure, show: Formatter, lang: Language, of: int = 1) -> Cell:
    """The cell of a figure that `show` shows. Where it exists in one replication only, out of
    several (`of`), the cell says so instead of an interval.
    """
    is_alone = figure.low is None
    has_width = figure.low != figure.high
    is_told = finite(figure.value) is not None and (of > 1 if is_alone else has_width)
    return Cell(show(figure.value, lang), interval(figure, lang, show) if is_told else "")
