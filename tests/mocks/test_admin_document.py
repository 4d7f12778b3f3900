"""The OpenAPI document of the admin API: valid, and every status that it names really comes."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import requests
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import mocks
from mocks.in_process import RunningCountry
from tests.mocks.probe import probe

PROBLEM = "application/problem+json"
FAULT = {"id": "f", "service": "egrul", "kind": "reset"}
TENANT = "/tenants/main"


class Case(NamedTuple):
    """A request and the documented status that it meets."""

    operation: str
    status: int
    method: str
    path: str
    json: Any = None


CASES = [
    Case("list_tenants", 200, "GET", "/tenants"),
    Case("create_tenant", 201, "PUT", "/tenants/new", {"seed": 3}),
    Case("create_tenant", 200, "PUT", "/tenants/main"),
    Case("create_tenant", 409, "PUT", "/tenants/main", {"seed": 3}),
    Case("create_tenant", 422, "PUT", "/tenants/egrul"),
    Case("get_tenant", 200, "GET", TENANT),
    Case("get_tenant", 404, "GET", "/tenants/nobody"),
    Case("delete_tenant", 204, "DELETE", "/tenants/b"),
    Case("delete_tenant", 404, "DELETE", "/tenants/nobody"),
    Case("delete_tenant", 409, "DELETE", TENANT),
    Case("reset_tenant", 200, "POST", f"{TENANT}/reset"),
    Case("reset_tenant", 404, "POST", "/tenants/nobody/reset"),
    Case("get_clock", 200, "GET", f"{TENANT}/clock"),
    Case("get_clock", 404, "GET", "/tenants/nobody/clock"),
    Case("advance_clock", 200, "POST", f"{TENANT}/clock/advance", {"by": "90s"}),
    Case("advance_clock", 404, "POST", "/tenants/nobody/clock/advance", {"by": "90s"}),
    Case("advance_clock", 422, "POST", f"{TENANT}/clock/advance", {"by": "-1s"}),
    Case("set_clock", 200, "PUT", f"{TENANT}/clock", {"now": "2026-02-02T10:00"}),
    Case("set_clock", 404, "PUT", "/tenants/nobody/clock", {"speed": 2}),
    Case("set_clock", 409, "PUT", f"{TENANT}/clock", {"now": "2026-02-02T09:59"}),
    Case("set_clock", 422, "PUT", f"{TENANT}/clock", {"speed": -1}),
    Case("list_faults", 200, "GET", "/tenants/b/faults"),
    Case("list_faults", 404, "GET", "/tenants/nobody/faults"),
    Case("add_fault", 201, "POST", f"{TENANT}/faults", FAULT),
    Case("add_fault", 404, "POST", "/tenants/nobody/faults", FAULT),
    Case("add_fault", 409, "POST", "/tenants/b/faults", FAULT),
    Case("add_fault", 422, "POST", f"{TENANT}/faults", {**FAULT, "kind": "flood"}),
    Case("remove_fault", 204, "DELETE", "/tenants/b/faults/f"),
    Case("remove_fault", 404, "DELETE", f"{TENANT}/faults/f"),
    Case("read_journal", 200, "GET", "/tenants/b/journal"),
    Case("read_journal", 404, "GET", "/tenants/nobody/journal"),
    Case("read_journal", 422, "GET", f"{TENANT}/journal?limit=0"),
    Case("query_journal", 200, "POST", "/tenants/b/journal/query", {}),
    Case("query_journal", 404, "POST", "/tenants/nobody/journal/query", {}),
    Case("query_journal", 422, "POST", f"{TENANT}/journal/query", {"pattern": {"status": "x"}}),
    Case("verify_journal", 200, "POST", "/tenants/b/journal/verify", {"pattern": {}}),
    Case("verify_journal", 404, "POST", "/tenants/nobody/journal/verify", {"pattern": {}}),
    Case("verify_journal", 409, "POST", f"{TENANT}/journal/verify", {"pattern": {}}),
    Case("verify_journal", 422, "POST", f"{TENANT}/journal/verify", {"times": 1}),
    Case("verify_journal_exactly", 200, "POST", f"{TENANT}/journal/verify-exactly", {"calls": []}),
    Case(
        "verify_journal_exactly", 404, "POST", "/tenants/nobody/journal/verify-exactly",
        {"calls": []},
    ),
    Case(
        "verify_journal_exactly", 409, "POST", f"{TENANT}/journal/verify-exactly", {"calls": [{}]}
    ),
    Case("verify_journal_exactly", 422, "POST", f"{TENANT}/journal/verify-exactly", {}),
    Case("clear_journal", 204, "DELETE", f"{TENANT}/journal"),
    Case("clear_journal", 404, "DELETE", "/tenants/nobody/journal"),
    Case("list_contacts", 200, "GET", "/tenants/b/inboxes"),
    Case("list_contacts", 404, "GET", "/tenants/nobody/inboxes"),
    Case("read_inbox", 200, "GET", "/tenants/b/inboxes/+79001234567"),
    Case("read_inbox", 404, "GET", "/tenants/nobody/inboxes/+79001234567"),
    Case("read_inbox", 422, "GET", f"{TENANT}/inboxes/x?folder=trash"),
    Case("clear_inbox", 204, "DELETE", f"{TENANT}/inboxes/x"),
    Case("clear_inbox", 404, "DELETE", "/tenants/nobody/inboxes/x"),
    Case("clear_inboxes", 204, "DELETE", f"{TENANT}/inboxes"),
    Case("clear_inboxes", 404, "DELETE", "/tenants/nobody/inboxes"),
    Case("list_changed_records", 200, "GET", "/tenants/b/records"),
    Case("list_changed_records", 404, "GET", "/tenants/nobody/records"),
    Case("restore_records", 204, "DELETE", f"{TENANT}/records"),
    Case("restore_records", 404, "DELETE", "/tenants/nobody/records"),
    Case("find_organization", 200, "GET", f"{TENANT}/records/organizations?index=0"),
    Case("find_organization", 404, "GET", f"{TENANT}/records/organizations?inn=1"),
    Case("find_organization", 422, "GET", f"{TENANT}/records/organizations?inn=1&index=1"),
    Case("change_organization", 200, "PATCH", f"{TENANT}/records/organizations/0", {"phone": "1"}),
    Case("change_organization", 404, "PATCH", f"{TENANT}/records/organizations/-1", {}),
    Case("change_organization", 422, "PATCH", f"{TENANT}/records/organizations/0", {"fax": "1"}),
    Case(
        "add_organization", 201, "POST", f"{TENANT}/records/organizations",
        {"like": 0, "changes": {"inn": "7700000000", "ogrn": "1027700000000"}},
    ),
    Case(
        "add_organization", 404, "POST", f"{TENANT}/records/organizations",
        {"like": 10**9, "changes": {}},
    ),
    Case(
        "add_organization", 422, "POST", f"{TENANT}/records/organizations",
        {"like": 0, "changes": {}},
    ),
    Case("find_person", 200, "GET", f"{TENANT}/records/people?index=0"),
    Case("find_person", 404, "GET", f"{TENANT}/records/people?snils=1"),
    Case("find_person", 422, "GET", f"{TENANT}/records/people"),
    Case("change_person", 200, "PATCH", f"{TENANT}/records/people/0", {"email": "a@example.org"}),
    Case("change_person", 404, "PATCH", f"{TENANT}/records/people/-1", {}),
    Case("change_person", 422, "PATCH", f"{TENANT}/records/people/0", {"birth_date": "x"}),
    Case(
        "add_person", 201, "POST", f"{TENANT}/records/people",
        {
            "like": 0,
            "changes": {
                "inn": "770000000000",
                "snils": "00000000000",
                "phone": "+79000000000",
                "passport": {"series": "0000", "number": "000000"},
            },
        },
    ),
    Case("add_person", 404, "POST", f"{TENANT}/records/people", {"like": -1, "changes": {}}),
    Case("add_person", 422, "POST", f"{TENANT}/records/people", {"like": 0, "changes": {}}),
    Case("list_services", 200, "GET", "/services"),
]  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[RunningCountry]:
    with mocks.running(services=[probe()]) as here:
        yield here


@pytest.fixture
def country(running: RunningCountry) -> Iterator[RunningCountry]:
    """The country as it was when it was made, with a tenant `b` that has something of
    everything."""
    running.core.reset_tenant("main")
    b = running.tenant("b")
    running.core.reset_tenant("b")
    requests.post(f"{b.url}/egrul/messages/+79001234567", data="код 1234")
    requests.post(f"{b.url}/egrul/messages/x", data=b"\xff")
    b.faults.add(FAULT)
    b.faults.add(id="g", service="*", kind="delay", delay={"exponential": {"mean": "2s"}})
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{b.url}/egrul/task/a")
    b.records.change_organization(0, {"phone": "+74950000000"})
    b.records.change_person(0, {"email": "a@example.org"})
    yield running
    for tenant in running.core.tenants:
        if tenant.name != "main":
            running.core.delete_tenant(tenant.name)


@pytest.fixture(scope="module")
def document(running: RunningCountry) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{running.url}/_admin/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    methods = (o for path in document["paths"].values() for o in path.values())
    return {operation["operationId"]: operation for operation in methods}


def check(document: dict[str, Any], schema: dict[str, Any], instance: Any) -> None:
    OAS31Validator({**schema, "components": document["components"]}).validate(instance)


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"] == [{"url": "/_admin"}]


def test_every_operation_says_what_it_does_and_refuses_with_problems(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document).items():
        assert operation["description"].endswith("."), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [PROBLEM], name


def test_every_documented_status_has_its_case(document: dict[str, Any]) -> None:
    documented = {
        (name, int(status))
        for name, operation in operations(document).items()
        for status in operation["responses"]
    }
    assert documented == {(case.operation, case.status) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.operation}-{case.status}")
def test_status_comes_with_a_body_as_documented(
    case: Case, country: RunningCountry, document: dict[str, Any]
) -> None:
    answer = requests.request(case.method, f"{country.url}/_admin{case.path}", json=case.json)
    assert answer.status_code == case.status, answer.text
    response = operations(document)[case.operation]["responses"][str(case.status)]
    if case.status == 204:
        assert (answer.content, "content" in response) == (b"", False)
        return
    ((media_type, content),) = response["content"].items()
    assert answer.headers["Content-Type"] == media_type
    check(document, content["schema"], answer.json())


def test_examples_of_bodies_are_valid(document: dict[str, Any]) -> None:
    with_example = 0
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            check(document, {"$ref": f"#/components/schemas/{name}"}, example)
            with_example += 1
    for operation in operations(document).values():
        body = operation.get("requestBody", {"content": {}})["content"]
        for schema in (content["schema"] for content in body.values()):
            for example in schema.get("examples", []):
                check(document, schema, example)
                with_example += 1
    assert with_example == 11


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("PUT", 405)])
def test_refusals_of_paths_are_problems_too(
    country: RunningCountry, method: str, status: int
) -> None:
    path = "/nowhere" if status == 404 else "/services"
    answer = requests.request(method, f"{country.url}/_admin{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["code"] == {404: "no-such-path", 405: "method"}[status]
