"""A legal entity is registered: by a representative, with papers and a signature; both agencies
check it for days, then the cabinet is activated."""

import base64
from typing import Any, Final

from loadtests.case import Case
from loadtests.journeys.beginnings import (
    Papers,
    application_with,
    confirm_in_person,
    enter,
    enter_by_signature,
    prepare_application,
    sign_up,
)
from loadtests.journeys.rules_shown import FILES, REGISTRATION, SIGNATURES, of_kind

__all__ = ["prepare", "walk"]

_SHOWN: Final = of_kind("legal", REGISTRATION, SIGNATURES)
_WEEK_S: Final = 7 * 86_400.0  # VER-02: five working days
_POLL_S: Final = 6 * 3_600.0


def prepare(case: Case) -> None:
    """A confirmed account."""
    sign_up(case)
    confirm_in_person(case)


def walk(case: Case) -> None:
    """To the agencies, and to an active cabinet if the run is long enough for their checks."""
    case.show([*_SHOWN, *FILES])
    enter(case)
    case.think()
    prepare_application(case)
    case.think()
    papers = Papers(case)

    def form() -> dict[str, Any]:
        return _signed(case, application_with(case, papers))

    verdict = case.submit(
        "register_organization",
        form,
        into=("verifying",),
        catches=_SHOWN,
        consequences=("REG-14",),  # the number that was confirmed is another one
        submits="organization",
        node="submit",
    )
    organization = str(verdict.told.data["organization"])
    case.subject.known["organization"] = organization
    case.read("registration", {"organization": organization}, into=("verifying",))
    if case.timing.fits(_WEEK_S):
        _wait(case, organization)
        _activate(case, organization)


def _signed(case: Case, form: dict[str, Any]) -> dict[str, Any]:
    text = str(case.read("registration_text", form).told.data["text"])
    return {**form, "signature": base64.b64encode(case.signed(text)).decode()}


def _wait(case: Case, organization: str) -> None:
    """Until the checks are over; a session of before is over by then."""
    while True:
        case.pause(_POLL_S)
        enter_by_signature(case)
        told = case.read(
            "registration", {"organization": organization}, into=("verifying", "verified")
        ).told
        if told.state == "verified":
            return


def _activate(case: Case, organization: str) -> None:
    form = case.filing.form
    phone = case.subject.visitor.person.phone
    case.confirm(
        lambda: case.act("request_activation_code", {"organization": organization}),
        phone,
        "activate_cabinet",
        lambda code: {
            "organization": organization,
            "inn": form.inn,
            "ogrn": form.ogrn,
            "phone": phone,
            "code": code,
            "terms_accepted": True,
        },
        into=("active",),
    )
