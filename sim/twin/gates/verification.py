"""Verification: the portal compares what was filed with the register, then asks both agencies."""

from collections.abc import Iterable, Iterator
from typing import Any

from portal.organizations.organization import Organization
from portal.registration.registration import Registration, application_in
from portal.rules.registration import Application
from portal.rules.rule import Violation
from portal.store.unit import Unit
from portal.tasks import schedule
from portal.verification.verification import Verification
from sim.twin.desk import APPLICANT, ORGANIZATION, Desk
from sim.twin.gates.question import question
from sim.twin.gates.registration import (
    FAMILY,
    Paper,
    application_form,
    confirm_contacts,
    signed_application,
)
from sim.twin.papers import file_of

__all__ = ["put_registration"]

_DECIDED = ("remarks", "verified", "active")


@question(
    "verification",
    "remarks_gate",
    family=FAMILY,
    use_cases=[
        "compare_with_register",
        "send_to_agency",
        "poll_agency",
        "open_cabinet",
        "registration",
        "resubmit_registration",
    ],
)
def remarks(desk: Desk) -> Iterable[Violation]:
    """The planned comparison and the questions to the agencies are done; the card shows the
    differences. What was corrected is sent again."""
    if "registered" not in desk.state:
        put_registration(desk)
    organization = desk.state["registered"]
    desk.state.setdefault("compared", desk.defects)
    if desk.state["compared"] != desk.defects:
        desk.state["compared"] = desk.defects
        confirm_contacts(desk)
        payload = {**application_form(desk), "documents": desk.state["documents"], "answer": "да"}
        if desk.kind == "legal":
            payload["signature"] = signed_application(desk, desk.state["papers"])
        outcome = desk.act(
            "resubmit_registration", desk.alone, organization=organization, **payload
        )
        if outcome.refusal is not None:
            desk.state["refused"] = outcome.violations
            return outcome.violations
        desk.state.pop("refused", None)
    elif "refused" in desk.state:
        refused: tuple[Violation, ...] = desk.state["refused"]
        return refused
    desk.catch_up(lambda: desk.kept(Organization, organization).state in _DECIDED)
    card = desk.read("registration", desk.alone, organization=organization)
    return list(_differences(card.data["differences"]))


def put_registration(desk: Desk, state: str = "") -> None:
    """Let the portal have an application that was taken while the register was silent (VER-09): so
    it is with one that has errors which the register knows."""
    legal = desk.kind == "legal"
    desk.open_account()
    typed = application_in(Application(**application_form(desk)))
    documents = [(each, file_of(each)) for each in desk.papers.good.documents] if legal else []
    papers = [desk.paper(document, file) for document, file in documents]
    now = desk.registries.now
    listed = tuple(Paper(each.id, each.digest) for each in papers)
    registration = Registration(
        id=ORGANIZATION,
        account=APPLICANT,
        application=typed,
        documents=tuple(each.id for each in papers),
        submitted_at=now,
    )
    waiting = state or ("verifying" if legal else "registered")
    form = desk.filing.form
    organization = desk.organization(form, state=waiting, registered_at=now)
    desk.put(registration, organization, desk.membership("rep" if legal else "head"), *papers)
    desk.state |= {
        "registered": ORGANIZATION,
        "papers": listed,
        "documents": [each.id for each in papers],
    }
    if not state:
        _begin(desk, legal)


def _begin(desk: Desk, legal: bool) -> None:
    unit, now = Unit(desk.store), desk.registries.now
    if legal:
        unit.put(Verification(id=ORGANIZATION, round=1, begun=now, due=now))
        schedule(unit, "compare_with_register", ORGANIZATION, now, {"round": "1"})
    else:
        schedule(unit, "open_cabinet", ORGANIZATION, now)
    unit.commit()


def _differences(shown: Iterable[Any]) -> Iterator[Violation]:
    return (Violation(each["rule"], each["field"]) for each in shown)
