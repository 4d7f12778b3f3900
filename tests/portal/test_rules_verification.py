"""Chapter VER: claims of what was done and asked for, at both sides of every term."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.ports.verification import Agency, CaseState
from portal.rules import verification
from portal.rules.rule import Violation
from portal.rules.verification import (
    BothChecks,
    Changed,
    Clarification,
    Discrepancies,
    FastComparison,
    FinishedCheck,
    PriorityRequest,
    SilentRegister,
    Submitted,
    Term,
)
from rulebook import load

POLICY = load().policy()
DUE = dt.datetime(2026, 2, 9, 23, 59, 59, 999_999, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
T0 = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)


def fields(found: tuple[Violation, ...]) -> list[str]:
    return [each.field for each in found]


@pytest.mark.parametrize("title", ["Ожидание", "В процессе", "Завершено"])
def test_what_is_checked_is_shown_so_with_the_status_of_each_check(title: str) -> None:
    shown = Submitted(mark="В проверке", titles={"fns": title, "pfr": "Ожидание"})
    assert verification.shown_in_verification(shown, POLICY) == ()


def test_another_mark_another_status_and_a_missing_check_are_found() -> None:
    shown = Submitted(mark="Принята", titles={"fns": "Готово"})
    found = verification.shown_in_verification(shown, POLICY)
    assert fields(found) == ["state", "checks.fns", "checks.pfr"]


def test_the_same_data_are_not_checked_once_more() -> None:
    asked = Submitted(mark="В проверке", titles={"fns": "Ожидание", "pfr": "Ожидание"}, asks=True)
    assert [each.rule for each in verification.shown_in_verification(asked, POLICY)] == ["VER-01"]


@pytest.mark.parametrize(
    ("finished", "now", "is_late"),
    [
        (DUE, DUE + TICK, False),
        (DUE + TICK, DUE + TICK, True),
        (None, DUE, False),
        (None, DUE + TICK, True),
    ],
)
def test_the_term_is_kept_through_its_last_moment(
    finished: dt.datetime | None, now: dt.datetime, is_late: bool
) -> None:
    found = verification.guaranteed_term(Term(due=DUE, finished=finished, now=now), POLICY)
    assert fields(found) == (["due"] if is_late else [])


def test_every_discrepancy_is_in_the_list() -> None:
    found = [("address", "Адрес не совпадает"), ("ogrn", "ОГРН не совпадает")]
    listed = Discrepancies(found=found, listed=found)
    assert verification.remarks_are_listed(listed, POLICY) == ()
    half = verification.remarks_are_listed(Discrepancies(found=found, listed=found[:1]), POLICY)
    assert [(each.rule, each.field) for each in half] == [("VER-03", "ogrn")]
    assert verification.remarks_are_listed(Discrepancies(found=[]), POLICY) == ()


def test_a_change_begins_the_verification_anew_at_both_agencies() -> None:
    done = Changed(before=1, after=2, agencies=["fns", "pfr"])
    assert verification.change_begins_anew(done, POLICY) == ()
    half = verification.change_begins_anew(Changed(before=1, after=1, agencies=["fns"]), POLICY)
    assert fields(half) == ["round", "checks.pfr"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["sms", "email"], []),
        (["email"], ["checks.fns.sms"]),
        (["sms"], ["checks.fns.email"]),
        ([], ["checks.fns.sms", "checks.fns.email"]),
    ],
)
def test_the_end_of_a_check_is_told_through_both_channels(
    told: list[str], expected: list[str]
) -> None:
    found = verification.completion_is_told(FinishedCheck(agency="fns", told=told), POLICY)
    assert fields(found) == expected


@pytest.mark.parametrize(("now", "is_early"), [(DUE, True), (DUE + TICK, False)])
def test_the_priority_is_raised_after_the_last_moment_of_the_term(
    now: dt.datetime, is_early: bool
) -> None:
    found = verification.priority_after_the_term(PriorityRequest(due=DUE, now=now), POLICY)
    assert [each.rule for each in found] == (["VER-06"] if is_early else [])


@pytest.mark.parametrize("state", ["waiting", "in_progress", "clarification", "remarks"])
@pytest.mark.parametrize("agency", ["fns", "pfr"])
def test_verification_is_over_when_both_checks_agree(agency: Agency, state: CaseState) -> None:
    done: dict[Agency, CaseState] = {"fns": "completed", "pfr": "completed"}
    assert verification.both_checks_agree(BothChecks(states=done), POLICY) == ()
    found = verification.both_checks_agree(BothChecks(states={**done, agency: state}), POLICY)
    assert fields(found) == [f"checks.{agency}"]


COMPARED = FastComparison(
    differing=[],
    submitted=T0,
    compared=T0 + dt.timedelta(minutes=10),
    answering_since=None,
    has_document=True,
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (COMPARED, []),
        (replace(COMPARED, compared=T0 + dt.timedelta(minutes=10) + TICK), ["compared"]),
        (replace(COMPARED, compared=None, has_document=False), []),
        (replace(COMPARED, has_document=False), ["confirmation"]),
        (
            replace(
                COMPARED,
                compared=T0 + dt.timedelta(hours=5),
                answering_since=T0 + dt.timedelta(hours=5),
            ),
            [],
        ),
        (
            replace(COMPARED, differing=["legal_address"], has_document=False),
            ["legal_address"],
        ),
    ],
)
def test_a_signed_set_is_confirmed_or_queried_within_ten_minutes(
    claim: FastComparison, expected: list[str]
) -> None:
    assert fields(verification.fast_comparison(claim, POLICY)) == expected


def test_a_silent_register_is_asked_again_and_the_application_kept() -> None:
    waiting = SilentRegister(system="fns", kept=True, next_attempt=T0)
    assert verification.silent_register_is_waited_for(waiting, POLICY) == ()
    lost = SilentRegister(system="fns", kept=False, next_attempt=None)
    assert fields(verification.silent_register_is_waited_for(lost, POLICY)) == [
        "state",
        "next_attempt",
    ]
    told = replace(waiting, waits_for_it=True)
    assert fields(verification.silent_register_is_waited_for(told, POLICY)) == ["fns"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Clarification(shown=True, sent_to=["+79"], answer="Переехали"), []),
        (Clarification(shown=True, sent_to=["+79"], answer=None), ["answer"]),
        (Clarification(shown=True, sent_to=["+79"], answer="  "), ["answer"]),
        (Clarification(shown=False, sent_to=[], answer="Да"), ["applications", "notice"]),
    ],
)
def test_a_query_is_shown_sent_and_waits_for_a_text(
    claim: Clarification, expected: list[str]
) -> None:
    assert fields(verification.clarification_is_asked(claim, POLICY)) == expected
