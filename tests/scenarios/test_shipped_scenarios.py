"""The scenarios that come with Poligon load, run, lose nobody and say what they answer."""

import re
from pathlib import Path

import pytest

from scenarios.completion import CompleteScenario
from scenarios.loader import load
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.setting import Setting

FOLDER = Path(__file__).parents[2] / "scenarios"
NAMES = [
    "certificate_wave", "egrul_outage", "head_change_wave", "mass_registration", "may_holidays",
    "operator_shortage", "ordinary_week", "outage_under_load", "peak_hour", "retry_storm",
    "sms_delay", "soak_10min", "stress", "tax_peak", "tax_peak_compressed",
]  # fmt: skip
TINY = 0.001  # some tens to a thousand cases each


def shipped(name: str) -> CompleteScenario:
    return load(FOLDER / f"{name}.yaml")


def test_there_are_fifteen_scenarios() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_scenario_runs_until_empty_and_no_case_is_lost(name: str) -> None:
    result = experiment(shipped(name), Setting(TINY), replications=1, backend=LocalBackend(1))
    assert [check.name for check in result.checks if not check.passed] == []
    figures = {path: figure.value for path, figure in result.figures.items()}
    for journey in (each.name for each in result.journeys):
        arrived = figures[f"journeys.{journey}.arrived"]
        completed = figures[f"journeys.{journey}.completed"]
        abandoned = figures[f"journeys.{journey}.abandoned"]
        assert completed is not None
        assert abandoned is not None
        assert arrived == completed + abandoned
        assert figures[f"journeys.{journey}.unfinished"] == 0
    assert sum(figures[f"journeys.{journey.name}.arrived"] or 0 for journey in result.journeys) > 20


@pytest.mark.parametrize("name", NAMES)
def test_scenario_rejects_only_by_rules_of_the_defects_it_names(name: str) -> None:
    scenario = shipped(name)
    defects = [scenario.book.defects[defect] for defect in scenario.scenario.population.defects]
    expected = {defect.rule_for(kind) for defect in defects for kind in defect.kinds}
    result = experiment(scenario, Setting(TINY), replications=1, backend=LocalBackend(1))
    rejecting = {
        path.removeprefix("rejections.")
        for path, figure in result.figures.items()
        if path.startswith("rejections.") and figure.value
    }
    assert rejecting
    assert rejecting <= expected


@pytest.mark.parametrize("name", NAMES)
def test_scenario_begins_with_its_question_and_the_source_of_its_figures(name: str) -> None:
    head = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").split("version:")[0]
    assert head.startswith("# Question: ")
    figures = head.split("# Figures: ")[1]
    assert "?" in head.split("# Figures: ")[0]
    assert re.search(r"\bS[0-4]\b", figures) or "docs/journeys.md" in figures
    assert "assumption" in figures


@pytest.mark.parametrize("name", NAMES)
def test_scenario_describes_the_country_in_russian_and_has_objectives(name: str) -> None:
    scenario = shipped(name).scenario
    assert re.search("[а-яё]", scenario.name)
    assert scenario.description is not None
    assert re.search("[а-яё]", scenario.description)
    assert scenario.population.organizations == 3_000_000
    assert scenario.calendar.horizon == "until_empty"
    assert len(scenario.objectives) >= 3


def test_tax_peak_covers_registration_and_binding_with_an_outage_inside_the_peak() -> None:
    scenario = shipped("tax_peak").scenario
    journeys = {stream.journey for stream in scenario.arrivals}
    assert {"registration", "binding"} <= journeys
    peaks = [peak for stream in scenario.arrivals for peak in getattr(stream, "peaks", [])]
    outages = [fault for fault in scenario.faults if fault.kind == "outage"]
    assert outages
    assert all(any(peak.from_ <= outage.from_ < peak.to for peak in peaks) for outage in outages)
