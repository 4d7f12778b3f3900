"""Agencies consider applications: statuses, requests, decisions, acts, questions, moving."""

import base64
import hashlib
import json
from typing import Any

import pytest

from portal.applications.payment import SERVICE
from portal.events import Event
from portal.payments.payment import Payment, payment_id
from portal.payments.services import PAID_SERVICES, Price
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.applying import OFFICER, Applying
from tests.portal.cabinets import OTHER_LEGAL
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")

MANAGER = "500100732260"


@pytest.fixture
def firm(store: Store) -> Applying:
    return Applying(portal_with(store=store))


def events(firm: Applying) -> list[Event]:
    return events_of(firm.stand.store, firm.organization)


def told(firm: Applying) -> list[tuple[str, bool]]:
    """The states that events have told, and which of them are critical."""
    found = sorted(events(firm), key=lambda each: each.id)
    return [(each.details["state"], each.is_critical) for each in found]


# --- decisions


@pytest.mark.parametrize(
    ("approved", "state", "title"),
    [(True, "approved", "Одобрено"), (False, "rejected", "Отклонено")],
)
def test_a_decision_ends_it_with_a_comment(
    firm: Applying, approved: bool, state: str, title: str
) -> None:
    filed = firm.filed()
    outcome = firm.decide(filed, "Решение № 5", approved=approved)
    assert (outcome.state, outcome.data["expected"]) == (state, None)
    card = firm.card(filed)
    assert (card.state, card.data["state_title"]) == (state, title)
    step = card.data["history"][-1]
    assert (step["comment"], step["by"], step["expected"]) == ("Решение № 5", "Инспектор", None)
    assert told(firm) == [("processing", False), (state, not approved)]
    assert journal(firm.stand, firm.organization)[-1] == ("decide_application", state)


def test_a_decision_without_a_comment_is_none(firm: Applying) -> None:
    filed = firm.filed()
    outcome = firm.decide(filed, " ")
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["APP-02 comment"])
    assert firm.kept(filed).state == "processing"


def test_what_is_decided_is_not_decided_again(firm: Applying) -> None:
    filed = firm.filed()
    firm.decide(filed)
    for outcome in (firm.decide(filed, approved=False), firm.ask(filed)):
        assert (outcome.state, outcome.refusal) == ("approved", "state")
        assert broken(outcome) == ["APP-02 application"]


def test_a_draft_is_nobodys_but_the_organizations(firm: Applying) -> None:
    draft = firm.draft()
    assert firm.decide(draft).refusal == "absent"
    assert firm.stand.read("applications_to_decide", OFFICER).data["items"] == []


def test_officers_see_what_is_not_decided_the_most_urgent_first(firm: Applying) -> None:
    slow, quick = firm.filed(), firm.filed(kind="duplicate_certificate", fields={"reason": "Утеря"})
    firm.decide(firm.filed())
    items = firm.stand.read("applications_to_decide", OFFICER).data["items"]
    assert [each["application"] for each in items] == [quick, slow]
    of_court = firm.stand.read("applications_to_decide", OFFICER, agency="courts_law")
    assert of_court.data["items"] == []


def test_officers_see_the_documents_of_an_application(firm: Applying) -> None:
    paper, other = firm.document("attachment"), firm.document("contract")
    filed = firm.filed(documents=[paper])

    def seen(document: str, application: str = filed) -> Any:
        query = {"application": application, "document": document}
        return firm.stand.read("attached_document", OFFICER, **query)

    assert base64.b64decode(seen(paper).data["content"]).startswith(b"%PDF-")
    assert seen(other).refusal == "absent"
    assert seen(paper, firm.draft(documents=[paper])).refusal == "absent"


# --- a request for information


def test_a_request_returns_it_and_an_answer_continues(firm: Applying) -> None:
    filed = firm.filed()
    asked = firm.ask(filed, "Уточните период")
    assert asked.state == "awaiting"
    card = firm.card(filed)
    assert broken(card) == ["APP-03 answer"]
    assert card.data["history"][-1]["comment"] == "Уточните период"
    assert card.data["expected"] == "2026-02-09T23:59:59.999999+03:00"  # five working days
    firm.stand.after(days=1)
    paper = firm.document("attachment")
    answered = firm.answer(filed, fields={"text": "За первый квартал"}, documents=[paper])
    assert answered.state == "processing"
    assert answered.data["expected"] == "2026-02-17T23:59:59.999999+03:00"  # ten of them anew
    kept = firm.kept(filed)
    assert (kept.values["text"], kept.documents) == ("За первый квартал", (paper,))
    assert broken(firm.card(filed)) == []
    assert [each.state for each in kept.steps] == ["processing", "awaiting", "processing"]


def test_an_answer_says_something(firm: Applying) -> None:
    filed = firm.filed()
    firm.ask(filed)
    outcome = firm.answer(filed, " ")
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["APP-03 answer"])


def test_documents_alone_are_an_answer(firm: Applying) -> None:
    filed = firm.filed()
    firm.ask(filed)
    assert firm.answer(filed, "", documents=[firm.document("attachment")]).state == "processing"


def test_what_was_not_asked_is_not_answered(firm: Applying) -> None:
    outcome = firm.answer(firm.filed())
    assert (outcome.refusal, broken(outcome)) == ("state", ["APP-03 application"])


def test_an_answer_that_breaks_the_form_is_not_taken(firm: Applying) -> None:
    filed = firm.filed()
    firm.ask(filed)
    paper = firm.document("attachment", "docx")
    outcome = firm.answer(filed, fields={"text": ""}, documents=[paper])
    assert broken(outcome) == ["APP-01 fields.text", "APP-11 documents"]
    assert firm.kept(filed).state == "awaiting"


def test_an_answer_to_another_version_is_not_taken(firm: Applying) -> None:
    filed = firm.filed()
    firm.ask(filed)
    outcome = firm.answer(filed, version=1)
    assert (outcome.state, outcome.refusal) == ("changed", "state")


def test_what_is_not_answered_may_be_rejected_and_not_approved(firm: Applying) -> None:
    filed = firm.filed()
    firm.ask(filed)
    assert broken(firm.decide(filed)) == ["APP-02 application"]
    assert firm.decide(filed, approved=False).state == "rejected"


# --- terms


def test_a_stage_beyond_its_term_is_told_once(firm: Applying) -> None:
    filed = firm.filed()
    due = firm.kept(filed).due
    assert due is not None
    firm.stand.clock.move_to(due)
    firm.stand.portal.tick()
    assert (firm.card(filed).data["is_overdue"], len(events(firm))) == (False, 1)
    firm.stand.after(seconds=1)
    firm.stand.after(days=30)
    late = [each for each in events(firm) if each.kind == "deadline"]
    assert [each.subject for each in late] == [filed]
    assert firm.card(filed).data["is_overdue"] is True


def test_of_what_is_decided_in_time_no_term_is_told(firm: Applying) -> None:
    filed = firm.filed()
    firm.decide(filed)
    firm.stand.after(days=60)
    assert [each.kind for each in events(firm)] == ["application", "application"]
    assert firm.card(filed).data["is_overdue"] is False


def test_who_lost_the_right_is_in_charge_no_more(firm: Applying) -> None:
    firm.filed()
    manager = firm.cabinet.member("mgr", MANAGER)
    filed = firm.filed()
    assert firm.kept(filed).responsible == manager.account
    firm.cabinet.member("oper", MANAGER)
    firm.ask(filed)
    assert firm.kept(filed).responsible == firm.head.account


# --- the act


@pytest.mark.parametrize("approved", [True, False])
def test_what_is_over_has_an_act_sealed_by_the_journal(firm: Applying, approved: bool) -> None:
    filed = firm.filed()
    firm.decide(filed, "Решение № 5", approved=approved)
    act = firm.read("application_act", application=filed)
    content = base64.b64decode(act.data["content"])
    assert content.startswith(b"%PDF-")
    assert act.data["digest"] == hashlib.sha256(content).hexdigest()
    lines = [json.loads(line.body) for line in firm.stand.store.journal(firm.organization)]
    sealed = [each["digest"] for each in lines if each["action"] == "make_act"]
    assert sealed == [act.data["digest"]]
    archive = firm.stand.read("list_documents", firm.head, document_type="act")
    assert [each["document"] for each in archive.data["items"]] == [act.data["document"]]


def test_what_goes_on_has_no_act(firm: Applying) -> None:
    outcome = firm.read("application_act", application=firm.filed())
    assert (outcome.state, outcome.refusal) == ("processing", "state")
    assert broken(outcome) == ["APP-13 act"]


# --- a question to an operator


def question(firm: Applying, application: str, text: str = "Когда ждать решения?") -> Any:
    return firm.act("ask_operator", application=application, question=text)


def answer(firm: Applying, application: str, text: str = "На неделе", number: int = 0) -> Any:
    form: dict[str, Any] = {"application": application, "number": number, "answer": text}
    return firm.stand.act("answer_operator_question", OFFICER, **form)


def test_question_and_answer_stay_on_the_card(firm: Applying) -> None:
    filed = firm.filed()
    asked = question(firm, filed)
    assert asked.state == "asked"
    assert asked.data["due"] == "2026-02-03T23:59:59.999999+03:00"
    [waiting] = firm.stand.read("operator_questions", OFFICER).data["items"]
    assert (waiting["application"], waiting["number"]) == (filed, 0)
    assert answer(firm, filed).state == "answered"
    assert firm.stand.read("operator_questions", OFFICER).data["items"] == []
    [on_card] = firm.card(filed).data["questions"]
    assert (on_card["text"], on_card["answer"]) == ("Когда ждать решения?", "На неделе")
    assert on_card["answered_by"] == "Инспектор"
    assert events(firm)[-1].text == "На неделе"


def test_the_term_of_an_answer_is_working_time(firm: Applying) -> None:
    firm.stand.after(days=4)  # to Friday
    assert question(firm, firm.filed()).data["due"] == "2026-02-09T23:59:59.999999+03:00"


def test_an_empty_question_or_answer_is_none(firm: Applying) -> None:
    filed = firm.filed()
    assert broken(question(firm, filed, " ")) == ["APP-12 question"]
    question(firm, filed)
    assert broken(answer(firm, filed, "")) == ["APP-12 answer"]


def test_a_draft_has_no_card_to_ask_from(firm: Applying) -> None:
    outcome = question(firm, firm.draft())
    assert (outcome.refusal, broken(outcome)) == ("state", ["APP-12 application"])


def test_what_was_answered_or_not_asked_is_not_answered(firm: Applying) -> None:
    filed = firm.filed()
    assert answer(firm, filed).refusal == "absent"
    question(firm, filed)
    answer(firm, filed)
    assert answer(firm, filed).refusal == "state"
    assert answer(firm, filed, number=-1).refusal == "absent"


# --- money


def paid(firm: Applying, application: str, kopecks: int = 30_000) -> None:
    number = firm.kept(application).number
    unit = Unit(firm.stand.store)
    unit.put(
        Payment(
            id=payment_id(firm.organization, "service", SERVICE, number),
            organization=firm.organization,
            purpose="service",
            service=SERVICE,
            subject=number,
            kopecks=kopecks,
            kbk="",
            uin="",
            title="",
            inn="",
            bik="",
            payer_account="",
            asked_by="",
            asked_at=firm.stand.clock.now(),
            state="succeeded",
        )
    )
    unit.commit()


def test_a_paid_application_is_approved_once_it_is_paid(firm: Applying) -> None:
    filed = firm.filed(kind="duplicate_certificate", fields={"reason": "Утеря"})
    outcome = firm.decide(filed)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["PAY-01 payment"])
    paid(firm, filed)
    assert firm.decide(filed).state == "approved"


def test_a_rejection_waits_for_no_money(firm: Applying) -> None:
    filed = firm.filed(kind="duplicate_certificate", fields={"reason": "Утеря"})
    assert firm.decide(filed, approved=False).state == "rejected"


def test_what_an_application_costs(firm: Applying) -> None:
    context = Context(
        portal=firm.stand.portal,
        unit=Unit(firm.stand.store),
        actor=Actor(),
        now=firm.stand.clock.now(),
    )
    costly = firm.kept(firm.filed(kind="duplicate_certificate", fields={"reason": "Утеря"}))
    free = firm.kept(firm.filed())
    price_of = PAID_SERVICES[SERVICE]
    price = price_of(context, firm.organization, costly.number)
    assert price == Price(30_000, f"Дубликат свидетельства {costly.number}")
    assert price_of(context, "another", costly.number) is None
    assert price_of(context, firm.organization, free.number) is None
    assert price_of(context, firm.organization, "") is None


# --- moving (UNB-03)


@pytest.fixture
def second(firm: Applying) -> Applying:
    """Another cabinet of the same head."""
    return Applying(firm.stand, numbers=dict(OTHER_LEGAL))


def move(firm: Applying, application: str, to: str, **form: Any) -> Any:
    form = {"version": firm.version(application), **form}
    return firm.act("move_application", application=application, to=to, **form)


def test_an_open_application_moves_to_another_cabinet(firm: Applying, second: Applying) -> None:
    filed = firm.filed()
    outcome = move(firm, filed, second.organization)
    assert (outcome.state, outcome.data["responsible"]) == ("processing", second.head.account)
    assert firm.read("applications").data["items"] == []
    history = second.card(filed).data["history"]
    assert [each["state"] for each in history] == ["processing", "processing"]
    assert history[-1]["comment"].startswith("Перенесено")
    assert [each.subject for each in events(second)] == [filed]
    for cabinet in (firm, second):
        assert journal(firm.stand, cabinet.organization)[-1] == ("move_application", "moved")
    assert second.decide(filed).state == "approved"


def test_what_was_paid_stays_paid_when_it_moves(firm: Applying, second: Applying) -> None:
    filed = firm.filed(kind="duplicate_certificate", fields={"reason": "Утеря"})
    paid(firm, filed)
    move(firm, filed, second.organization)
    assert second.decide(filed).state == "approved"


def test_what_is_no_more_open_does_not_move(firm: Applying, second: Applying) -> None:
    filed = firm.filed()
    firm.decide(filed)
    assert move(firm, filed, second.organization).refusal == "state"
    assert move(firm, firm.draft(), second.organization).refusal == "state"
    assert move(firm, firm.filed(), firm.organization).refusal == "state"


def test_it_moves_only_where_the_actor_may_submit(firm: Applying, second: Applying) -> None:
    second.cabinet.member("oper")  # the same person has another role there
    filed = firm.filed()
    outcome = move(firm, filed, second.organization)
    assert outcome.refusal == "forbidden"
    assert move(firm, filed, "nowhere").refusal == "absent"
    assert firm.kept(filed).organization == firm.organization


def test_a_move_of_another_version_is_not_done(firm: Applying, second: Applying) -> None:
    outcome = move(firm, firm.filed(), second.organization, version=1)
    assert (outcome.state, outcome.refusal) == ("changed", "state")
