"""Chapter OPS: failures, overload, maintenance, as rules."""

import datetime as dt

import pytest

from portal.rules import operations
from portal.rules.operations import (
    AskedSystem,
    ClientRate,
    DuringMaintenance,
    IncidentClaim,
    PlannedMaintenance,
    RepeatedKey,
    RequestsInside,
    SeenSystem,
)
from portal.rules.rule import RULES
from rulebook import Text, load
from tests.portal.findings import found
from world.file_formats import FileFormat

BOOK = load()
NOW = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
EGRUL = Text("ЕГРЮЛ", "EGRUL")


@pytest.mark.parametrize(
    ("same", "expected"),
    [(True, []), (False, [("idempotency_key", "этот ключ уже дан другому содержанию")])],
)
def test_a_key_stands_for_one_content(same: bool, expected: list[tuple[str, str]]) -> None:
    assert found(operations.repetition_is_safe, RepeatedKey(same_content=same)) == expected


@pytest.mark.parametrize(
    ("title", "answers", "expected"),
    [(EGRUL, True, []), (EGRUL, False, [("", "ЕГРЮЛ")]), (None, False, [("", None)])],
)
def test_who_is_silent_is_told_as_far_as_it_is_known(
    title: Text | None, answers: bool, expected: list[tuple[str, str | None]]
) -> None:
    claim = AskedSystem(title=title, answers=answers)
    assert found(operations.silence_is_waited_for, claim) == expected


@pytest.mark.parametrize(
    ("until", "stays_open", "expected"),
    [
        (None, False, []),
        (NOW, True, []),
        (NOW, False, [("", "до 02.02.2026 10:00")]),
    ],
)
def test_works_close_what_does_not_stay_open(
    until: dt.datetime | None, stays_open: bool, expected: list[tuple[str, str]]
) -> None:
    claim = DuringMaintenance(stays_open=stays_open, until=until)
    assert found(operations.maintenance_is_told, claim) == expected


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (NOW, NOW + SECOND, True),
        (NOW, NOW, False),
        (NOW - SECOND, NOW, False),
        (NOW - SECOND, NOW + SECOND, True),
        (NOW + SECOND, NOW + SECOND, False),
        (NOW + SECOND, NOW + 2 * SECOND, True),
    ],
)
def test_works_end_after_they_begin_and_not_in_the_past(
    start: dt.datetime, end: dt.datetime, fits: bool
) -> None:
    claim = PlannedMaintenance(start=start, end=end, now=NOW)
    expected = [] if fits else [("end", "окончание уже прошло")]
    assert found(operations.maintenance_is_told, claim) == expected


@pytest.mark.parametrize(
    ("end", "fits"),
    [
        (NOW + dt.timedelta(days=366), True),
        (NOW + dt.timedelta(days=366) + SECOND, False),
        (dt.datetime.max.replace(tzinfo=dt.UTC), False),
    ],
)
def test_works_are_planned_for_a_year_ahead_at_most(end: dt.datetime, fits: bool) -> None:
    claim = PlannedMaintenance(start=NOW, end=end, now=NOW)
    expected = [] if fits else [("end", "до окончания больше года")]
    assert found(operations.maintenance_is_told, claim) == expected


@pytest.mark.parametrize(("inside", "fits"), [(0, True), (2, True), (3, False), (4, False)])
def test_as_many_requests_are_inside_as_may_be(inside: int, fits: bool) -> None:
    expected = [] if fits else [("", "запросов слишком много")]
    claim = RequestsInside(inside=inside, most=3)
    assert found(operations.overload_is_told, claim) == expected


@pytest.mark.parametrize(("left", "fits"), [(1.0, True), (1.5, True), (0.99, False), (0.0, False)])
def test_a_client_with_less_than_one_request_left_is_told_when_to_come(
    left: float, fits: bool
) -> None:
    expected = [] if fits else [("", "через 7 с")]
    assert found(operations.overload_is_told, ClientRate(left=left, next_s=7)) == expected


@pytest.mark.parametrize("screenshot", ["png", "jpg"])
def test_a_report_with_time_code_and_picture_is_whole(screenshot: FileFormat) -> None:
    claim = IncidentClaim(happened_at=NOW, error_code="req-7f.1", screenshot=screenshot, now=NOW)
    assert found(operations.incident_is_described, claim) == []


@pytest.mark.parametrize(
    ("happened_at", "error_code", "screenshot", "expected"),
    [
        (None, "later", "png", [("happened_at", "времени нет")]),
        (NOW + SECOND, "later", "png", [("happened_at", "время ещё не наступило")]),
        (NOW, "", "png", [("error_code", None)]),
        (NOW, "что-то сломалось", "png", [("error_code", None)]),
        (NOW, "a" * 65, "png", [("error_code", None)]),
        (NOW, "later", None, [("screenshot", "«—», а нужен снимок PNG или JPG")]),
        (NOW, "later", "pdf", [("screenshot", "«pdf», а нужен снимок PNG или JPG")]),
        (
            None,
            "",
            None,
            [
                ("happened_at", "времени нет"),
                ("error_code", None),
                ("screenshot", "«—», а нужен снимок PNG или JPG"),
            ],
        ),
    ],
)
def test_whatever_a_report_lacks_is_named_at_once(
    happened_at: dt.datetime | None,
    error_code: str,
    screenshot: FileFormat | None,
    expected: list[tuple[str, str | None]],
) -> None:
    claim = IncidentClaim(
        happened_at=happened_at, error_code=error_code, screenshot=screenshot, now=NOW
    )
    assert found(operations.incident_is_described, claim) == expected


@pytest.mark.parametrize(("answers", "expected"), [(True, []), (False, [("egrul", "ЕГРЮЛ")])])
def test_while_a_system_fails_a_status_may_lag(
    answers: bool, expected: list[tuple[str, str]]
) -> None:
    claim = SeenSystem(id="egrul", title=EGRUL, answers=answers)
    assert found(operations.status_is_true, claim) == expected


def test_every_rule_of_the_chapter_is_written() -> None:
    in_specs = {
        rule.id for rule in BOOK.rules.values() if rule.chapter == "OPS" and "feature" in rule.use
    }
    assert {each for each in RULES if each.startswith("OPS-")} == in_specs
