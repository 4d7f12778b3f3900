"""ФНС and МВД on people and accounts (ACC-04, ACC-08, BND-09, BND-16, REG-16)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["AuthorityVerdict", "Fns", "Mvd", "NamedPerson", "PassportVerdict", "Verdict"]

Verdict: TypeAlias = Literal["match", "mismatch", "not_found"]
PassportVerdict: TypeAlias = Literal["valid", "lost", "expired", "invalid", "not_found", "mismatch"]
AuthorityVerdict: TypeAlias = Literal["confirmed", "wrong_code", "closed"]
"""`closed`: this code can be entered no more (its term, its attempts, another head)."""


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

    def ask_authority_code(
        self, request_id: str, inn: str, ogrn: str, representative_inn: str
    ) -> str | None:
        """Send a code to the head of the organization for whoever is to represent it (REG-16); the
        number of the question, None if the service knows no such organization or person.
        Unavailable."""

    def confirm_authority(self, number: str, code: str) -> AuthorityVerdict:
        """Enter the code that the head has passed on. Unavailable."""


class Mvd(Protocol):
    """The passport base."""

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        """Whether a passport is good and that person's, and the fields that differ. Unavailable."""
