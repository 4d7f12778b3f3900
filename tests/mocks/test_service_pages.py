"""Every service has a page that says what there is, with examples that are really answered."""

import json
import re

import pytest

import rulebook
from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.core.service import Service
from tests.mocks.asking import ask
from tests.mocks.documented import PAGES, examples, page

ROUTE = re.compile(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^` ?]*)[^` ]*`")
ROW = re.compile(r"^\| \[`(\w+)`\]\((\w+)\.md\) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
EVERY = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)


@EVERY
def test_examples_are_answered_as_the_page_says(service: Service) -> None:
    country = Country(SERVICES, seed=1)
    asked = examples(service.id)
    assert asked
    for example in asked:
        answer = ask(country, example.method, example.url, example.body, example.headers)
        answered = answer.body.decode()
        if example.language == "json":
            assert json.loads(answered) == json.loads(example.answer)
        else:
            assert answered == example.answer


@EVERY
def test_page_lists_every_route_fault_and_rule(service: Service) -> None:
    text = page(service.id)
    routes = {f"{route.method} /{service.id}{route.path}" for route in service.routes}
    assert set(ROUTE.findall(text)) == routes
    assert [fault for fault in service.own_faults if f"`{fault}`" not in text] == []
    rules = rulebook.load().systems[service.id].rules
    assert f"Rules: {', '.join(rules)}." in text


def test_table_of_services_has_each_with_its_name_and_rules() -> None:
    systems = rulebook.load().systems
    rows = [
        (service.id, service.id, systems[service.id].name, ", ".join(systems[service.id].rules))
        for service in SERVICES
    ]
    assert ROW.findall(page("README")) == rows


def test_there_is_no_page_of_what_is_no_service() -> None:
    names = {path.stem for path in PAGES.glob("*.md")}
    assert names == {"README", *(service.id for service in SERVICES)}


FEEDS = [
    f"/{service.id}{route.path}"
    for service in SERVICES
    for route in service.routes
    if route.method == "GET" and route.path.endswith(("/events", "/changes", "/notices"))
    if service.id not in ("eais", "payment_gateway")  # with a token, in a form of its own
]


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_are_read_in_one_way(path: str) -> None:
    country = Country(SERVICES, seed=1)
    page = json.loads(ask(country, "GET", f"{path}?after=7&limit=1000").body)
    assert list(page) == ["events", "next", "oldest"]
    for query in ("after=-1", "after=x", "limit=0", "limit=1001"):
        answer = ask(country, "GET", f"{path}?{query}")
        assert (answer.status, json.loads(answer.body)["error"]) == (400, "bad-cursor")
