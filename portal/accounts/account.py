"""The account of a person."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from portal.state_table import StateTable
from portal.store.entity import Entity
from world.records import FullName

__all__ = ["ACCOUNT_STATES", "Account", "AccountState"]

AccountState: TypeAlias = Literal["new", "active", "checking", "with_operator", "confirmed"]

ACCOUNT_STATES: Final[StateTable[AccountState]] = StateTable(
    name="account",
    titles={
        "new": "Создана, код не введён",
        "active": "Активна, личность не подтверждена",
        "checking": "Личность проверяется",
        "with_operator": "Документы проверяет оператор",
        "confirmed": "Подтверждённая",
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

    `password` is an argon2id hash, never anything else (SEC-01). `login_code` is the code that was
    issued to sign in with (AUTH-01), `second_factor` what the person has chosen (AUTH-04), `app`
    the token of the portal's application on their phone (BND-04), `signed_in_at` the first sign-in
    (AUTH-17). A `blocked_at` account lets nobody in (AUTH-14), whatever its state.
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
    login_code: str | None = None
    second_factor: bool = False
    app: str | None = None
    signed_in_at: dt.datetime | None = None
    blocked_at: dt.datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the identity of the person is (ACC-07, ACC-10)."""
        return self.state == "confirmed"

    def keys(self) -> Mapping[str, str]:
        """By e-mail, and by СНИЛС once it is known."""
        snils = {} if self.snils is None else {"snils": self.snils}
        return {"email": self.email.casefold(), **snils}

    def unique(self) -> Mapping[str, str]:
        """By ИНН and by phone (ACC-09), by the issued code."""
        issued = {} if self.login_code is None else {"login_code": self.login_code}
        return {"inn": self.inn, "phone": self.phone, **issued}
