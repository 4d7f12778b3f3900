"""What all agencies share: tables of states, dockets, work that is never lost, terms, entries."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from mocks.case_work.applicants import Submission
from mocks.case_work.cases import Case, Docket, StateTable, Step
from mocks.case_work.entries import ENTRY_STATES, MOST_STEPS, Entry
from mocks.case_work.files import decoded_file
from mocks.case_work.terms import day_after, last_moment, years_after
from mocks.case_work.work import BEGIN_ANEW_US
from mocks.core.country import Country
from mocks.core.draw_keys import DrawKey
from mocks.core.faults import Fault
from mocks.core.http import Refusal
from mocks.core.jobs import Job
from mocks.fns.service import service as fns
from mocks.procurement.service import service
from scenarios.builtin_models import builtin_journey
from scenarios.distributions import constant
from scenarios.journey_format import Fail, Serve
from tests.mocks.agencies import HOUR_US, organization
from tests.mocks.asking import ask, ask_json
from tests.sim.tracing import scenario
from world.calendar import Calendar

CALENDAR = Calendar(start=dt.datetime(2026, 2, 2, 10))
ACCREDITATIONS = "/procurement/v1/accreditations"

# One server, an hour for each case, one waiting place.
OFFICE = """
stations: {procurement: {servers: 1, service: {constant: 1h}, queue_limit: 1}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: procurement, next: done}, done: {end: completed}}}}
"""


def case(table: StateTable) -> Case[None]:
    submission = Submission(request_id="1", inn="1", ogrn="1")
    one = Case(
        number="N-1",
        inn=submission.inn,
        request_id=submission.request_id,
        digest="",
        subject=None,
        key=DrawKey(0, 0, 0, 0),
        table=table,
    )
    one.history.append(Step(0, table.start, "", None))
    return one


# --- states


@given(wanted=st.lists(st.sampled_from(sorted(ENTRY_STATES.titles)), max_size=20))
def test_case_goes_only_where_its_table_leads(wanted: list[str]) -> None:
    one = case(ENTRY_STATES)
    for state in wanted:
        before = one.state
        if state in ENTRY_STATES.follows.get(before, frozenset()):
            one.move(state, 0)
            assert one.state == state
        else:
            with pytest.raises(ValueError, match=f"{before} does not lead to {state}"):
                one.move(state, 0)
            assert one.state == before
        assert ENTRY_STATES.is_end(one.state) is (one.state in ("expired", "terminated"))


def test_table_names_every_state_and_leads_to_every_state() -> None:
    with pytest.raises(ValueError, match="'done'"):
        StateTable(titles={"new": "Новое"}, follows={"new": frozenset({"done"})})
    with pytest.raises(ValueError, match="'lost'"):
        StateTable(
            titles={"new": "Новое", "done": "Готово", "lost": "Утеряно"},
            follows={"new": frozenset({"done"})},
        )


def test_action_in_a_wrong_state_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        case(ENTRY_STATES).require("suspended", "expired")
    assert (caught.value.status, caught.value.code) == (409, "wrong-state")
    case(ENTRY_STATES).require("active")


def test_entry_keeps_its_latest_hundred_steps_and_knows_where_it_stood() -> None:
    entry = Entry(
        number="1",
        inn="1",
        valid_from=dt.date(2026, 2, 2),
        valid_until=None,
        history=[Step(0, "active", "", None)],
    )
    assert entry.state_at(-1) is None
    for us in range(1, 2 * MOST_STEPS):
        entry.move("suspended" if us % 2 else "active", us, "")
    assert len(entry.history) == MOST_STEPS
    assert (entry.state_at(150), entry.state_at(151)) == ("active", "suspended")


# --- terms


def test_term_ends_with_the_last_microsecond_of_its_last_day() -> None:
    day = day_after(CALENDAR, 0, 30)
    assert day == dt.date(2026, 3, 4)
    end_us = last_moment(CALENDAR, day)
    assert CALENDAR.local(end_us).replace(tzinfo=None) == dt.datetime.max.replace(2026, 3, 4)
    assert CALENDAR.local(end_us + 1).replace(tzinfo=None) == dt.datetime(2026, 3, 5)


def test_validity_of_years_ends_on_the_day_before_the_anniversary() -> None:
    assert years_after(CALENDAR, 0, 3) == dt.date(2029, 2, 1)
    leap_day = CALENDAR.instant(dt.datetime(2028, 2, 29, 12))
    assert years_after(CALENDAR, leap_day, 1) == dt.date(2029, 2, 28)


@pytest.mark.parametrize("text", ["***", "YQ", "файл", "YQ==\n"])
def test_file_that_is_not_base64_is_refused_by_field(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        decoded_file(text, "content")
    assert (caught.value.code, caught.value.field) == ("bad-base64", "content")
    assert decoded_file("YQ==", "content") == b"a"


# --- dockets and work


def office() -> Country:
    return Country([service], scenario=scenario(OFFICE, horizon="30d"))


def application(country: Country, request_id: str) -> dict[str, Any]:
    one = organization(country, lambda one: one.standing == "active")
    return {
        "request_id": request_id,
        "inn": one.inn,
        "ogrn": one.ogrn,
        "e_mail": "zakupki@firma.test",
    }


def test_full_queue_refuses_a_case_which_can_be_filed_later() -> None:
    country = office()
    bodies = [application(country, request_id) for request_id in ("a", "b", "c")]
    answers = [ask(country, "POST", ACCREDITATIONS, body) for body in bodies]
    assert [answer.status for answer in answers] == [201, 201, 503]
    assert (answers[2].header("Retry-After"), json.loads(answers[2].body)["error"]) == (
        "1800",
        "queue-full",
    )
    country.tenant().advance(HOUR_US)
    again = ask(country, "POST", ACCREDITATIONS, bodies[2])
    assert (again.status, json.loads(again.body)["number"]) == (201, "ACC-2026-000004")


def test_docket_keeps_the_latest_cases_and_gives_up_the_work_on_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Docket.__init__, "__defaults__", (2, None))
    country = Country([service], seed=1)
    bodies = [application(country, request_id) for request_id in ("a", "b", "c")]
    numbers = [ask_json(country, "POST", ACCREDITATIONS, body)["number"] for body in bodies]
    statuses = [ask(country, "GET", f"{ACCREDITATIONS}/{number}").status for number in numbers]
    assert statuses == [404, 200, 200]
    assert country.tenant().jobs("procurement").in_hand == 2
    assert ask(country, "POST", ACCREDITATIONS, bodies[2]).status == 200
    assert ask(country, "POST", ACCREDITATIONS, bodies[0]).status == 201


def test_work_that_an_outage_ends_is_begun_anew_after_half_an_hour_and_waits_for_the_end() -> None:
    country = office()
    number = ask_json(country, "POST", ACCREDITATIONS, application(country, "a"))["number"]
    country.tenant().advance(HOUR_US // 2)
    outage = {"id": "down", "service": "procurement", "kind": "outage", "for": "3h"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    # Down from 0:30 to 3:30; taken up again at 1:00, begun at 3:30, done an hour later.
    country.tenant().set_time(9 * HOUR_US // 2 - 1)
    url = f"{ACCREDITATIONS}/{number}"
    assert ask_json(country, "GET", url)["status"] == "in_examination"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["status"] == "accredited"


@pytest.mark.parametrize("check", ["fns_check", "pfr_check"])
def test_work_is_begun_anew_after_the_pause_of_the_model(check: str) -> None:
    graph, _ = builtin_journey("verification", rulebook.load().policy())
    node = graph.nodes[check]
    assert isinstance(node, Serve)
    assert isinstance(node.fail, Fail)
    assert node.fail.after == constant(BEGIN_ANEW_US)


def test_what_is_planned_does_not_grow_with_the_cases_that_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Docket.__init__, "__defaults__", (2, None))
    country = Country([fns], seed=1)
    one = organization(country, lambda one: one.standing == "active")
    planned = []
    for turn in range(5):
        inquiry = {"request_id": f"{turn}", "inn": one.inn, "ogrn": one.ogrn}
        about = {"topic": "inn", "text": "Чей ИНН?", "email": "a@firma.test"}
        ask_json(country, "POST", "/fns/v1/inquiries", {**inquiry, **about})
        planned.append(len(country.tenant().agenda))
    assert planned == [1, 2, 2, 2, 2]


def test_an_outage_plans_its_end_once_however_much_comes_in() -> None:
    country = Country([fns])
    outage = {"id": "down", "service": "fns", "kind": "outage", "for": "3h"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    jobs, key = country.tenant().jobs("fns"), DrawKey(0, 0, 0, 0)
    planned = []
    for turn in range(4):
        jobs.submit(Job(f"{turn}", key, lambda _: None), 0)
        planned.append(len(country.tenant().agenda))
    assert planned == [planned[0]] * 4


def test_work_that_errs_is_repeated_until_it_is_done() -> None:
    country = office()
    fault = {"id": "e", "service": "procurement", "kind": "error", "for": "5h"}
    country.tenant().plan_fault(Fault.model_validate(fault))
    number = ask_json(country, "POST", ACCREDITATIONS, application(country, "a"))["number"]
    # Begun at 0, 1:30, 3:00 and 4:30 it errs; begun at 6:00, after the fault, it is done at 7:00.
    url = f"{ACCREDITATIONS}/{number}"
    country.tenant().set_time(7 * HOUR_US - 1)
    assert ask_json(country, "GET", url)["status"] == "in_examination"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["status"] == "accredited"
