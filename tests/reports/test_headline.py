"""The five answers, word for word."""

from dataclasses import replace

import pytest

from reports.simulation.headline import answers, headlines
from sim.experiments.results import FaultView, Figure
from tests.reports.tiny import (
    FIGURES,
    JOURNEY,
    STATION,
    TERM,
    tiny,
    without_completions,
    without_intervals,
)


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\u202f", " ").replace("\u00a0", " ") for text in texts]


def test_five_answers_in_russian() -> None:
    assert plain(headlines(tiny(), "ru")) == [
        "Регистрация: половина обращений завершается за 2 ч 14 мин (2 ч 13 мин – 2 ч 15 мин), "
        "95 из 100 — за 3 дня 3 ч (3 дня – 3 дня 6 ч).",
        "Регистрация, срок 5 рабочих дней: укладываются 96,3 % (95,8–96,8 %) "
        "при цели не меньше 99 % — не хватает 3,2 п. п. "
        "Ещё 2 обращения: срок позже конца прогона. Всего достигнуто 1 из 2 целей.",
        "ЕГРЮЛ: 100 % всего ожидания, до обслуживания в среднем 12 с (11 с – 13 с); "
        "очередь больше всего 20 апреля в 10:00: 3,5 обращения.",
        "Регистрация: из 100 обращений брошено 4 (3–5), не завершено 0; "
        "возвратов на исправление 21 (20–22). "
        "Чаще всего отказывает REG-02 — 21 (20–22): «Организации нет в ЕГРЮЛ».",
        "egrul-down: восстановление за 5 мин (4 мин – 6 мин). "
        "Из-за повторов запросов больше в 1,05 (1,04–1,06) раза.",
    ]


def test_five_answers_in_english() -> None:
    assert plain(headlines(tiny(), "en")) == [
        "Registration: half of the cases are done within 2 h 14 min (2 h 13 min – 2 h 15 min), "
        "95 in 100 within 3 days 3 h (3 days – 3 days 6 h).",
        "Registration, within 5 working days: 96.3% (95.8–96.8%) make it "
        "against an objective of at least 99%: 3.2 pp short. "
        "2 more cases: due after the run. In all, 1 of 2 objectives met.",
        "EGRUL: 100% of all waiting, 12 s (11 s – 13 s) before service on average; "
        "its queue peaked at 10:00 on 20 April: 3.5 cases.",
        "Registration: of 100 cases, 4 (3–5) were abandoned and 0 left unfinished; "
        "21 (20–22) returns for mending. "
        "The most frequent rejection is REG-02, 21 (20–22): “No such organization”.",
        "egrul-down: recovered in 5 min (4 min – 6 min). "
        "Retries multiply requests by 1.05 (1.04–1.06).",
    ]


def test_one_replication_is_named_where_an_interval_would_be() -> None:
    assert plain(headlines(without_intervals(), "ru")) == [
        "Регистрация: половина обращений завершается за 2 ч 14 мин (одна репликация), "
        "95 из 100 — за 3 дня 3 ч (одна репликация).",
        "Регистрация, срок 5 рабочих дней: укладываются 96,3 % (одна репликация) "
        "при цели не меньше 96 % — запас 0,3 п. п. Всего достигнуто 1 из 1 цели.",
        "ЕГРЮЛ: 100 % всего ожидания, до обслуживания в среднем 12 с (одна репликация); "
        "очередь больше всего 20 апреля в 10:00: 3,5 обращения.",
        "Регистрация: из 100 обращений брошено 4 (одна репликация), не завершено 0; "
        "возвратов на исправление 21 (одна репликация). "
        "Чаще всего отказывает REG-02 — 21 (одна репликация): «Организации нет в ЕГРЮЛ».",
        "egrul-down: восстановление за 5 мин (одна репликация). "
        "Из-за повторов запросов больше в 1,05 (одна репликация) раза.",
    ]


def test_a_run_without_completions_says_what_is_missing() -> None:
    assert plain(headlines(without_completions(), "ru")) == [
        "Регистрация: ни одно обращение не завершилось, времени назвать нельзя.",
        "Регистрация, срок 5 рабочих дней: судить не о чем, ни один срок не истёк до конца прогона."
        " Всего достигнуто 0 из 1 цели.",
        "Никто нигде не ждал: мощностей хватает.",
        "Регистрация: из 0 обращений брошено 0, не завершено 0; возвратов на исправление 0. "
        "Отказов по правилам нет.",
        "egrul-down: до конца прогона не восстановилось.",
    ]


def test_a_run_where_nothing_was_retried_says_so() -> None:
    figures = FIGURES | {"retry_amplification": Figure(1.0, 1.0, 1.0, 2)}
    assert plain(headlines(tiny(figures=figures), "ru"))[4] == (
        "egrul-down: восстановление за 5 мин (4 мин – 6 мин). Повторов запросов нет."
    )


def test_failures_are_marked_for_objectives_and_faults_that_stay() -> None:
    assert [a.failed for a in answers(tiny(), "ru")] == [False, True, False, False, False]
    assert [a.failed for a in answers(without_completions(), "ru")] == [
        False, True, False, False, True,
    ]  # fmt: skip
    assert not any(a.failed for a in answers(without_intervals(), "ru"))


def test_answers_are_about_the_journey_with_a_term_else_about_the_first() -> None:
    other = replace(JOURNEY, name="sign_in", title={"ru": "Вход", "en": "Sign-in"})
    both = tiny(journeys=[other, JOURNEY])
    told = [headlines(both, "en")[i].split(",")[0].split(":")[0] for i in (0, 1, 3)]
    assert told == ["Registration", "Registration", "Registration"]
    assert headlines(replace(both, objectives=[]), "en")[0].startswith("Sign-in: no case")


def test_the_station_with_the_most_waiting_in_all_is_named_not_that_with_the_longest_wait() -> None:
    other = replace(STATION, name="fns", title={"ru": "ФНС", "en": "FNS"}, waiting=[0.0, 9.0])

    def told(waiting: float) -> str:
        figures = FIGURES | {
            "stations.fns.wait.mean": Figure(1000.0, 990.0, 1010.0, 2),
            "stations.fns.queue.mean": Figure(waiting, 0.0, 9.0, 2),
        }
        return headlines(tiny(stations=[STATION, other], figures=figures), "en")[2]

    # 2.25 wait for EGRUL, all through the run.
    assert told(0.75).startswith("EGRUL: 75.0% of all waiting")
    assert told(6.75).startswith("FNS: 75.0% of all waiting")


def test_a_station_that_never_began_to_serve_is_named_without_a_mean_wait() -> None:
    figures = FIGURES | {
        "stations.egrul.wait.mean": Figure(None),
        "stations.egrul.served": Figure(0.0, 0.0, 0.0, 2),
    }
    assert plain(headlines(tiny(figures=figures), "en"))[2].startswith(
        "EGRUL: 100% of all waiting, service never began; its queue peaked at 10:00"
    )
    assert plain(headlines(tiny(figures=figures), "ru"))[2].startswith(
        "ЕГРЮЛ: 100 % всего ожидания, обслуживание ни разу не началось; очередь больше всего"
    )


@pytest.mark.parametrize(
    ("value", "low", "margin", "verdict"),
    [
        (0.995, 0.992, 0.002, "0.2 pp to spare"),
        (0.995, 0.985, -0.005, "not proved: the interval crosses the bound by 0.5 pp"),
        (0.985, 0.98, -0.01, "1.0 pp short"),
    ],
)
def test_verdict_tells_a_miss_from_an_interval_that_crosses_the_bound(
    value: float, low: float, margin: float, verdict: str
) -> None:
    figure = Figure(value, low, 1.0, 2)
    term = replace(TERM, figure=figure, margin=margin, passed=margin > 0)
    assert f"at least 99%: {verdict}. " in plain(headlines(tiny(objectives=[term]), "en"))[1]


def test_without_objectives_faults_and_arrivals_each_answer_still_stands() -> None:
    result = tiny(objectives=[], faults=[], journeys=[], stations=[], rules={}, figures={})
    assert headlines(result, "en") == [
        "The scenario has no arrivals.",
        "The scenario sets no objectives.",
        "Nobody waited anywhere: capacity suffices.",
        "The scenario has no arrivals.",
        "The scenario has no faults.",
    ]


def test_worst_faults_come_first_and_the_rest_are_left_to_the_table() -> None:
    faults = [FaultView(name, "egrul", "outage", 0.0, 1.0, None, None) for name in "abcd"]
    figures = {
        f"recovery.{name}": Figure(float(s)) for name, s in zip("abc", (5, 90, 7), strict=True)
    }
    text = plain(headlines(tiny(faults=faults, figures=figures), "en"))[4]
    assert text == (
        "d: not recovered by the end of the run; b: recovered in 1 min 30 s (one replication); "
        "c: recovered in 7 s (one replication); other faults are in the table."
    )
