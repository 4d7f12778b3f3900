"""Licences: prepared by the authority's list, signed, completed, decided, kept."""

import base64
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from portal.organizations.organization import Organization
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with
from world.file_formats import file_content

pytestmark = pytest.mark.usefixtures("kept_events")


@dataclass
class Office:
    """A cabinet with the service of licences, and two documents."""

    store: Store
    cabinet: Cabinet = field(init=False)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(portal_with(store=self.store))
        self.stand = self.cabinet.stand
        self.head = self.cabinet.member("head")
        self.certificate = self.cabinet.certificate()
        unit = Unit(self.store)
        found = unit.get(Organization, self.cabinet.id)
        assert found is not None
        unit.put(replace(found, services=("licence",), owner=self.head.account))
        unit.commit()
        self.charter, self.expertise = self.upload("Устав"), self.upload("Экспертиза")

    def upload(self, title: str) -> str:
        content = base64.b64encode(file_content("pdf", [title])).decode()
        form = {"context": "library", "document_type": "other", "file_name": f"{title}.pdf"}
        return str(
            self.stand.act("upload_document", self.head, **form, content=content).data["document"]
        )

    def act(self, name: str, actor: Actor | None = None, **form: Any) -> Outcome:
        return self.stand.act(name, actor or self.head, organization=self.cabinet.id, **form)

    def prepare(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        form = {
            "kind": "опасные вещества",
            "activity": "49.41",
            "documents": {"charter": self.charter, "expertise_results": self.expertise},
            "valid_until": "2028-12-31",
            **changes,
        }
        return self.act("prepare_licence", actor, **form)

    def apply(self, prepared: Outcome, **changes: Any) -> Outcome:
        form = {
            "licence_application": prepared.data["licence_application"],
            "signature": self.cabinet.signed(prepared.data["text"], self.certificate),
            **changes,
        }
        return self.act("apply_for_licence", **form)

    def seen(self, application: str, actor: Actor | None = None) -> Outcome:
        asked = {"organization": self.cabinet.id, "licence_application": application}
        return self.stand.read("licence_application", actor or self.head, **asked)

    def listed(self, actor: Actor) -> list[str]:
        asked = {"organization": self.cabinet.id}
        items = self.stand.read("licence_applications", actor, **asked).data["items"]
        return [each["licence_application"] for each in items]

    def events(self) -> list[tuple[str, str, bool]]:
        found = events_of(self.store, self.cabinet.id)
        found.sort(key=lambda each: each.at)
        return [(each.details["state"], each.text, each.is_critical) for each in found]


@pytest.fixture(name="office")
def _office(store: Store) -> Office:
    return Office(store)


def test_a_licence_is_granted_and_comes_to_the_documents(office: Office) -> None:
    sent = office.apply(office.prepare())
    assert (sent.state, sent.data["state_title"]) == ("in_examination", "Принята, на рассмотрении")
    office.stand.licensing.decide("granted")
    office.stand.after(hours=6)
    seen = office.seen(sent.data["licence_application"])
    assert (seen.state, seen.data["licence"]) == ("granted", "00000001")
    shown = office.stand.read("document_content", office.head, document=seen.data["document"])
    assert shown.data["document_type"] == "licence"
    assert base64.b64decode(shown.data["content"]) == b"%PDF 00000001"
    number = sent.data["number"]
    assert office.events() == [("in_examination", number, False), ("granted", number, False)]
    (order,) = office.stand.licensing.applied.values()
    assert [each.code for each in order.documents] == ["charter", "expertise_results"]


def test_a_refusal_says_why_at_once(office: Office) -> None:
    sent = office.apply(office.prepare())
    office.stand.licensing.decide("refused", "сведения недостоверны")
    office.stand.after(hours=6)
    assert office.seen(sent.data["licence_application"]).data["reasons"] == [
        "сведения недостоверны"
    ]
    assert office.events()[-1] == (
        "refused",
        f"{sent.data['number']}; сведения недостоверны",
        True,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "охота"}, ["APP-09 kind"]),
        ({"activity": ""}, ["APP-09 activity"]),
        ({"documents": {}}, ["APP-09 documents", "APP-09 documents"]),
        ({"kind": "охота", "activity": ""}, ["APP-09 kind", "APP-09 activity"]),
    ],
)
def test_what_is_missing_is_told_at_once(
    office: Office, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(office.prepare(**changes)) == expected


def test_what_the_authority_misses_is_brought_later(office: Office) -> None:
    office.stand.licensing.rejects = {"charter"}
    sent = office.apply(office.prepare())
    assert (sent.state, sent.data["missing"]) == ("awaiting_documents", ["charter"])
    one = {"licence_application": sent.data["licence_application"]}
    assert broken(office.act("supplement_licence", **one, documents={})) == ["APP-09 documents"]
    brought = office.act("supplement_licence", **one, documents={"charter": office.charter})
    assert (brought.state, brought.data["missing"]) == ("in_examination", [])
    assert list(office.stand.licensing.supplements.values()) == [["charter"]]
    late = office.act("supplement_licence", **one, documents={"charter": office.charter})
    assert (late.state, late.refusal) == ("in_examination", "state")


def test_without_a_good_signature_nothing_is_sent(office: Office) -> None:
    prepared = office.prepare()
    assert broken(office.apply(prepared, signature="")) == ["APP-09 signature"]
    other = office.cabinet.signed("другой текст", office.certificate)
    assert broken(office.apply(prepared, signature=other)) == ["SIG-06 signature"]
    assert office.stand.licensing.applied == {}


def test_it_is_sent_once_also_after_a_silence(office: Office) -> None:
    prepared = office.prepare()
    office.stand.licensing.down = True
    assert office.apply(prepared).state == "sending"
    office.stand.after(hours=7)
    office.stand.licensing.down = False
    office.stand.after(hours=7)
    assert office.seen(prepared.data["licence_application"]).state == "in_examination"
    assert office.apply(prepared).state == "in_examination"
    assert len(office.stand.licensing.applied) == 1


def test_what_the_authority_does_not_take_is_refused_with_its_reason(office: Office) -> None:
    sent = office.apply(office.prepare(activity="99"))
    assert (sent.state, sent.data["reasons"]) == ("refused", ["такого кода нет"])


def test_who_prepares_and_who_signs(office: Office) -> None:
    manager = office.cabinet.member("mgr", "500100732260")
    prepared = office.prepare(manager)
    assert prepared.state == "draft"
    form = {"licence_application": prepared.data["licence_application"], "signature": ""}
    assert broken(office.act("apply_for_licence", manager, **form)) == ["ROLE-01 organization"]
    accountant = office.cabinet.member("acc", "500100732261")
    assert broken(office.prepare(accountant)) == ["ROLE-01 organization"]
    assert office.apply(prepared).state == "in_examination"


def test_anothers_application_and_document_are_absent(office: Office) -> None:
    application = office.prepare().data["licence_application"]
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732263")
    asked = {"organization": other.id, "licence_application": application}
    assert office.stand.read("licence_application", stranger, **asked).refusal == "absent"
    assert journal(office.stand, office.cabinet.id)[-1] == ("licence_application", "another's")
    assert office.prepare(documents={"charter": "nothing"}).refusal == "absent"
    listed = office.stand.read("licence_applications", office.head, organization=office.cabinet.id)
    assert [each["licence_application"] for each in listed.data["items"]] == [application]


def test_a_colleagues_application_is_absent_but_for_whoever_sees_all(office: Office) -> None:
    manager = office.cabinet.member("mgr", "500100732260")
    own = office.prepare(manager).data["licence_application"]
    anothers = office.prepare().data["licence_application"]
    assert office.seen(own, manager).state == "draft"
    closed = office.seen(anothers, manager)
    assert (closed.refusal, broken(closed)) == ("absent", ["ROLE-11 licence_application"])
    assert journal(office.stand, office.cabinet.id)[-1] == ("licence_application", "another's")
    form = {"licence_application": anothers, "documents": {"charter": office.charter}}
    assert broken(office.act("supplement_licence", manager, **form)) == [
        "ROLE-11 licence_application"
    ]
    assert office.listed(manager) == [own]
    assert sorted(office.listed(office.head)) == sorted([own, anothers])


def test_the_service_has_to_be_switched_on(office: Office) -> None:
    unit = Unit(office.store)
    found = unit.get(Organization, office.cabinet.id)
    assert found is not None
    unit.put(replace(found, services=()))
    unit.commit()
    assert broken(office.prepare()) == ["ACT-06 service"]


def test_kinds_come_with_the_documents_that_they_want(office: Office) -> None:
    shown = office.stand.read("licence_kinds", office.head, organization=office.cabinet.id)
    kinds = {each["kind"]: sorted(each["documents"]) for each in shown.data["items"]}
    assert kinds["опасные вещества"] == ["charter", "expertise_results"]
