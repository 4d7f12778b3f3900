"""ФНС and МВД on people and accounts (ACC-04, ACC-08, BND-09, BND-16, REG-16)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Fns", "Mvd", "NamedPerson", "PassportVerdict", "Verdict"]

Verdict: TypeAlias = Literal["match", "mismatch", "not_found"]
PassportVerdict: TypeAlias = Literal["valid", "lost", "expired", "invalid", "not_found", "mismatch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Who is asked about: full name (ID-13) and birth date."""

    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: dt.date


class Fns(Protocol):
    """The tax service's checks that are answered at once."""

    def check_person(self, person: NamedPerson, inn: str) -> tuple[Verdict, Sequence[str]]:
        """Whether the ИНН is that person's, and the fields that differ. Unavailable."""

    def check_account(self, inn: str, bik: str, account: str) -> bool:
        """Whether a settlement account is that organization's (BND-16). Unavailable."""


class Mvd(Protocol):
    """The passport base."""

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        """Whether a passport is good and that person's, and the fields that differ. Unavailable."""
