"""Page and files of a load test: in both languages, by themselves, whatever names say."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from loadtests.results.result import (
    ErrorKind,
    FaultSpan,
    Latency,
    LoadCheck,
    LoadNote,
    LoadResult,
    LoadSeries,
    Operation,
    Saturation,
    ServerSeries,
)
from loadtests.samples import SAMPLE, JourneyEnd
from reports.load.checks import check_in_words
from reports.load.files import as_data, load_junit, write_raw
from reports.load.page import cut_off_in_words, load_page, people_in_words
from reports.provenance import Provenance
from rulebook import Language
from sim.experiments.results import Figure, ObjectiveResult

MADE = Provenance(command="poligon load x.yaml", versions={"python": "3"})
HOSTILE = "</script><script>alert(1)</script>"
LATENCY = Latency(0.2, 0.1, 0.3, 0.4, 0.9, 2.0)
UNTIL_DONE = Latency(0.3, 0.1, 0.5, 3.7, 4.0, 5.0)


def objective(id_: str, metric: str, value: float, limit: float) -> ObjectiveResult:
    return ObjectiveResult(
        id_, None, None, metric, "at_most", limit, Figure(value, replications=1),
        value <= limit, limit - value, Figure(0.0),
    )  # fmt: skip


def result() -> LoadResult:
    return LoadResult(
        name=f"Пик {HOSTILE}", description="Час", target="http://127.0.0.1:1", seed=1, scale=0.5,
        speed=30.0, workers=2, horizon_s=20.0, elapsed_s=30.0, cases=9, completed=6,
        refused_cases=1, failed_cases=1, abandoned_cases=1, planned=9,
        unwalked_cases=0, late_cases=0, cut_off=0, latency=LATENCY, until_done=UNTIL_DONE,
        operations=[Operation("GET x", 100, 90, 1, 5, 4, LATENCY, UNTIL_DONE)],
        errors=[ErrorKind("GET x", "failed", HOSTILE, 4, 3.0)], bin_s=10.0,
        series=LoadSeries([3, 4, 3], [3, 4, 2], [0, 1, 0], [0, 0, 1], [0.1, 0.1, None],
                          [0.4, 0.4, None]),
        server=ServerSeries([1.0, 2.0], [0.5, 0.6], [300, 301], [1, None], [5, None], [0.1, 0.2]),
        saturation=Saturation(4.0, 1.0, 5.0, 12.0, "shed"), lag_p50_s=0.001, lag_p99_s=0.002,
        faults=[FaultSpan("down", 5.0, 8.0, 1.5), FaultSpan("late", 9.0, 19.0)],
        objectives=[objective("answers", "load.failed", 0.04, 0.0),
                    objective("quick", "journeys.j.time.p95", 60.0, 90.0)],
        predicted={"quick": 75.0}, unjudged=["idle"],
        checks=[LoadCheck("acknowledged", True, {"acknowledged": 3, "missing": 0, "named": []})],
        notes=[LoadNote("lag", {"p99_s": 0.25}), LoadNote("no-inbox", {"journey": "sign_in"})],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ru", ["Не достигнуто целей: answers", "down: 1,5 с после конца сбоя",
                "late: до конца прогона нет", "доля неверных ответов", "Живой прогон не измеряет"]),
        ("en", ["Objectives missed: answers", "down: 1.5 s after its end",
                "late: not before the end of the run", "share of wrong answers", "1 min 15 s"]),
    ],
)  # fmt: skip
def test_page_of_a_load_test_says_what_happened_and_stands_by_itself(
    lang: Language, words: list[str]
) -> None:
    page = load_page(result(), MADE, lang)
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    assert [each for each in words if each not in text] == []
    assert HOSTILE not in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []
    (data,) = re.findall(r'id="chart-data">(.*?)</script>', page, re.DOTALL)
    charts = json.loads(data)["charts"]
    assert set(charts) == {"rates", "latencies", "cpu", "memory", "inside"}
    assert all(len(s["values"]) == len(c["x"]) for c in charts.values() for s in c["series"])
    assert set(re.findall(r'data-chart="([^"]+)"', page)) == set(charts)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ru", "120 запросов готовили людей"), ("en", "120 requests prepared people during the run")],
)
def test_people_who_are_prepared_during_the_run_have_a_line_of_their_own(
    lang: Language, words: str
) -> None:
    prepared = Operation("preparation", 120, 110, 2, 5, 3, LATENCY, UNTIL_DONE)
    assert words not in load_page(result(), MADE, lang).replace("\N{NO-BREAK SPACE}", " ")
    page = load_page(replace(result(), preparation=prepared), MADE, lang)
    assert words in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ru", "запланировано обращений: 12; не пройдено, потому что вовремя никого не "
               "подготовили: 3; человека готовили, когда обращение уже поступило: 2"),
        ("en", "planned cases: 12; not walked, for nobody was prepared in time: 3; begun with "
               "somebody who was prepared only once they had come: 2"),
    ],
)  # fmt: skip
def test_cases_for_which_nobody_was_ready_are_told(lang: Language, words: str) -> None:
    everybody = result()
    assert people_in_words(everybody, lang) is None
    some = replace(everybody, planned=12, unwalked_cases=3, late_cases=2)
    assert people_in_words(some, lang) == words
    assert words in load_page(some, MADE, lang)
    data = as_data(some)
    assert (data["planned"], data["unwalked_cases"], data["late_cases"]) == (12, 3, 2)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ru", "запросов без ответа, когда кончился прогон или ушёл пользователь: 4;"),
     ("en", "requests without an answer when the run or their user ended: 4;")],
)  # fmt: skip
def test_requests_that_were_cut_off_are_told(lang: Language, words: str) -> None:
    assert cut_off_in_words(result(), lang) is None
    assert words in load_page(replace(result(), cut_off=4), MADE, lang)


def test_broken_conservation_outweighs_everything() -> None:
    found = {"doubled": 1, "named": ["ИНН 77"], "extra": {"account": 2}, "unanswered": {}}
    page = load_page(replace(result(), checks=[LoadCheck("once", False, found)]), MADE, "en")
    assert "A conservation law is broken" in page


@pytest.mark.parametrize(
    ("check", "ru", "en"),
    [
        (
            LoadCheck(
                "acknowledged",
                False,
                {"acknowledged": 3, "missing": 2, "named": [("account", "b"), ("document", "d")]},
            ),
            "подтверждено 3, не найдено 2: учётная запись b, файл d",
            "3 acknowledged, 2 missing: account b, file d",
        ),
        (
            LoadCheck(
                "once",
                False,
                {
                    "doubled": 1,
                    "named": ["ИНН 77"],
                    "extra": {"binding": 1, "application": 2},
                    "unanswered": {},
                },
            ),
            "номеров с двумя документами 1: ИНН 77; сделано без подтверждения: заявление 2, "
            "привязка 1; отправлено без ответа: 0",
            "1 numbers with two documents: ИНН 77; made without an acknowledgement: application 2, "
            "binding 1; submissions without an answer: 0",
        ),
        (LoadCheck("journal", True, {"broken_at": None}), "цел", "whole"),
        (
            LoadCheck("journal", False, {"broken_at": 7}),
            "нарушен на строке 7",
            "broken at line 7",
        ),
    ],
)
def test_laws_of_conservation_are_told_in_both_languages(
    check: LoadCheck, ru: str, en: str
) -> None:
    assert (check_in_words(check, "ru"), check_in_words(check, "en")) == (ru, en)
    assert ru in load_page(replace(result(), checks=[check]), MADE, "ru")
    root = ET.fromstring(load_junit(replace(result(), checks=[check]), "ru"))
    told = [case[0].get("message") for case in root.iter("testcase") if len(case)]
    assert told[1:] == ([] if check.passed else [ru])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ru", ["Нагрузчик опаздывал: 99-й процентиль 250 мс.", "sign_in: не нагружался: у "]),
        ("en", ["The loader was late: 99th percentile 250 ms.", "sign_in: left out: codes can"]),
    ],
)
def test_notes_are_codes_until_somebody_reads_them(lang: Language, words: list[str]) -> None:
    page = load_page(result(), MADE, lang).replace("\N{NO-BREAK SPACE}", " ")
    assert [each for each in words if each not in page] == []
    assert as_data(result())["notes"] == [
        {"code": "lag", "params": {"p99_s": 0.25}},
        {"code": "no-inbox", "params": {"journey": "sign_in"}},
    ]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ru", "95 из 100 не дольше 3,7 с."), ("en", "was shed: 95 in 100 took 3.7 s at most.")],
)
def test_time_until_an_operation_was_done_stands_beside_the_latency_of_answers(
    lang: Language, words: str
) -> None:
    page = load_page(result(), MADE, lang).replace("\N{NO-BREAK SPACE}", " ")
    assert words in page
    assert page.count("3,7 с" if lang == "ru" else "3.7 s") == 2  # the operation has it too
    data = as_data(result())
    assert (data["latency"]["p95"], data["until_done"]["p95"]) == (0.4, 3.7)
    assert data["operations"][0]["until_done"]["p95"] == 3.7


def test_target_of_somebody_else_has_no_process_and_no_checks() -> None:
    page = load_page(replace(result(), checks=[], server=ServerSeries()), MADE, "en")
    assert "process and figures are not visible" in page
    assert "conservation is not checked" in page


def test_junit_and_data_have_what_the_page_has() -> None:
    root = ET.fromstring(load_junit(result(), "en"))
    failed = {
        case.get("name"): case[0].get("message") for case in root.iter("testcase") if len(case)
    }
    assert failed == {"answers": "share of wrong answers: 4.0%; ≤ 0%"}
    data = as_data(result())
    assert (data["cases"], data["operations"][0]["latency"]["p95"]) == (9, 0.4)
    json.dumps(data, allow_nan=False)


def test_raw_samples_are_a_row_each(tmp_path: Path) -> None:
    samples = np.zeros(2, SAMPLE)
    samples["operation"] = b"GET x"
    samples["outcome"] = [0, 3]
    ends = [JourneyEnd("j", 1, 2, 3, "completed", "late", "REG-05 ID-01")]
    files = write_raw(tmp_path, samples, ends, result().server)
    rows = files["samples.csv"].read_text(encoding="utf-8").splitlines()
    assert rows[0] == (
        "intended_us,sent_us,ended_us,first_us,entity,worker,attempt,status,journey,operation,"
        "detail,outcome"
    )
    assert rows[1:] == ["0,0,0,0,0,0,0,0,,GET x,,ok", "0,0,0,0,0,0,0,0,,GET x,,failed"]
    assert (
        files["journeys.csv"].read_text().splitlines()[1] == "j,1,2,3,completed,late,REG-05 ID-01"
    )
    assert files["server.csv"].read_text().splitlines()[2] == "2.0,0.6,301,,,0.2"
