"""Unbinding an organization: who, how it is confirmed, what keeps it, what is closed after it."""

import base64
import datetime as dt
from typing import Any

import pytest

from portal.accounts.session import Session
from portal.api_keys.api_key import ApiKey
from portal.certificates.order import OrderedCertificate
from portal.events import Event, publish
from portal.head_change.appointment import Appointment
from portal.organizations.membership import join, members_of
from portal.ports.authority import OrderView
from portal.ports.signatures import CertificateFacts
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from portal.webhooks.receiver import WebhookDelivery
from tests.portal.applicants import open_account
from tests.portal.binders import PASSWORD, Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    """An organization that its head has bound; they have a password."""
    made = binder(stand, LEGAL[0])
    made.put_organization()
    assert made.bind_signed(made.head, role="head", documents=[]).state == "bound"
    made.with_password(made.head)
    return made


def context_of(stand: Stand) -> Context:
    return Context(
        portal=stand.portal, unit=Unit(stand.store), actor=Actor(), now=stand.clock.now()
    )


def employee(stand: Stand, firm: Binder, role: str) -> Actor:
    actor = open_account(stand, COUNTRY.person(7))
    context = context_of(stand)
    join(context, actor.account or "", firm.organization, role)
    context.unit.commit()
    return actor


def head_code(stand: Stand, firm: Binder) -> str:
    person = COUNTRY.person(firm.filed.subject.organization.head.person)
    return stand.messenger.sent_to(person.phone)[-1].partition(": ")[2][:6]


def unbind(stand: Stand, firm: Binder, actor: Actor | None = None, **changes: Any) -> Outcome:
    """Unbind by password and code."""
    actor = actor or firm.head
    asked = stand.act("request_unbinding_code", actor, organization=firm.organization)
    if asked.refusal is not None:
        return asked
    form = {"password": PASSWORD, "second": "sms", "code": head_code(stand, firm), **changes}
    return stand.act("unbind_organization", actor, organization=firm.organization, **form)


def test_after_unbinding_nobody_has_the_organization(stand: Stand, firm: Binder) -> None:
    employee(stand, firm, "oper")
    session = Session(
        id="open",
        account="somebody",
        organization=firm.organization,
        method="password",
        device="device",
        ip="127.0.0.1",
        region="",
        opened=stand.clock.now(),
    )
    unit = Unit(stand.store)
    unit.put(session)
    unit.commit()
    record = firm.record
    outcome = unbind(stand, firm)
    assert (outcome.state, outcome.data["title"], broken(outcome)) == ("unbound", "Откреплена", [])
    kept = firm.kept()
    assert (kept.owner, kept.state) == (None, "unbound")
    assert members_of(context_of(stand), kept.id) == []
    closed = Unit(stand.store).get(Session, "open")
    assert closed is not None
    assert not closed.is_open(stand.clock.now())
    assert stand.read("my_organizations", firm.head).data["items"] == []
    assert stand.registers.find(record.kind, record.ogrn) == record
    assert unbind(stand, firm).refusal == "absent"


def test_whoever_had_it_is_told_to_bind_it_anew(stand: Stand, firm: Binder) -> None:
    unbind(stand, firm)
    closed = stand.act("sign_in", **firm.with_password(firm.head))
    assert (closed.refusal, broken(closed)) == ("forbidden", ["UNB-04 organization"])
    person = COUNTRY.person(firm.filed.subject.organization.head.person)
    assert "пройдите привязку заново" in stand.messenger.sent_to(person.email)[-1]


def test_what_is_unbound_is_bound_anew_with_everything(stand: Stand, firm: Binder) -> None:
    unbind(stand, firm)
    assert broken(firm.bind(firm.head, role="head", documents=[])) == ["BND-05 signature"]
    assert firm.bind_signed().state == "bound"
    kept = firm.kept()
    assert (kept.owner, kept.state) == (firm.actor.account, "active")
    assert firm.role_of(firm.head) is None


def test_documents_of_an_unbound_organization_are_closed(stand: Stand, firm: Binder) -> None:
    acting = Actor(account=firm.head.account, organization=firm.organization, session="s")
    content = base64.b64encode(firm.filed.documents[0].content).decode()
    kept = stand.act(
        "upload_document",
        acting,
        context="registration",
        document_type="charter",
        file_name=firm.filed.documents[0].file_name,
        content=content,
    ).data["document"]
    stand.portal.tick()
    assert stand.read("document_content", acting, document=kept).refusal is None
    unbind(stand, firm)
    assert stand.read("document_content", firm.head, document=kept).refusal == "absent"


# --- who


@pytest.mark.parametrize(
    ("role", "refusal"),
    [("admin", None), ("rep", None), ("mgr", "forbidden"), ("oper", "forbidden")],
)
def test_administrators_and_representatives_unbind_and_others_do_not(
    stand: Stand, firm: Binder, role: str, refusal: str | None
) -> None:
    other = employee(stand, firm, role)
    asked = stand.act("request_unbinding_code", other, organization=firm.organization)
    assert asked.refusal == refusal
    assert broken(asked) == ([] if refusal is None else ["UNB-01 organization"])
    form = {"organization": firm.organization, "password": "нет", "second": "sms"}
    tried = stand.act("unbind_organization", other, **form, code="000000")
    expected = ["UNB-02 password"] if refusal is None else ["UNB-01 organization"]
    assert broken(tried) == expected
    assert firm.kept().owner == firm.head.account


def test_for_a_stranger_the_organization_is_absent(stand: Stand, firm: Binder) -> None:
    stranger = open_account(stand, COUNTRY.person(9))
    assert unbind(stand, firm, stranger).refusal == "absent"
    assert "another's" in stand.store.journal(firm.organization)[-1].body.decode()


# --- the second confirmation


def signed(stand: Stand, firm: Binder, facts: CertificateFacts) -> str:
    ask = {"organization": firm.organization}
    text = stand.read("unbinding_to_sign", firm.head, **ask).data["text"]
    return base64.b64encode(stand.signatures.sign(text.encode(), facts, stand.clock.now())).decode()


def test_a_token_of_ones_own_confirms(stand: Stand, firm: Binder) -> None:
    signature = signed(stand, firm, firm.certificate(inn=firm.record.head_inn))
    outcome = unbind(stand, firm, second="token", code="", signature=signature)
    assert outcome.state == "unbound"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"password": "не тот"}, ["UNB-02 password"]),
        ({"code": "999999"}, ["UNB-02 sms"]),
        ({"code": "999999", "password": "не тот"}, ["UNB-02 password"]),
        ({"second": "email"}, ["UNB-02 second"]),
        ({"second": ""}, ["UNB-02 second"]),
        ({"second": "biometry", "challenge": "none"}, ["UNB-02 biometry"]),
        ({"second": "biometry", "password": "не тот"}, ["UNB-02 password"]),
        ({"second": "token", "signature": "bm9uZQ=="}, ["SIG-06 signature"]),
    ],
)
def test_without_both_confirmations_nothing_is_unbound(
    stand: Stand, firm: Binder, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(unbind(stand, firm, **changes)) == expected
    assert firm.kept().owner == firm.head.account


def test_anothers_token_confirms_nothing(stand: Stand, firm: Binder) -> None:
    signature = signed(stand, firm, firm.certificate(inn="500100732259"))
    outcome = unbind(stand, firm, second="token", signature=signature)
    assert broken(outcome) == ["UNB-02 token"]


def head_snils(firm: Binder) -> str:
    return COUNTRY.person(firm.filed.subject.organization.head.person).snils


def by_face(stand: Stand, firm: Binder, face: bytes, challenge: str) -> Outcome:
    return stand.act(
        "unbind_organization",
        firm.head,
        organization=firm.organization,
        password=PASSWORD,
        second="biometry",
        code="",
        challenge=challenge,
        face=base64.b64encode(face).decode(),
    )


def challenge_of(stand: Stand, firm: Binder) -> Outcome:
    ask = {"organization": firm.organization}
    return stand.act("begin_biometric_unbinding", firm.head, **ask)


def test_ones_own_face_confirms(stand: Stand, firm: Binder) -> None:
    stand.biometry.faces[head_snils(firm)] = b"face"
    asked = challenge_of(stand, firm)
    assert asked.state == "to_answer"
    assert by_face(stand, firm, b"face", asked.data["challenge"]).state == "unbound"


def test_anothers_face_confirms_nothing_and_uses_the_challenge_up(
    stand: Stand, firm: Binder
) -> None:
    stand.biometry.faces[head_snils(firm)] = b"face"
    challenge = challenge_of(stand, firm).data["challenge"]
    reasons = [
        each.reason.ru
        for face in (b"another", b"face")
        for each in by_face(stand, firm, face, challenge).violations
        if each.reason is not None
    ]
    assert reasons == ["это другой человек", "задание устарело"]
    assert firm.kept().owner == firm.head.account


def test_whose_biometry_nobody_has_confirms_in_another_way(stand: Stand, firm: Binder) -> None:
    asked = challenge_of(stand, firm)
    assert (asked.state, asked.refusal) == ("no_template", "state")
    other = employee(stand, firm, "oper")
    ask = {"organization": firm.organization}
    forbidden = stand.act("begin_biometric_unbinding", other, **ask)
    assert broken(forbidden) == ["UNB-01 organization"]


def test_while_biometry_is_silent_unbinding_waits(stand: Stand, firm: Binder) -> None:
    stand.biometry.faces[head_snils(firm)] = b"face"
    challenge = challenge_of(stand, firm).data["challenge"]
    stand.biometry.down = True
    assert challenge_of(stand, firm).refusal == "later"
    assert by_face(stand, firm, b"face", challenge).refusal == "later"
    assert firm.kept().owner == firm.head.account
    stand.biometry.down = False
    assert by_face(stand, firm, b"face", challenge).state == "unbound"


def test_a_wrong_password_keeps_the_code(stand: Stand, firm: Binder) -> None:
    unbind(stand, firm, password="не тот")
    form = {"password": PASSWORD, "second": "sms", "code": head_code(stand, firm)}
    outcome = stand.act("unbind_organization", firm.head, organization=firm.organization, **form)
    assert outcome.state == "unbound"


# --- what keeps it


@pytest.mark.parametrize(
    ("state", "kept_by"),
    [
        ("documents", ["UNB-03 applications"]),
        ("payment", ["UNB-03 applications"]),
        ("issued", []),
        ("refused", []),
        ("lapsed", []),
    ],
)
def test_an_order_that_is_not_finished_keeps_it(
    stand: Stand, firm: Binder, state: Any, kept_by: list[str]
) -> None:
    unit = Unit(stand.store)
    unit.put(
        OrderedCertificate(
            id="order",
            organization=firm.organization,
            number="CERT-1",
            delivery="file",
            price_kopecks=100,
        )
    )
    unit.commit()
    stand.authority.states["CERT-1"] = OrderView(number="CERT-1", state=state, price_kopecks=100)
    outcome = unbind(stand, firm)
    assert broken(outcome) == kept_by
    assert (firm.kept().owner is None) == (not kept_by)


def test_while_the_authority_is_silent_unbinding_waits(stand: Stand, firm: Binder) -> None:
    unit = Unit(stand.store)
    unit.put(
        OrderedCertificate(
            id="order",
            organization=firm.organization,
            number="CERT-1",
            delivery="file",
            price_kopecks=100,
        )
    )
    unit.commit()
    stand.authority.down = True
    assert unbind(stand, firm).refusal == "later"
    assert firm.kept().owner == firm.head.account


def test_a_registration_that_is_not_decided_keeps_it(stand: Stand) -> None:
    firm = binder(stand, LEGAL[0])
    added = firm.add(
        firm.head, role="head", confirmation="signature", signature=firm.sign_binding(firm.head)
    )
    firm.organization = added.data["organization"]
    firm.with_password(firm.head)
    kept = unbind(stand, firm)
    assert (kept.state, kept.refusal, broken(kept)) == (
        "verifying",
        "state",
        ["UNB-03 applications"],
    )


def happens(stand: Stand, firm: Binder, event: str) -> None:
    context = context_of(stand)
    publish(
        context,
        Event(
            id=event,
            organization=firm.organization,
            kind="law",
            subject="s",
            title="t",
            text="",
            at=context.now,
        ),
    )
    context.unit.commit()


def test_programs_of_the_organization_end_with_the_binding(stand: Stand, firm: Binder) -> None:
    kept = {"organization": firm.organization}
    receiver = stand.act(
        "add_webhook_receiver", firm.head, url="https://erp.example.org/", **kept
    ).data["receiver"]
    key = stand.act(
        "issue_api_key", firm.head, title="1С", rights=["view_applications"], **kept
    ).data["api_key"]
    happens(stand, firm, "before")
    assert unbind(stand, firm).state == "unbound"
    happens(stand, firm, "after")
    unit = Unit(stand.store)
    deliveries = unit.find(WebhookDelivery, "receiver", receiver)
    assert [(each.event, each.state) for each in deliveries] == [("before", "undelivered")]
    revoked = unit.get(ApiKey, key)
    assert revoked is not None
    assert revoked.revoked_at == stand.clock.now()


def test_an_appointment_that_was_not_confirmed_ends_with_the_binding(
    stand: Stand, firm: Binder
) -> None:
    unit = Unit(stand.store)
    unit.put(
        Appointment(
            id=firm.organization,
            full_name="Петров Пётр Петрович",
            inn="500100732259",
            birth_date="01.02.1980",
            phone="+79160000009",
            email="petrov@example.org",
            position="Директор",
            snils="",
            appointed_by=firm.head.account or "",
            at=stand.clock.now(),
        )
    )
    unit.commit()
    assert unbind(stand, firm).state == "unbound"
    assert Unit(stand.store).get(Appointment, firm.organization) is None
