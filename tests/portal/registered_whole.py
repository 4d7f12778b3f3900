"""What a submitted registration leaves in a store: all of it, or nothing."""

import json
from collections.abc import Sequence

from portal.documents.stored_document import StoredDocument
from portal.organizations.organization import Membership, Organization
from portal.portal import Done
from portal.ports.store import Store
from portal.ports.verification import Agency
from portal.registration.registration import Registration
from portal.store.unit import Unit
from portal.tasks import Task
from portal.verification.verification import AGENCIES, Check, Verification
from tests.portal.submitting import Submission

__all__ = [
    "is_decided",
    "is_under_way",
    "numbers_of",
    "parts_of",
    "planned_steps",
    "unfinished_checks",
    "uploads_of",
]


def parts_of(store: Store, submission: Submission) -> dict[str, list[str]]:
    """The organizations to which each part that is there belongs."""
    unit, applicant = Unit(store), submission.applicant
    account, ogrn = applicant.account, applicant.ogrn
    found = {
        "organization": [each.id for each in unit.find(Organization, "ogrn", ogrn)],
        "registration": [each.id for each in unit.find(Registration, "account", account)],
        "membership": [e.organization for e in unit.find(Membership, "account", account)],
        "outcome": _outcome(unit, submission),
    }
    of = found["organization"]
    found["journal"] = [each for each in of for line in _lines(store, each)]
    found["next step"] = [each for each in of if planned_steps(store, each)]
    return found


def planned_steps(store: Store, organization: str) -> list[str]:
    """What is going to happen to the application, or how it has ended."""
    unit = Unit(store)
    found = unit.get(Organization, organization)
    assert found is not None
    if found.kind != "legal":
        waits = unit.get(Task, f"open_cabinet/{organization}")
        return [found.state] if waits is None else [waits.id]
    registration = unit.get(Registration, organization)
    verification = unit.get(Verification, organization)
    if registration is None or verification is None:
        return []
    compared = f"compare_with_register/{organization}"
    if registration.compared_at is None:
        return [each for each in [compared] if unit.get(Task, each) is not None]
    if registration.differences:
        return ["differs"]
    steps = [_step(unit, organization, each, verification.checks[each]) for each in AGENCIES]
    return [step for step in steps if step] if all(steps) else []


def is_decided(store: Store, organization: str) -> bool:
    """Whether the application has come to its end, or it is the applicant's turn."""
    unit = Unit(store)
    found = unit.get(Organization, organization)
    verification = unit.get(Verification, organization)
    if verification is None:
        return found is not None and found.state == "active"
    return all(_is_over(check) for check in verification.checks.values())


def is_under_way(store: Store, organization: str) -> bool:
    """Whether both agencies have the case, or the application has come to its end."""
    verification = Unit(store).get(Verification, organization)
    if verification is None:
        return is_decided(store, organization)
    return all(_is_over(each) or each.number is not None for each in verification.checks.values())


def unfinished_checks(store: Store, organizations: Sequence[str]) -> list[tuple[str, Agency]]:
    """The checks, by organization and agency, that are not over."""
    verifications = [Unit(store).get(Verification, each) for each in organizations]
    return [
        (each.id, agency)
        for each in verifications
        if each is not None
        for agency in AGENCIES
        if not _is_over(each.checks[agency])
    ]


def numbers_of(store: Store, checks: Sequence[tuple[str, Agency]]) -> list[str | None]:
    """The numbers of the agencies' cases."""
    found = [(Unit(store).get(Verification, each), agency) for each, agency in checks]
    return [each.checks[agency].number for each, agency in found if each is not None]


def uploads_of(store: Store, submission: Submission) -> list[str]:
    """Ids of the documents that a submitted upload has left."""
    found = Unit(store).find(StoredDocument, "owner", submission.applicant.account)
    return [each.id for each in found if each.file_name == submission.payload["file_name"]]


def _step(unit: Unit, organization: str, agency: str, check: Check) -> str:
    if _is_over(check):
        return check.state
    names = (f"{name}/{organization}/{agency}" for name in ("send_to_agency", "poll_agency"))
    return next((each for each in names if unit.get(Task, each) is not None), "")


def _is_over(check: Check) -> bool:
    return check.finished is not None or check.state == "clarification"


def _outcome(unit: Unit, submission: Submission) -> list[str]:
    done = unit.get(Done, f"{submission.applicant.account}/register_organization/{submission.key}")
    return [] if done is None else [json.loads(done.outcome)["data"]["organization"]]


def _lines(store: Store, organization: str) -> list[str]:
    """Lines of the journal that tell of the registration."""
    found = (json.loads(line.body) for line in store.journal(organization))
    return [line["result"] for line in found if line["action"] == "register_organization"]
