"""An organization is added by its full details and bound: a legal entity's by a signature, a sole
proprietor's by a code."""

import base64
from dataclasses import asdict
from typing import Any, Final

from loadtests.case import Case
from loadtests.journeys.beginnings import (
    Papers,
    confirm_in_person,
    enter,
    enter_by_bank,
    sign_up,
)
from loadtests.journeys.rules_shown import BINDING, FILES, SIGNATURES, of_kind

__all__ = ["prepare", "walk"]

_BOUND: Final = ("bound",)
_CONSEQUENCES: Final = ("SIG-06", "BND-16", "BND-15")  # what a number of another's leads to


def prepare(case: Case) -> None:
    """A confirmed account."""
    sign_up(case)
    confirm_in_person(case)


def walk(case: Case) -> None:
    """From the sign-in to the bound organization."""
    kind = case.subject.applicant.kind
    is_legal = kind == "legal"
    shown = of_kind(kind, BINDING, SIGNATURES)
    if is_legal:
        enter(case)
    else:
        enter_by_bank(case)  # for a liquidated one's bank would not answer
    case.show([*shown, *FILES])
    case.think()
    papers = Papers(case)

    asked_us: list[int] = []

    def form() -> dict[str, Any]:
        documents = papers.upload()
        asked_us.append(case.timing.now_us())
        typed = case.filing.form
        asked = {
            "kind": kind,
            **asdict(typed),
            "role": "rep" if is_legal else "head",
            "confirmation": "signature" if is_legal else "sms",
            "documents": documents,
            "branch_code": typed.kpp,
            "branch_address": typed.legal_address,
            "code_by": "sms",
        }
        return {**asked, "signature": _signature(case, typed.ogrn)} if is_legal else asked

    verdict = case.submit(
        "add_organization",
        form,
        into=_BOUND if is_legal else ("confirming",),
        catches=shown,
        consequences=_CONSEQUENCES,
        submits="binding",
        node="submit",
    )
    if not is_legal:
        binding = {"binding": verdict.told.data["binding"]}
        case.confirm(
            lambda: case.act("resend_binding_code", {**binding, "channel": "sms"}),
            case.subject.visitor.person.phone,
            "confirm_binding",
            lambda code: {**binding, "code": code},
            into=_BOUND,
            asked_us=asked_us[-1],
        )
    case.read("my_organizations", into=("shown",))


def _signature(case: Case, ogrn: str) -> str:
    text = str(case.read("binding_to_sign", {"ogrn": ogrn}).told.data["text"])
    return base64.b64encode(case.signed(text)).decode()
