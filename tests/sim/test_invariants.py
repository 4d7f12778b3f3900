"""What holds in every run, whatever the scenario; recomputed from the raw record by brute force."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings

from sim.engines.recording import Outcome
from sim.engines.simpy_engine import simulate
from sim.engines.tally import Tally
from sim.experiments.checks import check_replication
from sim.experiments.journey_sums import CaseSums
from sim.experiments.measures import measure
from sim.model.graph import ServeNode
from sim.model.keys import entity_stream, replication_key
from sim.model.model import Model, compile_model
from tests.sim.random_scenarios import RandomScenario, scenarios
from tests.sim.tracing import Rows, Trace, scenario
from world.attempts import patience_k, service_k
from world.draws import combine
from world.shifts import scheduled_time

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
WARMUP_US = 45 * 60_000_000


@dataclass(frozen=True)
class Visit:
    """A row of the record with names for its columns."""

    journey: int
    number: int
    node: int
    visit: int
    attempt: int
    repeat: int
    station: int
    enter: int
    start: int
    resumed: int
    end: int
    outcome: int

    @property
    def left_queue(self) -> int:
        return self.end if self.start < 0 else self.start

    @property
    def request(self) -> tuple[int, int, int, int, int]:
        return self.journey, self.number, self.node, self.visit, self.attempt


class Examined:
    """One run of a random scenario."""

    def __init__(self, drawn: RandomScenario) -> None:
        self.model: Model = compile_model(scenario(drawn.text))
        self.rows = Rows()
        stations, journeys = len(self.model.stations), len(self.model.graph.names)
        self.tally = Tally(stations, journeys, 60_000_000, 0)
        self.sums = CaseSums(self.model, 60_000_000, 0, {})
        self.run = simulate(self.model, 0, [self.rows, self.tally, self.sums])
        self.trace = Trace(self.model, self.run, self.rows)
        self.visits = [Visit(*row) for row in self.rows.visit_rows]

    def of_station(self, index: int) -> list[Visit]:
        return [visit for visit in self.visits if visit.station == index]

    def ends(self, index: int) -> list[Visit]:
        return [v for v in self.of_station(index) if v.outcome != Outcome.HELD]

    def capacity(self, index: int, at: int) -> int:
        """Servers on duty at `at`, from the schedule itself."""
        servers = 0
        for time, count in self.model.stations[index].capacity(self.model.calendar):
            if time > at:
                break
            servers = count
        return servers

    def key_of(self, visit: Visit) -> int:
        journey = self.model.graph.journeys[visit.journey].name
        stream = entity_stream(replication_key(self.model.seed, 0), journey)
        return combine(stream, visit.number)

    def node(self, visit: Visit) -> ServeNode:
        node = self.model.graph.nodes[visit.node]
        assert isinstance(node, ServeNode)
        return node

    def is_down(self, index: int, at: int) -> bool:
        faults = self.model.stations[index].faults
        return any(f.kind == "outage" and f.from_us <= at < f.to_us for f in faults)


def waited(visits: list[Visit]) -> list[tuple[int, int]]:
    return [(v.enter, v.left_queue) for v in visits if v.left_queue > v.enter]


def worked(visits: list[Visit]) -> list[tuple[int, int]]:
    return [(v.resumed, v.end) for v in visits if 0 <= v.resumed < v.end]


def begun(visits: list[Visit]) -> list[int]:
    """When servers began to work, anew or after a suspension; work in vain only goes on."""
    goes_on = {(v.request, v.end) for v in visits if v.outcome == Outcome.TIMEOUT}
    return [v.resumed for v in visits if v.resumed >= 0 and (v.request, v.resumed) not in goes_on]


def number_at(intervals: list[tuple[int, int]], at: int) -> int:
    return sum(begin <= at < end for begin, end in intervals)


@EXAMPLES
@given(scenarios())
def test_nobody_is_lost_and_time_inside_adds_up(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    checks = check_replication(got.run, got.tally, len(got.model.arrivals))
    assert [(c.name, c.passed) for c in checks] == [("flow", True), ("sojourn", True)]
    whole = [row for row in got.rows.case_rows if not row[6]]
    open_cases = [case for case in got.run.unfinished if not case.inner]
    assert got.run.arrived == len(whole) + len(open_cases) == sum(got.run.started)
    if got.model.horizon_us is None:
        assert not got.run.unfinished
        assert got.run.end_us == max((row[3] for row in whole), default=0)
    else:
        assert got.run.end_us == got.model.horizon_us


@EXAMPLES
@given(scenarios())
def test_visits_lie_inside_their_cases_and_follow_one_another(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    span = {(row[0], row[1]): (row[2], row[3]) for row in got.rows.case_rows if not row[6]}
    for visit in got.visits:
        if visit.outcome == Outcome.HELD:
            continue
        arrived, ended = span.get((visit.journey, visit.number), (0, got.run.end_us))
        assert arrived <= visit.enter <= visit.end <= ended
        if visit.start >= 0:
            assert visit.enter <= visit.start <= visit.end
            assert visit.resumed == -1 or visit.start <= visit.resumed <= visit.end
    requests = [v.request for v in got.visits if v.outcome != Outcome.HELD]
    assert len(requests) == len(set(requests))


@EXAMPLES
@given(scenarios())
def test_integrals_of_waiting_and_work_are_those_of_the_record(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    late = Tally(len(got.model.stations), len(got.model.graph.names), 60_000_000, WARMUP_US)
    simulate(got.model, 0, [late], WARMUP_US)
    for index, tally in enumerate(got.tally.stations):
        waits, works = waited(got.ends(index)), worked(got.of_station(index))
        assert tally.waiting_us == sum(b - a for a, b in waits)
        assert tally.busy_us == sum(b - a for a, b in works)
        clipped = [sum(max(b - max(a, WARMUP_US), 0) for a, b in part) for part in (waits, works)]
        assert [late.stations[index].waiting_us, late.stations[index].busy_us] == clipped
        bins = -(-got.run.end_us // tally.waiting.bin_us)
        assert int(tally.waiting.per_bin(bins).sum()) == tally.waiting_us
        assert int(tally.busy.per_bin(bins).sum()) == tally.busy_us


@EXAMPLES
@given(scenarios())
def test_no_server_works_without_a_place_on_duty_except_in_overtime(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    for index, spec in enumerate(got.model.stations):
        works = worked(got.of_station(index))
        instants = sorted({t for work in works for t in work})
        changes = [t for t, _ in got.run.stations[index].schedule]
        over = 0
        for begin, end in pairwise(sorted({*instants, *changes, got.run.end_us})):
            above = number_at(works, begin) - got.capacity(index, begin)
            over += max(above, 0) * (end - begin)
        if spec.suspend or not spec.shifts:
            assert over == 0
        for begin in begun(got.of_station(index)):
            assert number_at(works, begin) <= got.capacity(index, begin)
            assert not got.is_down(index, begin)
        overtime = got.run.stations[index].overtime
        assert over == sum((end - begin) * servers for begin, end, servers in overtime)


@EXAMPLES
@given(scenarios())
def test_no_server_idles_while_a_case_waits(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    for index in range(len(got.model.stations)):
        waits, works = waited(got.ends(index)), worked(got.of_station(index))
        for at in sorted({t for interval in [*waits, *works] for t in interval}):
            if at < got.run.end_us and number_at(waits, at) and not got.is_down(index, at):
                assert number_at(works, at) >= got.capacity(index, at)


@EXAMPLES
@given(scenarios())
def test_the_queue_is_never_longer_than_its_limit(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    for index, spec in enumerate(got.model.stations):
        waits = waited(got.ends(index))
        longest = max((number_at(waits, begin) for begin, _ in waits), default=0)
        assert longest <= got.run.stations[index].longest_queue
        if spec.queue_limit is not None:
            assert got.run.stations[index].longest_queue <= spec.queue_limit


@EXAMPLES
@given(scenarios())
def test_nobody_is_overtaken_but_by_a_smaller_priority(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    for index, spec in enumerate(got.model.stations):

        def place(visit: Visit, by_priority: bool = spec.priority) -> tuple[int, int]:
            return (got.node(visit).priority if by_priority else 0), visit.enter

        ends = got.ends(index)
        for begun in ends:
            if begun.start < 0:
                continue
            for other in ends:
                if other.enter < begun.start < other.left_queue:
                    assert place(begun) <= place(other)


@EXAMPLES
@given(scenarios())
def test_patience_and_timeouts_are_kept_to_the_microsecond(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    for index, spec in enumerate(got.model.stations):
        for visit in got.ends(index):
            if spec.patience is not None:
                node = got.node(visit)
                patience = spec.patience.draw(
                    got.key_of(visit), node.key, visit.visit, patience_k(visit.attempt)
                )
                assert visit.left_queue - visit.enter <= patience
                if visit.outcome == Outcome.IMPATIENT:
                    assert visit.end - visit.enter == patience
            if spec.timeout_us is not None:
                assert visit.end - visit.enter <= spec.timeout_us
                if visit.outcome == Outcome.TIMEOUT:
                    assert visit.end - visit.enter == spec.timeout_us


@EXAMPLES
@given(scenarios())
def test_a_served_case_had_exactly_its_service_time(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    worked_us: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for visit in got.visits:
        if visit.resumed >= 0:
            worked_us[visit.request] += visit.end - visit.resumed
    for visit in got.visits:
        if visit.outcome in (Outcome.SERVED, Outcome.ERROR):
            node = got.node(visit)
            work = node.service.draw(
                got.key_of(visit), node.key, visit.visit, service_k(visit.attempt)
            )
            faults = got.model.stations[visit.station].faults
            inside = [f for f in faults if f.from_us <= visit.start < f.to_us]
            for fault in inside:
                if fault.kind == "slow":
                    work = round(work * fault.factor)
            assert worked_us[visit.request] == work
            if visit.outcome == Outcome.ERROR:
                assert any(fault.kind == "error" for fault in inside)


@EXAMPLES
@given(scenarios())
def test_figures_are_those_of_the_record(drawn: RandomScenario) -> None:
    got = Examined(drawn)
    names = got.model.graph.names
    cases = got.sums.finish(got.run)
    figures = measure(got.model, got.run, got.tally, cases)
    for index, spec in enumerate(got.model.stations):
        ends = got.ends(index)
        path = f"stations.{spec.name}"
        waits = [v.start - v.enter for v in ends if v.start >= 0]
        mean = figures[f"{path}.wait.mean"]
        assert (mean is None) == (not waits)
        if mean is not None:
            assert abs(mean - sum(waits) / len(waits) / 1e6) < 1e-9
        for figure, outcome in (
            ("served", Outcome.SERVED),
            ("refused", Outcome.REFUSED),
            ("impatient", Outcome.IMPATIENT),
            ("timeouts", Outcome.TIMEOUT),
        ):
            assert figures[f"{path}.{figure}"] == sum(v.outcome == outcome for v in ends)
        assert figures[f"{path}.retries"] == sum(v.repeat for v in ends)
        scheduled = scheduled_time(spec.capacity(got.model.calendar), 0, max(got.run.end_us, 1))
        utilisation = figures[f"{path}.utilisation"]
        if utilisation is not None and scheduled:
            assert 0.0 <= utilisation <= 1.0
    for name, own in cases.items():
        ended = [row for row in got.rows.case_rows if names[row[0]] == name]
        assert figures[f"journeys.{name}.completed"] == sum(row[4] for row in ended)
        assert figures[f"journeys.{name}.abandoned"] == sum(not row[4] for row in ended)
        assert figures[f"journeys.{name}.arrived"] == len(ended) + own.unfinished
