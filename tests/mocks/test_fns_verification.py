"""ФНС verifies registration data: states, remarks, queries, priority, safe repetition."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocks.case_work import verification
from mocks.core.country import Country
from mocks.fns.service import service
from tests.mocks.asking import ask
from tests.mocks.verification_cases import (
    DAY_US,
    HOUR_US,
    Agency,
    country_of,
    plan,
    remarked,
    stage,
)

COUNTRY = country_of(service)
WAITING = ("Ожидание", "checking", None)
CHECKED = ("В процессе", "checking", None)
AGREED = ("Завершено", "agreed", "agreed")
REMARKED = ("Завершено", "remarks", "remarks")


@pytest.fixture
def fns() -> Agency:
    COUNTRY.reset_tenant("main")
    return Agency(COUNTRY, "fns")


def data_of(country: Country, index: int = 0, **changes: Any) -> dict[str, Any]:
    """What the registry has of the organization, under a request number of the index."""
    records = country.tenant().records
    organization = records.organization(index)
    head = records.person(organization.head.person)
    data = {
        "request_id": f"r{index}",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "kpp": organization.kpp,
        "full_name": organization.full_name,
        "address": str(organization.address),
        "registered": organization.registered.isoformat(),
        "capital_kopecks": organization.capital_kopecks,
        "head_last_name": head.name.last,
        "head_first_name": head.name.first,
        "head_patronymic": head.name.patronymic,
        "head_inn": head.inn,
    }
    return {**data, **changes}


def active(country: Country, count: int) -> list[int]:
    """The first legal entities that are in order."""
    records = country.tenant().records
    found = (i for i in range(200) if records.organization(i).standing == "active")
    legal = (i for i in found if records.organization(i).kind == "legal")
    return [next(legal) for _ in range(count)]


def test_data_of_the_registry_agree_a_day_later_and_not_a_microsecond_sooner(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    case = fns.submit(data_of(fns.country, index))
    assert (case["number"], stage(case), case["remarks"]) == ("FNS-2026-000001", CHECKED, [])
    assert case["due"] == "2026-04-27T23:59:59.999+03:00"  # Monday is not counted, five days follow
    fns.advance(DAY_US - 1)
    assert stage(fns.show(case["number"])) == CHECKED
    fns.advance(1)
    done = fns.show(case["number"])
    assert stage(done) == AGREED
    assert [(step["at"], step["status"]) for step in done["history"]] == [
        ("2026-04-20T00:00:00.000+03:00", "checking"),
        ("2026-04-21T00:00:00.000+03:00", "agreed"),
    ]
    assert fns.events() == [("FNS-2026-000001/1/agreed", "2026-04-21T00:00:00.000+03:00")]


def test_a_case_waits_while_all_hands_are_full_and_none_is_taken_beyond_the_queue(
    fns: Agency,
) -> None:
    first, *rest = active(fns.country, 5)
    cases = [fns.submit(data_of(fns.country, index)) for index in (first, *rest[:3])]
    assert [stage(case) for case in cases] == [CHECKED, CHECKED, WAITING, WAITING]
    data = data_of(fns.country, rest[3])
    assert fns.refused("POST", "", data) == (503, "queue-full")
    fns.advance(DAY_US)
    assert stage(fns.show(cases[2]["number"])) == CHECKED
    assert fns.submit(data)["number"] == "FNS-2026-000006"


def test_every_wrong_number_is_a_remark_and_resubmission_is_not_limited(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    right = data_of(fns.country, index)
    wrong = {**right, "kpp": "770101001", "capital_kopecks": 7, "head_inn": "500100732259"}
    number = fns.submit(wrong)["number"]
    fns.advance(DAY_US)
    assert remarked(fns.show(number)) == [
        ("kpp", "mismatch"),
        ("capital_kopecks", "mismatch"),
        ("head_inn", "mismatch"),
    ]
    again = fns.change(number, {**wrong, "request_id": "again", "kpp": right["kpp"]})
    assert (stage(again), again["round"], again["remarks"]) == (CHECKED, 2, [])
    fns.advance(DAY_US)
    assert remarked(fns.show(number)) == [
        ("capital_kopecks", "mismatch"),
        ("head_inn", "mismatch"),
    ]
    fns.change(number, {**right, "request_id": "right"})
    fns.advance(DAY_US)
    assert (stage(fns.show(number)), fns.show(number)["round"]) == (AGREED, 3)
    assert fns.refused("PUT", f"/{number}/data", {**right, "request_id": "late"}) == (
        409,
        "wrong-state",
    )


def test_what_the_registry_says_when_the_check_ends_counts(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    number = fns.submit(data_of(fns.country, index))["number"]
    tenant = fns.country.tenant()
    tenant.records.change_organization(index, {"standing": "unreliable"}, tenant.now_us)
    fns.advance(DAY_US)
    assert remarked(fns.show(number)) == [("standing", "unreliable")]


def test_an_inn_of_nobody_is_a_remark_and_one_with_wrong_digits_a_refusal(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    nobody = data_of(fns.country, index, inn="9909999996")
    case = fns.submit(nobody)
    fns.advance(DAY_US)
    assert remarked(fns.show(case["number"])) == [("inn", "not_found")]
    typo = data_of(fns.country, index, request_id="typo", inn="9909999997")
    assert fns.refused("POST", "", typo) == (422, "bad-inn")


def test_a_change_during_the_check_starts_it_anew(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    right = data_of(fns.country, index)
    number = fns.submit({**right, "kpp": None})["number"]
    fns.advance(20 * HOUR_US)
    same = fns.change(number, {**right, "kpp": None, "request_id": "same"})
    assert same["round"] == 1
    changed = fns.change(number, {**right, "request_id": "new"})
    assert (changed["round"], changed["due"]) == (2, "2026-04-27T23:59:59.999+03:00")
    fns.advance(DAY_US - 1)
    assert stage(fns.show(number)) == CHECKED
    fns.advance(1)
    assert stage(fns.show(number)) == AGREED
    assert [event for event, _ in fns.events()] == [f"{number}/2/agreed"]


def test_a_request_sent_twice_opens_one_case_and_other_content_is_refused(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    data = data_of(fns.country, index)
    first = fns.submit(data)
    assert fns.submit(data) == first
    assert fns.refused("POST", "", {**data, "kpp": None}) == (409, "request-id-taken")
    number = first["number"]
    changed = {**data, "request_id": "other", "kpp": None}
    assert fns.change(number, changed)["round"] == 2
    assert fns.change(number, changed)["round"] == 2
    other = {**changed, "address": "иной"}
    assert fns.refused("PUT", f"/{number}/data", other) == (409, "request-id-taken")


def test_about_a_text_alone_an_officer_asks_and_the_answer_lengthens_the_check(
    fns: Agency,
) -> None:
    (index,) = active(fns.country, 1)
    right = data_of(fns.country, index)
    number = fns.submit({**right, "address": "г. Москва, старый адрес"})["number"]
    fns.advance(DAY_US)
    written = fns.show(number)
    assert (stage(written), written["remarks"]) == (("В процессе", "officer", None), [])
    fns.advance(HOUR_US - 1)
    assert stage(fns.show(number)) == ("В процессе", "officer", None)
    fns.advance(1)
    asked = fns.show(number)
    assert stage(asked) == ("В процессе", "clarification", None)
    assert (asked["due"], remarked(asked)) == (None, [("address", "mismatch")])
    assert fns.events() == [
        ("FNS-2026-000001/1/clarification", "2026-04-21T01:00:00.000+03:00"),
    ]
    fns.advance(72 * HOUR_US)  # the slowest answer of VER-10
    assert stage(fns.show(number)) == ("В процессе", "clarification", None)
    answered = {**right, "request_id": "answer"}
    assert fns.answer(number, "Адрес исправлен", answered)["round"] == 2
    assert fns.answer(number, "Адрес исправлен", answered)["round"] == 2
    fns.advance(DAY_US)
    done = fns.show(number)
    assert (stage(done), done["explanation"]) == (AGREED, "Адрес исправлен")
    assert done["history"][-1]["at"] == "2026-04-25T01:00:00.000+03:00"


def test_a_second_query_is_not_sent_the_text_becomes_a_remark(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    wrong = data_of(fns.country, index, full_name="ООО «Иное»")
    number = fns.submit(wrong)["number"]
    fns.advance(DAY_US + HOUR_US)
    fns.answer(number, "Название верно", wrong)
    fns.advance(DAY_US)
    done = fns.show(number)
    assert (stage(done), remarked(done)) == (REMARKED, [("full_name", "mismatch")])
    assert fns.refused(
        "POST", f"/{number}/clarification", {"text": "ещё", "data": wrong | {"request_id": "z"}}
    ) == (409, "wrong-state")


def test_a_case_takes_no_data_of_another_organization(fns: Agency) -> None:
    mine, other = active(fns.country, 2)
    number = fns.submit(data_of(fns.country, mine, kpp="990101001"))["number"]
    before = fns.show(number)
    foreign = data_of(fns.country, other, request_id="b")
    refusals = (
        fns.refused("PUT", f"/{number}/data", foreign),
        fns.refused("POST", f"/{number}/clarification", {"text": "Наше", "data": foreign}),
    )
    assert refusals == ((403, "foreign-case"),) * 2
    assert fns.show(number) == before


def test_priority_is_raised_after_the_guaranteed_term_and_not_within_it(fns: Agency) -> None:
    indices = active(fns.country, 4)
    numbers = [fns.submit(data_of(fns.country, index))["number"] for index in indices]
    # The guaranteed term ends with Monday 27 April; an outage keeps everything waiting until then.
    plan(fns.country, "fns", "outage", **{"from": "2026-04-20T01:00", "for": "240h"})
    fns.country.tenant().set_time(8 * DAY_US - 1)
    waiting = numbers[3]
    fns.country.tenant().remove_fault("outage")
    assert fns.refused("POST", f"/{waiting}/priority") == (409, "too-early")
    fns.advance(1)
    raised = fns.hurry(waiting)
    assert (raised["urgent"], raised["overdue"]) == (True, True)


def test_an_urgent_case_goes_before_those_that_came_earlier(fns: Agency) -> None:
    indices = active(fns.country, 4)
    tenant = fns.country.tenant()
    numbers = []
    for index, days in zip(indices, (9, 10, 1, 1), strict=True):
        if days > 1:
            plan(fns.country, "fns", "slow", id=f"days-{days}", factor=days, times=1)
        numbers.append(fns.submit(data_of(fns.country, index))["number"])
    tenant.set_time(8 * DAY_US)
    fns.hurry(numbers[3])
    tenant.set_time(9 * DAY_US)
    assert [stage(fns.show(number)) for number in numbers] == [AGREED, CHECKED, WAITING, CHECKED]


def test_an_outage_loses_no_case_the_check_waits_and_is_repeated(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    number = fns.submit(data_of(fns.country, index))["number"]
    plan(fns.country, "fns", "outage", **{"from": "2026-04-20T12:00", "for": "6h"})
    fns.advance(12 * HOUR_US)
    fns.advance(6 * HOUR_US + DAY_US - 1)
    assert stage(fns.show(number)) == CHECKED
    fns.advance(1)
    assert stage(fns.show(number)) == AGREED


def test_a_lost_case_is_unknown_and_the_same_request_files_it_again(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    plan(fns.country, "fns", "lost_case", times=1)
    data = data_of(fns.country, index)
    number = fns.submit(data)["number"]
    fns.advance(5 * DAY_US)
    assert fns.refused("GET", f"/{number}") == (404, "no-such-case")
    assert fns.events() == []
    again = fns.submit(data)
    assert again["number"] != number
    fns.advance(DAY_US)
    assert stage(fns.show(again["number"])) == AGREED


def test_a_false_refusal_is_gone_when_the_same_data_are_sent_again(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    plan(fns.country, "fns", "false_refusal")
    data = data_of(fns.country, index)
    number = fns.submit(data)["number"]
    fns.advance(DAY_US)
    assert remarked(fns.show(number)) == [("inn", "not_found")]
    fns.country.tenant().remove_fault("false-refusal")
    fns.change(number, {**data, "request_id": "again"})
    fns.advance(DAY_US)
    assert stage(fns.show(number)) == AGREED


def test_a_status_that_lags_is_right_once_the_fault_is_over(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    case = fns.submit(data_of(fns.country, index))
    plan(fns.country, "fns", "status_lag", **{"for": "48h"})
    fns.advance(48 * HOUR_US - 1)
    assert fns.show(case["number"]) == case
    fns.advance(1)
    assert stage(fns.show(case["number"])) == AGREED


def test_the_oldest_case_is_forgotten_and_its_work_given_up(
    fns: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_MOST_CASES", 3)
    indices = active(fns.country, 4)
    numbers = [fns.submit(data_of(fns.country, index))["number"] for index in indices]
    assert fns.refused("GET", f"/{numbers[0]}") == (404, "no-such-case")
    assert stage(fns.show(numbers[2])) == CHECKED  # it has the place of the first
    fns.advance(DAY_US)
    assert [event.split("/")[0] for event, _ in fns.events()] == [numbers[1], numbers[2]]


def test_the_history_of_a_case_keeps_its_latest_hundred_steps(fns: Agency) -> None:
    (index,) = active(fns.country, 1)
    data = data_of(fns.country, index)
    number = fns.submit(data)["number"]
    for turn in range(120):
        fns.change(number, {**data, "request_id": f"t{turn}", "capital_kopecks": turn})
    case = fns.show(number)
    assert (case["round"], len(case["history"])) == (121, 100)


WRONG: dict[str, dict[str, object]] = {
    "number": {"kpp": "990101001"},
    "text": {"full_name": "ООО «Иное»"},
    "both": {"kpp": "990101001", "full_name": "ООО «Иное»"},
    "nothing": {},
}


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(WRONG)), st.integers(0, 60 * HOUR_US)), max_size=6)
)
def test_right_data_are_agreed_with_once_whatever_was_sent_before(
    turns: list[tuple[str, int]],
) -> None:
    COUNTRY.reset_tenant("main")
    fns = Agency(COUNTRY, "fns")
    (index,) = active(fns.country, 1)
    right = data_of(fns.country, index)
    number = fns.submit(right | {"request_id": "first", "kpp": None})["number"]
    for turn, (mistake, us) in enumerate([*turns, ("nothing", 26 * HOUR_US)]):
        if fns.show(number)["stage"] == "agreed":
            break
        fns.change(number, {**right, **WRONG[mistake], "request_id": f"t{turn}"})
        fns.advance(us)
    assert stage(fns.show(number)) == AGREED
    agreed = [event for event, _ in fns.events() if event.endswith("/agreed")]
    assert agreed == [f"{number}/{fns.show(number)['round']}/agreed"]


def test_equal_seeds_give_equal_answers_and_events() -> None:
    def seen() -> list[bytes]:
        fns = Agency(country_of(service), "fns")
        (index,) = active(fns.country, 1)
        paths = ["/fns/v1/verifications/FNS-2026-000001", "/fns/v1/events"]
        body = data_of(fns.country, index, kpp=None)
        answers = [ask(fns.country, "POST", "/fns/v1/verifications", body)]
        fns.advance(DAY_US)
        return [a.body for a in (*answers, *(ask(fns.country, "GET", p) for p in paths))]

    assert seen() == seen()
