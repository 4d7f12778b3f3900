"""The smallest result that has one of everything, with figures that are easy to follow by hand."""

from datetime import date, datetime
from typing import Any

from reports.provenance import Provenance
from sim.experiments.results import (
    CheckResult,
    DayQuantiles,
    FaultView,
    Figure,
    FlowView,
    Histogram,
    JourneyView,
    NodeView,
    ObjectiveResult,
    Result,
    StationView,
    UnfinishedView,
)

HOUR = 3600.0

MADE = Provenance(command="poligon simulate <file>", versions={"python": "3.11.2"})

JOURNEY = JourneyView(
    name="registration",
    title={"ru": "Регистрация", "en": "Registration"},
    nodes=[
        NodeView("look", {"ru": "Поиск", "en": "Look-up"}, "serve", "egrul", ["REG-02"], 100.0),
        NodeView("done", {"ru": "Готово", "en": "Done"}, "end", None, [], 90.0, True),
    ],
    flows=[FlowView("look", "done", "next", 90.0), FlowView("look", "look", "fail", 5.0)],
    histogram=Histogram([0.0, 10.0, 100.0, 1000.0], [0, 90, 0]),
    days=[DayQuantiles(date(2026, 4, 20), 100.0, 90.0, 60.0, 80.0, 90.0)],
    arrived=[50.0, 50.0],
    completed=[40.0, 50.0],
    inside=[10.0, 10.0],
)
STATION = StationView(
    "egrul", {"ru": "ЕГРЮЛ", "en": "EGRUL"}, False, [1.0, 3.5], [1.0, 2.0], [2.0, 2.0]
)

FIGURES = {
    "journeys.registration.arrived": Figure(100.0, 98.0, 102.0, 2),
    "journeys.registration.completed": Figure(90.0, 89.0, 91.0, 2),
    "journeys.registration.abandoned": Figure(4.0, 3.0, 5.0, 2),
    "journeys.registration.unfinished": Figure(0.0, 0.0, 0.0, 2),
    "journeys.registration.returns": Figure(21.0, 20.0, 22.0, 2),
    "journeys.registration.time.mean": Figure(70.0, 60.0, 80.0, 2),
    "journeys.registration.time.p50": Figure(8040.0, 7980.0, 8100.0, 2),
    "journeys.registration.time.p90": Figure(80.0, 79.0, 81.0, 2),
    "journeys.registration.time.p95": Figure(270000.0, 259200.0, 280800.0, 2),
    "journeys.registration.time.p99": Figure(99.0, 98.0, 100.0, 2),
    "rejections.REG-02": Figure(21.0, 20.0, 22.0, 2),
    "rejections.REG-04": Figure(0.0, 0.0, 0.0, 2),
    "stations.egrul.utilisation": Figure(0.75, 0.5, 1.0, 2),
    "stations.egrul.wait.mean": Figure(12.0, 11.0, 13.0, 2),
    "stations.egrul.wait.p95": Figure(30.0, 29.0, 31.0, 2),
    "stations.egrul.queue.mean": Figure(2.25, 2.0, 2.5, 2),
    "stations.egrul.queue.max": Figure(7.0, 7.0, 7.0, 2),
    "stations.egrul.served": Figure(95.0, 94.0, 96.0, 2),
    "stations.egrul.retries": Figure(5.0, 4.0, 6.0, 2),
    "stations.egrul.retry_amplification": Figure(1.05, 1.04, 1.06, 2),
    "retry_amplification": Figure(1.05, 1.04, 1.06, 2),
    "recovery.egrul-down": Figure(300.0, 240.0, 360.0, 2),
}
TERM = ObjectiveResult(
    "five-days", "registration", "5wd", "journeys.registration.within", "at_least", 0.99,
    Figure(0.963, 0.958, 0.968, 2), False, -0.032, Figure(2.0, 1.0, 3.0, 2),
)  # fmt: skip
QUICK = ObjectiveResult(
    "quick", None, None, "journeys.registration.time.p50", "at_most", 9000.0,
    Figure(8040.0, 7980.0, 8100.0, 2), True, 900.0, Figure(0.0),
)  # fmt: skip


def tiny(**changes: Any) -> Result:
    """Two hours from Monday 2026-04-20 09:00 in Moscow; `changes` replace fields."""
    fields: dict[str, Any] = {
        "name": "Проба",
        "description": None,
        "start": datetime(2026, 4, 20, 9),
        "timezone": "Europe/Moscow",
        "seed": 1,
        "scale": 1.0,
        "engine": "simpy",
        "replications": 2,
        "warmup_s": 0.0,
        "end_s": 2 * HOUR,
        "until_empty": True,
        "bin_s": HOUR,
        "figures": FIGURES,
        "objectives": [TERM, QUICK],
        "checks": [CheckResult("flow", True, "100 = 90 + 4 + 6")],
        "journeys": [JOURNEY],
        "stations": [STATION],
        "faults": [FaultView("egrul-down", "egrul", "outage", 600.0, 1200.0, None, None)],
        "unfinished": [UnfinishedView("registration", "look", 6.0)],
        "rules": {
            "REG-02": {"ru": "Организации нет в ЕГРЮЛ.", "en": "No such organization."},
            "REG-04": {"ru": "Организация ликвидирована.", "en": "It was liquidated."},
        },
        "defaults": [{"ru": "stations.egrul", "en": "stations.egrul"}],
        "notes": ["replayed-not-scaled"],
        "scenario_hash": "4f1d",
        "rulebook_version": "1",
    }
    return Result(**(fields | changes))


def without_intervals() -> Result:
    """The same with one replication."""
    figures = {path: Figure(figure.value, None, None, 1) for path, figure in FIGURES.items()}
    term = ObjectiveResult(
        "five-days", "registration", "5wd", "journeys.registration.within", "at_least", 0.96,
        Figure(0.963, None, None, 1), True, 0.003, Figure(0.0, None, None, 1),
    )  # fmt: skip
    return tiny(replications=1, figures=figures, objectives=[term])


def without_completions() -> Result:
    """Nothing was completed, nobody waited, nothing was due, the fault went on."""
    unknown = (".time.", "recovery", "retry_amplification", ".wait.")
    absent = {path: Figure(None) for path in FIGURES if any(part in path for part in unknown)}
    nothing = {path: Figure(0.0, 0.0, 0.0, 2) for path in FIGURES if path not in absent}
    term = ObjectiveResult(
        "five-days", "registration", "5wd", "journeys.registration.within", "at_least", 0.99,
        Figure(None), False, None, Figure(100.0, 98.0, 102.0, 2),
    )  # fmt: skip
    return tiny(figures=nothing | absent, objectives=[term], journeys=[JOURNEY], unfinished=[])
