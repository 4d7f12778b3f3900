"""The OpenAPI of the portal, from the forms of use cases and the queries of views."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from portal.http.pages import CURSOR, DEFAULT_LIMIT, LIMIT, MOST_ITEMS
from portal.http.problems import MEDIA_TYPE, PROBLEMS
from portal.use_case import UseCase, View

__all__ = ["Schemas", "components", "operation_of_case", "operation_of_view", "path_of"]

_REF: Final = "#/components/schemas/{model}"
_JSON: Final = "application/json"
_EXAMPLES: Final[Mapping[str, Any]] = {
    "inn": "7707083893",
    "ogrn": "1027700132195",
    "kpp": "770701001",
    "phone": "+79161234567",
    "email": "anna@example.org",
    "login": "anna@example.org",
    "code": "123456",
    "birth_date": "1990-02-03",
    "file_name": "устав.pdf",
    "organization": "1027700132195",
    "purpose": "tax",
}
_EXAMPLES_BY_FORMAT: Final[Mapping[str, str]] = {
    "base64": "0L/QsNC80Y/RgtC60LA=",
    "date": "2026-02-02",
    "date-time": "2026-02-02T10:00:00+03:00",
}


class Schemas:
    """JSON Schemas of forms and queries, with names that do not collide."""

    def __init__(self, kinds: Mapping[str, type[Any]]) -> None:
        adapters = [(name, "validation", TypeAdapter(kind)) for name, kind in kinds.items()]
        found, defined = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
        self.defined: dict[str, Any] = defined.get("$defs", {})
        self._of = {name: schema for (name, _), schema in found.items()}

    def of(self, name: str) -> dict[str, Any]:
        """The schema of `name`, as a reference if it is a defined one."""
        return self._of[name]

    def properties(self, name: str) -> Mapping[str, Any]:
        """The fields of `name`."""
        found: Mapping[str, Any] = self.resolved(self._of[name]).get("properties", {})
        return found

    def required(self, name: str) -> frozenset[str]:
        """Those of them that have to be there."""
        return frozenset(self.resolved(self._of[name]).get("required", ()))

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a schema or a reference to one says."""
        reference = schema.get("$ref")
        if reference is None:
            return schema
        return self.resolved(self.defined[reference.rpartition("/")[2]])

    def example(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """Something of that form."""
        schema = self.resolved(schema)
        if name in _EXAMPLES and schema.get("type") == "string":
            return _EXAMPLES[name]
        for alternative in schema.get("anyOf", ())[:1]:
            return self.example(alternative, name)
        if "default" in schema or "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("default", [*schema.get("enum", ()), None][0]))
        match schema.get("type"):
            case "object":
                inner = schema.get("properties", {})
                return {key: self.example(each, key) for key, each in inner.items()}
            case "array":
                return [self.example(schema.get("items", {}), name)]
            case "integer" | "number":
                return 1
            case "boolean":
                return True
        return _EXAMPLES_BY_FORMAT.get(schema.get("format", ""), name)


def path_of(name: str) -> str:
    """Where a use case or a view is: `/v1/register-organization`."""
    return f"/v1/{name.replace('_', '-')}"


def operation_of_case(case: UseCase[Any], schemas: Schemas, key: str) -> dict[str, Any]:
    """What the document says of a use case whose form is `key` among `schemas`."""
    schema = schemas.of(key)
    parameters = [
        _header(
            "Idempotency-Key",
            "The same submission under the same key is done once and answered alike.",
            {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!#-~]+$"},
        )
    ]
    if "version" in schemas.properties(key):
        parameters.append(_header("If-Match", "The ETag of what was read.", {"type": "string"}))
    return {
        "parameters": [*parameters, *_everywhere()],
        "requestBody": {
            "required": bool(schemas.required(key)),
            "content": {_JSON: {"schema": schema, "example": schemas.example(schema)}},
        },
        **_answers(needs_session=case.signed_in or case.staff),
    }


def operation_of_view(shown: View[Any], schemas: Schemas, key: str) -> dict[str, Any]:
    """What the document says of a view whose query is `key` among `schemas`."""
    required = schemas.required(key)
    asked = [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": schema,
            "example": schemas.example(schema, name),
        }
        for name, schema in schemas.properties(key).items()
    ]
    paging = [
        _query(LIMIT, f"Items of a list in a page, {DEFAULT_LIMIT} unless told.", _NUMBER),
        _query(CURSOR, "`next` of the page before.", {"type": "string"}),
    ]
    return {
        "parameters": [*asked, *paging, *_everywhere()],
        **_answers(needs_session=shown.signed_in or shown.staff),
    }


def components() -> dict[str, Any]:
    """What all operations refer to, beside forms and queries."""
    text = {"type": "string"}
    violation = {
        "type": "object",
        "required": ["rule", "field", "message", "reason"],
        "properties": {
            "rule": {"type": "string", "examples": ["REG-02"]},
            "field": {"type": "string", "examples": ["inn"]},
            "message": text,
            "reason": {"anyOf": [text, {"type": "null"}]},
        },
    }
    error = {
        "type": "object",
        "required": ["field", "expected"],
        "properties": {"field": text, "expected": text},
    }
    problem = {
        "type": "object",
        "required": ["type", "title", "status", "code", "request_id"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(PROBLEMS)},
            "request_id": text,
            "state": text,
            "data": {"type": "object"},
            "violations": {"type": "array", "items": {"$ref": _REF.format(model="Violation")}},
            "errors": {"type": "array", "items": error},
        },
    }
    outcome = {
        "type": "object",
        "required": ["state", "data"],
        "properties": {
            "state": text,
            "data": {"type": "object"},
            "next": text,
            "violations": {"type": "array", "items": {"$ref": _REF.format(model="Violation")}},
        },
    }
    return {
        "schemas": {"Outcome": outcome, "Problem": problem, "Violation": violation},
        "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
    }


_NUMBER: Final = {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS}


def _answers(*, needs_session: bool) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for problem in PROBLEMS.values():
        by_status.setdefault(str(problem.status), []).append(
            f"`{problem.code}`: {problem.title.en}"
        )
    answers: dict[str, Any] = {
        status: {
            "description": "; ".join(texts),
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
        for status, texts in sorted(by_status.items())
    }
    done = {
        "description": "Done",
        "content": {_JSON: {"schema": {"$ref": _REF.format(model="Outcome")}}},
    }
    operation: dict[str, Any] = {"responses": {"200": done, **answers}}
    if needs_session:
        operation["security"] = [{"session": []}]
    return operation


def _everywhere() -> list[dict[str, Any]]:
    languages = {"type": "string", "examples": ["ru", "en"]}
    return [_header("Accept-Language", "Of messages: Russian unless told.", languages)]


def _header(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": schema}


def _query(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}
