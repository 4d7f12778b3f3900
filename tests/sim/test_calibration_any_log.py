"""Whatever a log looks like, it becomes a scenario that runs, or it is told why not."""

import datetime as dt
import random
from pathlib import Path

import pytest

from reports.calibration.data import calibration_data
from reports.calibration.page import calibration_page
from reports.provenance import Provenance
from reports.summary import as_json
from sim.calibration.calibration import FEWEST_CASES, calibrate_log
from sim.calibration.holdout import scenario_of
from sim.calibration.log_problems import LogError
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import generated
from sim.engines.simpy_engine import simulate
from sim.model.model import compile_model

BEGIN = dt.datetime(2026, 3, 2, tzinfo=dt.timezone(dt.timedelta(hours=3)))
MADE = Provenance(command="", versions={})
FILES = {"log": "x.csv", "scenario": "x.yaml"}


def random_log(seed: int) -> str:
    """Few or many cases within a second or two months, with or without starts, in any order, with
    times that are rounded up to a day."""
    draws = random.Random(seed)
    activities = [f"a{n}" for n in range(draws.choice([1, 2, 3, 6]))]
    people = draws.choice([[""], ["x"], ["x", "y"], ["x", "y", "z", ""]])
    known = draws.choice(["end", "start", "enter", "any"])
    rounded, span = draws.choice([1, 60, 3600, 86400]), draws.choice([1, 3600, 86400, 5_000_000])

    def at(second: float) -> str:
        return (BEGIN + dt.timedelta(seconds=second // rounded * rounded)).isoformat()

    rows = []
    for case in range(draws.choice([3, 12, 30, 60])):
        second = draws.random() * span
        for _ in range(draws.choice([1, 2, 3, 5])):
            second += draws.choice([0, draws.expovariate(1 / 600), draws.random() * 86400])
            start = second + draws.choice([0, draws.random() * 500])
            end = start + draws.choice([0, draws.expovariate(1 / 300)])
            told = draws.choice(["end", "start", "enter"]) if known == "any" else known
            enter = at(second) if told == "enter" else ""
            begun = at(start) if told != "end" else ""
            who = draws.choice(people)
            rows.append(f"{case},{draws.choice(activities)},{who},{enter},{begun},{at(end)}")
            second = end if draws.random() < 0.8 else second
    if draws.random() < 0.3:
        draws.shuffle(rows)
    return "\n".join(["case,activity,resource,enter,start,end", *rows]) + "\n"


@pytest.mark.parametrize("seed", range(12))
def test_any_log_becomes_a_scenario_that_runs_or_is_refused_in_words(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(random_log(seed), encoding="utf-8")
    log = read_log(path)
    if log.case.max() < FEWEST_CASES - 1:
        with pytest.raises(LogError, match="cases are left to learn from"):
            calibrate_log(log, "t")
        return
    found = calibrate_log(log, "t")
    run = simulate(compile_model(scenario_of(generated(found, "t"), tmp_path)), 0, [])
    assert run.arrived == run.completed
    for lang in ("ru", "en"):
        assert "</html>" in calibration_page(found, None, MADE, FILES, lang)
    assert as_json(calibration_data(found, None)).startswith("{")
