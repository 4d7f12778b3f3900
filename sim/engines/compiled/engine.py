"""A run on the compiled engine: fills the arrays, calls the loop, and does what the loop comes back
for."""

from collections.abc import Callable

import numpy as np

from sim.engines.compiled import layout
from sim.engines.compiled.arrays import Arrays
from sim.engines.compiled.closing import (
    flows,
    open_cases,
    place_of_oldest,
    recovered_us,
    unfinished_visits,
)
from sim.engines.compiled.compilation import BEGIN, END, RUN, loop, prepare
from sim.engines.compiled.learning import NEVER, Learning
from sim.engines.compiled.lowering import Lowered, lower, records
from sim.engines.compiled.status import GOES_ON, Status
from sim.engines.compiled.words import word_sizes
from sim.engines.recording import CASE, ENTITY_SHIFT, NUMBER_MASK, VISIT, Sink
from sim.engines.run import EndlessCase, Run, StationRun
from sim.model.graph import ChooseNode
from sim.model.keys import APPLICANT, entity_stream, replication_key
from sim.model.model import Model
from world.draws import combine
from world.microseconds import SECOND_US

__all__ = ["simulate"]


def simulate(
    model: Model,
    replication: int,
    sinks: list[Sink],
    warmup_us: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Run:
    """What `simpy_engine.simulate` does, by the compiled loop: the same record and the same `Run`.

    Raises EndlessCase, and TooLarge if the model cannot be lowered.
    """
    prepare()
    return _Simulation(model, replication, sinks, warmup_us, on_progress).run()


class _Simulation:
    def __init__(
        self,
        model: Model,
        replication: int,
        sinks: list[Sink],
        warmup_us: int,
        on_progress: Callable[[int], None] | None,
    ) -> None:
        self.model = model
        self.sinks = sinks
        self.on_progress = on_progress
        self.warmup_us = warmup_us
        self.lowered = lower(model)
        self.overtime: list[list[tuple[int, int, int]]] = [[] for _ in model.stations]
        self.inside_before_us = 0
        key = replication_key(model.seed, replication)
        words = word_sizes(model)
        others = len(model.arrivals) + sum(1 + 2 * len(spec.faults) for spec in model.stations)
        self.arrays = Arrays(self.lowered, len(model.arrivals), others, words.cell)
        self.st = self.arrays.st
        self.st["number_bits"], self.st["cell_bits"] = words.number, words.cell
        self.st["class_shift"], self.st["attempt_bits"] = words.class_shift, words.attempt
        self._set_state(self.lowered)
        self._place_constants(self.lowered, key)
        self.learning = Learning(model, self.lowered.terms, key, self.arrays)

    def run(self) -> Run:
        """Run to the end."""
        model = self.model
        end = model.give_up_us if model.horizon_us is None else model.horizon_us
        warmup = self.warmup_us or NEVER
        self._call(BEGIN)
        while True:
            stop = min(warmup, end, self.learning.known_until)
            self.st["stop_us"] = stop
            match self._call(RUN):
                case Status.FULL:
                    self._make_room()
                case Status.LEARNS:
                    self.learning.learn()
                case Status.PAUSED:
                    self._tell_progress(int(self.st["now"]))
                case Status.OVER:
                    return self._close(int(self.st["now"]))
                case Status.STOPPED if stop == warmup:
                    self._end_warmup()
                    warmup = NEVER
                case Status.STOPPED if stop < end:
                    self.learning.learn_days(end)
                case Status.STOPPED:
                    break
                case error:
                    raise self._error(error)
        if model.horizon_us is None:
            raise self._never_ends()
        return self._close(end)

    # --- beginning

    def _set_state(self, lowered: Lowered) -> None:
        model, st = self.model, self.st
        st["warmup_us"] = self.warmup_us
        st["until_empty"] = model.horizon_us is None
        st["open_streams"] = len(model.arrivals)
        st["asks_traits"] = model.applicants.have_defects or any(
            isinstance(node, ChooseNode) and not node.by_probability for node in model.graph.nodes
        )
        st["width"], st["counters"] = lowered.width, lowered.counters
        st["nesting"] = lowered.nesting
        population = model.applicants.population
        st["organizations"], st["country"] = population.size, population.key
        st["mend"] = model.applicants.mend
        st["kind_count"], st["tier_count"] = len(lowered.kinds), len(lowered.tiers)
        st["bits"] = len(model.applicants.defects[lowered.kinds[0]])
        st["gap"], st["error"] = layout.ABSENT, GOES_ON

    def _place_constants(self, lowered: Lowered, key: int) -> None:
        model = self.model
        population = model.applicants.population
        streams = records(layout.STREAM, len(model.arrivals))
        for row, arrivals, start in zip(
            streams, model.arrivals, model.graph.journeys, strict=False
        ):
            row["key"] = entity_stream(key, arrivals.journey)
            row["applicants"] = combine(int(row["key"]), APPLICANT)
            row["start"] = start.start
        for name, array in (
            ("nodes", lowered.nodes),
            ("arms", lowered.arms),
            ("bounds", lowered.bounds),
            ("gates", lowered.gates),
            ("tables", lowered.tables),
            ("defects", np.array([model.applicants.defects[kind] for kind in lowered.kinds])),
            ("kinds", np.array([population.kinds.get(kind, 0.0) for kind in lowered.kinds])),
            ("tiers", np.array([population.tiers.get(tier, 0.0) for tier in lowered.tiers])),
            ("stations", lowered.stations),
            ("levels", lowered.levels),
            ("faults", lowered.faults),
            ("streams", streams),
        ):
            self.arrays.place(name, array)

    # --- while it runs

    def _call(self, what: int) -> int:
        status = loop()(self.arrays.state, what)
        self.arrays.refuse_overrun()
        return status

    def _make_room(self) -> None:
        """Empty what is full; if there is nothing to empty, enlarge what is too small."""
        st = self.st
        if st["written_rows"] or st["written_cases"] or st["written_overtimes"]:
            self._flush(int(st["now"]))  # mostly that is all; if not, the loop comes back at once
        else:
            self.arrays.make_room()

    def _flush(self, now: int) -> None:
        """Hand what is written to the sinks."""
        st = self.st
        visits = self.arrays.written("rows").view(np.int64).reshape(-1, len(VISIT))
        cases = self.arrays.written("cases").view(np.int64).reshape(-1, len(CASE))
        for sink in self.sinks:
            sink.visits(visits)
            sink.cases(cases)
        for station, begin, end, servers in self.arrays.written("overtimes").tolist():
            self.overtime[station].append((begin, end, servers))
        st["written_rows"] = st["written_cases"] = st["written_overtimes"] = 0
        self._tell_progress(now)

    def _tell_progress(self, now: int) -> None:
        if self.on_progress is not None:
            self.on_progress(now)

    def _end_warmup(self) -> None:
        self.inside_before_us = self._inside_us(self.warmup_us)
        stations = self.arrays["stations"]
        stations["longest"] = stations["waiting"]

    def _inside_us(self, now: int) -> int:
        """Integral of the number inside until `now`."""
        st = self.st
        until_then = int(st["inside_s"]) * SECOND_US + int(st["inside_us"])
        return until_then + int(st["inside"]) * (now - int(st["inside_since"]))

    # --- when it is over

    def _close(self, end: int) -> Run:
        st, model = self.st, self.model
        st["now"] = end
        self._flush(end)
        self._call(END)
        self._flush(end)
        unfinished = unfinished_visits(self.arrays, end)
        for sink in self.sinks:
            sink.visits(unfinished)
        started = self.arrays["streams"]["started"].tolist()
        rejections = self.arrays["rejections"]["count"].tolist()
        return Run(
            end_us=end,
            arrived=int(st["arrived"]),
            completed=int(st["completed"]),
            abandoned=int(st["abandoned"]),
            inside_us=self._inside_us(end),
            inside_before_us=self.inside_before_us,
            unfinished=open_cases(self.arrays, self.lowered.nesting),
            stations=[self._station_run(n) for n in range(len(model.stations))],
            recovered_us=recovered_us(self.arrays, self.lowered.fault_ids),
            started=started[: len(model.arrivals)],
            flows=flows(self.arrays, self.lowered, len(model.graph.nodes)),
            rejections={
                rule: n for rule, n in zip(self.lowered.rules, rejections, strict=False) if n
            },
        )

    def _station_run(self, number: int) -> StationRun:
        longest = int(self.arrays["stations"][number]["longest"])
        return StationRun(self.learning.schedule(number), self.overtime[number], longest)

    def _error(self, status: int) -> Exception:
        slot = int(self.st["walker"])
        if status == Status.NO_CHOICE:
            node = self.model.graph.nodes[int(self.arrays["slots"][slot]["node"])]
            return ValueError(f"{node.path}: no choice is open")
        return self._endless(slot)

    def _never_ends(self) -> Exception:
        """The oldest case, and the first place where it is."""
        slot = place_of_oldest(self.arrays)
        if slot is None:
            return RuntimeError("nobody is inside, and yet the run does not end")
        return self._endless(slot)

    def _endless(self, slot: int) -> EndlessCase:
        at = self.arrays["slots"][slot]
        entity = int(at["entity"])
        journey = self.model.graph.journeys[entity >> ENTITY_SHIFT]
        number = entity & NUMBER_MASK
        return EndlessCase(journey.name, number, self.model.graph.nodes[int(at["node"])].path)
