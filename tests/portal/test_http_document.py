"""The OpenAPI of the portal: valid, of every act, with every status that comes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import TypeAdapter

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal.http.app import portal_app
from portal.http.document import path_of
from portal.http.problems import PROBLEMS, REFUSALS
from portal.use_case import USE_CASES, VIEWS

DOCUMENT: Mapping[str, Any] = portal_app().openapi()


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1/"):
                yield path, method, operation


def test_the_document_is_a_valid_one() -> None:
    validate(DOCUMENT)


def test_every_use_case_and_view_has_its_path_and_nothing_else_has() -> None:
    posts = {path for path, method, _ in operations() if method == "post"}
    gets = {path for path, method, _ in operations() if method == "get"}
    assert posts == {path_of(name) for name in USE_CASES}
    assert gets == {path_of(name) for name in VIEWS}


def test_no_summary_ends_in_the_middle_of_a_sentence() -> None:
    cut = [each["operationId"] for _, _, each in operations() if each["summary"][-1:] != "."]
    assert cut == []


def test_every_refusal_of_the_kernel_has_a_status_of_its_own() -> None:
    assert {code: problem.status for code, problem in REFUSALS.items()} == {
        "wrong": 422,
        "unauthenticated": 401,
        "forbidden": 403,
        "absent": 404,
        "state": 409,
        "later": 503,
        "key-taken": 422,
    }


def test_every_status_is_documented_for_every_act() -> None:
    statuses = {"200", *(str(problem.status) for problem in PROBLEMS.values())}
    assert {frozenset(each["responses"]) for _, _, each in operations()} == {frozenset(statuses)}


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_a_use_case_documents_its_form_with_an_example(name: str) -> None:
    operation = DOCUMENT["paths"][path_of(name)]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    fields = set(USE_CASES[name].form.__dataclass_fields__)
    assert set(content["example"]) == fields
    assert ("security" in operation) == (USE_CASES[name].signed_in or USE_CASES[name].staff)


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_the_example_of_a_form_can_be_read(name: str) -> None:
    content = DOCUMENT["paths"][path_of(name)]["post"]["requestBody"]["content"]
    form = TypeAdapter(USE_CASES[name].form)
    form.validate_json(json.dumps(content["application/json"]["example"]))


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_documents_its_query(name: str) -> None:
    parameters = DOCUMENT["paths"][path_of(name)]["get"]["parameters"]
    asked = {each["name"] for each in parameters if each["in"] == "query"}
    assert asked == {*VIEWS[name].query.__dataclass_fields__, "limit", "cursor"}
