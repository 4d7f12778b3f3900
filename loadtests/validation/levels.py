"""A level of a validation from its replications."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loadtests.results.figures import lags_of
from loadtests.results.result import ServerSeries
from loadtests.validation.comparison import Pair, compared, quantile_curve
from loadtests.validation.result import SHARES, Level, Way

__all__ = ["Replication", "level_of"]


@dataclass(frozen=True)
class Replication:
    """What one replication has shown: `rate` of arrivals a second of the wall, the samples, what
    was seen of the server meanwhile, the mean speed of its processor where that was watched, and
    how much of it an answer took beside the calibration (`dearness`) where that is known."""

    pair: Pair
    rate: float
    samples: npt.NDArray[np.void]
    server: ServerSeries
    processor: float | None = None
    dearness: float | None = None


def level_of(
    way: Way,
    utilisation: float,
    replications: Sequence[Replication],
    tolerances: Mapping[str, float],
) -> Level:
    """All `replications` of one utilisation together; `tolerances` by figure."""
    pairs = [each.pair for each in replications]
    others = [each.server.others_mean for each in replications]
    speeds = [each.processor for each in replications]
    dearness = [each.dearness for each in replications]
    return Level(
        way=way,
        utilisation=utilisation,
        rate=sum(each.rate for each in replications) / len(replications),
        cases=sum(len(pair.live) for pair in pairs),
        replications=len(replications),
        compared=compared(pairs, dict(tolerances)),
        predicted_curve=quantile_curve(
            [cases.times_s for pair in pairs for cases in pair.predicted], SHARES
        ),
        live_curve=quantile_curve([pair.live.times_s for pair in pairs], SHARES),
        others_cpu=None if None in others else sum(filter(None, others)) / len(others),
        lag_p99_s=max(lags_of(each.samples)[1] for each in replications),
        processor=_ends(speeds),
        dearness=_ends(dearness),
    )


def _ends(values: Iterable[float | None]) -> tuple[float, float] | None:
    """The least and the greatest; None if there are none."""
    known = [each for each in values if each is not None]
    return (min(known), max(known)) if known else None
