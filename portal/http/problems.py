"""Refusals as `application/problem+json` (RFC 9457), with every violated rule at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from portal.rules.rule import Violation
from portal.use_case import Outcome, Refusal
from rulebook import Language, RuleBook, Text

__all__ = ["MEDIA_TYPE", "PROBLEMS", "REFUSALS", "Problem", "Refused", "problem_of"]

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_LATER_S: Final = 30  # what a silent registry is given


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal: its stable code, the status, what people are told."""

    code: str
    status: int
    title: Text


_OF_THE_PORTAL: Final = (
    Problem("wrong", 422, Text("Присланное нарушает правила", "What was sent breaks rules")),
    Problem("unauthenticated", 401, Text("Нужно войти", "Sign in first")),
    Problem("forbidden", 403, Text("На это нет права", "You may not do that")),
    Problem("absent", 404, Text("Такого нет", "There is no such thing")),
    Problem("state", 409, Text("Сейчас это невозможно", "Not in this state")),
    Problem(
        "later",
        503,
        Text("Сервис недоступен, повторите позже", "Service unavailable, try again later"),
    ),
    Problem(
        "key-taken",
        422,
        Text(
            "Этот Idempotency-Key уже дан другому содержанию",
            "That Idempotency-Key was given to another content",
        ),
    ),
)
_OF_HTTP: Final = (
    Problem("not-json", 400, Text("Тело — не JSON-объект", "The body is no JSON object")),
    Problem("bad-header", 400, Text("Заголовок нельзя прочесть", "A header cannot be read")),
    Problem("no-such-path", 404, Text("Такого пути нет", "There is no such path")),
    Problem("method", 405, Text("Метод здесь не поддержан", "Not this method here")),
    Problem(
        "changed", 412, Text("Это уже изменили, прочтите снова", "It has changed, read it again")
    ),
    Problem("too-large", 413, Text("Тело слишком велико", "The body is too large")),
    Problem("media-type", 415, Text("Тело должно быть JSON", "The body has to be JSON")),
    Problem("unreadable", 422, Text("Поля нельзя прочесть", "Fields cannot be read")),
    Problem("too-many", 429, Text("Слишком много запросов", "Too many requests")),
    Problem(
        "failure", 500, Text("Сбой портала, мы о нём знаем", "The portal has failed, we know of it")
    ),
    Problem("busy", 503, Text("Портал перегружен", "The portal is overloaded")),
    Problem(
        "overtaken",
        503,
        Text("Другие опередили, повторите", "Others were first, try again"),
    ),
)
PROBLEMS: Final[Mapping[str, Problem]] = MappingProxyType(
    {each.code: each for each in (*_OF_THE_PORTAL, *_OF_HTTP)}
)
REFUSALS: Final[Mapping[str, Problem]] = MappingProxyType(
    {each.code: each for each in _OF_THE_PORTAL}
)
"""By `portal.use_case.Refusal`."""


@dataclass(eq=False)
class Refused(Exception):
    """A request is refused with the problem of that `code`, before any use case: `errors` are
    fields and what was expected of them, `violations` the rule that is behind it, if one is."""

    code: str
    errors: tuple[tuple[str, Text], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()


def problem_of(
    refused: Refused, book: RuleBook, language: Language, request_id: str
) -> dict[str, Any]:
    """The body of a refusal before any use case."""
    problem = PROBLEMS[refused.code]
    body = _body(problem, language, request_id)
    if refused.errors:
        body["errors"] = [
            {"field": name, "expected": expected.in_language(language)}
            for name, expected in refused.errors
        ]
    if refused.violations:
        body["violations"] = [violation_of(each, book, language) for each in refused.violations]
    return body


def refusal_of(
    outcome: Outcome,
    refusal: Refusal,
    book: RuleBook,
    language: Language,
    request_id: str,
    also: tuple[Violation, ...] = (),
) -> dict[str, Any]:
    """The body of a refused outcome: the state, every violated rule, what belongs to it."""
    body = _body(REFUSALS[refusal], language, request_id)
    body["state"] = outcome.state
    body["violations"] = [
        violation_of(each, book, language) for each in (*also, *outcome.violations)
    ]
    if outcome.data:
        body["data"] = outcome.data
    return body


def violation_of(violation: Violation, book: RuleBook, language: Language) -> dict[str, Any]:
    """A broken rule as people read it."""
    reason = violation.reason
    return {
        "rule": violation.rule,
        "field": violation.field,
        "message": book.rule(violation.rule).message.in_language(language),
        "reason": None if reason is None else reason.in_language(language),
    }


def retry_after(outcome: Outcome) -> Mapping[str, str]:
    """When to come again, if it is to be done later: when the outcome says."""
    if outcome.refusal != "later":
        return {}
    return {"Retry-After": str(outcome.data.get("retry_after_s", _RETRY_LATER_S))}


def _body(problem: Problem, language: Language, request_id: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": problem.title.in_language(language),
        "status": problem.status,
        "code": problem.code,
        "request_id": request_id,
    }
