"""Overrides of rule book parameters, and comparisons with them, as problems of a scenario."""

from collections.abc import Iterator, Mapping
from typing import Final

from rulebook import PolicyError, RuleBook
from scenarios.positions import Document
from scenarios.problems import KeyPath, Problem

__all__ = ["comparison_problems", "policy_problems"]

_COMPARABLE: Final = ("count", "number", "text", "choice")
# What was expected, by the type of the parameter.
_CODES: Final[Mapping[str, str]] = {
    "count": "count",
    "number": "non_negative",
    "text": "text",
    "choice": "choice",
    "range": "policy_range",
    "counts": "policy_counts",
    "list": "policy_list",
    "table": "policy_table",
}


def policy_problems(
    book: RuleBook, values: Mapping[str, object], document: Document, path: KeyPath
) -> Iterator[Problem]:
    """The problems of `values` (parameter key to value), which stand at `path` of the document."""
    try:
        book.policy(values)
    except PolicyError as error:
        for problem in error.problems:
            here = (*path, problem.key)
            parameter = book.parameters.get(problem.key)
            if parameter is None:
                suggestion = problem.suggestions[0] if problem.suggestions else None
                yield document.problem("unknown_policy", here, got=problem.key, closest=suggestion)
                continue
            allowed = parameter.choices or parameter.table_keys()
            yield document.problem(_CODES[parameter.type], here, got=problem.got, allowed=allowed)


def comparison_problems(
    book: RuleBook, values: Mapping[str, object], document: Document, path: KeyPath
) -> Iterator[Problem]:
    """Like `policy_problems` for a condition, where a list means any of its values."""
    for key, value in values.items():
        parameter = book.parameters.get(key)
        if parameter is not None and parameter.type not in _COMPARABLE:
            yield document.problem("policy_comparison", (*path, key))
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from policy_problems(book, {key: one}, document, path)
