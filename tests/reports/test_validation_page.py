"""Page and files of a validation: verdicts, words of figures, whatever names say."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from loadtests.validation.comparison import Pair, compared, quantile_curve
from loadtests.validation.prediction import Cases
from loadtests.validation.result import SHARES, Calibrated, Level, Validation
from reports.provenance import Provenance
from reports.validation.figures import judged_in_words
from reports.validation.files import validation_junit
from reports.validation.markdown import validation_markdown
from reports.validation.page import validation_page

HOSTILE = "</script><script>alert(1)</script>"
MADE = Provenance(
    command="poligon load x.yaml --validate", versions={}, machine="2",
    started_at="2026-11-27T12:00:00+00:00", elapsed_s=60.0,
)  # fmt: skip


def level(
    utilisation: float,
    live: float,
    others_cpu: float = 0.0,
    processor: tuple[float, float] | None = None,
    dearness: tuple[float, float] | None = None,
) -> Level:
    def cases(time_s: float) -> Cases:
        return Cases(np.arange(2), np.zeros(2), np.array([time_s, time_s]), np.array([True, True]))

    pair = Pair([cases(0.1)], cases(live), 10.0)
    return Level(
        way="registry", utilisation=utilisation, rate=5.0, cases=2, replications=1,
        compared=compared([pair], {"p95": 0.05, "failed": 0.01}),
        predicted_curve=quantile_curve([pair.predicted[0].times_s], SHARES),
        live_curve=quantile_curve([pair.live.times_s], SHARES),
        others_cpu=others_cpu, lag_p99_s=0.001, processor=processor, dearness=dearness,
    )  # fmt: skip


def validation(*levels: Level, in_memory: bool = True) -> Validation:
    return Validation(
        name=f"Пик {HOSTILE}", station="egrul", servers=4, service="200ms", seed=1, levels=levels,
        calibrated=Calibrated({"x": 1.0}, {"x": 9}, [(1.0, 1.0), (16.0, 3.0)], 0.2, 700.0, 1.15),
        in_memory=in_memory,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ([level(0.5, 0.104)], "Every tolerance is met"),
        ([level(0.5, 0.104), level(0.7, 0.106)], "Outside its tolerance: registry 0.70"),
        ([level(0.5, 0.1, others_cpu=1.0)], "had too much else to do to tell: registry 0.50"),
    ],
)
def test_page_of_a_validation_gives_the_verdict(levels: list[Level], told: str) -> None:
    page = validation_page(validation(*levels), MADE, "en")
    assert told in page
    assert HOSTILE not in page
    (data,) = re.findall(r'id="chart-data">(.*?)</script>', page, re.DOTALL)
    assert set(re.findall(r'data-chart="([^"]+)"', page)) == set(json.loads(data)["charts"])


def test_speed_of_the_processor_is_told_where_it_was_watched() -> None:
    watched = level(0.7, 0.1, processor=(0.81, 1.04), dearness=(0.97, 1.1))
    result = validation(level(0.5, 0.1), watched)
    assert validation_page(result, MADE, "en").count("processor at 0.81 to 1.04 of") == 1
    told = "processor at 0.81 to 1.04 of the calibration's, an answer took 0.97 to 1.10 of"
    assert told in " ".join(validation_markdown(result, MADE).split())


@pytest.mark.parametrize(
    ("in_memory", "told"), [(True, "database in memory"), (False, "database in a temporary file")]
)
def test_page_says_where_the_database_of_the_portal_was(in_memory: bool, told: str) -> None:
    result = validation(replace(level(0.5, 0.1), way="portal"), in_memory=in_memory)
    assert told in validation_page(result, MADE, "en")
    assert told in validation_markdown(result, MADE)


def test_elasticity_is_told_by_the_hundredth() -> None:
    result = validation(level(0.5, 0.1))
    assert "by 1.15% for each per cent of its speed" in validation_page(result, MADE, "en")
    assert "slower by 1.15% for each per cent" in " ".join(
        validation_markdown(result, MADE).split()
    )


def test_table_for_documents_has_a_row_for_each_figure() -> None:
    table = validation_markdown(validation(level(0.5, 0.104)), MADE)
    rows = [line for line in table.splitlines() if line.startswith("| 0.50")]
    assert len(rows) == 7
    assert "| 0.50 | 5 | 2 | p95 | 100\N{NO-BREAK SPACE}ms | 104\N{NO-BREAK SPACE}ms |" in table


def test_noisy_level_fails_its_test_case_although_it_is_within() -> None:
    quiet, noisy = level(0.5, 0.1), level(0.7, 0.1, others_cpu=1.0)
    root = ET.fromstring(validation_junit(validation(quiet, noisy)))
    told = [(case.get("name"), len(case)) for case in root.iter("testcase")]
    assert told == [
        ("registry 0.5 p95", 0), ("registry 0.5 failed", 0),
        ("registry 0.7 p95", 1), ("registry 0.7 failed", 1),
    ]  # fmt: skip
    p95, failed = judged_in_words(noisy, "en")
    assert (p95.is_met, p95.words["error"], p95.words["tolerance"]) == (True, "0.0%", "±5%")
    points = "\N{NO-BREAK SPACE}pp"
    assert (failed.words["error"], failed.words["tolerance"]) == (f"0.0{points}", f"±1{points}")
