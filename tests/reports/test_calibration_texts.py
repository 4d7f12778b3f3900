"""The words of the calibration report: one for everything that can be found, in both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

import sim.calibration
from reports.calibration.sentences import interval_in_words, signed_share, value_in_words
from reports.calibration.texts import LIMITS, REPAIRS, TEXTS
from rulebook import Text
from sim.calibration.estimates import Estimate

SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(sim.calibration.__path__[0]).glob("*.py"))
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_repair_has_its_words() -> None:
    codes = set(re.findall(r'repairs\.add\(\s*"(\w+)"', SOURCE))
    codes |= {"no_case", "no_activity", "no_time", "held", "not_served"}
    codes |= {"unpaired_start", "unpaired_schedule"}
    assert codes == set(REPAIRS)


def test_every_limit_has_its_words() -> None:
    assert set(re.findall(r'Limit\(\s*"(\w+)"', SOURCE)) == set(LIMITS)


@pytest.mark.parametrize("table", [TEXTS, LIMITS, REPAIRS])
def test_both_languages_say_the_same_things(table: dict[str, Text]) -> None:
    unlike = [key for key, text in table.items() if fields(text.ru) != fields(text.en)]
    assert unlike == []


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(90.0, "seconds", "1 min 30 s"), (0.25, "share", "25.0%"), (540.0, "time_of_day", "09:00"),
     (1470.0, "time_of_day", "24:00"), (3.0, "count", "3"), (None, "count", "…"),
     (-0.1, "share", "−10.0%")],
)  # fmt: skip
def test_values_are_told_by_their_unit(value: float | None, unit: str, told: str) -> None:
    assert value_in_words(value, unit, "en").replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(2.0, 3.0, "2 – 3"), (2.0, 2.0, "2"), (2.0, None, "at least 2"), (None, None, "…")],
)
def test_an_interval_without_an_upper_end_is_told_as_at_least(
    low: float | None, high: float | None, told: str
) -> None:
    estimate = Estimate("stations.desk.servers", 2.0, low, high, "count", 10)
    assert interval_in_words(estimate, "en") == told


@pytest.mark.parametrize(
    ("value", "told"), [(0.5, "+50.0%"), (-0.5, "−50.0%"), (0.0, "0%"), (255.0, "× 256")]
)
def test_relative_errors_have_a_sign_and_large_ones_are_factors(value: float, told: str) -> None:
    assert signed_share(value, "en").replace("\u00a0", " ") == told
