"""Conservation laws, checked on every replication (contract, semantics 10)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from sim.engines.run import Run
from sim.engines.tally import Tally
from sim.experiments.results import CheckResult

__all__ = ["LittleTerms", "check_replication", "check_stationary", "little_terms"]

_LITTLE_CONFIDENCE = (
    0.9999  # the law is true: at 95% one honest run in twenty would be called broken
)

_ROUNDING = 1e-9  # of a few float operations, with room to spare


@dataclass(frozen=True)
class LittleTerms:
    """L - λW of one replication, and how much of it cases cut off by the ends of the window, and
    rounding, can make."""

    difference: float
    edge: float


def check_replication(run: Run, tally: Tally, journeys: int) -> list[CheckResult]:
    """Flow balance, and the integral of the number inside against the sum of clipped sojourn
    times, in whole µs."""
    open_cases = [case for case in run.unfinished if not case.inner]
    balance = run.completed + run.abandoned + len(open_cases)
    inside = sum(t.inside_us for t in tally.journeys[:journeys])
    inside += sum(run.end_us - case.arrived for case in open_cases)
    return [
        CheckResult(
            "flow",
            run.arrived == balance,
            f"{run.arrived} = {run.completed} + {run.abandoned} + {len(open_cases)}",
        ),
        CheckResult("sojourn", run.inside_us == inside, f"{run.inside_us} = {inside}"),
    ]


def little_terms(run: Run, tally: Tally, journeys: int) -> LittleTerms | None:
    """Little's law between the warm-up and the end; None if no case that arrived there ended.

    L is the engine's own count of the number inside; λ and W come from the record, W is of the
    cases that arrived after the warm-up and ended, completed or abandoned. Cases that straddle an
    end of the window count in L and not, or not fully, in λW: their time inside bounds what that
    makes.
    """
    begin, end = tally.warmup_us, run.end_us
    window = end - begin
    area = run.inside_us - run.inside_before_us
    tallies = tally.journeys[:journeys]
    sojourn = sum(t.late_us for t in tallies)
    edge = sum(t.early_us for t in tallies)
    ended = arrived = sum(t.late for t in tallies)
    for case in run.unfinished:
        if not case.inner:
            edge += end - max(case.arrived, begin)
            arrived += case.arrived >= begin
    if not ended or window <= 0:
        return None
    little = arrived / window * (sojourn / ended)
    edge_cases = (arrived - ended) * (sojourn / ended)
    rounding = _ROUNDING * area
    return LittleTerms(area / window - little, (edge + edge_cases + rounding) / window)


def check_stationary(terms: Sequence[LittleTerms]) -> CheckResult | None:
    """L = λW over replications: the interval of the difference, widened by what the window's
    ends can make, holds 0."""
    n = len(terms)
    if n < 2:
        return None
    mean = math.fsum(t.difference for t in terms) / n
    variance = math.fsum((t.difference - mean) ** 2 for t in terms) / (n - 1)
    half = float(stdtrit(n - 1, (1 + _LITTLE_CONFIDENCE) / 2)) * math.sqrt(variance / n)
    edge = math.fsum(t.edge for t in terms) / n
    return CheckResult(
        "little", abs(mean) <= half + edge, f"|{mean:.6g}| <= {half:.6g} + {edge:.6g}"
    )
