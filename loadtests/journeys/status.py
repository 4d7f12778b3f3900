"""Somebody who waits looks again and again at what has become of an application."""

from typing import Final

from loadtests.case import Case
from loadtests.journeys.application import apply
from loadtests.journeys.beginnings import cabinet, enter
from loadtests.journeys.rules_shown import NOTHING

__all__ = ["prepare", "walk"]

_LOOKS: Final = 5
_EVERY_S: Final = 30.0


def prepare(case: Case) -> None:
    """An open cabinet with an application that is considered."""
    cabinet(case)
    card = apply(case)
    case.subject.known["application"] = str(card["application"])


def walk(case: Case) -> None:
    """A session of some looks."""
    case.show(NOTHING)
    known = case.subject.known
    organization = {"organization": known["organization"]}
    enter(case)
    for _ in range(_LOOKS):
        case.think()
        case.read("registration", organization, into=("active",))
        case.read("applications", organization, into=("shown",))
        case.read("application_card", {**organization, "application": known["application"]})
        case.pause(_EVERY_S)
    case.act("sign_out", {})
