"""A sign-in, a look at one's account, and the end of the session: by password and code mostly, by
signature sometimes."""

from typing import Final

from loadtests.case import Case
from loadtests.journeys.beginnings import (
    confirm_in_person,
    enter,
    enter_by_signature,
    sign_up,
)
from loadtests.journeys.rules_shown import NOTHING
from world import draws

__all__ = ["prepare", "walk"]

_WAY: Final = draws.text_key("loadtest/sign_in")
_BY_SIGNATURE: Final = 0.25  # of password and signature, as the built-in journey has them


def prepare(case: Case) -> None:
    """A confirmed account."""
    sign_up(case)
    confirm_in_person(case)


def walk(case: Case) -> None:
    """In, and out again."""
    case.show(NOTHING)
    if draws.uniform(case.subject.applicant.entity, _WAY, case.number, 0) < _BY_SIGNATURE:
        enter_by_signature(case)
    else:
        enter(case, node="submit")
    case.think()
    case.read("my_account", into=("confirmed",))
    case.think()
    case.act("sign_out", {})
