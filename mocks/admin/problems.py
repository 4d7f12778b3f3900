"""How the admin API refuses: `application/problem+json` (RFC 9457) with the fields that are wrong.

The codes are listed in docs/admin-api.md.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from mocks.core.country import TenantError
from mocks.field_problems import FieldProblem, field_problems, named_problem

__all__ = [
    "MEDIA_TYPE",
    "NO_TENANT",
    "Problem",
    "ProblemError",
    "invalid",
    "named",
    "refusals",
    "refuse_with_problems",
]

MEDIA_TYPE: Final = "application/problem+json"
NO_TENANT: Final = "There is no such tenant"
_JSON: Final = "application/json"
_PLACES: Final = frozenset({"body", "query", "path"})  # where FastAPI found the field


class FieldError(BaseModel):
    """A field (its path with dots; empty: the whole) and what was expected of it."""

    field: str
    expected: str


class Problem(BaseModel):
    """Why a request was refused; `code` is stable."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Unprocessable Entity",
                    "status": 422,
                    "detail": "factor: kind slow needs it",
                    "code": "invalid",
                    "errors": [{"field": "factor", "expected": "kind slow needs it"}],
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


class ProblemError(Exception):
    """A request is refused."""

    def __init__(
        self, status: int, code: str, detail: str, problems: Iterable[FieldProblem] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.problems = tuple(problems)


def invalid(problems: Iterable[FieldProblem]) -> ProblemError:
    """The refusal of wrong fields."""
    wrong = list(problems)
    return ProblemError(422, "invalid", "; ".join(map(str, wrong)), wrong)


def refusals(**statuses: str) -> dict[int | str, dict[str, Any]]:
    """The refusals of an operation for its documentation: `_404="There is no such tenant"`."""
    return {
        int(name.removeprefix("_")): {"model": Problem, "description": text}
        for name, text in statuses.items()
    }


def refuse_with_problems(app: FastAPI) -> None:
    """Let every refusal of `app` be a problem."""

    @app.exception_handler(ProblemError)
    async def refused(_: Request, error: ProblemError) -> Response:
        return _response(error)

    @app.exception_handler(TenantError)
    async def no_tenant(_: Request, error: TenantError) -> Response:
        return _response(ProblemError(404, "no-such-tenant", str(error)))

    @app.exception_handler(RequestValidationError)
    async def wrong_fields(request: Request, error: RequestValidationError) -> Response:
        broken = next((e for e in error.errors() if e["type"] == "json_invalid"), None)
        given = request.headers.get("content-type")
        if error.body is not None and not (given or "").startswith(_JSON):
            return _response(invalid([FieldProblem("Content-Type", f"{_JSON}, got {given}")]))
        if broken is not None:
            place = f"JSON; character {broken['loc'][-1]}: {broken['ctx']['error']}"
            return _response(invalid([FieldProblem("", place)]))
        inner = [{**e, "loc": _without_place(e["loc"])} for e in error.errors()]
        return _response(invalid(field_problems(inner)))

    @app.exception_handler(HTTPException)
    async def of_the_framework(request: Request, error: HTTPException) -> Response:
        code = {404: "no-such-path", 405: "method"}.get(error.status_code, "refused")
        detail = f"{request.method} {request.url.path}: {error.detail}"
        response = _response(ProblemError(error.status_code, code, detail))
        response.headers.update(error.headers or {})
        return response


def _without_place(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return loc[1:] if loc and loc[0] in _PLACES else loc


def _response(error: ProblemError) -> Response:
    problem = Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        code=error.code,
        errors=[FieldError(field=p.field, expected=p.expected) for p in error.problems],
    )
    body = problem.model_dump_json()
    return Response(body, error.status, media_type=MEDIA_TYPE)


def named(error: ValueError, prefix: str = "") -> ProblemError:
    """The refusal of an error whose message begins with the field."""
    problem = named_problem(str(error))
    field = ".".join(part for part in (prefix, problem.field) if part)
    return invalid([FieldProblem(field, problem.expected)])
