"""The same seed and the same requests: the same bytes, faults and journal, in process and over
HTTP."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

import pytest
import requests

import mocks
from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.journal import Entry
from mocks.core.service import Service
from mocks.server.serving import serving
from tests.mocks.documented import PAGES

ASKED = re.compile(r"```http\n(\w+) (\S+)\n(?:\n(.+?)\n)?```", re.DOTALL)
INN = "7715970401"
SEED = 1  # of the pages about services
FAULTS: list[dict[str, Any]] = [
    {"id": "errors", "service": "*", "kind": "error", "p": 0.2, "retry_after": "9s"},
    {"id": "broken", "service": "*", "kind": "malformed", "p": 0.15},
    {"id": "cut", "service": "*", "kind": "truncated", "p": 0.15},
    {"id": "resets", "service": "*", "kind": "reset", "p": 0.1, "processed": True},
    {
        "id": "late", "service": "*", "kind": "delay", "p": 0.3,
        "delay": {"uniform": {"low": "0s", "high": "3ms"}},
    },
]  # fmt: skip


class Question(NamedTuple):
    """A request to a service."""

    method: str
    path: str
    body: bytes
    media_type: str = "application/json"


def questions(service: Service) -> Iterator[Question]:
    """What the service's page asks, then every route with numbers of nobody or somebody."""
    page = PAGES / f"{service.id}.md"
    if page.exists():
        for method, path, body in ASKED.findall(page.read_text(encoding="utf-8")):
            media_type = "application/xml" if body.startswith("<") else "application/json"
            yield Question(method, path, body.encode(), media_type)
    for route in service.routes:
        path = f"/{service.id}" + re.sub(r"\{\w+\}", INN, route.path)
        for body in (b"", b"{}", f"query={INN}".encode()):
            form = "application/x-www-form-urlencoded" if b"=" in body else "application/json"
            yield Question(route.method, path, body, form)


def story(url: str, service: Service) -> list[Any]:
    """What a client sees: answers as bytes, broken connections by their exceptions."""
    seen: list[Any] = []
    for question in questions(service):
        try:
            answer = requests.request(
                question.method,
                url + question.path,
                data=question.body,
                headers={"Content-Type": question.media_type},
                timeout=20,
            )
            seen.append(
                (question, answer.status_code, answer.content, list(answer.headers.items()))
            )
        except requests.RequestException as error:
            seen.append((question, type(error)))
    return seen


def told(entries: list[Entry]) -> list[dict[str, Any]]:
    """A journal without the host, which differs by nature."""
    rows = [asdict(entry) for entry in entries]
    for row in rows:
        row["headers"] = {k: v for k, v in row["headers"].items() if k != "host"}
    return rows


def in_process(service: Service, seed: int = SEED) -> tuple[list[Any], list[dict[str, Any]]]:
    with mocks.running(seed=seed, services=[service], faults=FAULTS) as country:
        return story(country.url, service), told(list(country.journal))


def over_http(service: Service) -> tuple[list[Any], list[dict[str, Any]]]:
    core = Country([service], seed=SEED, faults=[Fault.model_validate(fault) for fault in FAULTS])
    with serving(core) as server:
        seen = story(server.url, service)
    return seen, told(list(core.tenant().journal))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_in_process_and_over_http_everything_is_the_same(service: Service) -> None:
    inside, outside = in_process(service), over_http(service)
    assert inside[0] == outside[0]
    assert inside[1] == outside[1]
    assert len(inside[1]) >= len(service.routes)
    assert any(entry["faults"] for entry in inside[1])


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_same_seed_tells_the_same_story_again_and_another_seed_another(service: Service) -> None:
    assert in_process(service) == in_process(service)
    assert in_process(service)[1] != in_process(service, seed=2)[1]


def test_no_two_services_claim_one_production_host() -> None:
    hosts = [host for service in SERVICES for host in service.hosts]
    assert "egrul.nalog.ru" in hosts
    assert len(hosts) == len(set(hosts))
