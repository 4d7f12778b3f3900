"""A lost password: a code by mail, another password, and a sign-in with it."""

from loadtests.case import Case
from loadtests.journeys.beginnings import enter, sign_up
from loadtests.journeys.rules_shown import NOTHING

__all__ = ["prepare", "walk"]


def prepare(case: Case) -> None:
    """An activated account."""
    sign_up(case)


def walk(case: Case) -> None:
    """To the new session."""
    case.show(NOTHING)
    visitor = case.subject.visitor
    person = visitor.person
    password = f"Qm4#vT{case.number:06d}zL!"
    form = {"inn": person.inn, "email": person.email}
    case.confirm(
        lambda: case.act("request_recovery", {**form, "channel": "email"}, node="submit"),
        person.email,
        "recover_password",
        lambda code: {**form, "code": code, "password": password},
    )
    visitor.password = password
    case.think()
    enter(case)
