"""Types of a parameter's value: a function per type turns what YAML or Python gave into one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from rulebook.frozen import FrozenMapping

ValueType: TypeAlias = Literal[
    "count", "number", "range", "counts", "list", "text", "choice", "table"
]
Value: TypeAlias = (
    int
    | float
    | str
    | tuple[int, ...]
    | tuple[int | float, ...]
    | tuple[str, ...]
    | FrozenMapping[str, int]
)


class WrongValueError(ValueError):
    """The value does not fit; the message says what was expected."""


def accept(
    value_type: ValueType, value: object, choices: Sequence[str] = (), keys: Sequence[str] = ()
) -> Value:
    """`value` as the immutable form of `value_type`.

    `choices` are the words a `choice` admits, `keys` the entries a `table` must have. Quantities
    are never negative: the book has only sizes, terms and limits. Raises `WrongValueError` with
    the expectation.
    """
    if value_type == "choice":
        return _choice(value, choices)
    if value_type == "table":
        return _table(value, keys)
    return _PLAIN[value_type](value)


def _whole(value: object) -> int | None:
    # bool is an int in Python, yet `true` in a policy is never a quantity
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def _quantity(value: object) -> int | float | None:
    if isinstance(value, float) and math.isfinite(value) and value >= 0:
        return value
    return _whole(value)


def _items(value: object) -> Sequence[object] | None:
    return value if isinstance(value, list | tuple) else None


def _count(value: object) -> Value:
    whole = _whole(value)
    if whole is None:
        raise WrongValueError("a whole number, 0 or more")
    return whole


def _number(value: object) -> Value:
    quantity = _quantity(value)
    if quantity is None:
        raise WrongValueError("a number, 0 or more")
    return quantity


def _range(value: object) -> Value:
    ends = [_quantity(item) for item in _items(value) or ()]
    known = tuple(end for end in ends if end is not None)
    if len(known) != 2 or len(ends) != 2 or known[0] > known[1]:
        raise WrongValueError("two numbers [low, high], 0 or more, low not above high")
    return known


def _counts(value: object) -> Value:
    items = _items(value)
    wholes = tuple(whole for item in items or () if (whole := _whole(item)) is not None)
    if items is None or len(wholes) != len(items):
        raise WrongValueError("a list of whole numbers, 0 or more")
    return wholes


def _list(value: object) -> Value:
    items = _items(value)
    words = tuple(item for item in items or () if isinstance(item, str) and item)
    if items is None or len(words) != len(items) or len(set(words)) != len(words):
        raise WrongValueError("a list of different non-empty texts")
    return words


def _text(value: object) -> Value:
    if not isinstance(value, str) or not value:
        raise WrongValueError("a non-empty text")
    return value


def _choice(value: object, choices: Sequence[str]) -> Value:
    if not isinstance(value, str) or value not in choices:
        raise WrongValueError(f"one of {', '.join(choices)}")
    return value


def _table(value: object, keys: Sequence[str]) -> Value:
    expected = f"a mapping of {', '.join(keys)} to whole numbers, 0 or more"
    if not isinstance(value, Mapping) or set(value) != set(keys):
        raise WrongValueError(expected)
    wholes = {key: whole for key in keys if (whole := _whole(value[key])) is not None}
    if len(wholes) != len(keys):
        raise WrongValueError(expected)
    return FrozenMapping(wholes)


_PLAIN: dict[ValueType, Callable[[object], Value]] = {
    "count": _count,
    "number": _number,
    "range": _range,
    "counts": _counts,
    "list": _list,
    "text": _text,
}
