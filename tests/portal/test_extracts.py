"""Certificates and extracts: ordered with a signature, paid for, kept, sent by mail."""

import base64
import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from portal.organizations.organization import Organization
from portal.ports.registers import RegisterRecord
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")

RECORD = "выписка ЕГРЮЛ"
ESTATE: dict[str, Any] = {"kind": "выписка ЕГРП", "object": "74:22:0000001:283"}
FEE = 82_000


@dataclass
class Office:
    """A cabinet with the service of extracts, whose data the register has."""

    store: Store
    cabinet: Cabinet = field(init=False)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(portal_with(store=self.store))
        self.stand = self.cabinet.stand
        self.head = self.cabinet.member("head")
        self.certificate = self.cabinet.certificate()
        self.stand.extracts.charges = {ESTATE["kind"]: FEE}
        self.stand.registers.add(
            RegisterRecord(
                kind="legal",
                kpp=None,
                full_name="ООО «Ромашка»",
                short_name="",
                standing="active",
                registered=dt.date(2020, 1, 1),
                address="Москва",
                head_name="Иванов Иван Иванович",
                head_inn="500100732259",
                head_position="",
                head_since=None,
                capital_kopecks=None,
                **self.cabinet.numbers,
            )
        )
        unit = Unit(self.store)
        found = unit.get(Organization, self.cabinet.id)
        assert found is not None
        unit.put(replace(found, services=("extract",), owner=self.head.account))
        unit.commit()

    def ask(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        """Ask for an extract, signed by the head unless a signature is given."""
        form = {
            "organization": self.cabinet.id,
            "kind": RECORD,
            "purpose": "Для банка",
            "wanted_by": "2026-02-10",
            **changes,
        }
        signature = form.pop("signature", None)
        if signature is None:
            text = self.stand.read("extract_to_sign", self.head, **form).data["text"]
            signature = self.cabinet.signed(text, self.certificate)
        return self.stand.act("request_extract", actor or self.head, **form, signature=signature)

    def seen(self, extract: str, actor: Actor | None = None) -> Outcome:
        asked = {"organization": self.cabinet.id, "extract": extract}
        return self.stand.read("extract", actor or self.head, **asked)

    def pay(self, extract: str) -> Outcome:
        form = {"purpose": "service", "service": "extract", "subject": extract}
        return self.stand.act("pay", self.head, organization=self.cabinet.id, **form)

    def mail(self, extract: str, email: str = "bank@example.org") -> Outcome:
        form = {"organization": self.cabinet.id, "extract": extract, "email": email}
        return self.stand.act("mail_extract", self.head, **form)


@pytest.fixture(name="office")
def _office(store: Store) -> Office:
    return Office(store)


def test_a_free_extract_is_a_document_at_once(office: Office) -> None:
    asked = office.ask()
    assert (asked.state, asked.data["charge_kopecks"]) == ("ready", 0)
    shown = office.stand.read("document_content", office.head, document=asked.data["document"])
    assert base64.b64decode(shown.data["content"]) == f"%PDF {RECORD}".encode()
    assert shown.data["document_type"] == "extract"
    (event,) = events_of(office.store, office.cabinet.id)
    assert (event.kind, event.agency, event.title) == (
        "document",
        "egrul",
        "Выписка ЕГРЮЛ: готова",
    )


def test_a_paid_one_is_made_after_its_payment_and_charged_once(office: Office) -> None:
    extract = office.ask(**ESTATE).data["extract"]
    early = office.seen(extract)
    assert (early.state, early.refusal, broken(early)) == (
        "awaiting_payment",
        "state",
        ["PAY-01 payment"],
    )
    office.stand.after(hours=3)
    assert office.stand.extracts.paid == {}
    payment = office.pay(extract)
    assert payment.data["kopecks"] == FEE
    assert office.pay(extract).data["payment"] == payment.data["payment"]
    office.stand.payments.end("succeeded")
    office.stand.after(minutes=2)
    ready = office.seen(extract)
    assert (ready.state, bool(ready.data["document"])) == ("ready", True)
    assert office.stand.extracts.paid == {extract: payment.data["payment"]}
    assert len(office.stand.payments.created) == 1


def test_what_is_paid_to_the_budget_makes_no_extract(office: Office) -> None:
    extract = office.ask(**ESTATE).data["extract"]
    bill = {"purpose": "tax", "kopecks": 1, "kbk": "18210102010011000110"}
    form = {**bill, "service": "extract", "subject": extract}
    paid = office.stand.act("pay", office.head, organization=office.cabinet.id, **form)
    assert (paid.data["kopecks"], paid.data["service"]) == (1, "")
    office.stand.payments.end("succeeded")
    office.stand.after(hours=2)
    assert office.stand.extracts.paid == {}
    assert broken(office.seen(extract)) == ["PAY-01 payment"]


def test_a_payment_that_the_agency_has_lost_is_passed_on_again(office: Office) -> None:
    extract = office.ask(**ESTATE).data["extract"]
    office.stand.extracts.loses_payment = True
    office.pay(extract)
    office.stand.payments.end("succeeded")
    office.stand.after(hours=2)
    office.stand.extracts.loses_payment = False
    assert office.seen(extract).state == "awaiting_payment"
    office.stand.after(hours=2)
    assert office.seen(extract).state == "ready"


def test_a_cancelled_payment_makes_nothing(office: Office) -> None:
    extract = office.ask(**ESTATE).data["extract"]
    office.pay(extract)
    office.stand.payments.end("canceled", "insufficient_funds")
    office.stand.after(hours=2)
    assert broken(office.seen(extract)) == ["PAY-01 payment"]


def test_a_silent_agency_makes_it_later_once(office: Office) -> None:
    office.stand.extracts.down = True
    asked = office.ask()
    assert (asked.state, asked.refusal) == ("requested", None)
    office.stand.after(hours=3)
    office.stand.extracts.down = False
    office.stand.after(hours=2)
    assert office.seen(asked.data["extract"]).state == "ready"
    assert list(office.stand.extracts.orders) == [asked.data["extract"]]


def test_what_the_agency_does_not_take_is_refused_with_its_reason(office: Office) -> None:
    asked = office.ask(**{**ESTATE, "object": "нет"})
    assert (asked.state, asked.data["reason"]) == ("refused", "объекта нет")
    (event,) = events_of(office.store, office.cabinet.id)
    assert event.is_critical


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "справка о погоде"}, ["APP-06 kind"]),
        ({"kind": "выписка ЕГРИП"}, ["APP-06 kind"]),
        ({"purpose": ""}, ["APP-06 purpose"]),
        ({"wanted_by": None}, ["APP-06 wanted_by"]),
        ({"wanted_by": "2026-02-02"}, []),
        ({"wanted_by": "2026-02-01"}, ["APP-06 wanted_by"]),
        ({"kind": "выписка ЕГРП"}, ["APP-06 object"]),
        ({"signature": ""}, ["APP-06 signature"]),
        (
            {"purpose": "", "wanted_by": None, "signature": ""},
            ["APP-06 purpose", "APP-06 wanted_by", "APP-06 signature"],
        ),
    ],
)
def test_what_is_missing_is_told_at_once(
    office: Office, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(office.ask(**changes)) == expected


def test_incomplete_data_of_the_register_keep_it_from_being_issued(office: Office) -> None:
    office.stand.registers.change(office.cabinet.numbers["ogrn"], address="")
    assert broken(office.ask()) == ["APP-06 organization"]
    office.stand.registers.down = True
    assert broken(office.ask()) == ["OPS-02"]


def test_a_signature_is_over_this_very_request(office: Office) -> None:
    signature = office.cabinet.signed("другой", office.certificate)
    assert broken(office.ask(signature=signature)) == ["SIG-06 signature"]


def test_without_the_right_it_is_refused_by_its_rule(office: Office) -> None:
    accountant = office.cabinet.member("acc", "500100732260")
    closed = office.ask(accountant)
    assert (closed.refusal, broken(closed)) == ("forbidden", ["APP-06 organization"])


def test_without_the_service_it_is_refused(office: Office) -> None:
    unit = Unit(office.store)
    found = unit.get(Organization, office.cabinet.id)
    assert found is not None
    unit.put(replace(found, services=()))
    unit.commit()
    assert broken(office.ask()) == ["ACT-06 service"]


def test_what_was_issued_goes_by_mail(office: Office) -> None:
    issued = office.ask().data
    assert office.mail(issued["extract"]).state == "sent"
    (text,) = office.stand.messenger.sent_to("bank@example.org")
    assert issued["document"] in text
    assert broken(office.mail(issued["extract"], "не адрес")) == ["ID-10 email"]
    waiting = office.ask(**ESTATE).data["extract"]
    assert broken(office.mail(waiting)) == ["PAY-01 payment"]


def test_anothers_extract_is_absent_and_leaves_a_line(office: Office) -> None:
    extract = office.ask().data["extract"]
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732263")
    asked = {"organization": other.id, "extract": extract}
    assert office.stand.read("extract", stranger, **asked).refusal == "absent"
    assert journal(office.stand, office.cabinet.id)[-1] == ("extract", "another's")
    listed = office.stand.read("extracts", office.head, organization=office.cabinet.id)
    assert [each["extract"] for each in listed.data["items"]] == [extract]
