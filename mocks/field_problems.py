"""What is wrong with a field that a client has sent, in the words of the scenario format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from mocks.core.faults import FaultError
from scenarios.problems import Problem
from scenarios.sections import coded

__all__ = ["FieldProblem", "field_problems", "named_problem"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`field` is its path with dots (empty: the whole), `expected` what it should have been."""

    field: str
    expected: str

    def __str__(self) -> str:
        return f"{self.field}: {self.expected}" if self.field else self.expected


def field_problems(errors: Iterable[ErrorDetails | Any]) -> list[FieldProblem]:
    """The problems of a failed validation (pydantic's `errors()`)."""
    return [_problem(error) for error in errors]


def named_problem(message: str) -> FieldProblem:
    """The problem of a message that begins with the field: `service: nobody is none of …`."""
    field, colon, expected = message.partition(": ")
    return FieldProblem(field, expected) if colon else FieldProblem("", message)


def _problem(error: ErrorDetails) -> FieldProblem:
    raised = error.get("ctx", {}).get("error")
    if isinstance(raised, FaultError):
        return named_problem(str(raised))
    path, code, params = coded(error)
    if code == "invalid":  # a type of pydantic's own that the format doesn't have
        return FieldProblem(_dotted(path), error["msg"])
    return FieldProblem(_dotted(path), Problem(code, "", params=params).text("en"))


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path)
