"""Kinds of certificates and extracts, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rulebook import Kind

__all__ = ["EXTRACT_KINDS", "ExtractKind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractKind:
    """A kind of APP-06: the `agency` that issues it (a system of the rule book), of which
    organizations, and whether it is about an object that has to be named."""

    agency: str
    applicants: tuple[Kind, ...] = ("legal", "sole_proprietor")
    wants_object: bool = False


EXTRACT_KINDS: Final[Mapping[str, ExtractKind]] = MappingProxyType(
    {
        "выписка ЕГРЮЛ": ExtractKind(agency="egrul", applicants=("legal",)),
        "выписка ЕГРИП": ExtractKind(agency="egrip", applicants=("sole_proprietor",)),
        "выписка ЕГРП": ExtractKind(agency="rosreestr", wants_object=True),
        "задолженность по налогам": ExtractKind(agency="fns"),
        "регистрация в ПФР": ExtractKind(agency="pfr"),
        "лицензии и разрешения": ExtractKind(agency="licensing"),
    }
)
"""By the names of the rule book's `APP-06.kinds`."""
