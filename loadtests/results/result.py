"""What a load test has found, ready to be written and drawn.

Times are seconds of the wall since the start of the run unless a name says otherwise; series share
one grid of bins `bin_s` wide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.results import ObjectiveResult

__all__ = [
    "ErrorKind",
    "FaultSpan",
    "Latency",
    "LoadCheck",
    "LoadNote",
    "LoadResult",
    "LoadSeries",
    "Operation",
    "Saturation",
    "ServerSeries",
]


@dataclass(frozen=True)
class Latency:
    """Latency of answers from their intended instants; None without any."""

    mean: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Operation:
    """Requests of one kind. `latency` is of those that were answered as they should be, each by
    itself; `until_done` counts from when the first attempt should have left, with the pauses and
    repetitions of what was shed or lost."""

    name: str
    requests: int
    ok: int
    refused: int
    shed: int
    failed: int
    latency: Latency
    until_done: Latency


@dataclass(frozen=True)
class ErrorKind:
    """Answers that were not as they should be (`failed`), or shed, by what was wrong."""

    operation: str
    outcome: str
    detail: str
    count: int
    first_s: float


@dataclass(frozen=True)
class LoadSeries:
    """Per second in each bin: `offered` by the intended instant, the others by the end of the
    answer. Quantiles of latency are of answers that ended in the bin, None where none did."""

    offered: Sequence[float]
    good: Sequence[float]
    shed: Sequence[float]
    failed: Sequence[float]
    p50: Sequence[float | None]
    p95: Sequence[float | None]


@dataclass(frozen=True)
class ServerSeries:
    """The server's process at `at` (seconds): CPU (cores), resident memory (MB), and of the
    portal's own figures the requests inside and those answered so far."""

    at: Sequence[float] = ()
    cpu: Sequence[float] = ()
    memory_mb: Sequence[float] = ()
    inside: Sequence[float | None] = ()
    answered: Sequence[float | None] = ()
    others_cpu: Sequence[float] = ()

    @property
    def others_mean(self) -> float | None:
        """Processors that others used on average; None if nobody looked."""
        return sum(self.others_cpu) / len(self.others_cpu) if self.others_cpu else None


@dataclass(frozen=True)
class Saturation:
    """`most_good` is the greatest rate of good answers over a window; `offered` what was offered
    when the first window was `shed`, `failed` (wrong) or `slow`, None if that never happened; `why`
    of those."""

    most_good: float
    window_s: float
    offered: float | None = None
    at_s: float | None = None
    why: str | None = None


@dataclass(frozen=True)
class FaultSpan:
    """A fault of the plan in seconds of the wall; `recovered_s` after its end the last answer was
    shed, wrong or slow because of it or of one that touches it; None if one was at the very end."""

    id: str
    from_s: float
    to_s: float
    recovered_s: float | None = None


@dataclass(frozen=True)
class LoadCheck:
    """A law of conservation; `found` are the numbers that it was judged by (`check_in_words`)."""

    name: str
    passed: bool
    found: Mapping[str, Any]


@dataclass(frozen=True)
class LoadNote:
    """Something to know of a run: `lag` (the loader's 99th percentile, `p99_s`), or the code of the
    reason for which a `journey` is left out (`loadtests.samples.Note`)."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class LoadResult:
    """Everything that the report of a load test shows. `predicted`: what the model says of the
    scenario's objectives, by id, from one simulation of the same arrivals. `planned` cases should
    have come (with closed users as many as did); of those `unwalked_cases` were not walked, for
    nobody could be prepared, and for `late_cases` somebody was only once they had come.
    `preparation`: requests for people whom nobody had prepared before the run, which no other
    figure counts; nor are `cut_off` requests counted, which had no answer yet when the run or their
    user ended, and were young."""

    name: str
    description: str | None
    target: str
    seed: int
    scale: float
    speed: float
    workers: int
    horizon_s: float
    elapsed_s: float
    cases: int
    completed: int
    refused_cases: int
    failed_cases: int
    abandoned_cases: int
    planned: int
    unwalked_cases: int
    late_cases: int
    cut_off: int
    latency: Latency
    until_done: Latency
    operations: Sequence[Operation]
    errors: Sequence[ErrorKind]
    bin_s: float
    series: LoadSeries
    server: ServerSeries
    saturation: Saturation
    lag_p50_s: float
    lag_p99_s: float
    faults: Sequence[FaultSpan] = ()
    objectives: Sequence[ObjectiveResult] = ()
    predicted: Mapping[str, float | None] = field(default_factory=dict)
    unjudged: Sequence[str] = ()
    checks: Sequence[LoadCheck] = ()
    notes: Sequence[LoadNote] = ()
    preparation: Operation | None = None

    @property
    def total(self) -> Operation:
        """All operations together, without a latency."""

        def summed(name: str) -> int:
            return sum(getattr(each, name) for each in self.operations)

        return Operation(
            name="",
            requests=summed("requests"),
            ok=summed("ok"),
            refused=summed("refused"),
            shed=summed("shed"),
            failed=summed("failed"),
            latency=Latency(),
            until_done=Latency(),
        )
