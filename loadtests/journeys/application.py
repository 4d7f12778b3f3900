"""An organization applies to an agency; an operator decides."""

from typing import Any, Final

from loadtests.case import Case
from loadtests.journeys.beginnings import OPERATOR, cabinet, enter_by_bank
from loadtests.journeys.rules_shown import NOTHING

__all__ = ["apply", "prepare", "walk"]

_APPEAL: Final = {"subject": "Отчётность", "text": "Какую форму сдавать?"}


def prepare(case: Case) -> None:
    """An open cabinet."""
    cabinet(case)


def walk(case: Case) -> None:
    """From the sign-in to the decision."""
    case.show(NOTHING)
    organization = case.subject.known["organization"]
    enter_by_bank(case)
    case.think()
    asked = {"organization": organization, "kind": "appeal"}
    case.read("application_form", asked, into=("filled",))
    case.think()
    card = apply(case)
    case.think()
    case.act(
        "decide_application",
        {"application": card["application"], "approved": True, "comment": "Решение № 7"},
        into=("approved",),
        operator=OPERATOR,
    )
    case.read("application_card", card, into=("approved",))


def apply(case: Case) -> dict[str, Any]:
    """An appeal is drafted and submitted."""
    organization = case.subject.known["organization"]
    form = {"organization": organization, "kind": "appeal", "fields": dict(_APPEAL)}
    drafted = case.act("draft_application", form, into=("draft",), submits="application")
    case.think()
    card = {"organization": organization, "application": drafted.told.data["application"]}
    version = case.read("application_card", card, into=("draft",)).told.data["version"]
    form = {**card, "version": version}
    case.act("submit_application", form, submits="application", node="submit")
    return card
