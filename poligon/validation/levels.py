"""A level of a validation from its replications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loadtests.validation.comparison import Pair, compared, quantile_curve
from reports.load.figures import lags_of
from reports.load.result import ServerSeries
from reports.load.validation import SHARES, Level, Way

__all__ = ["Replication", "level_of"]


@dataclass(frozen=True)
class Replication:
    """What one replication has shown: `rate` of arrivals a second of the wall, the samples, what
    was seen of the server meanwhile, and the mean speed of its processor where that was watched,
    `is_unsteady` if it was another one than the utilisation was planned for."""

    pair: Pair
    rate: float
    samples: npt.NDArray[np.void]
    server: ServerSeries
    processor: float | None = None
    is_unsteady: bool = False


def level_of(
    way: Way,
    utilisation: float,
    replications: Sequence[Replication],
    tolerances: Mapping[str, float],
    set_aside: int = 0,
) -> Level:
    """All `replications` of one utilisation together; `tolerances` by figure, `set_aside` others
    were left out as the processor was unsteady."""
    pairs = [each.pair for each in replications]
    speeds = [each.processor for each in replications if each.processor is not None]
    return Level(
        way=way,
        utilisation=utilisation,
        rate=sum(each.rate for each in replications) / len(replications),
        cases=sum(len(pair.live) for pair in pairs),
        replications=len(replications),
        compared=compared(pairs, dict(tolerances)),
        predicted_curve=quantile_curve([pair.predicted.times_s for pair in pairs], SHARES),
        live_curve=quantile_curve([pair.live.times_s for pair in pairs], SHARES),
        others_cpu=sum(each.server.others_mean for each in replications) / len(replications),
        lag_p99_s=max(lags_of(each.samples)[1] for each in replications),
        processor=(min(speeds), max(speeds)) if speeds else None,
        set_aside=set_aside,
        unsteady=sum(each.is_unsteady for each in replications),
    )
