"""Tenants never meet under load; the same requests get the same bytes from two servers."""

import json
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import cast

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Request
from mocks.server.serving import Server, serving
from tests.mocks.desk import country, desk, worked
from tests.mocks.raw_client import RawClient

THREADS = 8
EACH = 100
MINUTE_US = 60_000_000


def hammer(server: Server, tenant: str) -> list[tuple[int, bytes]]:
    """EACH requests of one client, some of them for names that only this tenant is asked for."""
    with RawClient(server) as client:
        seen = []
        for number in range(EACH):
            if number % 2:
                answer = client.get(f"/{tenant}/egrul/name/{tenant}-{number}").answer()
            else:
                answer = client.post(f"/{tenant}/egrul/count", b"").answer()
            seen.append((answer.status, answer.body))
        return seen


def test_two_tenants_hammered_by_eight_threads_never_see_each_other() -> None:
    it = Country([desk()], seed=5)
    calm, broken = it.create_tenant("calm"), it.create_tenant("broken", seed=6)
    broken.plan_fault(
        Fault.model_validate(
            {"id": "no", "service": "egrul", "kind": "error", "status": 429, "p": 0.5}
        )
    )
    with serving(it) as server, ThreadPoolExecutor(THREADS + 1) as pool:
        asked = [
            (tenant, pool.submit(hammer, server, tenant))
            for tenant in ["calm", "broken"] * (THREADS // 2)
        ]
        moved = pool.submit(lambda: [broken.advance(MINUTE_US) for _ in range(50)])
        moved.result()
        seen: dict[str, list[tuple[int, bytes]]] = {"calm": [], "broken": []}
        for tenant, answers in asked:
            seen[tenant] += answers.result()

    each = THREADS // 2 * EACH
    # State: every count of the calm one came once, in its own numbering.
    counts = [json.loads(body)["count"] for _, body in seen["calm"] if b"count" in body]
    assert sorted(counts) == list(range(1, each // 2 + 1))
    assert worked(it, "calm") == each // 2
    # Faults.
    assert {status for status, _ in seen["calm"]} == {200}
    hit = sum(status == 429 for status, _ in seen["broken"])
    assert {status for status, _ in seen["broken"]} == {200, 429}
    assert (calm.faults.hits.total(), broken.faults.hits["no"]) == (0, hit)
    # Clock.
    assert (calm.now_us, broken.now_us) == (0, 50 * MINUTE_US)
    assert {entry.at_us for entry in calm.journal} == {0}
    # Journal.
    for own, other in ((calm, "broken"), (broken, "calm")):
        assert len(own.journal) == each
        assert not any(other in entry.path for entry in own.journal)
    # Draws: nobody's token is the other's.
    tokens = [
        {json.loads(body)["token"] for status, body in seen[name] if b"token" in body}
        for name in ("calm", "broken")
    ]
    assert tokens[0] & tokens[1] == set()
    assert len(it.tenant().journal) == 0


PLAN: list[dict[str, object]] = [
    {"id": "a", "kind": "error", "p": 0.2, "status": 503, "retry_after": "5s"},
    {"id": "b", "kind": "malformed", "p": 0.2},
    {"id": "c", "kind": "truncated", "p": 0.1},
    {"id": "d", "kind": "reset", "p": 0.1},
    {"id": "e", "kind": "delay", "p": 0.5, "delay": {"exponential": {"mean": "100us"}}},
    {"id": "f", "kind": "duplicate", "p": 0.3},
    {"id": "g", "kind": "loss", "p": 0.2},
]
REQUESTS = [
    *(("POST", f"/egrul/messages/{n}", b"") for n in range(20)),
    ("GET", "/egrul/messages", b""),
    *(("POST", "/egrul/count", b"") for _ in range(40)),
    *(("GET", f"/egrul/name/{n % 7}", b"") for n in range(40)),
    *(("GET", "/egrul/document", b"") for _ in range(20)),
    ("GET", "/egrul/nothing", b""),
]


def replayed(seed: int) -> tuple[list[bytes], list[tuple[object, ...]]]:
    """All that came over the wire, and what the journal says of faults and delays."""
    it = country(*PLAN, seed=seed)
    came = []
    with serving(it) as server:
        for method, path, body in REQUESTS:
            with RawClient(server) as client:
                line = f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                client.send(f"{line}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                try:
                    came.append(client.rest())
                except ConnectionResetError:
                    came.append(b"RST")
    journal: list[tuple[object, ...]] = [
        (entry.number, entry.draw, entry.faults, entry.planned_us, entry.outcome, entry.status)
        for entry in it.tenant().journal
    ]
    return came, journal


def test_same_seed_and_requests_give_the_same_bytes_and_faults_from_two_servers() -> None:
    first, again, other = replayed(7), replayed(7), replayed(8)
    assert first == again
    assert first[0] != other[0]
    met = {fault for row in first[1] for fault in cast(tuple[str, ...], row[2])}
    assert met == {"a", "b", "c", "d", "e"}
    assert b"RST" in first[0]


def test_answers_over_http_are_those_of_the_exchange_itself() -> None:
    served, direct = country(seed=3), country(seed=3)
    requests = REQUESTS * 2
    Random(1).shuffle(requests)
    with serving(served) as server, RawClient(server) as client:
        for method, path, body in requests:
            seen = (client.post(path, body) if method == "POST" else client.get(path)).answer()
            exchange = direct.open(Request(method, path, body=body))
            assert exchange.enter() is None
            answer = exchange.end().answer
            assert (seen.status, seen.body) == (answer.status, answer.body)
