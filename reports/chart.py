"""Charts as `static/charts.js` draws them: numbers, ticks and words are worked out here, so that
the script formats next to nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from reports.formatting import finite
from reports.ticks import Tick
from rulebook import Language

__all__ = [
    "DIGITS",
    "NAMED_ROOM",
    "Band",
    "Chart",
    "ChartPage",
    "Mark",
    "Series",
    "rounded",
    "stepped",
    "top_of",
]

T = TypeVar("T")

DIGITS: Final = 5
"""Numbers of the script need no more than a screen has pixels."""
NAMED_ROOM: Final = 1.12
"""Room above the data for names of faults and quantiles, as a factor."""


@dataclass(frozen=True)
class Band:
    """A span of the x axis to shade; without a label it has no name."""

    begin: float
    end: float
    kind: Literal["own", "other", "warmup"]
    label: str = ""

    def as_data(self) -> dict[str, Any]:
        """As the script has it."""
        return {"from": self.begin, "to": self.end, "kind": self.kind, "label": self.label}


@dataclass(frozen=True)
class Mark:
    """An upright line at `x`, with its name."""

    x: float
    label: str


@dataclass(frozen=True)
class Series:
    """Values along the x axis, None where there is none; `style` is one of the script's. `words`
    tell each value (None: as a plain number)."""

    label: str
    style: str
    values: Sequence[float | None]
    words: Sequence[str] | None = None


@dataclass(frozen=True)
class Chart:
    """Series over one axis. `y` and `xticks` are ticks, `y2` those of shares on the right, `top` is
    the upper end; `labels` name each place of `x`. Without `x`, `labels` or `xticks` the chart has
    those of its page. An axis of `days` ends half a day after `until`."""

    kind: Literal["time", "days", "log"]
    series: Sequence[Series]
    y: Sequence[Tick]
    top: float
    bands: Sequence[Band] = ()
    x: Sequence[float] | None = None
    labels: Sequence[str] | None = None
    xticks: Sequence[Tick] | None = None
    until: float | None = None
    marks: Sequence[Mark] | None = None
    y2: Sequence[Tick] | None = None

    def as_data(self) -> dict[str, Any]:
        """As the script has it."""
        return _known(
            {
                "kind": self.kind,
                "x": self.x,
                "labels": self.labels,
                "xticks": self.xticks,
                "until": self.until,
                "y": self.y,
                "top": self.top,
                "marks": None if self.marks is None else [vars(mark) for mark in self.marks],
                "bands": [band.as_data() for band in self.bands],
                "series": [_known(vars(one)) for one in self.series],
                "y2": self.y2,
            }
        )


@dataclass(frozen=True)
class ChartPage:
    """The charts of a page by their id. Those without an axis of their own share `x`, of which each
    takes as much as it has values, with its `labels`; `ticks` are its levels from coarse to fine.
    """

    lang: Language
    charts: Mapping[str, Chart]
    x: Sequence[float] = ()
    labels: Sequence[str] = ()
    ticks: Sequence[Sequence[Tick]] = ()

    def as_data(self) -> dict[str, Any]:
        """As the script has it."""
        return {
            "lang": self.lang,
            "x": self.x,
            "labels": self.labels,
            "ticks": self.ticks,
            "charts": {id_: chart.as_data() for id_, chart in self.charts.items()},
        }


def top_of(largest: float, ticks: Iterable[Tick], *, named: bool = False) -> float:
    """The upper end of an axis: a little room above the data, more where something is `named`;
    never zero."""
    top = max(largest * 1.08, *(value for value, _ in ticks)) or 1.0
    return top * (NAMED_ROOM if named else 1.0)


def stepped(values: Sequence[T]) -> list[T]:
    """Values of bins: each lasts until the next one, so the last is needed at its end too."""
    return [*values, *values[-1:]]


def rounded(values: Iterable[float | None]) -> list[float | None]:
    """As exact as a screen can be; None for what is no finite number."""
    known = (finite(value) for value in values)
    return [None if value is None else float(f"{value:.{DIGITS}g}") for value in known]


def _known(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
