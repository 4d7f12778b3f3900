"""ЕГРЮЛ and ЕГРИП (REG-02 to REG-06, REG-15, BND-13)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from rulebook import Kind

__all__ = ["RegisterChange", "RegisterRecord", "Registers", "Standing"]

Standing: TypeAlias = Literal["active", "liquidating", "liquidated", "unreliable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRecord:
    """What a register says of an organization; a sole proprietor has no `kpp`, capital, founders
    and branches, and is their own head."""

    kind: Kind
    inn: str
    ogrn: str
    kpp: str | None
    full_name: str
    short_name: str
    standing: Standing
    registered: dt.date
    address: str
    head_name: str
    head_inn: str
    head_position: str
    head_since: dt.date | None
    capital_kopecks: int | None
    branches: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """That the record of an organization has changed: which of its fields."""

    number: int
    kind: Kind
    ogrn: str
    inn: str
    fields: Sequence[str]


class Registers(Protocol):
    """Both registers."""

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        """The record of an ОГРН, ОГРНИП or ИНН; None if there is none. Unavailable."""

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        """Changes with numbers above `after`, in their order. Unavailable."""
