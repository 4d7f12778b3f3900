"""How far the time axes of charts go: the empty weeks behind one straggler show nothing."""

from collections.abc import Sequence
from typing import Final

from sim.experiments.results import JourneyView, Result

__all__ = ["drawn_bins", "journey_bins", "station_bins"]

# A tail is as good as empty if less than this part of the sum of every series lies in it,
LEFT: Final = 0.001
# and worth cutting off if it is at least this part of the axis.
WORTH: Final = 0.1


def station_bins(result: Result) -> int:
    """Bins on the common axis of the charts of all stations."""
    return drawn_bins([row for s in result.stations for row in (s.waiting, s.busy)])


def journey_bins(journey: JourneyView) -> int:
    """Bins on the axis of the number of cases inside a journey."""
    return drawn_bins([journey.inside])


def drawn_bins(series: Sequence[Sequence[float]]) -> int:
    """Bins of `series`, which share an axis, up to the tail in which all are as good as empty; all
    bins if that tail is short, or if nothing ever happens.
    """
    bins = max(map(len, series), default=0)
    filled = max(map(_filled, series), default=0)
    return filled if 0 < filled <= (1 - WORTH) * bins else bins


def _filled(values: Sequence[float]) -> int:
    least = LEFT * sum(values)
    rest = 0.0
    for i in reversed(range(len(values))):
        rest += values[i]
        if rest >= least > 0:
            return i + 1
    return 0
