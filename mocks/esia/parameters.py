"""Parameters of a request to the authorization service: each once, and readable."""

from collections.abc import Mapping
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from mocks.esia.errors import Declined

__all__ = ["LONGEST", "Parameters", "parameters", "required"]

Parameters: TypeAlias = Mapping[str, str]

LONGEST: Final = 2_048
"""Characters of a value, client_secret apart; assumption."""

_MOST: Final = 100  # parameters of a request
_UNBOUNDED: Final = frozenset({"client_secret", "refresh_token"})


def parameters(encoded: str | bytes) -> dict[str, str]:
    """Names and values of a query or of a form.

    Declined 007038 for what cannot be read, 007003 for a parameter that is there twice or too long.
    """
    try:
        text = encoded if isinstance(encoded, str) else encoded.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST, errors="strict")
    except ValueError:
        raise Declined("007038", "ожидаются параметры формы в UTF-8") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Declined("007003", f"{name[:50]} указан дважды")
        if len(value) > LONGEST and name not in _UNBOUNDED:
            raise Declined("007003", f"{name[:50]} длиннее {LONGEST} знаков")
        found[name] = value
    return found


def required(given: Parameters, name: str) -> str:
    """The value of a parameter; Declined 007014 if it is not there or empty."""
    value = given.get(name, "")
    if not value:
        raise Declined("007014", name)
    return value
