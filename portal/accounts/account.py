"""The account of a person."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from portal.state_table import StateTable
from portal.store.entity import Entity
from world.records import FullName

__all__ = ["ACCOUNT_STATES", "Account", "AccountState"]

AccountState: TypeAlias = Literal[
    "new", "active", "checking", "with_operator", "confirmed", "blocked"
]

ACCOUNT_STATES: Final[StateTable[AccountState]] = StateTable(
    name="account",
    titles={
        "new": "Создана, код не введён",
        "active": "Активна, личность не подтверждена",
        "checking": "Личность проверяется",
        "with_operator": "Документы проверяет оператор",
        "confirmed": "Подтверждённая",
        "blocked": "Заблокирована",
    },
    first="new",
    transitions={
        ("new", "activate"): "active",  # ACC-02
        ("active", "check"): "checking",  # ACC-04
        ("active", "confirm"): "confirmed",  # ACC-03
        ("checking", "confirm"): "confirmed",
        ("checking", "refuse"): "active",  # ACC-08
        ("checking", "ask_operator"): "with_operator",  # ACC-05
        ("with_operator", "confirm"): "confirmed",
        ("with_operator", "refuse"): "active",
    },
)


@dataclass(frozen=True, kw_only=True)
class Account(Entity):
    """A person's account (ACC-01); `inn` and `phone` are nobody else's (ACC-09).

    `password` is an argon2id hash, never anything else (SEC-01).
    """

    KIND: ClassVar[str] = "account"

    inn: str
    name: FullName
    birth_date: dt.date
    phone: str
    email: str
    snils: str | None = None
    state: AccountState = "new"
    phone_confirmed: bool = False
    email_confirmed: bool = False
    confirmed_at: dt.datetime | None = None
    confirmed_by: str | None = None
    password: str = ""
    password_set_at: dt.datetime | None = None
    password_is_temporary: bool = False

    def keys(self) -> Mapping[str, str]:
        """By e-mail."""
        return {"email": self.email.casefold()}

    def unique(self) -> Mapping[str, str]:
        """By ИНН and by phone (ACC-09)."""
        return {"inn": self.inn, "phone": self.phone}
