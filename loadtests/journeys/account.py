"""Signing up, activation, and an identity that registers confirm within a quarter of an hour."""

from typing import Any, Final

from loadtests.answers import Verdict
from loadtests.case import Case
from loadtests.journeys.beginnings import activate, enter
from loadtests.journeys.rules_shown import ACCOUNT
from world.forms import identity_form, passport_scan, sign_up_form

__all__ = ["prepare", "walk"]

_LONGEST_S: Final = 900.0  # ACC-04: a quarter of an hour
_POLL_S: Final = 60.0


def prepare(case: Case) -> None:
    """Nothing comes before an account."""


def _typed(case: Case) -> dict[str, Any]:
    """The form of a new account; of the mistakes of a filing those that one makes here too."""
    visitor, mistakes = case.subject.visitor, case.subject.applicant.defects
    form = sign_up_form(visitor.person, visitor.password)
    if "phone_without_code" in mistakes:
        form["phone"] = form["phone"].replace("+7", "8", 1)
    if "email_invalid" in mistakes:
        form["email"] = form["email"].replace("@", "")
    return form


def _passport(case: Case, scan: str) -> dict[str, Any]:
    form = identity_form(case.subject.visitor.person, scan)
    return {**form, "snils": case.filing.form.head_snils}


def walk(case: Case) -> None:
    """From the first form to a confirmed identity, if the run is long enough for it."""
    case.show(ACCOUNT)

    def typed() -> Verdict:
        return case.submit(
            "sign_up",
            lambda: _typed(case),
            into=("new",),
            catches={rule: rule for rule in ("ID-09", "ID-10")},
            submits="account",
            node="submit",
        )

    if not case.target.is_stand:
        typed()  # the code that opens the account cannot be read there
        return
    activate(case, typed)
    case.think()
    enter(case)
    case.think()
    scan = case.act(
        "upload_document",
        passport_scan(case.subject.visitor.person),
        into=("ready",),
        submits="document",
    )
    case.think()
    document = str(scan.told.data["document"])
    case.submit(
        "confirm_identity",
        lambda: _passport(case, document),
        into=("checking",),
        catches={"ID-06": "ID-06"},
    )
    if not case.timing.fits(_LONGEST_S):
        case.read("my_account", into=("checking", "confirmed"))
        return
    while case.read("my_account", into=("checking", "confirmed")).told.state != "confirmed":
        case.pause(_POLL_S)
