"""What a validation has found: the model's predictions beside measurements, level by level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from loadtests.validation.comparison import Compared

__all__ = ["SHARES", "Calibrated", "Level", "Validation", "Way"]

Way = Literal["registry", "portal"]

# Of quantile curves: each hundredth, and more of them where the tail is.
SHARES: Final = (*(n / 100 for n in range(1, 99)), 0.985, 0.99, 0.995)
_MOST_OTHERS_CPU: Final = 0.15  # processors that work for others: what is measured is theirs too
_MOST_LAG_S: Final = 0.02  # 99 in 100 requests leave no later where there is a processor for them


@dataclass(frozen=True)
class Level:
    """One utilisation of one way through the system. `rate` is of arrivals a second, `cases` over
    all `replications`; curves are quantiles of times at `SHARES`, in seconds. `others_cpu`: the
    processors that others used meanwhile (None: nobody looked), `lag_p99_s` how late requests left,
    `processor` the least and the greatest mean speed of the server's in a replication (1: the
    calibration's first run), `dearness` how much of it an answer took (1: as by the calibration).
    """

    way: Way
    utilisation: float
    rate: float
    cases: int
    replications: int
    compared: Sequence[Compared]
    predicted_curve: Sequence[float]
    live_curve: Sequence[float]
    others_cpu: float | None
    lag_p99_s: float
    processor: tuple[float, float] | None = None
    dearness: tuple[float, float] | None = None

    @property
    def is_noisy(self) -> bool:
        """Whether the machine had so much else to do that nothing can be said. How late requests
        leave does not matter for what is served under overload."""
        is_late = self.utilisation < 1.0 and self.lag_p99_s > _MOST_LAG_S
        is_shared = self.others_cpu is None or self.others_cpu > _MOST_OTHERS_CPU
        return is_late or is_shared

    @property
    def is_within(self) -> bool:
        """Whether every figure that is judged is inside its tolerance."""
        return all(each.is_met is not False for each in self.compared)

    @property
    def is_met(self) -> bool:
        """Within the tolerances, on a machine that allows to say so."""
        return self.is_within and not self.is_noisy


@dataclass(frozen=True)
class Calibrated:
    """What was measured of the portal apart from its levels. By operation (`alone_ms`: mean work,
    that is the time of a request that is alone); `speeds`: (requests inside, total speed),
    `refusal_ms` of the server's time to refuse one, `saturation`: requests a second with every
    thread taken, `elasticity`: by how many per cent the server slows down for one per cent of its
    processor (1 where a single round told nothing of it)."""

    alone_ms: dict[str, float]
    requests: dict[str, int]
    speeds: Sequence[tuple[float, float]]
    refusal_ms: float
    saturation: float
    elasticity: float


@dataclass(frozen=True)
class Validation:
    """Everything that the report of a validation shows. `in_memory`: the portal's database was
    there for certain while it was measured."""

    name: str
    station: str
    servers: int
    service: str
    seed: int
    levels: Sequence[Level]
    calibrated: Calibrated | None
    in_memory: bool

    @property
    def is_met(self) -> bool:
        """Whether every level is within its tolerances, and nothing was too noisy to say so."""
        return all(level.is_met for level in self.levels)
