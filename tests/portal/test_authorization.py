"""Who may what: every use case and view against every role of the rule book, over HTTP.

What is expected follows from declarations: of the use case (`in_organization`, `signed_in`,
`staff`) and of the rule book's `roles`; what the portal answers is compared with it.
"""

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
import requests

from portal.accounts.legal_force import WITH_LEGAL_FORCE, by_sign_in
from portal.binding.binding import Binding
from portal.certificates.order import OrderedCertificate
from portal.documents.stored_document import StoredDocument
from portal.organizations.admission import ADMISSIONS
from portal.registration.registration import Registration
from portal.rules.sign_in import Method
from portal.store.unit import Unit
from portal.use_case import Actor
from portal.verification.verification import Verification
from rulebook import load
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.filings import LEGAL, application_of, filing
from tests.portal.good_forms import ACTS, NEW_HEAD, fields_of, good
from tests.portal.http_client import Client
from tests.portal.http_desk import Desk, client, code_of, desk, is_closed, served_desk
from tests.portal.wiring import journal

__all__ = ["client", "desk", "served_desk"]

BOOK = load()
ROLES = tuple(BOOK.roles)
DECLARED = sorted(ADMISSIONS)
# Those that are the applicant's as well, and absent for whoever lacks the right.
OF_APPLICANTS = {
    "raise_priority": "view_applications",
    "registration": "view_applications",
    "resubmit_registration": "edit_organization",
}
# Only the head, whose right it is to be; only who was to be told.
BY_THEMSELVES = {"confirm_head_signature", "resend_notification"}
BY_SIGN_IN_ALONE = {name for name, backing in WITH_LEGAL_FORCE.items() if backing is by_sign_in} | {
    # by the second confirmation of the example, which is no token
    *("unbind_organization", "appoint_admin", "replace_admin", "remove_admin"),
}
_NO_DOCUMENTS: dict[str, dict[str, Any]] = {"order_certificate": {"documents": []}}


def last_line(desk: Desk) -> tuple[str, str]:
    """What the organization's journal says last."""
    return journal(desk.cabinet.stand, desk.cabinet.id)[-1]


def stranger(desk: Desk) -> Actor:
    """The head of another organization."""
    return Cabinet(desk.cabinet.stand, numbers=dict(OTHER_LEGAL)).member("head", "500100732260")


# --- declarations


def test_whatever_is_about_an_organization_declares_who_may() -> None:
    about = {name for name in ACTS if "organization" in fields_of(name)}
    signed_in = {name for name in about if ACTS[name].signed_in and not ACTS[name].staff}
    assert signed_in - set(ADMISSIONS) == set(OF_APPLICANTS)
    assert set(ADMISSIONS) <= signed_in


def test_declared_rights_are_those_of_the_rule_book() -> None:
    assert {right for right in ADMISSIONS.values() if right} <= set(BOOK.rights)


# --- in an organization


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DECLARED)
def test_a_role_may_what_the_rule_book_gives_it(
    desk: Desk, client: Client, name: str, role: str
) -> None:
    desk.cabinet.member("emp", NEW_HEAD)
    member = desk.cabinet.member(role)
    answer = desk.ask(client, name, good(desk, name, member.account or ""), desk.session(member))
    right = ADMISSIONS[name]
    if right is None or right in BOOK.rights_of(role):
        assert not is_closed(answer) or name in BY_THEMSELVES, answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (403, "forbidden"), answer.text
        assert last_line(desk) == (name, "forbidden")


@pytest.mark.parametrize("name", DECLARED)
def test_a_stranger_finds_nothing_and_leaves_a_line(desk: Desk, client: Client, name: str) -> None:
    form = good(desk, name)
    answer = desk.ask(client, name, form, desk.session(stranger(desk)))
    assert (answer.status_code, code_of(answer)) == (404, "absent"), answer.text
    assert last_line(desk) == (name, "another's")


@pytest.mark.parametrize("name", DECLARED)
def test_what_there_is_not_is_as_absent_as_what_is_anothers(
    desk: Desk, client: Client, name: str
) -> None:
    form = {**good(desk, name), "organization": "nothing of ours"}
    answer = desk.ask(client, name, form, desk.session(desk.cabinet.member("head")))
    theirs = desk.ask(client, name, good(desk, name), desk.session(stranger(desk)))
    assert _without_id(answer) == _without_id(theirs)


# --- whoever they are


@pytest.mark.parametrize("name", sorted(ACTS))
def test_nobody_does_what_somebody_must_be_signed_in_for(
    desk: Desk, client: Client, name: str
) -> None:
    answer = desk.ask(client, name, desk.example(name), {})
    if ACTS[name].staff:
        assert (answer.status_code, code_of(answer)) == (403, "forbidden")
    elif ACTS[name].signed_in:
        assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    else:
        wants_more = answer.json().get("violations")  # a wrong password, say
        assert answer.status_code not in (401, 403) or wants_more, answer.text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(each for each in ACTS if ACTS[each].staff))
def test_no_member_of_an_organization_does_what_is_for_the_staff(
    desk: Desk, client: Client, name: str, role: str
) -> None:
    headers = desk.session(desk.cabinet.member(role))
    answer = desk.ask(client, name, desk.example(name), headers)
    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_staff_does_what_is_theirs_and_no_persons_business(
    desk: Desk, client: Client, name: str
) -> None:
    answer = desk.ask(client, name, desk.example(name), desk.staff())
    if ACTS[name].staff:
        assert code_of(answer) not in ("unauthenticated", "forbidden"), answer.text
    elif ACTS[name].signed_in:
        assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


# --- applications (chapter VER): the applicant's, and of those who may view or edit them


@pytest.fixture
def filed(desk: Desk) -> Desk:
    """The organization's application, filed by somebody else and being verified."""
    unit, now = Unit(desk.cabinet.stand.store), desk.cabinet.stand.clock.now()
    application = application_of(filing(LEGAL[0]))
    unit.put(
        Registration(
            id=desk.cabinet.id,
            account="the applicant",
            application=application,
            documents=(),
            submitted_at=now,
        )
    )
    unit.put(Verification(id=desk.cabinet.id, round=1, begun=now, due=now))
    unit.commit()
    return desk


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
@pytest.mark.parametrize("name", OF_APPLICANTS)
def test_an_application_is_there_for_whom_the_rule_book_lets_see_it(
    filed: Desk, client: Client, name: str, role: str
) -> None:
    actor = stranger(filed) if role == "stranger" else filed.cabinet.member(role)
    answer = filed.ask(client, name, good(filed, name), filed.session(actor))
    if role != "stranger" and OF_APPLICANTS[name] in BOOK.rights_of(role):
        assert not is_closed(answer), answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (404, "absent"), answer.text
        assert last_line(filed) == (name, "another's")


# --- what belongs to an organization: bindings, documents, certificates and their orders


@pytest.fixture
def holding(desk: Desk) -> dict[str, str]:
    """One of each, by the field that names it in forms."""
    cabinet, stand = desk.cabinet, desk.cabinet.stand
    head = cabinet.member("head")
    unit, now = Unit(stand.store), stand.clock.now()
    binding = Binding(
        id="the binding",
        account=head.account or "",
        organization=cabinet.id,
        kind="legal",
        inn=cabinet.numbers["inn"],
        ogrn=cabinet.numbers["ogrn"],
        full_name="ООО «Ромашка»",
        role="head",
        extra_rights=(),
        way="sms",
        asked_at=now,
    )
    document = StoredDocument(
        id="the charter",
        owner=head.account or "",
        organization=cabinet.id,
        session="s",
        context="library",
        document_type="charter",
        file_name="Устав.pdf",
        file_format="pdf",
        size=4,
        digest="",
        status="ready",
        uploaded_at=now,
    )
    order = OrderedCertificate(
        id="the order",
        organization=cabinet.id,
        number="1",
        delivery="electronic",
        price_kopecks=1,
    )
    for each in (binding, document, order):
        unit.put(each)
    unit.commit()
    certificate = cabinet.active(head)
    return {
        "binding": binding.id,
        "document": document.id,
        "certificate": certificate,
        "order": order.id,
    }


HELD = ("binding", "document", "certificate", "order")
# A certificate, a document as files; a certificate that is chosen among one's own (SIG-08).
OTHERWISE = {"appoint_head", "open_action", "sign_documents"}
OF_THINGS = [
    (name, field)
    for name in sorted(ACTS)
    for field in HELD
    if field in fields_of(name) and name not in OTHERWISE and not ACTS[name].staff
]


@pytest.mark.parametrize(("name", "field"), OF_THINGS)
def test_what_is_anothers_is_absent_and_the_attempt_is_noted(
    desk: Desk, client: Client, holding: dict[str, str], name: str, field: str
) -> None:
    subject = desk.cabinet.numbers["ogrn"] if field == "binding" else desk.cabinet.id
    form = desk.example(name, **{field: holding[field]})
    answer = desk.ask(client, name, form, desk.session(stranger(desk)))
    assert (answer.status_code, code_of(answer)) == (404, "absent"), answer.text
    assert journal(desk.cabinet.stand, subject)[-1] == (name, "another's")


@pytest.mark.parametrize(("name", "field"), OF_THINGS)
def test_whose_it_is_finds_it(
    desk: Desk, client: Client, holding: dict[str, str], name: str, field: str
) -> None:
    form = desk.example(name, **{field: holding[field]})
    if "documents" in form:
        form["documents"] = []
    answer = desk.ask(client, name, form, desk.session(desk.cabinet.member("head")))
    assert not is_closed(answer), answer.text


# --- for the organization that the session is for


BY_SESSION = {
    "bind_certificate": "manage_certificates",
    "replace_certificate": "manage_certificates",
    "order_certificate": "manage_certificates",
    "sign_documents": "sign_and_submit",
    "upload_document": "upload_documents",
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(BY_SESSION))
def test_a_session_for_an_organization_may_what_the_role_gives(
    desk: Desk, client: Client, holding: dict[str, str], name: str, role: str
) -> None:
    form = form_by_session(desk, name, holding)
    answer = desk.ask(client, name, form, desk.session(desk.cabinet.member(role)))
    if BY_SESSION[name] in BOOK.rights_of(role):
        assert code_of(answer) not in ("forbidden", "absent"), answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (403, "forbidden"), answer.text
        assert last_line(desk) == (name, "forbidden")


@pytest.mark.parametrize("name", sorted(BY_SESSION))
def test_a_session_for_an_organization_one_has_left_finds_nothing(
    desk: Desk, client: Client, holding: dict[str, str], name: str
) -> None:
    gone = replace(stranger(desk), organization=desk.cabinet.id)
    form = form_by_session(desk, name, holding)
    answer = desk.ask(client, name, form, desk.session(gone))
    assert (answer.status_code, code_of(answer)) == (404, "absent"), answer.text
    assert last_line(desk) == (name, "another's")


def form_by_session(desk: Desk, name: str, holding: dict[str, str]) -> dict[str, Any]:
    form = desk.example(name)
    if "certificate" in form:
        form["certificate"] = holding["certificate"]
    return {**form, "files": []} if "files" in form else {**form, **_NO_DOCUMENTS.get(name, {})}


# --- whatever their role is: how they have come in (AUTH-16)


@pytest.mark.parametrize("method", get_args(Method))
@pytest.mark.parametrize("name", DECLARED)
def test_legal_force_wants_a_high_sign_in_or_a_signature_and_nothing_else_does(
    desk: Desk, client: Client, name: str, method: Method
) -> None:
    desk.cabinet.member("emp", NEW_HEAD)
    head = desk.session(desk.cabinet.member("head"), method)
    answer = desk.ask(client, name, good(desk, name), head)
    broken = {each["rule"] for each in answer.json().get("violations", ())}
    high = desk.cabinet.stand.portal.policy.texts("AUTH-16.high")
    wants_high = name in BY_SIGN_IN_ALONE and method not in high
    assert ("AUTH-16" in broken) == wants_high, answer.text
    if wants_high:
        assert (answer.status_code, broken) == (403, {"AUTH-16"})


# --- inside


def _without_id(answer: requests.Response) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(answer.text)
    return {key: value for key, value in told.items() if key != "request_id"}
