"""An application for registration as the portal keeps it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from portal.organizations.organization import Requisites
from portal.rules.registration import Application
from portal.rules.rule import Violation
from portal.store.entity import Entity

__all__ = ["Difference", "Registration", "application_in", "differences_of", "requisites_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the register does not bear an application out: the rule, the field, what is wrong."""

    rule: str
    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Registration(Entity):
    """The application for the organization of the same id, filed by `account`.

    `registered` is the organization's day of registration by the register, known once it has been
    compared. `confirmation` is the document of VER-08. `differences` are those of the latest
    comparison, `answer` what the applicant has replied to a query (VER-10). Whether `account` leads
    the organization `shows_when_compared` if the register was silent when it was filed.
    """

    KIND: ClassVar[str] = "registration"

    account: str
    application: Application
    documents: tuple[str, ...]
    submitted_at: dt.datetime
    signed_by: str | None = None
    registered: dt.date | None = None
    compared_at: dt.datetime | None = None
    confirmation: str | None = None
    differences: tuple[Difference, ...] = ()
    answer: str = ""
    shows_when_compared: bool = False

    def keys(self) -> Mapping[str, str]:
        """By the account that has filed it."""
        return {"account": self.account}


def differences_of(violations: Iterable[Violation]) -> tuple[Difference, ...]:
    """Violations that a comparison has found, as they are kept and shown."""
    return tuple(
        Difference(
            rule=each.rule,
            field=each.field,
            text="" if each.reason is None else each.reason.ru,
        )
        for each in violations
    )


def application_in(form: Application) -> Application:
    """The application in a form that has more fields than it."""
    return Application(**{each.name: getattr(form, each.name) for each in fields(Application)})


def requisites_of(form: Application) -> Requisites:
    """What of an application becomes the organization's profile."""
    copied: dict[str, Any] = {
        each.name: getattr(form, each.name) for each in fields(Requisites) if each.name != "kpp"
    }
    return Requisites(kpp=form.kpp or None, **copied)
