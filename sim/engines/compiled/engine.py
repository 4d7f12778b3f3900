"""A run on the compiled engine: fills the arrays, calls the loop, and does what the loop comes back
for."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

import numpy as np

from sim.engines.compiled import layout
from sim.engines.compiled.compilation import BEGIN, END, RUN, loop, prepare
from sim.engines.compiled.loop import Status
from sim.engines.compiled.lowering import Lowered, lower, records
from sim.engines.compiled.stations import (
    FORKED,
    FREE,
    GHOST,
    HELD,
    QUEUED,
    SERVING,
    SUSPENDED,
    UNFINISHED,
)
from sim.engines.compiled.walks import NO_CHOICE
from sim.engines.compiled.words import TooLarge, word_sizes
from sim.engines.recording import CASE, ENTITY_SHIFT, VISIT, Sink
from sim.engines.run import EndlessCase, OpenCase, Run, StationRun
from sim.model.arrivals import Ints, merged_blocks
from sim.model.graph import ChooseNode
from sim.model.keys import APPLICANT, entity_stream, replication_key
from sim.model.model import Model
from world.draws import combine

__all__ = ["simulate"]

_ROWS = 8192  # of a block: numpy's work on it costs little beside the rows' own simulation
_SLOTS = 1024
_CHANGES = 256  # of a station's capacity, known beforehand
_DAYS = 64
_FRAMES = 256
_NEVER = (1 << 63) - 1
_WORD_BITS = 63
_SECOND_US = 1_000_000
_MARGIN = 64
_NOTHING: Ints = np.zeros(0, np.int64)


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
        key = replication_key(model.seed, replication)
        self.blocks = [merged_blocks(arrivals, key) for arrivals in model.arrivals]
        self.changes = [spec.capacity(model.calendar) for spec in model.stations]
        self.schedules = [[next(changes)] for changes in self.changes]
        self.overtime: list[list[tuple[int, int, int]]] = [[] for _ in model.stations]
        self.inside_before_us = 0
        self.first_day = model.calendar.date(0)
        self.midnights = [model.calendar.midnight(self.first_day)]
        self.terms: list[list[int]] = [[] for _ in self.lowered.terms]
        self.known_until = 0 if self.lowered.terms else _NEVER
        self.state = records(layout.STATE, 1)
        self.st: Any = self.state[0]
        self._set_state()
        self.arrays = self._constants(self.lowered, key)
        self.told: dict[str, Any] = {}  # arrays whose addresses the loop has
        self._begin(self.lowered)

    def run(self) -> Run:
        """Run to the end."""
        model = self.model
        end = model.give_up_us if model.horizon_us is None else model.horizon_us
        warmup = self.warmup_us or _NEVER
        self._call(BEGIN)
        while True:
            stop = min(warmup, end, self.known_until)
            self.st["stop_us"] = stop
            match self._call(RUN):
                case Status.FULL:
                    self._make_room()
                case Status.LEARNS:
                    self._learn()
                case Status.OVER:
                    return self._close(int(self.st["now"]))
                case Status.STOPPED if stop == warmup:
                    self._end_warmup()
                    warmup = _NEVER
                case Status.STOPPED if stop < end:
                    self._learn_days(end)
                case Status.STOPPED:
                    break
                case fault:
                    raise self._fault(fault)
        if model.horizon_us is None:
            raise self._never_ends()
        return self._close(end)

    # --- beginning

    def _set_state(self) -> None:
        model, lowered, st = self.model, self.lowered, self.st
        words = word_sizes(model)
        st["number_bits"], st["cell_bits"] = words.number, words.cell
        st["class_shift"], st["attempt_bits"] = words.class_shift, words.attempt
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
        st["free_slot"] = st["free_cell"] = st["gap"] = layout.ABSENT

    def _constants(self, lowered: Lowered, key: int) -> dict[str, Any]:
        model = self.model
        population = model.applicants.population
        streams = records(layout.STREAM, len(model.arrivals))
        for row, arrivals, start in zip(
            streams, model.arrivals, model.graph.journeys, strict=False
        ):
            row["key"] = entity_stream(key, arrivals.journey)
            row["applicants"] = combine(int(row["key"]), APPLICANT)
            row["start"] = start.start
        return {
            "nodes": lowered.nodes,
            "arms": lowered.arms,
            "bounds": lowered.bounds,
            "gates": lowered.gates,
            "tables": lowered.tables,
            "defects": np.array([model.applicants.defects[kind] for kind in lowered.kinds]),
            "kinds": np.array([population.kinds.get(kind, 0.0) for kind in lowered.kinds]),
            "tiers": np.array([population.tiers.get(tier, 0.0) for tier in lowered.tiers]),
            "stations": lowered.stations,
            "levels": lowered.levels,
            "faults": lowered.faults,
            "streams": streams,
        }

    def _begin(self, lowered: Lowered) -> None:
        """Arrays that grow, at their first sizes."""
        st = self.st
        st["changes_each"], st["instants_each"] = _CHANGES, 1
        for name, count in (
            ("changes", _CHANGES * len(lowered.stations)),
            ("instants", len(self.blocks)),
            ("terms", 1),
            ("midnights", 1),
            ("slots", 0),
            ("visits", 0),
            ("failures", 0),
            ("inner", 0),
            ("cells", 1),
            ("heap", 1),
            ("frames", _FRAMES),
            ("sorting", _FRAMES),
            ("rows", _ROWS),
            ("cases", _ROWS),
            ("overtimes", _FRAMES + len(lowered.stations)),
            ("flows", len(lowered.edges)),
            ("rejections", len(lowered.rules)),
        ):
            self.arrays[name] = np.zeros(count, layout.ARRAYS[name])
        self._more_slots(_SLOTS)
        self._more_cells(2 * _SLOTS)
        for row, schedule in zip(self.arrays["stations"], self.schedules, strict=False):
            row["capacity"] = schedule[0][1]
        self._learn()

    # --- while it runs

    def _make_room(self) -> None:
        """Empty what is full; if there is nothing to empty, enlarge what is too small."""
        st = self.st
        if st["written_rows"] or st["written_cases"] or st["written_overtimes"]:
            self._flush(int(st["now"]))  # mostly that is all; if not, the loop comes back at once
            return
        stations = self.arrays["stations"]
        most = int(stations["busy"].max()) + _MARGIN
        begins = np.minimum(
            stations["waiting"] + stations["suspended"],
            stations["capacity"] + stations["next_capacity"],
        )
        cells = int((2 * begins + stations["busy"]).max()) + 2 * _MARGIN
        while st["cells_free"] < cells:
            self._more_cells(2 * len(self.arrays["cells"]))
        if st["slots_free"] < _MARGIN:
            self._more_slots(2 * len(self.arrays["slots"]))
        if len(self.arrays["frames"]) < int(st["waiting_frames"]) + most:
            self._enlarge("frames", 2 * (int(st["waiting_frames"]) + most))
        if len(self.arrays["sorting"]) < most:
            self._enlarge("sorting", 2 * most)
        if len(self.arrays["rows"]) < most:
            self._enlarge("rows", 2 * most)

    def _enlarge(self, name: str, count: int) -> None:
        old = self.arrays[name]
        new = np.zeros(count, old.dtype)
        new[: len(old)] = old
        self.arrays[name] = new

    def _more_slots(self, count: int) -> None:
        old = len(self.arrays["slots"])
        for name, each in (
            ("slots", 1),
            ("visits", self.lowered.width),
            ("failures", self.lowered.counters),
            ("inner", self.lowered.nesting),
        ):
            self._enlarge(name, count * each)
        slots = self.arrays["slots"]
        slots["after"][old:] = np.arange(old + 1, count + 1)
        slots["after"][-1] = self.st["free_slot"]
        self.st["free_slot"] = old
        self.st["slots_free"] += count - old

    def _more_cells(self, count: int) -> None:
        old = max(len(self.arrays["cells"]), 1)
        if count > 1 << int(self.st["cell_bits"]):
            raise TooLarge(_WORD_BITS + count.bit_length() - int(self.st["cell_bits"]))
        self._enlarge("cells", count)
        cells = self.arrays["cells"]
        cells["slot"][old:] = np.arange(old + 1, count + 1)
        cells["slot"][-1] = self.st["free_cell"]
        self.st["free_cell"] = old
        self.st["cells_free"] += count - old
        others = len(self.model.arrivals) + sum(
            1 + 2 * len(spec.faults) for spec in self.model.stations
        )
        self._enlarge("heap", count + others)

    def _learn(self) -> None:
        """Fill in changes of capacities and arrivals that the loop is about to need."""
        stations, changes = self.arrays["stations"], self.arrays["changes"]
        for number, source in enumerate(self.changes):
            row = stations[number]
            if row["all_known"] or row["change"] + 1 < row["known"]:
                continue
            at = int(row["change"])
            known = self._known_changes(number)
            self.schedules[number] += known[:at]
            left = known[at:]
            left += islice(source, _CHANGES - len(left))
            first = number * _CHANGES
            changes[first : first + len(left)] = left
            row["change"], row["known"] = 0, len(left)
            row["all_known"] = len(left) < _CHANGES
        for number, blocks in enumerate(self.blocks):
            row = self.arrays["streams"][number]
            if not row["all_known"] and row["at"] >= row["known"]:
                self._fill(number, row, next(blocks, _NOTHING))

    def _known_changes(self, station: int) -> list[tuple[int, int]]:
        first = station * _CHANGES
        known = int(self.arrays["stations"][station]["known"])
        of_station = self.arrays["changes"][first : first + known]
        return [(int(at), int(servers)) for at, servers in of_station.tolist()]

    def _fill(self, number: int, row: Any, block: Ints) -> None:
        each = int(self.st["instants_each"])
        if len(block) > each:
            wider = np.zeros(len(self.blocks) * len(block), layout.ARRAYS["instants"])
            old = self.arrays["instants"].reshape(len(self.blocks), each)
            wider.reshape(len(self.blocks), -1)[:, :each] = old
            self.arrays["instants"], self.st["instants_each"] = wider, len(block)
            each = len(block)
        first = number * each
        self.arrays["instants"]["at"][first : first + len(block)] = block
        row["at"], row["known"], row["all_known"] = 0, len(block), not len(block)

    def _learn_days(self, end: int) -> None:
        """Local midnights and ends of terms, until some time after the next event."""
        calendar, st = self.model.calendar, self.st
        at = int(self.arrays["heap"]["at"][0]) if st["events"] else end
        if at >= end:
            self.known_until = _NEVER
            return
        while self.known_until <= at:
            for _ in range(_DAYS):
                day = self.first_day + timedelta(days=len(self.midnights) - 1)
                self.midnights.append(calendar.midnight(day + timedelta(days=1)))
                noon = (self.midnights[-2] + self.midnights[-1]) // 2
                for term, days in zip(self.terms, self.lowered.terms, strict=True):
                    term.append(calendar.deadline_working_days(noon, days))
            self.known_until = self.midnights[-1]
        for name, known in (
            ("midnights", self.midnights),
            ("terms", [at for term in self.terms for at in term]),
        ):
            self.arrays[name] = np.array(known, np.int64).view(layout.ARRAYS[name])
        st["days"] = len(self.midnights) - 1

    def _flush(self, now: int) -> None:
        """Hand what is written to the sinks; they may not keep it, it is overwritten."""
        st = self.st
        rows = self.arrays["rows"][: int(st["written_rows"])]
        ended = self.arrays["cases"][: int(st["written_cases"])]
        visits = rows.view(np.int64).reshape(-1, len(VISIT))
        cases = ended.view(np.int64).reshape(-1, len(CASE))
        for sink in self.sinks:
            sink.visits(visits)
            sink.cases(cases)
        for station, begin, end, servers in self.arrays["overtimes"][
            : int(st["written_overtimes"])
        ].tolist():
            self.overtime[station].append((begin, end, servers))
        st["written_rows"] = st["written_cases"] = st["written_overtimes"] = 0
        if self.on_progress is not None:
            self.on_progress(now)

    def _end_warmup(self) -> None:
        self.inside_before_us = self._inside_us(self.warmup_us)
        stations = self.arrays["stations"]
        stations["longest"] = stations["waiting"]

    def _inside_us(self, now: int) -> int:
        """Integral of the number inside until `now`."""
        st = self.st
        until_then = int(st["inside_s"]) * _SECOND_US + int(st["inside_us"])
        return until_then + int(st["inside"]) * (now - int(st["inside_since"]))

    # --- when it is over

    def _close(self, end: int) -> Run:
        st = self.st
        st["now"] = end
        self._flush(end)
        self._call(END)
        self._flush(end)
        self._write_unfinished(end)
        return Run(
            end_us=end,
            arrived=int(st["arrived"]),
            completed=int(st["completed"]),
            abandoned=int(st["abandoned"]),
            inside_us=self._inside_us(end),
            inside_before_us=self.inside_before_us,
            unfinished=self._open_cases(),
            stations=[self._station_run(n) for n in range(len(self.model.stations))],
            recovered_us=self._recovered(),
            started=[int(n) for n in self.arrays["streams"]["started"][: len(self.model.arrivals)]],
            flows=self._flows(),
            rejections={
                rule: count
                for rule, count in zip(
                    self.lowered.rules, self.arrays["rejections"]["count"].tolist(), strict=False
                )
                if count
            },
        )

    def _write_unfinished(self, end: int) -> None:
        """Records of visits still at stations, by station, then in the order of visits."""
        slots = self.arrays["slots"]
        here = np.flatnonzero(np.isin(slots["state"] % GHOST, (QUEUED, SERVING, SUSPENDED)))
        here = here[(slots["state"][here] < GHOST) | (slots["resumed"][here] >= 0)]
        at = slots[here]
        station = self.arrays["nodes"]["station"][at["node"]]
        order = np.lexsort((at["attempt"], at["visit"], at["node"], at["entity"], station))
        at, station = at[order], station[order]
        rows = np.empty((len(at), len(VISIT)), np.int64)
        rows[:, VISIT.JOURNEY] = at["entity"] >> ENTITY_SHIFT
        rows[:, VISIT.NUMBER] = at["entity"] & ((1 << ENTITY_SHIFT) - 1)
        for column in (VISIT.NODE, VISIT.VISIT, VISIT.ATTEMPT, VISIT.REPEAT, VISIT.ENTER,
                       VISIT.START, VISIT.RESUMED):  # fmt: skip
            rows[:, column] = at[column.name.lower()]
        rows[:, VISIT.STATION] = station
        rows[:, VISIT.END] = end
        rows[:, VISIT.OUTCOME] = np.where(at["state"] < GHOST, UNFINISHED, HELD)
        for sink in self.sinks:
            sink.visits(rows)

    def _walkers(self) -> Any:
        """Slots of cases and branches still inside, in the order of their coming."""
        slots = self.arrays["slots"]
        walking = np.flatnonzero((slots["state"] != FREE) & (slots["state"] < GHOST))
        return walking[np.argsort(slots["born"][walking])]

    def _open_cases(self) -> list[OpenCase]:
        """Cases still inside and where they are, then sub-journeys still open."""
        slots, inner = self.arrays["slots"], self.arrays["inner"]
        places: dict[int, list[int]] = {}
        within: list[OpenCase] = []
        for slot in self._walkers().tolist():
            at = slots[slot]
            of_case = places.setdefault(int(at["root"]), [])
            if at["state"] != FORKED:
                of_case.append(int(at["node"]))
            first = slot * self.lowered.nesting
            for journey, entered, _ in inner[first : first + int(at["depth"])].tolist():
                within.append(OpenCase(journey, entered, (), inner=True))
        cases = [
            OpenCase(
                int(slots[root]["entity"]) >> ENTITY_SHIFT,
                int(slots[root]["arrived"]),
                tuple(nodes),
            )
            for root, nodes in places.items()
        ]
        return cases + within

    def _station_run(self, number: int) -> StationRun:
        row = self.arrays["stations"][number]
        schedule = self.schedules[number] + self._known_changes(number)[: int(row["change"])]
        return StationRun(schedule, self.overtime[number], int(row["longest"]))

    def _recovered(self) -> dict[str, int]:
        recovered = {}
        for row in self.arrays["stations"]:
            for f in range(int(row["watch"]), int(row["watch_end"])):
                if self.arrays["faults"][f]["recovered"] >= 0:
                    recovered[self.lowered.fault_ids[f]] = int(
                        self.arrays["faults"][f]["recovered"]
                    )
        return recovered

    def _flows(self) -> list[dict[int, int]]:
        flows: list[dict[int, int]] = [{} for _ in self.model.graph.nodes]
        for edge in np.flatnonzero(self.arrays["flows"]["count"]).tolist():
            node, target = self.lowered.edges[edge]
            flows[node][target] = flows[node].get(target, 0) + int(
                self.arrays["flows"]["count"][edge]
            )
        return flows

    def _fault(self, status: int) -> Exception:
        slot = int(self.st["walker"])
        node = self.model.graph.nodes[int(self.arrays["slots"][slot]["node"])]
        if status == NO_CHOICE:
            return ValueError(f"{node.path}: no choice is open")
        return self._endless(slot)

    def _never_ends(self) -> Exception:
        """The oldest case, and the first place where it is."""
        walkers = self._walkers().tolist()
        if not walkers:
            return RuntimeError("nobody is inside, and yet the run does not end")
        slots = self.arrays["slots"]
        root = int(slots[walkers[0]]["root"])
        return self._endless(
            next(s for s in walkers if slots[s]["root"] == root and slots[s]["state"] != FORKED)
        )

    def _endless(self, slot: int) -> EndlessCase:
        at = self.arrays["slots"][slot]
        entity = int(at["entity"])
        journey = self.model.graph.journeys[entity >> ENTITY_SHIFT]
        number = entity & ((1 << ENTITY_SHIFT) - 1)
        return EndlessCase(journey.name, number, self.model.graph.nodes[int(at["node"])].path)

    def _call(self, what: int) -> int:
        for name, array in self.arrays.items():
            if self.told.get(name) is not array:
                self.told[name] = array
                self.st[name] = array.ctypes.data
                if f"{name}_size" in (layout.STATE.names or ()):
                    self.st[f"{name}_size"] = len(array)
        return loop()(self.state, what)
