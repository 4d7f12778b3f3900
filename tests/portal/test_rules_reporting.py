"""Chapter APP: which reports are taken, and until when they are corrected."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.reporting.kinds import REPORT_KINDS, period_of
from portal.rules import reporting
from portal.rules.reporting import CorrectedReport, ReportClaim
from tests.portal.findings import BOOK, found

GOOD = ReportClaim(
    kind="НДС",
    period=(dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
    today=dt.date(2026, 2, 2),
    lines={"010": 1, "020": 0},
    operations=[dt.date(2025, 10, 1), dt.date(2025, 12, 31)],
    is_signed=True,
)
MOSCOW = dt.timezone(dt.timedelta(hours=3))
CLOSES = dt.datetime(2026, 2, 28, 23, 59, 59, 999_999, MOSCOW)
TICK = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"is_signed": None}, []),
        ({"operations": ()}, []),
        ({"kind": "ЕСХН"}, [("kind", "такой формы нет")]),
        ({"period": None, "operations": ()}, [("period_code", "у формы нет такого периода")]),
        ({"today": dt.date(2026, 1, 1)}, []),
        ({"today": dt.date(2025, 12, 31)}, [("period_code", "период ещё не кончился")]),
        ({"lines": {}}, [("lines", "ни одной строки")]),
        ({"lines": {"010": 1, "020": None}}, [("lines.020", "строка пуста")]),
        (
            {"operations": [dt.date(2025, 9, 30), dt.date(2025, 10, 1), dt.date(2026, 1, 1)]},
            [("operations.0.day", "не за период"), ("operations.2.day", "не за период")],
        ),
        ({"is_signed": False}, [("signature", "нет КЭП")]),
    ],
)
def test_a_report_has_a_form_a_period_full_lines_its_own_data_and_a_signature(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(reporting.report_is_right, replace(GOOD, **changes)) == expected


def test_a_form_that_the_policy_does_not_name_is_none() -> None:
    assert found(reporting.report_is_right, GOOD, **{"APP-07.kinds": ["УСН"]}) == [
        ("kind", "такой формы нет")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"now": CLOSES}, []),
        ({"now": CLOSES + TICK}, [("period_code", "период закрыт 28.02.2026")]),
        ({"now": CLOSES + TICK, "open_until": None}, []),
        ({"is_under_way": True}, [("report", "прежняя версия ещё рассматривается")]),
    ],
)
def test_a_report_is_corrected_until_its_period_closes(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    good = CorrectedReport(is_under_way=False, open_until=CLOSES, now=CLOSES)
    assert found(reporting.corrected_before_closing, replace(good, **changes)) == expected


def test_every_kind_of_the_rule_book_is_known() -> None:
    assert set(REPORT_KINDS) == set(BOOK.policy({}).texts("APP-07.kinds"))


@pytest.mark.parametrize(
    ("kind", "code", "year", "expected"),
    [
        ("НДС", "24", 2025, (dt.date(2025, 10, 1), dt.date(2025, 12, 31))),
        ("НДС", "34", 2025, None),
        ("УСН", "34", 2025, (dt.date(2025, 1, 1), dt.date(2025, 12, 31))),
        ("УСН", "34", 1999, None),
        ("УСН", "34", 9001, None),
        ("НПД", "02", 2024, (dt.date(2024, 2, 1), dt.date(2024, 2, 29))),
        ("ЕСХН", "34", 2025, None),
    ],
)
def test_periods_go_by_their_codes(kind: str, code: str, year: int, expected: object) -> None:
    assert period_of(kind, code, year) == expected
