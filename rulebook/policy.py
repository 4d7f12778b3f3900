"""A policy: the parameters of the rule book with some of them overridden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulebook.errors import PolicyError, PolicyProblem, UnknownEntryError, close_matches
from rulebook.frozen import FrozenMapping
from rulebook.kinds import Kind
from rulebook.model import Parameter
from rulebook.values import Value, WrongValueError, accept

BY_KIND = "by_kind"
"""The word of a `choice` that leaves the decision to the parameter's `by_kind` table."""


@dataclass(frozen=True)
class Policy:
    """Values of all parameters; those not in `overrides` keep the book's default.

    Made by `RuleBook.policy`. The typed readers raise `UnknownEntryError` for an unknown key and
    `TypeError` when the parameter is of another type; units are the parameter's.
    """

    parameters: Mapping[str, Parameter]
    overrides: Mapping[str, Value]

    def __getitem__(self, key: str) -> Value:
        if key in self.overrides:
            return self.overrides[key]
        if key not in self.parameters:
            raise UnknownEntryError("parameter", key, self.parameters)
        return self.parameters[key].value

    def __contains__(self, key: object) -> bool:
        return key in self.parameters

    def count(self, key: str) -> int:
        """The value of a `count`."""
        value = self[key]
        if self.parameters[key].type != "count" or not isinstance(value, int):
            raise self._mistyped(key, "count")
        return value

    def number(self, key: str) -> float:
        """The value of a `number` or a `count`."""
        value = self[key]
        if not isinstance(value, int | float):
            raise self._mistyped(key, "number")
        return float(value)

    def range(self, key: str) -> tuple[float, float]:
        """The ends of a `range`, low and high."""
        value = self[key]
        if self.parameters[key].type != "range" or not isinstance(value, tuple):
            raise self._mistyped(key, "range")
        low, high = value
        return float(low), float(high)

    def texts(self, key: str) -> tuple[str, ...]:
        """The items of a `list`."""
        value = self[key]
        if self.parameters[key].type != "list" or not isinstance(value, tuple):
            raise self._mistyped(key, "list")
        return tuple(str(item) for item in value)

    def counts(self, key: str) -> tuple[int, ...]:
        """The items of a `counts`."""
        value = self[key]
        if self.parameters[key].type != "counts" or not isinstance(value, tuple):
            raise self._mistyped(key, "counts")
        return tuple(item for item in value if isinstance(item, int))

    def text(self, key: str) -> str:
        """The words of a `text`."""
        value = self[key]
        if self.parameters[key].type != "text" or not isinstance(value, str):
            raise self._mistyped(key, "text")
        return value

    def choice(self, key: str, kind: Kind) -> str:
        """The word of a `choice` for an applicant of `kind`; `by_kind` is resolved."""
        value = self[key]
        parameter = self.parameters[key]
        if parameter.type != "choice" or not isinstance(value, str):
            raise self._mistyped(key, "choice")
        return parameter.by_kind[kind] if value == BY_KIND else value

    def _mistyped(self, key: str, asked: str) -> TypeError:
        return TypeError(f"{key} is a {self.parameters[key].type}, not a {asked}")


def make_policy(parameters: Mapping[str, Parameter], overrides: Mapping[str, object]) -> Policy:
    """The policy of `parameters` under `overrides`; raises `PolicyError` with every wrong entry."""
    problems: list[PolicyProblem] = []
    accepted: dict[str, Value] = {}
    for key, value in overrides.items():
        parameter = parameters.get(key)
        if parameter is None:
            problems.append(_unknown(str(key), value, parameters))
            continue
        try:
            accepted[key] = accept(parameter.type, value, parameter.choices, parameter.table_keys())
        except WrongValueError as wrong:
            problems.append(PolicyProblem("wrong-type", key, str(wrong), value))
    if problems:
        raise PolicyError(problems)
    return Policy(parameters, FrozenMapping(accepted))


def _unknown(key: str, value: object, parameters: Mapping[str, Parameter]) -> PolicyProblem:
    expected = "a parameter of the rule book"
    return PolicyProblem("unknown-parameter", key, expected, value, close_matches(key, parameters))
