"""Subscriptions to courts and law: what is told, to whom and when (NTF-01)."""

import datetime as dt
from typing import Any

import pytest

from mocks.courts_law.cases import Cases
from mocks.courts_law.legislation import acts_of
from mocks.courts_law.terms import working_days_later
from tests.mocks.asking import ask, ask_json
from tests.mocks.suing import (
    ADDED,
    CALENDAR,
    CLAIM,
    DAY_US,
    at,
    card,
    country,
    events,
    filed,
    first_of,
    inspected,
    organization,
    refused,
    subscribed,
)

# --- subscriptions and the feed (NTF-01)


def test_reminders_come_two_weeks_before_each_deadline() -> None:
    of = country()
    large = first_of("legal", "large")
    subscribed(of, "deadline", inn=large.inn)
    at(of, 2026, 4, 30)
    told = [(one["at"], one["details"]["code"]) for one in events(of)]
    assert ("2026-02-11T09:00:00.000+03:00", "income_return") in told  # due on 25 February
    assert ("2026-04-13T09:00:00.000+03:00", "vat_return") in told  # due on 27 April
    codes = [code for _, code in told]
    assert (codes.count("vat_return"), codes.count("vat")) == (1, 3)


def test_the_parties_of_a_case_are_told_of_each_of_its_steps_once() -> None:
    of = country()
    subscribed(of, "court", inn=CLAIM["plaintiff_inn"])  # type: ignore[arg-type]
    case = filed(of)
    at(of, 2027, 6, 1)
    steps = [
        one["details"]["state"] for one in events(of) if one["details"]["number"] == case["number"]
    ]
    assert steps == [step["state"] for step in card(of, case["case_id"])["history"]]


def test_a_case_of_the_country_is_told_to_its_defendant_as_it_goes_on() -> None:
    of = country()
    cases = of.tenant().state(Cases)
    case = next(
        case
        for i in range(2_000)
        for case in cases.natural_of(organization(i), 2026)
        if case.steps[0].day > dt.date(2026, 2, 3)
    )
    subscribed(of, "court", inn=organization(case.defendant).inn)
    at(of, 2027, 12, 1)
    told = [one for one in events(of) if one["details"]["number"] == case.number]
    assert [one["details"]["state"] for one in told] == [step.state for step in case.steps]
    assert [one["details"]["day"] for one in told] == [str(step.day) for step in case.steps]
    assert told[0]["at"] == f"{case.steps[0].day}T12:00:00.000+03:00"


def test_inspections_are_announced_a_working_day_before() -> None:
    of = country()
    one = inspected(2027)
    subscribed(of, "audit", inn=one.inn)
    at(of, 2028, 1, 1)
    of_2027 = [event for event in events(of) if event["details"]["begins"].startswith("2027")]
    assert [event["details"]["state"] for event in of_2027] == ["planned", "notified", "completed"]
    begins = dt.date.fromisoformat(of_2027[0]["details"]["begins"])
    assert of_2027[1]["at"][:10] == str(working_days_later(CALENDAR, begins, -1))


def test_legislation_is_told_whole_without_an_inn_and_by_activities_with_one() -> None:
    of = country()
    whole = subscribed(of, "legislation", request_id="a")
    one = first_of("legal", "large")
    own = subscribed(of, "legislation", inn=one.inn, request_id="b")
    at(of, 2026, 12, 31, 23)
    told = events(of)
    all_names = [e["details"]["name"] for e in told if e["subscription_id"] == whole]
    own_names = [e["details"]["name"] for e in told if e["subscription_id"] == own]
    acts = [act for month in range(2, 13) for act in acts_of(1, 2026, month)]
    later = [act for act in acts if act.day > dt.date(2026, 2, 2)]
    assert all_names == [act.name for act in later]
    assert own_names == [act.name for act in later if act.concerns(one.okved)]
    assert len(own_names) < len(all_names)


def test_an_event_filed_by_a_test_reaches_those_who_are_subscribed() -> None:
    of = country()
    subscription = subscribed(of, "audit", inn=CLAIM["plaintiff_inn"])  # type: ignore[arg-type]
    body = {
        "request_id": "e-1",
        "topic": "audit",
        "inn": CLAIM["plaintiff_inn"],
        "title": "Внеплановая проверка",
        "details": {"authority": "МЧС России"},
    }
    path = "/courts_law/v1/events"
    assert ask_json(of, "POST", path, body) == {"event_id": "e-1", "told": 1}
    assert ask_json(of, "POST", path, body) == {"event_id": "e-1", "told": 1}
    other = {**body, "request_id": "e-2", "inn": CLAIM["defendant_inn"]}
    assert ask_json(of, "POST", path, other)["told"] == 0
    (event,) = events(of)
    assert event == {
        "number": 1,
        "id": f"{subscription}/e-1",
        "at": "2026-02-02T10:00:00.000+03:00",
        "subscription_id": subscription,
        "topic": "audit",
        "inn": CLAIM["plaintiff_inn"],
        "title": "Внеплановая проверка",
        "details": {"authority": "МЧС России"},
    }


def test_legislation_filed_without_an_inn_reaches_every_subscriber_of_it() -> None:
    of = country()
    subscribed(of, "legislation", request_id="a")
    subscribed(of, "legislation", inn=organization(26).inn, request_id="b")
    subscribed(of, "court", inn=organization(26).inn, request_id="c")
    body = {"request_id": "e-1", "topic": "legislation", "title": "Новые формы отчётности"}
    assert ask_json(of, "POST", "/courts_law/v1/events", body)["told"] == 2
    refusal = refused(of, "v1/events", {**body, "request_id": "e-2", "topic": "court"})
    assert refusal == (422, "inn-missing")


def test_after_the_end_of_a_subscription_nothing_is_told() -> None:
    of = country()
    subscription = subscribed(of, "legislation")
    path = f"/courts_law/v1/subscriptions/{subscription}"
    assert ask_json(of, "GET", path)["topics"] == ["legislation"]
    assert ask(of, "DELETE", path).status == 204
    assert ask(of, "DELETE", path).status == 404
    of.tenant().advance(100 * DAY_US)
    assert events(of) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"topics": ["court"]}, "inn-missing"),
        ({"topics": ["legislation", "audit"]}, "inn-missing"),
        ({"topics": []}, "invalid"),
        ({"topics": ["court"], "inn": "7707083894"}, "bad-inn"),
        ({"topics": ["weather"], "inn": "7707083893"}, "invalid"),
    ],
)
def test_wrong_subscriptions_are_refused(body: dict[str, Any], error: str) -> None:
    assert refused(country(), "v1/subscriptions", {"request_id": "p", **body}) == (422, error)


def acts_told(*kinds: str) -> list[dict[str, Any]]:
    of = country(*kinds)
    subscribed(of, "legislation", inn=first_of("legal", "large").inn)
    of.tenant().advance(90 * DAY_US)
    return events(of)


def test_lost_doubled_and_overtaken_events_are_those_of_the_plan_of_faults() -> None:
    ids = [event["id"] for event in acts_told()]
    assert acts_told("loss") == []
    assert [event["id"] for event in acts_told("duplicate")] == [i for i in ids for _ in range(2)]
    assert sorted(event["id"] for event in acts_told("reorder")) == sorted(ids)


def test_late_events_come_a_day_later() -> None:
    days = [dt.datetime.fromisoformat(event["at"]) for event in acts_told()]
    late = [dt.datetime.fromisoformat(event["at"]) for event in acts_told("late_event")]
    assert late == [day + dt.timedelta(days=1) for day in days][: len(late)]
    assert len(late) >= len(days) - 1


def test_misaddressed_events_name_the_next_organization() -> None:
    wrong = organization(first_of("legal", "large").index + 1).inn
    assert {event["inn"] for event in acts_told("misaddressed")} == {wrong}


# --- records that a test takes back, and what is kept


def test_nothing_comes_to_an_organization_taken_back_and_time_goes_on() -> None:
    of = country()
    of.tenant().records.add_organization(first_of("legal", "large").index, ADDED)
    subscribed(of, "deadline", "legislation", inn=ADDED["inn"])
    of.tenant().records.restore()
    at(of, 2026, 3, 1)
    february = events(of)
    at(of, 2026, 6, 1)
    assert february
    assert events(of) == february


def test_ended_subscriptions_leave_nothing_planned() -> None:
    of = country()
    planned = len(of.tenant().agenda)
    for number in range(3):
        inn = first_of("legal", "large").inn
        found = subscribed(of, "deadline", "court", inn=inn, request_id=f"p-{number}")
        assert len(of.tenant().agenda) > planned
        ask(of, "DELETE", f"/courts_law/v1/subscriptions/{found}")
        assert len(of.tenant().agenda) == planned


def test_cases_beyond_the_bound_are_followed_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mocks.courts_law.subscriptions.MOST_FILED", 1)
    of = country()
    filed(of)
    ask_json(of, "POST", "/courts_law/v1/cases", {**CLAIM, "request_id": "another"})
    ask_json(of, "POST", "/courts_law/v1/cases", {**CLAIM, "request_id": "third"})
    of.tenant().settle()
    assert len(of.tenant().agenda) < 9  # steps of the latest case alone, eight at most


def test_texts_of_a_filed_event_are_bounded() -> None:
    of = country()
    body = {"request_id": "e", "topic": "legislation", "title": "t"}
    longest = {**body, "details": {"a": "x" * 1_000}}
    assert ask(of, "POST", "/courts_law/v1/events", longest).status == 202
    longer = {**body, "request_id": "f", "details": {"a": "x" * 1_001}}
    assert ask(of, "POST", "/courts_law/v1/events", longer).status == 422
