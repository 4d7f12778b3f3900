"""Cases in hand: the same servers, shifts and faults as a station of the model, event by event."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mocks.core.country import Country
from mocks.core.draw_keys import DrawKey
from mocks.core.faults import Fault
from mocks.core.jobs import Job
from mocks.core.service import Service
from sim.engines.recording import VISIT, Outcome
from sim.model.keys import entity_stream, replication_key
from sim.model.model import compile_model
from tests.sim.tracing import SECOND_US, scenario, trace_model
from world.draws import combine

HOUR_US = 3600 * SECOND_US
DESK = "journeys: {j: {start: ask, nodes: {ask: {serve: fns, next: done}, done: {end: completed}}}}"
CASES = {
    "free-servers": "fns: {servers: 100, service: {uniform: {low: 24h, high: 48h}}}",
    "queue": "fns: {servers: 2, service: {lognormal: {mean: 3h, cv: 1}}}",
    "shifts-finish": """fns:
    servers: {shifts: [{days: working, from: "09:00", to: "18:00", count: 2}]}
    service: {exponential: {mean: 4h}}""",
    "shifts-suspend": """fns:
    servers:
      shifts:
        - {days: working, from: "09:00", to: "18:00", count: 3}
        - {days: [sat], from: "10:00", to: "14:00", count: 1}
    service: {exponential: {mean: 5h}}
    shift_end: suspend""",
}
FAULTS = {
    "none": "",
    "slow": """faults:
  - {id: s, service: fns, kind: slow, factor: 3, from: 2026-04-21T00:00, for: 2d}""",
    "errors": """faults:
  - {id: e, service: fns, kind: error, p: 0.3}
  - {id: a, service: fns, kind: error, p: 0.1}""",
}


@dataclass
class Seen:
    """When a case began and ended, and how."""

    started: int | None
    ended: int | None
    state: str


def in_model(text: str, folder: Path, times: Sequence[float]) -> list[Seen]:
    trace = trace_model(compile_model(scenario(text, folder, j=times)))
    outcomes = {Outcome.SERVED: "done", Outcome.ERROR: "failed"}
    return [
        Seen(row[VISIT.START], row[VISIT.END], outcomes[Outcome(row[VISIT.OUTCOME])])
        for row in sorted(trace.rows.visit_rows, key=lambda row: row[VISIT.NUMBER])
        if row[VISIT.OUTCOME] in outcomes
    ]


def in_mocks(text: str, folder: Path, times: Sequence[float]) -> list[Seen]:
    complete = scenario(text, folder, j=times)
    model = compile_model(complete)
    (node,) = (node for node in model.graph.nodes if node.path == "j.ask")
    tenant = Country([Service("fns", works=True)], scenario=complete).tenant()
    stream = entity_stream(replication_key(complete.scenario.seed, 0), "j")
    jobs = []
    for number, at in enumerate(times):
        tenant.set_time(round(at * SECOND_US))
        job = Job(str(number), DrawKey(combine(stream, number), node.key, 0, 0), lambda _: None)
        assert tenant.jobs("fns").submit(job, tenant.now_us)
        jobs.append(job)
    tenant.advance(60 * 24 * HOUR_US)
    return [Seen(job.started_us, job.ended_us, job.state) for job in jobs]


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("station", CASES)
def test_jobs_begin_and_end_when_visits_of_the_model_do(
    station: str, faults: str, tmp_path: Path
) -> None:
    text = f"stations:\n  {CASES[station]}\n{FAULTS[faults]}\n{DESK}"
    times = [n * 2700.0 for n in range(60)]  # every 45 minutes, also at night
    expected = in_model(text, tmp_path, times)
    assert len(expected) == len(times)
    assert in_mocks(text, tmp_path, times) == expected
    assert len({seen.started for seen in expected}) > 10


def country_with(station: str, *others: Service) -> Country:
    arrivals = "arrivals: [{journey: j, rate: {per_day: 1}}]"
    complete = scenario(f"stations: {{fns: {station}}}\n{DESK}\n{arrivals}", horizon="10d")
    return Country([Service("fns", works=True), *others], scenario=complete)


def submit(
    country: Country, name: str, ended: list[tuple[str, str, float]], priority: int = 0
) -> Job:
    tenant = country.tenant()

    def note(job: Job) -> None:
        assert job.ended_us is not None
        ended.append((job.id, job.state, job.ended_us / HOUR_US))

    job = Job(name, tenant.keys.made("fns", name), note, priority)
    tenant.jobs("fns").submit(job, tenant.now_us)
    return job


def test_an_outage_fails_what_is_in_hand_at_once_and_what_waits_begins_after_it() -> None:
    country = country_with("{servers: 1, service: {constant: 10h}, timeout: 9d}")
    ended: list[tuple[str, str, float]] = []
    start = "2026-04-20T02:00"
    outage = {"id": "o", "service": "fns", "kind": "outage", "from": start, "for": "5h"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    submit(country, "first", ended)
    submit(country, "second", ended)
    country.tenant().advance(40 * HOUR_US)
    assert ended == [("first", "failed", 2.0), ("second", "done", 17.0)]


def test_an_outage_leaves_the_work_of_other_services_alone() -> None:
    country = country_with("{servers: 1, service: {constant: 10h}, timeout: 9d}", Service("pfr"))
    ended: list[tuple[str, str, float]] = []
    submit(country, "only", ended)
    outage = {"id": "o", "service": "pfr", "kind": "outage", "for": "5h"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    country.tenant().advance(10 * HOUR_US)
    assert ended == [("only", "done", 10.0)]


def test_a_priority_station_takes_the_smaller_number_first_and_equals_in_order() -> None:
    country = country_with("{servers: 1, service: {constant: 1h}, discipline: priority}")
    ended: list[tuple[str, str, float]] = []
    for name, priority in [("a", 5), ("b", 5), ("c", 1), ("d", 5)]:
        submit(country, name, ended, priority)
    country.tenant().advance(10 * HOUR_US)
    assert [name for name, _, _ in ended] == ["a", "c", "b", "d"]


def test_a_hurried_job_overtakes_and_a_withdrawn_one_never_ends() -> None:
    country = country_with("{servers: 1, service: {constant: 1h}, discipline: priority}")
    ended: list[tuple[str, str, float]] = []
    jobs = [submit(country, name, ended) for name in "abcd"]
    queue = country.tenant().jobs("fns")
    queue.hurry(jobs[3], -1)
    country.tenant().advance(HOUR_US // 2)
    queue.withdraw(jobs[0], country.tenant().now_us)
    country.tenant().advance(10 * HOUR_US)
    assert ended == [("d", "done", 1.5), ("b", "done", 2.5), ("c", "done", 3.5)]


def test_a_full_queue_refuses_and_the_refused_job_leaves_no_trace() -> None:
    country = country_with("{servers: 1, service: {constant: 1h}, queue_limit: 1, timeout: 9d}")
    tenant = country.tenant()
    jobs = [Job(name, tenant.keys.made("fns", name), lambda _: None) for name in "abc"]
    queue = tenant.jobs("fns")
    assert [queue.submit(job, 0) for job in jobs] == [True, True, False]
    assert (queue.in_hand, queue.queue_length) == (1, 1)
    tenant.advance(3 * HOUR_US)
    assert [job.state for job in jobs] == ["done", "done", "waiting"]
    assert (queue.in_hand, queue.queue_length) == (0, 0)


def test_what_waits_begins_when_the_outage_is_called_off() -> None:
    country = country_with("{servers: 1, service: {constant: 10h}, timeout: 9d}")
    tenant = country.tenant()
    ended: list[tuple[str, str, float]] = []
    outage = {"id": "o", "service": "fns", "kind": "outage", "for": "100h"}
    tenant.plan_fault(Fault.model_validate(outage))
    submit(country, "first", ended)
    tenant.advance(HOUR_US)
    tenant.remove_fault("o")
    tenant.advance(20 * HOUR_US)
    assert ended == [("first", "done", 11.0)]


def test_an_outage_removed_before_it_begins_fails_nothing_although_another_has_its_id() -> None:
    country = country_with("{servers: 1, service: {constant: 10h}, timeout: 9d}")
    tenant = country.tenant()
    ended: list[tuple[str, str, float]] = []
    outage = {"id": "o", "service": "fns", "kind": "outage", "for": "1h"}
    tenant.plan_fault(Fault.model_validate({**outage, "from": "2026-04-20T02:00"}))
    submit(country, "first", ended)
    tenant.remove_fault("o")
    tenant.plan_fault(Fault.model_validate({**outage, "from": "2026-04-20T12:00"}))
    tenant.advance(20 * HOUR_US)
    assert ended == [("first", "done", 10.0)]


def test_the_end_of_one_case_may_withdraw_another_in_an_outage() -> None:
    country = country_with("{servers: 2, service: {constant: 10h}, timeout: 9d}")
    tenant = country.tenant()
    queue = tenant.jobs("fns")
    ended: list[str] = []
    second = Job("second", tenant.keys.made("fns", "second"), lambda job: ended.append(job.id))

    def give_up(job: Job) -> None:
        ended.append(job.id)
        queue.withdraw(second, tenant.now_us)
        tenant.jobs("fns")

    first = Job("first", tenant.keys.made("fns", "first"), give_up)
    for job in (first, second):
        queue.submit(job, tenant.now_us)
    outage = {"id": "o", "service": "fns", "kind": "outage", "for": "1h"}
    tenant.plan_fault(Fault.model_validate(outage))
    assert (ended, queue.in_hand) == (["first"], 0)
