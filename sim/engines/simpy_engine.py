"""The model on SimPy: every case is a walk through the journey graph, written as a generator
that waits at its nodes."""

import gc
from collections import defaultdict
from collections.abc import Callable, Generator

from simpy.events import Event

from scenarios.durations import WorkingDays
from sim.engines.recording import NODE_SHIFT, Outcome, Recorder, Sink
from sim.engines.run import EndlessCase, OpenCase, Run
from sim.engines.simpy_clock import ARRIVAL, END_OF_DELAY, NODE_VISIT_SHIFT, Clock, Moment
from sim.engines.simpy_station import SERVED, Station
from sim.engines.visits import Case, Visit
from sim.engines.walks import Join, Token, drive
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
from sim.model.judging import FlowJudge, Judge
from sim.model.keys import AFTER, entity_stream, replication_key
from sim.model.model import Model
from sim.model.numbering import MAX_VISITS
from sim.model.stations import retry_pause_us
from world.attempts import backoff_k, service_k
from world.draws import mended_mask, uniform

__all__ = ["EndlessCase", "simulate"]

Walk = Generator[Event, object, int]
_BEFORE_ALL = 0  # key of what precedes everything else of its instant


def simulate(
    model: Model,
    replication: int,
    sinks: list[Sink],
    warmup_us: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Run:
    """Run one replication to its end, writing the record to `sinks`; what `Run` counts of cases
    after the warm-up is of those that arrived at `warmup_us` or later.

    Raises EndlessCase when a run until empty does not empty, or a case visits a node too often.
    """
    stations = [node.station if isinstance(node, ServeNode) else -1 for node in model.graph.nodes]
    recorder = Recorder(stations, sinks, on_progress)
    return _Simulation(model, replication, recorder, warmup_us).run()


class _Simulation:
    def __init__(self, model: Model, replication: int, recorder: Recorder, warmup_us: int) -> None:
        self.model = model
        self.env = Clock()
        self.nodes = model.graph.nodes
        self.recorder = recorder
        self.warmup_us = warmup_us
        # Cases over each edge: of those that arrived after the warm-up, and of the others.
        self.flows: list[defaultdict[int, int]] = [defaultdict(int) for _ in self.nodes]
        self.early_flows: list[defaultdict[int, int]] = [defaultdict(int) for _ in self.nodes]
        self.rejections: defaultdict[str, int] = defaultdict(int)
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
        self.judge: Judge = FlowJudge()
        if model.judges is not None:
            self.judge = model.judges.of_replication(model, replication)
        self.needs_traits = (
            model.applicants.have_defects
            or self.judge.needs_traits
            or any(isinstance(node, ChooseNode) and not node.by_probability for node in self.nodes)
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
        if self.warmup_us:
            self.env.at(_BEFORE_ALL, self.warmup_us, Moment(self._end_warmup))
        for number, arrivals in enumerate(self.model.arrivals):
            drive(self._arrive(number, arrivals))
        if self.model.horizon_us is not None:
            self.env.run(until=self.model.horizon_us)
        else:
            self.env.at(_BEFORE_ALL, self.model.give_up_us, Moment(self._give_up))
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
            stations=[station.run for station in self.stations],
            recovered_us={fault: us for watch in recovered for fault, us in watch.items()},
            started=self.started,
            flows=[dict(flow) for flow in self.flows],
            rejections=dict(self.rejections),
        )

    def _end_warmup(self, _: object) -> None:
        self._count_inside(0)
        self.inside_before_us = self.inside_us
        for station in self.stations:
            station.longest_queue = len(station.queue)

    def _open_cases(self) -> list[OpenCase]:
        """Cases still inside and where they are: a case whose branches walk is where they are;
        then sub-journeys still open."""
        places: dict[Case, list[int]] = {}
        inner: list[OpenCase] = []
        for token in self.tokens:
            of_case = places.setdefault(token.case, [])
            if token.awaited is None:
                of_case.append(token.node)
            inner.extend(OpenCase(j, entered, (), inner=True) for j, entered, _ in token.inner)
        cases = [OpenCase(case.journey, case.arrived, tuple(at)) for case, at in places.items()]
        return cases + inner

    def _is_counted(self, case: Case) -> bool:
        return case.arrived >= self.warmup_us

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
            self.started[index] += self._is_counted(case)
            self._count_inside(1)
            token = Token(case)
            self.tokens[token] = None
            drive(self._walk(token, journey.start))
        self.streams -= 1
        self._finish_if_empty()

    def _end_case(self, token: Token, completed: bool) -> None:
        case = token.case
        del self.tokens[token]
        self.judge.forget(case)
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
        of_case = (token for token in self.tokens if token.case is oldest.case)
        raise self._endless(next(token for token in of_case if token.awaited is None))

    def _endless(self, token: Token) -> EndlessCase:
        journey = self.model.graph.journeys[token.case.journey]
        return EndlessCase(journey.name, token.case.number, self.nodes[token.node].path)

    # --- walks

    def _walk(self, token: Token, at: int) -> Generator[Event, object, None]:
        """From node to node until the case, or its branch, ends."""
        nodes, stations, visits = self.nodes, self.stations, token.case.visits
        flows = self.flows if self._is_counted(token.case) else self.early_flows
        while at >= 0:
            node = nodes[at]
            token.node = at
            visit = visits[node.local]
            visits[node.local] = visit + 1
            if visit >= MAX_VISITS:
                raise self._endless(token)
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
        # No sub-journey of this walker is open: inside one only a branch of a fork ends without an
        # end node, and its walker began in that fork.
        if token.join is None:
            self._end_case(token, completed=False)
            return
        del self.tokens[token]
        token.join.end_branch(failed=at == ABANDON)

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
        """Report every defect that the judge finds here at once; on the way back each reported one
        may be mended."""
        found = self.judge.found(case, node, self.env.now)
        if not found:
            return node.next
        if self._is_counted(case):
            for rule in node.gates[case.traits.kind].rules_violated(found):
                self.rejections[rule] += 1
        return (yield from self._fail(case, node, node.fail, visit, found=found))

    def _fork(self, token: Token, node: ForkNode, visit: int) -> Walk:
        flows = self.flows if self._is_counted(token.case) else self.early_flows
        join = token.awaited = Join(len(node.branches))
        for branch in node.branches:
            child = Token(token.case, join)
            self.tokens[child] = None
            flows[node.index][branch] += 1
            drive(self._walk(child, branch))
        if join.pending:
            join.moment = Moment()
            yield join.moment
        token.awaited = None
        if join.failed:
            return (yield from self._fail(token.case, node, node.fail, visit))
        return node.next

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
        self,
        case: Case,
        node: Node,
        failure: Failure,
        visit: int,
        counter: int | None = None,
        found: int = 0,
    ) -> Walk:
        """Where a failure at `node` leads, after its pause; `max` counts per case and node, or at
        the node whose local number is `counter`.

        `found` are the defects that a gate found: going on is a return then, and mends.
        """
        if failure.max != UNLIMITED:
            counter = node.local if counter is None else counter
            failed = case.fails.get(counter, 0)
            if failed >= failure.max:
                return failure.give_up
            case.fails[counter] = failed + 1
        if found:
            case.returns += 1
            mend = self.model.applicants.mend
            case.defects &= ~mended_mask(case.key, node.key, visit, found, mend)
        if self.recorder.is_full:
            self.recorder.flush(self.env.now)
        if failure.after is not None:
            pause = failure.after.draw(case.key, node.key, visit, AFTER)
            yield self._pause(case, node, visit, pause)
        return failure.to

    def _pause(self, case: Case, node: Node, visit: int, us: int) -> Moment:
        moment = Moment()
        place = (node.index << NODE_SHIFT | visit) << NODE_VISIT_SHIFT
        self.env.at(END_OF_DELAY + case.order + place, us, moment)
        return moment
