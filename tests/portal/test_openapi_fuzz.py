"""Whatever the OpenAPI lets one send is answered as it says: statuses, media types, schemas.

Schemathesis makes requests of every operation over real HTTP: good by the schemas and bad by them,
of nobody, of the head of an organization's cabinet, and of the staff.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal.http.app import portal_app
from tests.portal.http_client import Client
from tests.portal.http_desk import Desk, client, desk, served_desk

__all__ = ["client", "desk", "served_desk"]

EXAMPLES = 4  # of each operation, mode and caller: 60 s on one core bound them
DOCUMENT: dict[str, Any] = dict(portal_app().openapi())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {
    operation.definition.raw["operationId"]: operation
    for operation in (each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok))
    if operation.path.startswith("/v1/")
}
AS_DOCUMENTED: list[schemathesis.CheckFunction] = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# Silence of others and our own limits: documented, with the time to come again.
NOT_NOW = {"later", "overtaken", "busy", "too-many"}


def headers_of(desk: Desk, caller: str) -> dict[str, str]:
    """Of nobody, of the head in a session just opened, of a member of the staff."""
    if caller == "head":
        return desk.session(desk.cabinet.member("head"))
    return desk.staff() if caller == "staff" else {}


def make_real(case: schemathesis.Case[Any], desk: Desk) -> None:
    """Let a request be about the organization that there is, where it names one."""
    real = {"organization": desk.cabinet.id, **desk.cabinet.numbers}
    for sent in (case.body, case.query):
        if isinstance(sent, dict):
            sent.update({name: each for name, each in real.items() if name in sent})


def is_documented(answer: schemathesis.Response) -> None:
    """An answer is no failure of ours, and says when to come again if it asks for that."""
    if answer.status_code in (429, 503):
        assert answer.json()["code"] in NOT_NOW, answer.text
        assert int(answer.headers["retry-after"][0]) > 0
    else:
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("caller", ["nobody", "head", "staff"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_documented(
    desk: Desk, client: Client, name: str, mode: GenerationMode, caller: str
) -> None:
    operation = OPERATIONS[name]
    headers = headers_of(desk, caller)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def ask(case: schemathesis.Case[Any], real: bool) -> None:
        if real:
            make_real(case, desk)
        answer = case.call(base_url=client.address, headers=headers, timeout=60)
        is_documented(answer)
        case.validate_response(answer, checks=AS_DOCUMENTED)

    ask()


METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_another_method_is_told_the_documented_one(client: Client, path: str) -> None:
    documented = {method.upper() for method in DOCUMENT["paths"][path]}
    for method in sorted(METHODS - documented):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method")
        assert {each.strip() for each in answer.headers["Allow"].split(",")} == documented


POSTS = sorted(path for path, methods in DOCUMENT["paths"].items() if "post" in methods)


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_no_json_is_refused_before_it_is_read(client: Client, path: str) -> None:
    for media_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ):
        answer = client.post(path, data=b"{}", headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    for body in (b"{", b"[]", b'"text"', b"NaN", b"\xff"):
        answer = client.post(path, data=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "not-json")
