"""How many registrations a portal takes and how many questions about them it answers, per core.

    in process   use cases over a SQLite file (`synchronous=FULL`), many threads
    over HTTP    the same portal in a process of its own, as many connections

Registries answer in process and at once, gateways take every letter: what counts is the portal's
own work, with the check of each signature and certificate. A submission is acknowledged when it is
on the disk. Rates are per CPU-second of the process that has the portal, and per second of the
clock. Latency is that of threads or connections which send their next request at once.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import local
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.portal_applicants import Ready
from benchmarks.portal_in_process import portal_over
from benchmarks.portal_parts import shares_of
from benchmarks.portal_served import PortalProcess, Submission, portal_process
from portal.portal import Portal
from portal.use_case import Outcome

T = TypeVar("T")

_THREADS: Final = 16  # as many as the portal over HTTP works with
_COUNT, _ROUNDS, _MANY = 1_000, 5, 100_000
_QUICK_COUNT, _QUICK_ROUNDS, _QUICK_MANY = 200, 2, 1_000
_READS: Final = 5  # of each registration
_TOGETHER: Final = 1_000  # applicants that are prepared at a time
_AIMED: Final = {"registrations": 800.0, "questions": 2_000.0}
_LEAST: Final = {"registrations": 150.0, "questions": 700.0}
_PARTS: Final = 10  # of the registrations for the memory, after each of which it is read
_MOST_GROWTH_MB: Final = 100.0
_MOST_LATE_MB: Final = 30.0


@dataclass(frozen=True, slots=True)
class Round:
    """What was done with some requests: per CPU-second, per second, the latency of the slowest
    hundredth in ms."""

    per_cpu_s: float
    per_s: float
    p99_ms: float


@dataclass
class Figures:
    """Rounds by what was asked."""

    rounds: dict[str, list[Round]] = field(default_factory=dict)

    def add(self, name: str, found: Round) -> None:
        """One more round."""
        self.rounds.setdefault(name, []).append(found)


def measured(
    ask: Callable[[T], Any], requests: Sequence[T], cpu_s: Callable[[], float]
) -> tuple[Round, list[Any]]:
    """Ask for all by many threads; what was answered."""

    def timed(request: T) -> tuple[float, Any]:
        began = time.perf_counter()
        answer = ask(request)
        return (time.perf_counter() - began) * 1e3, answer

    with ThreadPoolExecutor(_THREADS) as threads:
        used, began = cpu_s(), time.perf_counter()
        found = list(threads.map(timed, requests))
        used, passed = cpu_s() - used, time.perf_counter() - began
    p99_ms = statistics.quantiles([ms for ms, _ in found], n=100)[98]
    answers = [answer for _, answer in found]
    return Round(len(requests) / used, len(requests) / passed, p99_ms), answers


# --- in process -----------------------------------------------------------------------------------


@contextmanager
def _a_portal() -> Iterator[tuple[Portal, Callable[[int], list[Ready]]]]:
    with (
        tempfile.TemporaryDirectory(prefix="poligon-") as folder,
        portal_over(f"sqlite:///{folder}/portal.db") as (portal, applicants),
    ):
        yield portal, lambda count: applicants.take(portal.ports.store, count)


def in_process(figures: Figures, count: int, rounds: int) -> None:
    """Rounds of registrations, and of questions about them."""
    with _a_portal() as (portal, take):

        def register(ready: Ready) -> Outcome:
            return _good(portal.act("register_organization", ready.actor, ready.payload, "key"))

        def look(of: tuple[Ready, str]) -> Outcome:
            return _good(portal.read("registration", of[0].actor, {"organization": of[1]}))

        measured(register, take(50), time.process_time)
        for _ in range(rounds):
            ready = take(count)
            found, outcomes = measured(register, ready, time.process_time)
            figures.add("in process: registrations", found)
            made = [outcome.data["organization"] for outcome in outcomes]
            questions = list(zip(ready, made, strict=True)) * _READS
            found, _ = measured(look, questions, time.process_time)
            figures.add("in process: questions", found)


def parts(count: int) -> dict[str, float]:
    """CPU time of a registration by its parts, ms: one after the other, so each has a transaction
    of its own."""
    with _a_portal() as (portal, take):
        ready = take(count)

        def register() -> None:
            for each in ready:
                _good(portal.act("register_organization", each.actor, each.payload, "key"))

        used = time.process_time()
        shares = shares_of(register)
        each_ms = (time.process_time() - used) / count * 1e3
    return {part: share * each_ms for part, share in shares.items()}


def _good(outcome: Outcome) -> Outcome:
    assert outcome.refusal is None, outcome
    return outcome


# --- over HTTP ------------------------------------------------------------------------------------


class _Connections:
    """A connection for each thread."""

    def __init__(self, process: PortalProcess) -> None:
        self._process = process
        self._own = local()

    def ask(self, request: bytes) -> Any:
        """The answer's JSON."""
        if not hasattr(self._own, "client"):
            self._own.client = self._process.client()
        answer = self._own.client.ask(request)
        assert answer.status == 200, answer
        return json.loads(answer.body)


def over_http(figures: Figures, count: int, rounds: int) -> None:
    """The same, and of the process that serves."""
    with portal_process() as process:

        def cpu_s() -> float:
            return process.usage()["cpu_s"]

        _submitted(process, 50)
        for _ in range(rounds):
            ready = process.prepared(count)
            requests = [each.request() for each in ready]
            found, answers = measured(_Connections(process).ask, requests, cpu_s)
            figures.add("over HTTP: registrations", found)
            questions = _questions(ready, answers) * _READS
            found, _ = measured(_Connections(process).ask, questions, cpu_s)
            figures.add("over HTTP: questions", found)


def growth_mb(many: int) -> list[tuple[int, float]]:
    """By how much registrations raise the memory of a server that has taken some: (their number,
    MB), at each tenth of so many. What fills in the beginning are caches of a fixed size."""
    steps = max(many // _TOGETHER, 1)
    told = {max(steps * part // _PARTS, 1) for part in range(1, _PARTS + 1)}
    grown = []
    with portal_process() as process:
        _submitted(process, _TOGETHER)
        before = process.usage()["memory_mb"]
        for step in range(1, steps + 1):
            _submitted(process, _TOGETHER)
            if step in told:
                grown.append((step * _TOGETHER, process.usage()["memory_mb"] - before))
    return grown


def _submitted(process: PortalProcess, count: int) -> None:
    connections = _Connections(process)
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(connections.ask, [each.request() for each in process.prepared(count)]))


def _questions(ready: Sequence[Submission], answers: Sequence[Any]) -> list[bytes]:
    return [
        each.look(answer["data"]["organization"])
        for each, answer in zip(ready, answers, strict=True)
    ]


# --- what is printed ------------------------------------------------------------------------------


def table(figures: Figures) -> Table:
    """Rates and latencies, medians over rounds and their range."""
    drawn = Table("what", "per CPU-second", "per second", "p99, ms")
    for name, rounds in figures.rounds.items():
        drawn.add_row(
            name,
            _ranged([each.per_cpu_s for each in rounds], 0),
            _ranged([each.per_s for each in rounds], 0),
            _ranged([each.p99_ms for each in rounds], 1),
        )
    return drawn


def parts_table(found: dict[str, float]) -> Table:
    """CPU time of a registration."""
    drawn = Table("part of a registration", "ms of CPU", "share")
    whole = sum(found.values())
    for part, ms in found.items():
        drawn.add_row(part, f"{ms:.2f}", f"{ms / whole:.0%}")
    drawn.add_row("all", f"{whole:.2f}", "")
    return drawn


def _ranged(values: Sequence[float], digits: int) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} … {high:,.{digits}f})"


def main() -> int:
    """Measure and print; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, help=f"registrations in a round (default: {_COUNT})")
    parser.add_argument("--rounds", type=int, help=f"default: {_ROUNDS}")
    parser.add_argument("--many", type=int, help=f"registrations for the memory ({_MANY:,})")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    options = parser.parse_args()
    count = options.count or (_QUICK_COUNT if options.quick else _COUNT)
    rounds = options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    many = options.many or (_QUICK_MANY if options.quick else _MANY)
    figures = Figures()
    in_process(figures, count, rounds)
    over_http(figures, count, rounds)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table(figures), parts_table(parts(count)), sep="\n")
    missed = False
    for what, aim in _AIMED.items():
        rate = statistics.median(r.per_cpu_s for r in figures.rounds[f"over HTTP: {what}"])
        print(f"{what} over HTTP: {rate:,.0f} per CPU-second (aim {aim:,.0f})", flush=True)
        missed = missed or rate < _LEAST[what]
    grown = growth_mb(many)
    print("memory of the server rises by, MB (after so many registrations):")
    print(", ".join(f"{mb:.0f} ({count:,})" for count, mb in grown))
    first, last = grown[(len(grown) - 1) // 2][1], grown[-1][1]
    print(f"in all {last:.0f} MB (limit {_MOST_GROWTH_MB:g})")
    print(f"in the second half {last - first:.0f} MB (limit {_MOST_LATE_MB:g})")
    is_flat = last < _MOST_GROWTH_MB and last - first < _MOST_LATE_MB
    return 0 if is_flat and not missed else 1


if __name__ == "__main__":
    sys.exit(main())
