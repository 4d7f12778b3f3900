"""Planned delays on a socket: their distribution, clocks that stand, run and jump, clients that
leave."""

import json
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from scipy import stats

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.server.serving import Server, serving
from tests.mocks.desk import Counter, country, desk, worked
from tests.mocks.raw_client import RawClient, wait_until
from tests.sim.tracing import scenario

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
CLIENTS = 8
REQUESTS = 2_000
STATION = """
stations:
  egrul: {servers: SERVERS, service: SERVICE, queue_limit: LIMIT, timeout: 30s, cancel: CANCEL}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
"""


def with_station(service: str, servers: int = 1, limit: int = 10, cancel: str = "false") -> Country:
    text = STATION.replace("SERVERS", str(servers)).replace("SERVICE", service)
    text = text.replace("LIMIT", str(limit)).replace("CANCEL", cancel)
    return Country([desk()], scenario=scenario(text, horizon="10d"))


def busy(tenant: Tenant, served: int, waiting: int = 0) -> Callable[[], bool]:
    def holds() -> bool:
        with tenant.lock:
            slots = tenant.slots("egrul")
            return (slots.busy, slots.waiting) == (served, waiting)

    return holds


def outcomes(tenant: Tenant) -> list[str]:
    with tenant.lock:
        return [entry.outcome for entry in tenant.journal]


def delay(constant: str, **more: object) -> dict[str, object]:
    return {"id": "late", "kind": "delay", "delay": {"constant": constant}, **more}


def waits_s(server: Server, requests: int) -> list[tuple[str, float]]:
    """The token of each answer and how long it took, by CLIENTS clients side by side."""

    def ask(_: int) -> list[tuple[str, float]]:
        seen = []
        with RawClient(server) as client:
            for _ in range(requests // CLIENTS):
                begun = time.monotonic()
                answer = client.post("/egrul/count", b"").answer()
                took = time.monotonic() - begun
                seen.append((json.loads(answer.body)["token"], took))
        return seen

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one for many in pool.map(ask, range(CLIENTS)) for one in many]


def planned_s(of: Country) -> dict[str, float]:
    """Planned seconds of each answer by its token."""
    return {
        json.loads(entry.answer_body)["token"]: entry.planned_us / SECOND_US
        for entry in of.tenant().journal
    }


def test_planned_delays_follow_the_declared_distribution_and_no_answer_is_sooner() -> None:
    fault = {"id": "late", "kind": "delay", "delay": {"exponential": {"mean": "2ms"}}}
    it = country(fault, seed=2026)
    with serving(it) as server:
        waited = waits_s(server, REQUESTS)
    planned = planned_s(it)
    assert len(planned) == REQUESTS
    assert [token for token, took in waited if took < planned[token]] == []
    values = list(planned.values())
    assert stats.kstest(values, stats.expon(scale=0.002).cdf).pvalue > 0.01
    # The sample is large enough to tell a mean ten per cent off.
    assert stats.kstest(values, stats.expon(scale=0.0022).cdf).pvalue < 0.01


def test_service_times_are_the_stations_distribution_and_no_answer_is_sooner() -> None:
    it = with_station("{lognormal: {mean: 2ms, cv: 1}}", servers=CLIENTS)
    with serving(it) as server:
        waited = waits_s(server, REQUESTS)
    planned = planned_s(it)
    assert [token for token, took in waited if took < planned[token]] == []
    sigma = math.sqrt(math.log(2))  # of a coefficient of variation of 1
    declared = stats.lognorm(sigma, scale=0.002 / math.sqrt(2))
    assert stats.kstest(list(planned.values()), declared.cdf).pvalue > 0.01


def test_standing_clock_waits_in_real_time_and_stays_where_it_is() -> None:
    it = country(delay("30ms"))
    with serving(it) as server, RawClient(server) as client:
        begun = time.monotonic()
        client.post("/egrul/count", b"").answer()
        assert time.monotonic() - begun >= 0.03
    assert it.tenant().now_us == 0


def test_advance_brings_an_answer_that_is_hours_away() -> None:
    it = country(delay("3h"))
    with serving(it) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        wait_until(busy(it.tenant(), 1), "nobody is served")
        it.tenant().advance(HOUR_US)
        it.tenant().advance(2 * HOUR_US)
        assert json.loads(client.answer().body)["count"] == 1


def test_running_clock_brings_it_sooner_also_for_who_sleeps_already() -> None:
    it = country(delay("10h"))
    with serving(it) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        wait_until(busy(it.tenant(), 1), "nobody is served")
        it.tenant().run(1.0)
        it.tenant().run(360_000)
        assert json.loads(client.answer().body)["count"] == 1
    assert it.tenant().now_us >= 10 * HOUR_US


def test_what_is_due_on_a_running_clock_happens_although_nobody_asks() -> None:
    it = country()
    tenant = it.tenant()
    happened = threading.Event()
    with serving(it):
        tenant.run(3600)
        with tenant.lock:
            tenant.agenda.at(60 * SECOND_US, lambda _: happened.set())
        tenant.run(7200)
        assert happened.wait(30)
    assert tenant.now_us >= 60 * SECOND_US


def test_what_an_answer_plans_happens_although_nobody_asks_again() -> None:
    service = desk()
    happened = threading.Event()

    @service.post("/later")
    def later(call: Call) -> Answer:
        call.tenant.agenda.at(call.now_us + 60 * SECOND_US, lambda _: happened.set())
        return json_answer({})

    it = Country([service])
    it.tenant().run(3600)
    with serving(it) as server, RawClient(server) as client:
        assert client.post("/egrul/later", b"").answer().status == 200
        assert happened.wait(30)


def test_happening_that_fails_does_not_stop_those_after_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    it = country()
    tenant = it.tenant()
    happened = threading.Event()

    def fail(_: int) -> None:
        raise RuntimeError("broken")

    with serving(it):
        with tenant.lock:
            tenant.agenda.at(1, fail)
            tenant.agenda.at(2, lambda _: happened.set())
            tenant.clock.run(3600)
            for listener in tenant.on_move:
                listener()
        assert happened.wait(30)
    assert "What was due in tenant main has failed" in caplog.text


def test_next_client_is_served_when_a_slot_is_free_and_a_full_queue_refuses() -> None:
    it = with_station("{constant: 1h}", limit=1)
    tenant = it.tenant()
    with serving(it) as server, RawClient(server) as first, RawClient(server) as second:
        first.post("/egrul/count", b"")
        wait_until(busy(tenant, 1), "nobody is served")
        second.post("/egrul/count", b"")
        wait_until(busy(tenant, 1, 1), "nobody waits")
        with RawClient(server) as third:
            refused = third.post("/egrul/count", b"").answer()
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        tenant.advance(HOUR_US)
        assert json.loads(first.answer().body)["count"] == 1
        wait_until(busy(tenant, 1), "the second is not served")
        tenant.advance(HOUR_US)
        assert json.loads(second.answer().body)["count"] == 2


def test_client_that_leaves_the_queue_gives_its_place_up() -> None:
    it = with_station("{constant: 1h}", limit=1)
    tenant = it.tenant()
    with serving(it) as server, RawClient(server) as first:
        first.post("/egrul/count", b"")
        wait_until(busy(tenant, 1), "nobody is served")
        with RawClient(server) as second:
            second.post("/egrul/count", b"")
            wait_until(busy(tenant, 1, 1), "nobody waits")
        wait_until(busy(tenant, 1, 0), "it waits although it has left")
        assert outcomes(tenant) == ["open", "abandoned"]


def test_leaving_is_noticed_behind_a_body_in_the_pipeline() -> None:
    it = country({"id": "down", "kind": "outage"})
    tenant = it.tenant()
    with serving(it) as server:
        with RawClient(server) as client:
            client.post("/egrul/count", b"").post("/egrul/size", b"x" * 500_000)
            wait_until(busy(tenant, 0, 1), "nobody waits")
        wait_until(busy(tenant, 0, 0), "it waits although it has left")
    assert outcomes(tenant) == ["abandoned"]


def test_client_that_leaves_is_worked_for_in_vain() -> None:
    it = with_station("{constant: 1h}")
    tenant = it.tenant()
    with serving(it) as server:
        with RawClient(server) as client:
            client.post("/egrul/count", b"")
            wait_until(busy(tenant, 1), "nobody is served")
        wait_until(lambda: outcomes(tenant) == ["abandoned"], "it has not left")
        assert busy(tenant, 1)()
        assert worked(it) == 0
        tenant.advance(HOUR_US)
        wait_until(busy(tenant, 0), "the work does not end")
    assert (outcomes(tenant), worked(it)) == (["abandoned"], 1)


def test_client_that_leaves_a_station_that_cancels_frees_it_at_once() -> None:
    it = with_station("{constant: 1h}", cancel="true")
    tenant = it.tenant()
    with serving(it) as server:
        with RawClient(server) as client:
            client.post("/egrul/count", b"")
            wait_until(busy(tenant, 1), "nobody is served")
        wait_until(busy(tenant, 0), "the slot stays taken")
    assert (outcomes(tenant), worked(it)) == (["abandoned"], 0)


def test_tenant_held_by_a_thread_keeps_no_other_tenant_waiting() -> None:
    it = country()
    it.create_tenant("other")
    with serving(it) as server, RawClient(server) as stuck, RawClient(server) as client:
        with it.tenant().lock:
            stuck.post("/egrul/count", b"")
            for number in (1, 2, 3):
                answer = client.post("/other/egrul/count", b"").answer()
                assert json.loads(answer.body)["count"] == number
            assert not stuck.has_something
        assert json.loads(stuck.answer().body)["count"] == 1


def test_many_who_wait_for_a_busy_tenant_keep_nobody_else_waiting() -> None:
    it = country()
    it.create_tenant("other")
    with serving(it) as server, ExitStack() as stack, RawClient(server) as client:
        stuck = [stack.enter_context(RawClient(server)) for _ in range(50)]
        with it.tenant().lock:
            for each in stuck[:40]:
                each.post("/egrul/count", b"")
            for each in stuck[40:]:
                each.get("/_admin/tenants/main")
            assert client.get("/_admin/tenants/other").answer().status == 200
            assert not any(each.has_something for each in stuck)
        assert {each.answer().status for each in stuck} == {200}


def test_deleted_tenant_that_is_busy_keeps_nobody_waiting() -> None:
    it = country()
    deleted = it.create_tenant("deleted")
    with serving(it) as server, RawClient(server) as client:
        assert client.post("/deleted/egrul/count", b"").answer().status == 200
        it.delete_tenant("deleted")
        it.create_tenant("other")
        with deleted.lock:
            assert client.post("/other/egrul/count", b"").answer().status == 200
        assert deleted.on_move == []


def test_clock_of_one_tenant_does_not_hurry_another() -> None:
    it = Country([desk()], faults=[Fault.model_validate({"service": "egrul", **delay("1h")})])
    other = it.create_tenant("other")
    with serving(it) as server, RawClient(server) as mine, RawClient(server) as others:
        mine.post("/egrul/count", b"")
        others.post("/other/egrul/count", b"")
        wait_until(busy(it.tenant(), 1), "nobody is served")
        wait_until(busy(other, 1), "nobody is served")
        other.advance(HOUR_US)
        assert others.answer().status == 200
        assert it.tenant().state(Counter).count == 0
        assert not mine.has_something
