"""The log of a municipal permit process: what docs/calibration.md says of it."""

from pathlib import Path

import pytest

from sim.calibration.activity_log import ActivityLog
from sim.calibration.holdout import hold_out, scenario_of
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import generated

LOG = Path(__file__).parents[2].parent / "shared" / "data" / "receipt.xes.gz"
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="no ../shared/data/receipt.xes.gz here")


@pytest.fixture(scope="module")
def log() -> ActivityLog:
    return read_log(LOG, timezone="Europe/Amsterdam")


def test_every_event_is_taken_and_the_zone_is_told_by_the_offsets(log: ActivityLog) -> None:
    assert (len(log.case), len(log.journey), len(log.activities)) == (8577, 1434, 27)
    assert log.repairs == ()
    assert read_log(LOG).zone == "Europe/Berlin"  # whose clock is that of Amsterdam


def test_prediction_of_the_last_cases_is_the_one_of_the_docs(
    log: ActivityLog, tmp_path: Path
) -> None:
    found, held = hold_out(log, 0.3, "receipt", "NL")
    scenario_of(generated(found, "receipt"), tmp_path)
    assert (held.train, held.test) == (1004, 430)
    page = (ROOT / "docs/calibration.md").read_text(encoding="utf-8")
    for prediction in (held.model, held.baseline):
        distance = prediction.distance_s
        hours = [value / 3600 for value in (distance.value, distance.low, distance.high) if value]
        assert len(hours) == 3
        told = f"| {hours[0]:.1f} ({hours[1]:.1f}–{hours[2]:.1f}) |"
        assert any(
            line.startswith(f"| {prediction.name} |") and line.endswith(told)
            for line in page.splitlines()
        ), told
    assert {"drift", "only_completions", "either_order"} <= {one.code for one in found.limits}
