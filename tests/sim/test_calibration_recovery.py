"""Calibration finds known parameters again in logs that `simulate` writes: two of the ten scenarios
of `benchmarks.calibration`, which looks at all of them each night."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.calibration import AT_LEAST, found_in, recovered
from benchmarks.known_scenarios import KNOWN, Known
from sim.calibration.calibration import Calibration
from sim.calibration.estimates import Estimate
from sim.calibration.holdout import scenario_of
from sim.calibration.scenario_text import generated
from sim.experiments.event_log import EventFormat

HERE = [known for known in KNOWN if known.name in ("rework", "branches")]


def by_key(found: Calibration) -> Mapping[str, Estimate]:
    return {estimate.key: estimate for estimate in found.estimates()}


@pytest.mark.parametrize("known", HERE, ids=lambda known: known.name)
def test_nine_in_ten_known_parameters_are_inside_their_intervals(
    tmp_path: Path, known: Known
) -> None:
    run = recovered(known, 2026, tmp_path)
    assert run.inside >= AT_LEAST * run.total, run.missed


@pytest.mark.parametrize("known", HERE, ids=lambda known: known.name)
def test_xes_and_csv_of_one_run_give_the_same_scenario(tmp_path: Path, known: Known) -> None:
    found = [found_in(known, 3, tmp_path, f) for f in (EventFormat.CSV, EventFormat.XES)]
    assert by_key(found[0]) == by_key(found[1])
    made = [generated(one, "made") for one in found]
    assert made[0] == made[1]
    scenario_of(made[0], tmp_path)


def test_ten_scenarios_are_known() -> None:
    assert len({known.name for known in KNOWN}) == 10
