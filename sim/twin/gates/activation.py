"""Activation of the cabinet of a verified organization."""

from collections.abc import Iterable

from portal.organizations.organization import Organization
from portal.rules.rule import Violation
from portal.verification.verification import AGENCIES, Check, Verification
from sim.twin.desk import ORGANIZATION, Desk
from sim.twin.gates.question import OtherName, question
from sim.twin.gates.registration import FAMILY
from sim.twin.gates.verification import put_registration
from sim.twin.papers import PHONES, as_typed


@question(
    "activation",
    "form_gate",
    family=FAMILY,
    use_cases=["activate_cabinet"],
    ahead=["ACT-01"],
    others=[
        OtherName(
            told="ACT-01",
            rule="REG-12",
            field="terms_accepted",
            why="the terms are a part of the form of activation, which is one rule (ACT-01)",
        )
    ],
)
def form(desk: Desk) -> Iterable[Violation]:
    """The form goes without the code, which the graph sends and has entered after this gate."""
    if "registered" not in desk.state:
        _put_verified(desk)
    desk.open_account()
    typed, good = desk.filing.form, desk.good
    outcome = desk.act(
        "activate_cabinet",
        desk.alone,
        organization=desk.state["registered"],
        inn=typed.inn,
        ogrn=typed.ogrn,
        phone=as_typed(typed, good, PHONES),
        terms_accepted=typed.terms_accepted,
        code="",
    )
    return outcome.violations


def _put_verified(desk: Desk) -> None:
    """Let the portal have a verified organization, with the right requisites."""
    put_registration(desk, state="verified")
    now = desk.registries.now
    completed = Check(number="1", state="completed", finished=now)
    checks = dict.fromkeys(AGENCIES, completed)
    verification = Verification(
        id=ORGANIZATION, round=1, begun=now, due=now, finished=now, checks=checks
    )
    organization: Organization = desk.organization(desk.good, state="verified")
    desk.put(verification, organization)
