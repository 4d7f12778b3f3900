"""Applications are prepared and submitted: form, draft, documents, signature, who is in charge."""

import dataclasses
from typing import Any

import pytest

from portal.applications.catalogue import KINDS
from portal.applications.kinds import CATEGORIES
from portal.documents.stored_document import DOCUMENT_TYPES
from portal.organizations.organization import Organization, Requisites
from portal.ports.registers import RegisterRecord
from portal.ports.store import Store
from portal.store.unit import Unit
from rulebook import load
from tests.portal.applying import APPEAL, CHANGE, Applying
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet
from tests.portal.fakes import START
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")

MANAGER = "500100732260"
EMPLOYEE = "500100732261"


@pytest.fixture
def firm(store: Store) -> Applying:
    return Applying(portal_with(store=store))


def register_record(firm: Applying, **changes: Any) -> None:
    record = RegisterRecord(
        kind="legal",
        inn=firm.cabinet.numbers["inn"],
        ogrn=firm.cabinet.numbers["ogrn"],
        kpp="773601001",
        full_name="ОБЩЕСТВО «РОМАШКА»",
        short_name="ООО «РОМАШКА»",
        standing="active",
        registered=START.date(),
        address="Москва, улица Садовая, 1",
        head_name="Иванов Иван Иванович",
        head_inn="500100732259",
        head_position="Директор",
        head_since=None,
        capital_kopecks=None,
    )
    firm.stand.registers.add(dataclasses.replace(record, **changes))


# --- the catalogue


def test_the_catalogue_names_what_the_rule_book_and_the_portal_know() -> None:
    systems = {system.id for system in load().systems.values()}
    profile = {each.name for each in dataclasses.fields(Requisites)}
    for kind in KINDS.values():
        assert kind.category in CATEGORIES
        assert kind.agency in systems
        assert {each.document_type for each in kind.documents} <= set(DOCUMENT_TYPES)
        assert {each.known_as for each in kind.fields} <= profile | {""}
        assert kind.stage_days >= 1


def test_an_organization_sees_the_kinds_for_its_like(store: Store) -> None:
    stand = portal_with(store=store)
    sole = Cabinet(stand, kind="sole_proprietor", numbers=dict(SOLE))
    shown = stand.read("application_kinds", sole.member("head"), organization=sole.id)
    assert "appeal" in {each["kind"] for each in shown.data["items"]}
    assert "register_change" not in {each["kind"] for each in shown.data["items"]}


def test_a_category_chooses_among_kinds(firm: Applying) -> None:
    shown = firm.read("application_kinds", category="appeal").data["items"]
    assert {each["category"] for each in shown} == {"appeal"}


# --- the form


def test_a_form_begins_with_the_register_and_the_profile(firm: Applying) -> None:
    register_record(firm)
    outcome = firm.read("application_form", kind="register_change")
    assert outcome.state == "filled"
    assert outcome.data["values"] == {
        "full_name": "ОБЩЕСТВО «РОМАШКА»",
        "inn": firm.cabinet.numbers["inn"],
        "ogrn": firm.cabinet.numbers["ogrn"],
        "head_name": "Иванов Иван Иванович",
        "legal_address": "Москва, улица Садовая, 1",
    }


def test_while_the_register_is_silent_the_profile_is_enough(firm: Applying) -> None:
    firm.stand.registers.down = True
    outcome = firm.read("application_form", kind="register_change")
    assert outcome.state == "filled_from_profile"
    assert outcome.data["values"]["full_name"] == "ООО «Ромашка»"


@pytest.mark.parametrize("act", ["application_form", "check_application", "draft_application"])
def test_a_kind_that_is_not_offered_is_absent(firm: Applying, act: str) -> None:
    if act == "application_form":
        assert firm.read(act, kind="no such kind").refusal == "absent"
    else:
        assert firm.act(act, kind="no such kind", fields={}).refusal == "absent"


def test_what_is_typed_is_checked_and_nothing_is_kept(firm: Applying) -> None:
    typed = {"phone": "8 916", "subject": "", "colour": "red"}
    outcome = firm.act("check_application", kind="appeal", fields=typed)
    assert broken(outcome) == [
        "APP-14 fields.phone",
        "APP-14 fields.subject",
        "APP-14 fields.colour",
    ]
    assert firm.act("check_application", kind="appeal", fields=APPEAL).state == "checked"
    assert firm.read("applications").data["items"] == []


# --- the draft


def test_a_draft_is_kept_with_its_mistakes_and_warns_of_them(firm: Applying) -> None:
    outcome = firm.act("draft_application", kind="appeal", fields={"phone": "8"})
    assert (outcome.state, broken(outcome)) == ("draft", ["APP-14 fields.phone"])
    card = firm.card(outcome.data["application"])
    assert (card.state, card.data["values"]["phone"], card.data["version"]) == ("draft", "8", 1)
    assert (card.data["number"], card.data["responsible"], card.data["history"]) == ("", None, [])


def test_an_edit_of_another_version_is_not_taken(firm: Applying) -> None:
    draft = firm.draft()
    first = firm.act("edit_application", application=draft, version=1, fields={"text": "раз"})
    assert (first.state, first.data["version"]) == ("draft", 2)
    late = firm.act("edit_application", application=draft, version=1, fields={"text": "два"})
    assert (late.state, late.refusal, late.data) == ("changed", "state", {"version": 2})
    assert firm.kept(draft).values["text"] == "раз"


def test_an_edit_leaves_documents_unless_it_names_them(firm: Applying) -> None:
    paper = firm.document("attachment")
    draft = firm.draft(documents=[paper])
    firm.act("edit_application", application=draft, version=1, fields={"text": "раз"})
    assert firm.kept(draft).documents == (paper,)
    firm.act("edit_application", application=draft, version=2, documents=[])
    assert firm.kept(draft).documents == ()


def test_documents_of_others_are_absent(firm: Applying) -> None:
    other = Applying(firm.stand, numbers=dict(OTHER_LEGAL))
    other.head = other.cabinet.member("head", MANAGER)
    foreign = other.document("attachment")
    outcome = firm.act("draft_application", kind="appeal", documents=[foreign])
    assert outcome.refusal == "absent"
    assert journal(firm.stand, other.organization)[-1] == ("draft_application", "another's")


def test_a_draft_is_thrown_away_and_a_submitted_one_is_not(firm: Applying) -> None:
    draft = firm.draft()
    outcome = firm.act("discard_application", application=draft, version=1)
    assert outcome.state == "discarded"
    assert firm.card(draft).refusal == "absent"
    filed = firm.filed()
    outcome = firm.act("discard_application", application=filed, version=firm.version(filed))
    assert (outcome.state, outcome.refusal) == ("processing", "state")


# --- submission


def test_submission_gives_a_number_somebody_in_charge_and_a_term(firm: Applying) -> None:
    draft = firm.draft()
    outcome = firm.submit(draft)
    kept = firm.kept(draft)
    assert outcome.state == "processing"
    assert outcome.data == {
        "application": draft,
        "number": kept.number,
        "responsible": firm.head.account,
        "expected": "2026-02-16T23:59:59.999999+03:00",  # ten working days from Monday 2 February
        "act": None,
    }
    [step] = firm.card(draft).data["history"]
    assert step == {
        "state": "processing",
        "title": "В обработке",
        "at": firm.stand.clock.now().isoformat(),
        "comment": "Заявление подано",
        "by": firm.head.account,
        "expected": outcome.data["expected"],
    }


def test_every_submission_has_a_number_of_its_own(firm: Applying) -> None:
    numbers = [firm.kept(firm.filed()).number for _ in range(3)]
    assert len(set(numbers)) == 3
    assert all(len(each) == len("260202-0000-0000") for each in numbers)


def test_a_number_that_is_taken_is_not_given_again(
    firm: Applying, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["00000001", "00000001", "00000002"])
    monkeypatch.setattr(firm.stand.entropy, "code", lambda *_: next(drawn))
    numbers = [firm.kept(firm.filed()).number for _ in range(2)]
    assert numbers == ["260202-0000-0001", "260202-0000-0002"]


def test_everything_missing_in_form_and_documents_is_told_at_once(firm: Applying) -> None:
    draft = firm.draft(kind="subsidy", fields={"amount": "много"})
    outcome = firm.submit(draft)
    assert broken(outcome) == [
        "APP-01 fields.amount",
        "APP-01 fields.purpose",
        "APP-11 documents",
        "APP-11 documents",
        "SIG-04 signature",
    ]
    assert firm.kept(draft).state == "draft"


def test_a_cabinet_that_is_closed_submits_nothing(firm: Applying) -> None:
    draft = firm.draft()
    unit = Unit(firm.stand.store)
    found = unit.get(Organization, firm.organization)
    assert found is not None
    unit.put(dataclasses.replace(found, state="verified", owner=None))
    unit.commit()
    assert broken(firm.submit(draft)) == ["BND-18 organization", "ACT-03 organization"]


def test_what_was_submitted_is_not_submitted_again(firm: Applying) -> None:
    filed = firm.filed()
    again = firm.submit(filed)
    assert (again.state, again.refusal, broken(again)) == (
        "processing",
        "state",
        ["APP-02 application"],
    )
    assert again.data["number"] == firm.kept(filed).number
    assert len(firm.kept(filed).steps) == 1


def test_under_a_key_a_repetition_is_answered_alike(firm: Applying) -> None:
    form = {"organization": firm.organization, "application": firm.draft(), "version": 1}
    first = firm.stand.act("submit_application", firm.head, "key", **form)
    assert first.state == "processing"
    assert firm.stand.act("submit_application", firm.head, "key", **form) == first


def test_a_document_of_another_format_is_named(firm: Applying) -> None:
    charter = firm.document("charter", "docx")
    draft = firm.draft(kind="register_change", fields=CHANGE, documents=[charter])
    violations = firm.submit(draft).violations
    told = [each.reason.ru for each in violations if each.reason and each.rule == "APP-11"]
    assert told == ["Устав: docx вместо pdf"]


def test_an_employee_prepares_and_who_only_prepares_does_not_submit(firm: Applying) -> None:
    admin = firm.cabinet.member("admin", MANAGER)
    draft = firm.draft(admin)
    outcome = firm.submit(draft, admin)
    assert (outcome.refusal, broken(outcome)) == ("forbidden", ["ROLE-01 organization"])
    assert firm.submit(draft).state == "processing"


def test_a_colleagues_application_is_not_for_an_employee(firm: Applying) -> None:
    employee = firm.cabinet.member("emp", EMPLOYEE)
    filed = firm.filed()
    outcome = firm.card(filed, employee)
    assert (outcome.refusal, broken(outcome)) == ("absent", ["ROLE-11 application"])
    assert journal(firm.stand, firm.organization)[-1] == ("application_card", "another's")


def test_a_strangers_application_is_absent(firm: Applying) -> None:
    other = Applying(firm.stand, numbers=dict(OTHER_LEGAL))
    other.head = other.cabinet.member("head", MANAGER)
    filed = firm.filed()
    outcome = other.card(filed)
    assert (outcome.refusal, outcome.violations) == ("absent", ())
    assert journal(firm.stand, firm.organization)[-1] == ("application_card", "another's")


# --- with a signature


def signed(firm: Applying, draft: str, text: str | None = None) -> Any:
    text = text or firm.read("application_to_sign", application=draft).data["text"]
    signature = firm.cabinet.signed(text, firm.cabinet.certificate())
    version = firm.version(draft)
    return firm.act("sign_application", application=draft, version=version, signature=signature)


def test_a_signed_application_is_considered(firm: Applying) -> None:
    charter = firm.document("charter")
    draft = firm.draft(kind="register_change", fields=CHANGE, documents=[charter])
    assert signed(firm, draft).state == "processing"


def test_a_signature_is_over_the_draft_as_it_is(firm: Applying) -> None:
    charter = firm.document("charter")
    draft = firm.draft(kind="register_change", fields=CHANGE, documents=[charter])
    text = firm.read("application_to_sign", application=draft).data["text"]
    firm.act("edit_application", application=draft, version=1, fields={"change": "Иное"})
    outcome = signed(firm, draft, text)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["SIG-06 signature"])
    assert firm.kept(draft).state == "draft"


def test_who_may_not_sign_does_not(firm: Applying) -> None:
    manager = firm.cabinet.member("mgr", MANAGER)
    draft = firm.draft(manager)
    form = {"application": draft, "version": 1, "signature": "AA=="}
    outcome = firm.act("sign_application", manager, **form)
    assert (outcome.refusal, broken(outcome)) == ("forbidden", ["ROLE-01 organization"])


# --- who is in charge


def test_the_least_loaded_are_in_charge_in_turn(firm: Applying) -> None:
    manager = firm.cabinet.member("mgr", MANAGER)
    firm.cabinet.member("oper", EMPLOYEE)  # has no right to prepare applications
    charged = [firm.kept(firm.filed()).responsible for _ in range(3)]
    assert charged == [firm.head.account, manager.account, firm.head.account]


def test_who_is_in_charge_sees_the_application(firm: Applying) -> None:
    firm.filed()
    manager = firm.cabinet.member("mgr", MANAGER)
    second = firm.filed()
    assert firm.card(second, manager).data["responsible"] == manager.account
    own = firm.read("applications", manager, scope="own").data["items"]
    assert [each["application"] for each in own] == [second]


def test_all_applications_are_for_who_manages_people(firm: Applying) -> None:
    manager = firm.cabinet.member("mgr", MANAGER)
    filed = [firm.filed(), firm.filed(manager)]
    everything = {each["application"] for each in firm.read("applications").data["items"]}
    assert everything == set(filed)
    outcome = firm.read("applications", manager, scope="all")
    assert (outcome.refusal, broken(outcome)) == ("forbidden", ["ROLE-11 scope"])


def test_a_submission_is_an_event(firm: Applying) -> None:
    filed = firm.filed()
    [event] = events_of(firm.stand.store, firm.organization)
    number = firm.kept(filed).number
    assert (event.id, event.kind, event.subject) == (
        f"application/{filed}/1",
        "application",
        filed,
    )
    assert event.title == f"Обращение за разъяснением {number}: В обработке"
    assert (event.agency, event.is_critical) == ("fns", False)
    assert event.details == {"number": number, "kind": "appeal", "state": "processing"}
