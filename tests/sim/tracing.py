"""Tiny scenarios replayed, and their records as tuples a reader can check by hand.

Times in records are seconds since the start: whole numbers where they are whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import rulebook
from rulebook import RuleBook
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.engines.choice import simulate
from sim.engines.recording import CASE, VISIT, Block, Outcome
from sim.engines.run import Run
from sim.experiments.replication import Replication, replicate
from sim.model.model import Model, compile_model

SECOND_US = 1_000_000
MONDAY = datetime(2026, 4, 20)  # an ordinary working Monday

Seconds = int | float
VisitRow = tuple[str, str, Seconds, Seconds | None, Seconds, str]
CaseRow = tuple[str, Seconds, Seconds, str]
BusyRow = tuple[str, str, Seconds, Seconds]

# Every case asks the desk once; it is abandoned if that fails.
ONE_DESK = """
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def scenario(
    text: str,
    folder: Path | None = None,
    horizon: str = "until_empty",
    start: datetime = MONDAY,
    **instants: Sequence[float],
) -> CompleteScenario:
    """`text` with what every scenario needs put before it.

    `instants` are arrivals in seconds after the start, by journey, in the order of the calls;
    `folder` is where their files go.
    """
    head = ["version: 1", "name: t"]
    if "calendar:" not in text:
        head.append(f"calendar: {{start: {start.isoformat()}, horizon: {horizon}}}")
    streams = []
    for journey, times in instants.items():
        assert folder is not None
        rows = ["time", *((start + timedelta(seconds=s)).isoformat() for s in times)]
        (folder / f"{journey}.csv").write_text("\n".join(rows), encoding="utf-8")
        streams.append(f"  - {{journey: {journey}, instants: {journey}.csv}}")
    if streams:
        head += ["arrivals:", *streams]
    return loads("\n".join([*head, text]), folder=folder, book=_book())


@cache
def _book() -> RuleBook:
    """Read once: reading it takes longer than most runs."""
    return rulebook.load()


@dataclass
class Rows:
    """A sink that keeps every row."""

    visit_rows: list[list[int]] = field(default_factory=list)
    case_rows: list[list[int]] = field(default_factory=list)

    def visits(self, block: Block) -> None:
        """Rows of `VISIT` columns."""
        self.visit_rows += block.tolist()

    def cases(self, block: Block) -> None:
        """Rows of `CASE` columns."""
        self.case_rows += block.tolist()


@dataclass
class Trace:
    """One run of `model` and its record."""

    model: Model
    run: Run
    rows: Rows = field(repr=False)

    @property
    def visits(self) -> list[VisitRow]:
        """(case, node, enter, start of service, end, outcome) in the order of writing, no HELD.

        A node visited again is `ask#1`, a repeated attempt inside a visit `ask+1`.
        """
        return [
            (
                self._case(row),
                self._place(row),
                seconds(row[VISIT.ENTER]),
                None if row[VISIT.START] < 0 else seconds(row[VISIT.START]),
                seconds(row[VISIT.END]),
                Outcome(row[VISIT.OUTCOME]).name.lower(),
            )
            for row in self.rows.visit_rows
            if row[VISIT.OUTCOME] != Outcome.HELD
        ]

    @property
    def busy(self) -> list[BusyRow]:
        """(case, node, from, to): time of servers, with holds before suspensions and in vain."""
        return [
            (
                self._case(row),
                self._place(row),
                seconds(row[VISIT.RESUMED]),
                seconds(row[VISIT.END]),
            )
            for row in self.rows.visit_rows
            if 0 <= row[VISIT.RESUMED] < row[VISIT.END]
        ]

    @property
    def cases(self) -> list[CaseRow]:
        """(case, arrived, ended, how) in the order of ends; sub-journeys bear their own name."""
        return [
            (
                f"{self.model.graph.names[row[CASE.JOURNEY]]}{row[CASE.NUMBER]}",
                seconds(row[CASE.ARRIVED]),
                seconds(row[CASE.ENDED]),
                "completed" if row[CASE.COMPLETED] else "abandoned",
            )
            for row in self.rows.case_rows
        ]

    @property
    def open(self) -> list[tuple[str, Seconds, tuple[str, ...]]]:
        """(journey, arrived, nodes) of what the end of the run cut off."""
        return [
            (
                self.model.graph.names[case.journey],
                seconds(case.arrived),
                tuple(self.model.graph.nodes[node].path for node in case.nodes),
            )
            for case in self.run.unfinished
        ]

    def _case(self, row: list[int]) -> str:
        return f"{self.model.graph.names[row[VISIT.JOURNEY]]}{row[VISIT.NUMBER]}"

    def _place(self, row: list[int]) -> str:
        name = self.model.graph.nodes[row[VISIT.NODE]].path.partition(".")[2]
        visit = f"#{row[VISIT.VISIT]}" if row[VISIT.VISIT] else ""
        attempt = f"+{row[VISIT.ATTEMPT]}" if row[VISIT.ATTEMPT] else ""
        return f"{name}{visit}{attempt}"


def seconds(us: int) -> Seconds:
    """Seconds of µs, an int if it is whole."""
    return us // SECOND_US if us % SECOND_US == 0 else us / SECOND_US


def trace_model(model: Model, replication: int = 0, warmup_us: int = 0) -> Trace:
    """Run `model` on both engines and keep the record, which has to be the same; on SimPy alone
    where other code decides at gates."""
    rows, compiled = Rows(), Rows()
    run = simulate("simpy", model, replication, [rows], warmup_us)
    if model.judges is None:
        assert simulate("compiled", model, replication, [compiled], warmup_us) == run
        assert compiled == rows
    return Trace(model, run, rows)


def trace(
    text: str,
    folder: Path | None = None,
    horizon: str = "until_empty",
    start: datetime = MONDAY,
    **instants: Sequence[float],
) -> Trace:
    """Run the scenario that `scenario` makes of the same arguments."""
    return trace_model(compile_model(scenario(text, folder, horizon, start, **instants)))


def figures(complete: CompleteScenario, number: int = 0, scale: float = 1.0) -> Replication:
    """One replication with its figures; bins of a minute, the scenario's own warm-up."""
    warmup = complete.scenario.warmup
    assert isinstance(warmup, int)
    model = compile_model(complete, scale)
    return replicate(model, number, complete.scenario.objectives, 60 * SECOND_US, warmup)
