"""The model on SimPy: every case is a walk through the journey graph, written as a generator
that waits at its nodes."""

import gc
from collections.abc import Callable, Generator
from dataclasses import dataclass

from simpy.events import Event

from scenarios.durations import WorkingDays
from sim.engines.recording import PLACE_SHIFT, Outcome, Recorder, Sink
from sim.engines.simpy_clock import ARRIVAL, END_OF_DELAY, Clock, Moment
from sim.engines.simpy_station import SERVED, Station
from sim.engines.visits import Case, Visit
from sim.model.arrivals import Arrivals, merged
from sim.model.first_draws import FirstDraws
from sim.model.graph import (
    ABANDON,
    UNLIMITED,
    CheckNode,
    ChooseNode,
    DelayNode,
    EndNode,
    EnterNode,
    Failure,
    ForkNode,
    LeaveNode,
    Node,
    ServeNode,
)
from sim.model.keys import AFTER, backoff_k, entity_stream, replication_key, service_k
from sim.model.model import Model
from sim.model.stations import retry_pause_us
from world.draws import mended_mask, uniform

__all__ = ["EndlessCase", "OpenCase", "Run", "simulate"]

Walk = Generator[Event, object, int]


class EndlessCase(Exception):
    """A case can never end: the run went on for 100 arrival spans (contract, semantics 8)."""

    def __init__(self, journey: str, number: int, node: str) -> None:
        super().__init__(journey, number, node)
        self.journey = journey
        self.number = number
        self.node = node


@dataclass(frozen=True)
class OpenCase:
    """A case, or a sub-journey of one, that the end of the run cut off: journey, µs of its
    arrival, nodes it was at."""

    journey: int
    arrived: int
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Run:
    """What is left when a run is over, apart from its record. Times in µs; `inside_us`
    integrates the number of cases inside."""

    end_us: int
    arrived: int
    completed: int
    abandoned: int
    inside_us: int
    inside_before_us: int
    unfinished: list[OpenCase]
    stations: list[Station]
    recovered_us: dict[str, int]
    flows: list[dict[int, int]]
    started: list[int]
    rejections: dict[str, int]


class Join:
    """What the branches of a fork have in common: how many still walk, and whether one failed."""

    def __init__(self, branches: int) -> None:
        self.pending = branches
        self.failed = False
        self.moment: Moment | None = None


class Token:
    """One walker of a case: the case itself, or a branch of a fork inside it."""

    __slots__ = ("case", "inner", "join", "node", "repeat_at")

    def __init__(self, case: Case, join: Join | None = None) -> None:
        self.case = case
        self.join = join
        self.node = -1
        self.repeat_at = -1
        self.inner: list[
            tuple[int, int, int]
        ] = []  # open sub-journeys: number, µs of entry, returns so far


def simulate(
    model: Model,
    replication: int,
    sinks: list[Sink],
    warmup_us: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Run:
    """Run one replication to its end, writing the record to `sinks`; rejections count from
    `warmup_us` on.

    Raises EndlessCase when a run until empty does not empty.
    """
    stations = [node.station if isinstance(node, ServeNode) else -1 for node in model.graph.nodes]
    recorder = Recorder(stations, sinks, warmup_us, on_progress)
    return _Simulation(model, replication, recorder).run()


class Walker:
    """Takes a walk from event to event: `simpy.Process` without its two events of birth and death.

    A closure would do, but one that names itself is a cycle, and the run goes on without the
    garbage collector.
    """

    __slots__ = ("_send",)

    def __init__(self, walk: Generator[Event, object, object]) -> None:
        self._send = walk.send

    def __call__(self, _: object) -> None:
        try:
            event = self._send(None)
        except StopIteration:
            return
        event.callbacks.append(self)


def drive(walk: Generator[Event, object, object]) -> None:
    Walker(walk)(None)


class _Simulation:
    def __init__(self, model: Model, replication: int, recorder: Recorder) -> None:
        self.model = model
        self.env = Clock()
        self.nodes = model.graph.nodes
        self.recorder = recorder
        self.flows = recorder.flows
        self.stations = [
            Station(self.env, i, spec, spec.capacity(model.calendar), recorder)
            for i, spec in enumerate(model.stations)
        ]
        self.replication = replication_key(model.seed, replication)
        self.started = [0] * len(model.arrivals)
        self.tokens: dict[Token, None] = {}
        self.streams = len(model.arrivals)
        self.arrived = self.completed = self.abandoned = self.inside = 0
        self.inside_us = self.inside_since = self.inside_before_us = 0
        self.finished = Event(self.env)
        self.needs_traits = model.applicants.have_defects or any(
            isinstance(node, ChooseNode) and not node.by_probability for node in self.nodes
        )

    def run(self) -> Run:
        """Run without the cyclic garbage collector: a run makes no cycles that outlive a visit,
        and looking for them costs a third."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self._run()
        finally:
            if collecting:
                gc.enable()

    def _run(self) -> Run:
        if self.recorder.warmup_us:
            # Before everything else of its instant.
            self.env.schedule(Moment(self._end_warmup), delay=self.recorder.warmup_us)
        for number, arrivals in enumerate(self.model.arrivals):
            drive(self._arrive(number, arrivals))
        if self.model.horizon_us is not None:
            self.env.run(until=self.model.horizon_us)
        else:
            guard = Moment(self._give_up)
            self.env.at(0, self.model.give_up_us, guard)
            self.env.run(until=self.finished)
        return self._close()

    def _close(self) -> Run:
        end = self.env.now
        self._count_inside(0)
        for station in self.stations:
            station.record_unfinished(end)
        self.recorder.flush(end)
        recovered = [s.watch.recovered_us for s in self.stations if s.watch is not None]
        return Run(
            end_us=end,
            arrived=self.arrived,
            completed=self.completed,
            abandoned=self.abandoned,
            inside_us=self.inside_us,
            inside_before_us=self.inside_before_us,
            unfinished=self._open_cases(),
            stations=self.stations,
            recovered_us={fault: us for watch in recovered for fault, us in watch.items()},
            started=self.started,
            flows=[dict(flow) for flow in self.flows],
            rejections=dict(self.recorder.rejections),
        )

    def _end_warmup(self, _: object) -> None:
        self._count_inside(0)
        self.inside_before_us = self.inside_us
        for station in self.stations:
            station.longest_queue = len(station.queue)

    def _open_cases(self) -> list[OpenCase]:
        """Cases still inside and where: of a case inside a fork, where its branches are; then
        sub-journeys still open."""
        places: dict[Case, list[int]] = {}
        inner: list[OpenCase] = []
        for token in self.tokens:
            places.setdefault(token.case, []).append(token.node)
            inner.extend(OpenCase(journey, entered, ()) for journey, entered, _ in token.inner)
        cases = []
        for case, nodes in places.items():
            leaves = [
                at for at in nodes if len(nodes) == 1 or not isinstance(self.nodes[at], ForkNode)
            ]
            cases.append(OpenCase(case.journey, case.arrived, tuple(leaves)))
        return cases + inner

    # --- cases

    def _arrive(self, index: int, arrivals: Arrivals) -> Generator[Event, object, None]:
        """One journey's arrivals: its cases are numbered in the order of their coming."""
        journey = self.model.graph.journeys[index]
        stream = entity_stream(self.replication, arrivals.journey)
        first_draws = FirstDraws(self.model.graph, index).of_cases(stream)
        for number, (at, (key, draws)) in enumerate(
            zip(merged(arrivals, self.replication), first_draws, strict=False)
        ):
            case = Case(index, number, at, key, draws)
            moment = Moment()
            self.env.at(ARRIVAL + case.order, at - self.env.now, moment)
            yield moment
            if self.needs_traits:
                case.traits = self.model.applicants.traits(stream, number)
                case.defects = self.model.applicants.defects_of(case.key, case.traits.kind)
            self.arrived += 1
            self.started[index] += 1
            self._count_inside(1)
            token = Token(case)
            self.tokens[token] = None
            drive(self._walk(token, journey.start))
        self.streams -= 1
        self._finish_if_empty()

    def _end_case(self, token: Token, completed: bool) -> None:
        case = token.case
        del self.tokens[token]
        self._count_inside(-1)
        if completed:
            self.completed += 1
        else:
            self.abandoned += 1
        recorder = self.recorder
        recorder.case_buffer.extend(
            (case.journey, case.number, case.arrived, self.env.now, completed, case.returns, False)
        )
        if recorder.is_full:
            recorder.flush(self.env.now)
        self._finish_if_empty()

    def _count_inside(self, change: int) -> None:
        """The integral of the number inside, from its changes alone: the other side of the
        conservation check."""
        now = self.env.now
        self.inside_us += self.inside * (now - self.inside_since)
        self.inside_since = now
        self.inside += change

    def _finish_if_empty(self) -> None:
        if self.inside == 0 and self.streams == 0:
            self.finished.succeed()

    def _give_up(self, _: object) -> None:
        oldest = next(iter(self.tokens), None)
        if oldest is None:
            raise RuntimeError("nobody is inside, and yet the run does not end")
        walking = (token for token in self.tokens if token.case is oldest.case)
        token = next(t for t in walking if not isinstance(self.nodes[t.node], ForkNode))
        journey = self.model.graph.journeys[token.case.journey]
        raise EndlessCase(journey.name, token.case.number, self.nodes[token.node].path)

    # --- walks

    def _walk(self, token: Token, at: int) -> Generator[Event, object, None]:
        """From node to node until the case, or its branch, ends."""
        nodes, stations, flows = self.nodes, self.stations, self.flows
        visits = token.case.visits
        while at >= 0:
            node = nodes[at]
            token.node = at
            visit = visits[node.local]
            visits[node.local] = visit + 1
            if isinstance(node, ServeNode):
                request = Visit(token.case, node, visit, 0, token.repeat_at == at)
                token.repeat_at = -1
                if stations[node.station].admit(request):
                    yield request
                if request.outcome is SERVED:
                    target = node.next
                else:
                    target = yield from self._ask_again(token, node, request)
            elif isinstance(node, ChooseNode):
                target = self._choose(token.case, node, visit)
            elif isinstance(node, EndNode):
                self._end_case(token, node.completed)
                return
            else:
                target = yield from self._step(token, node, visit)
            flows[at][target] += 1
            at = target
        while token.inner:
            self._end_inner(token, completed=False)
        if token.join is None:
            self._end_case(token, completed=False)
            return
        del self.tokens[token]
        self._end_branch(token.join, failed=at == ABANDON)

    def _step(self, token: Token, node: Node, visit: int) -> Walk:
        match node:
            case CheckNode():
                return (yield from self._check(token.case, node, visit))
            case DelayNode():
                return (yield from self._delay(token.case, node, visit))
            case ForkNode():
                return (yield from self._fork(token, node, visit))
            case EnterNode():
                token.inner.append((node.journey, self.env.now, token.case.returns))
                return node.next
            case LeaveNode():
                return (yield from self._leave(token, node, visit))
            case _:
                raise TypeError(node)

    def _ask_again(self, token: Token, node: ServeNode, request: Visit) -> Walk:
        """The request failed: ask again as the station's clients do, in the end take the node's
        `fail`."""
        case = token.case
        station = self.stations[node.station]
        visit = request.number
        retry = station.retry
        attempt = 0
        while retry is not None and attempt < retry.max:
            pause = retry_pause_us(
                retry, attempt, uniform(case.key, node.key, visit, backoff_k(attempt))
            )
            if request.outcome is Outcome.ERROR:
                pause = max(pause, request.retry_after)
            yield self._pause(case, node, visit, pause)
            attempt += 1
            request = Visit(case, node, visit, attempt, True)
            if station.admit(request):
                yield request
            if request.outcome is SERVED:
                return node.next
        token.repeat_at = node.index
        target = yield from self._fail(case, node, node.fail, visit)
        if station.watch is not None:
            station.watch.change(self.env.now, -1)
        return target

    def _delay(self, case: Case, node: DelayNode, visit: int) -> Walk:
        now = self.env.now
        pause = case.first_draws[node.local]
        if pause < 0 or visit:
            pause = node.delay.draw(case.key, node.key, visit, service_k(0))
        target = node.next
        if node.within is not None:
            limit = self._term_us(node.within, now)
            if pause > limit:
                pause, target = limit, node.late
        yield self._pause(case, node, visit, pause)
        return target

    def _term_us(self, within: int | WorkingDays, now: int) -> int:
        if isinstance(within, int):
            return within
        return self.model.calendar.deadline_working_days(now, within.days) - now

    def _choose(self, case: Case, node: ChooseNode, visit: int) -> int:
        if node.by_probability:
            u = uniform(case.key, node.key, visit, service_k(0))
            for arm in node.arms:
                if u < arm.cumulated:
                    return arm.to
            return node.arms[-1].to
        for arm in node.arms:
            if arm.accepts is None or arm.accepts(case.traits, case.defects, case.visits):
                return arm.to
        raise ValueError(f"{node.path}: no choice is open")

    def _check(self, case: Case, node: CheckNode, visit: int) -> Walk:
        """Report every defect of this gate at once; on the way back each reported one may be
        mended."""
        if not case.defects:
            return node.next
        gate = node.gates[case.traits.kind]
        found = case.defects & gate.mask
        if not found:
            return node.next
        self.recorder.reject(self.env.now, gate.rules_violated(found))
        if node.fail.max != UNLIMITED and case.fails.get(node.local, 0) >= node.fail.max:
            return node.fail.give_up
        case.returns += 1
        case.defects &= ~mended_mask(case.key, node.key, visit, found, self.model.applicants.mend)
        return (yield from self._fail(case, node, node.fail, visit))

    def _fork(self, token: Token, node: ForkNode, visit: int) -> Walk:
        join = Join(len(node.branches))
        for branch in node.branches:
            child = Token(token.case, join)
            self.tokens[child] = None
            self.flows[node.index][branch] += 1
            drive(self._walk(child, branch))
        if join.pending:
            join.moment = Moment()
            yield join.moment
        if join.failed:
            return (yield from self._fail(token.case, node, node.fail, visit))
        return node.next

    def _end_branch(self, join: Join, failed: bool) -> None:
        join.failed = join.failed or failed
        join.pending -= 1
        if not join.pending and join.moment is not None:
            for callback in join.moment.callbacks or ():
                callback(join.moment)

    def _leave(self, token: Token, node: LeaveNode, visit: int) -> Walk:
        """The sub-journey ends; when it was abandoned, the node that ran it has failed."""
        self._end_inner(token, node.completed)
        if node.completed:
            return node.next
        return (yield from self._fail(token.case, node, node.fail, visit, node.caller))

    def _end_inner(self, token: Token, completed: bool) -> None:
        journey, entered, returns = token.inner.pop()
        case = token.case
        self.recorder.case_buffer.extend(
            (journey, case.number, entered, self.env.now, completed, case.returns - returns, True)
        )

    def _fail(
        self, case: Case, node: Node, failure: Failure, visit: int, counter: int | None = None
    ) -> Walk:
        """Where a failure at `node` leads, after its pause; `max` counts per case and node, or at
        the node whose local number is `counter`."""
        if failure.max != UNLIMITED:
            counter = node.local if counter is None else counter
            failed = case.fails.get(counter, 0)
            if failed >= failure.max:
                return failure.give_up
            case.fails[counter] = failed + 1
        if self.recorder.is_full:
            self.recorder.flush(self.env.now)
        if failure.after is not None:
            pause = failure.after.draw(case.key, node.key, visit, AFTER)
            yield self._pause(case, node, visit, pause)
        return failure.to

    def _pause(self, case: Case, node: Node, visit: int, us: int) -> Moment:
        moment = Moment()
        key = END_OF_DELAY + case.order + (node.index << PLACE_SHIFT) + visit
        self.env.at(key, us, moment)
        return moment
