"""Tenants hammered from many threads never meet, and time is one for everything in a tenant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

import mocks
from mocks.controls import TenantControls
from mocks.core.country import Country, TenantError
from mocks.core.http import Request
from mocks.egrul.service import service as egrul
from mocks.egrul.site import MAKING_US, TOKEN_LIFE_US
from mocks.in_process import RunningCountry
from mocks.mvd.service import service as mvd
from tests.mocks.probe import probe

THREADS = 8
CALLS = 25  # of each thread
FAULT: dict[str, Any] = {"id": "f", "service": "egrul", "kind": "error", "p": 0.5}


def ask(tenant: TenantControls, thread: int) -> list[tuple[int, str, str]]:
    """What one thread is answered: requests of its own, then work that counts."""
    answers = []
    for n in range(CALLS):
        asked = requests.get(f"{tenant.url}/egrul/request/{thread}-{n}")
        local_time = asked.json().get("local_time", "")
        answers.append((asked.status_code, asked.headers.get("X-Draw", ""), local_time))
        requests.post(f"{tenant.url}/egrul/task/{thread}-{n}")
        requests.post(f"{tenant.url}/egrul/messages/+7900", data=f"{tenant.name} {thread}-{n}")
    return answers


def disturb(tenant: TenantControls) -> None:
    """Everything that would be seen elsewhere if anything were shared."""
    for n in range(CALLS):
        tenant.clock.advance("1h")
        tenant.records.change_organization(n, {"phone": f"+7495{n:07}"})
        tenant.faults.add(id=f"more-{n}", service="egrul", kind="malformed", p=0)
        tenant.journal.find(status=201)
        tenant.inbox("+7900")


def hammer(names: list[str], disturbed: bool) -> dict[str, dict[str, Any]]:
    """What each tenant has seen and become."""
    with mocks.running(services=[probe()]) as country:
        tenants = [country.tenant(name, seed=5) for name in names]
        tenants[0].faults.add(FAULT)
        with ThreadPoolExecutor(THREADS) as pool:
            each = THREADS // 2
            answers = {t.name: [pool.submit(ask, t, n) for n in range(each)] for t in tenants}
            if disturbed:
                disturb(tenants[0])
            return {
                tenant.name: {
                    "answers": [future.result() for future in answers[tenant.name]],
                    "calls": sorted(
                        (e.method, e.path, e.status, e.faults, e.draw) for e in tenant.journal
                    ),
                    "numbers": [entry.number for entry in tenant.journal],
                    "inbox": sorted(m.text for m in tenant.inbox("+7900", None)),
                    "now": tenant.clock.now.isoformat(),
                    "faults": [(p.active.spec.id, p.hits > 0) for p in tenant.faults],
                    "changed": len(tenant.records.changed()),
                }
                for tenant in tenants
            }


def test_two_tenants_hammered_by_eight_threads_never_meet() -> None:
    together = hammer(["a", "b"], disturbed=True)
    # The other tenant is quiet, untouched by what is done to the first.
    b = together["b"]
    assert b == hammer(["quiet", "b"], disturbed=False)["b"]
    assert (b["now"], b["faults"], b["changed"]) == ("2026-02-02T10:00:00+03:00", [], 0)
    assert b["numbers"] == list(range(1, THREADS // 2 * CALLS * 3 + 1))
    assert {answer[0] for thread in b["answers"] for answer in thread} == {200}
    assert b["inbox"] == sorted(f"b {t}-{n}" for t in range(THREADS // 2) for n in range(CALLS))
    # The first has its faults by its own keys, whoever called in between.
    a = together["a"]
    assert a["now"] == "2026-02-03T11:00:00+03:00"
    assert a["changed"] == CALLS
    assert a["calls"] == hammer(["a", "other"], disturbed=False)["a"]["calls"]
    assert {status for _, _, status, *_ in a["calls"]} >= {200, 503}


@pytest.fixture
def country() -> Any:
    with mocks.running(services=[egrul, mvd]) as here:
        yield here


def test_tokens_extracts_and_outages_follow_one_advance(country: RunningCountry) -> None:
    country.faults.add(id="down", service="mvd", kind="outage", for_="30m")
    site = "https://egrul.nalog.ru"
    search = requests.post(f"{site}/", data={"query": country.world.organization(0).inn}).json()
    (row,) = requests.get(f"{site}/search-result/{search['t']}").json()["rows"]
    requests.get(f"{site}/vyp-request/{row['t']}")

    def status() -> Any:
        answer = requests.get(f"{site}/vyp-status/{row['t']}")
        return answer.json().get("status", answer.status_code)

    def results() -> int:
        return requests.get(f"{site}/search-result/{search['t']}").status_code

    def passport_base() -> str:
        try:
            requests.post(f"{country.url}/mvd/v1/passport-checks", json={}, timeout=1)
        except requests.ReadTimeout:
            return "silent"
        return "answers"

    def everything() -> tuple[Any, int, str]:
        return status(), results(), passport_base()

    advance = microseconds(country)
    assert everything() == ("wait", 200, "silent")
    advance(MAKING_US - 1)
    assert everything() == ("wait", 200, "silent")
    advance(1)
    assert everything() == ("ready", 200, "silent")
    advance(TOKEN_LIFE_US - MAKING_US - 1)
    assert everything() == ("ready", 200, "silent")
    advance(1)
    assert TOKEN_LIFE_US == 30 * 60 * 1_000_000
    assert everything() == (400, 400, "answers")


def microseconds(country: RunningCountry) -> Callable[[int], Any]:
    return lambda us: country.clock.advance(f"{us}us")


def test_a_tenant_that_is_reset_again_and_again_is_never_missing() -> None:
    country = Country([probe()])
    resets = 200

    def reset() -> None:
        for _ in range(resets):
            country.reset_tenant("main")

    def call(_: int) -> int:
        statuses = set()
        while not done.done():
            exchange = country.open(Request("GET", "/egrul/request/a"))
            exchange.enter()
            statuses.add(exchange.end().answer.status)
        return len(statuses - {200})

    with ThreadPoolExecutor(THREADS) as threads:
        done = threads.submit(reset)
        assert sum(threads.map(call, range(THREADS - 1))) == 0
        done.result()
    assert [tenant.name for tenant in country.tenants] == ["main"]


def test_a_tenant_keeps_its_place_and_seed_when_it_is_reset() -> None:
    country = Country([probe()])
    country.create_tenant("b", seed=7)
    country.create_tenant("c")
    old = country.tenant("b")
    assert country.reset_tenant("b") is country.tenant("b") is not old
    assert country.tenant("b").seed == 7
    assert [tenant.name for tenant in country.tenants] == ["main", "b", "c"]
    country.delete_tenant("b")
    with pytest.raises(TenantError):
        country.reset_tenant("b")
