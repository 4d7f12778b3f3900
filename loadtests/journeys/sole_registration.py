"""A sole proprietor registers through the bank; the register alone is asked, and the cabinet opens
at once (REG-09)."""

from typing import Any, Final

from loadtests.case import Case
from loadtests.journeys.beginnings import (
    Papers,
    application_with,
    confirm_in_person,
    enter_by_bank,
    prepare_application,
    sign_up,
)
from loadtests.journeys.rules_shown import FILES, REGISTRATION, of_kind

__all__ = ["prepare", "walk"]

_SHOWN: Final = of_kind("sole_proprietor", REGISTRATION)


def prepare(case: Case) -> None:
    """A confirmed account."""
    sign_up(case)
    confirm_in_person(case)


def walk(case: Case) -> None:
    """From the bank to an open cabinet."""
    enter_by_bank(case)  # for a liquidated one's bank would not answer
    case.show([*_SHOWN, *FILES])
    case.think()
    prepare_application(case)
    case.think()
    papers = Papers(case)

    def form() -> dict[str, Any]:
        return application_with(case, papers)

    verdict = case.submit(
        "register_organization",
        form,
        into=("active",),
        catches=_SHOWN,
        consequences=("REG-14", "REG-09"),  # the number that was confirmed is another one
        submits="organization",
        node="submit",
    )
    case.subject.known["organization"] = str(verdict.told.data["organization"])
    case.read("my_organizations", into=("shown",))
