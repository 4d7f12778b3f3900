"""Small logs written by hand, and what is learnt from them."""

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from scenarios.loader import load
from sim.calibration.calibration import Calibration, calibrate_log
from sim.calibration.chains import END, START
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import generated

MONDAY = dt.datetime(2026, 4, 20, tzinfo=dt.timezone(dt.timedelta(hours=3)))

# Activity, resource, and minutes since the case came: enter, start, end (None: not told).
Visit = tuple[str, str, float | None, float | None, float]


def log_file(folder: Path, cases: dict[float, list[Visit]], name: str = "log.csv") -> Path:
    """A CSV of cases by the minute of their coming since Monday midnight."""

    def at(came: float, minute: float | None) -> str:
        return "" if minute is None else (MONDAY + dt.timedelta(minutes=came + minute)).isoformat()

    lines = ["case,activity,resource,enter,start,end"]
    lines += [
        f"{came},{name},{who},{at(came, enter)},{at(came, start)},{at(came, end)}"
        for came, visits in cases.items()
        for name, who, enter, start, end in visits
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def calibrated(folder: Path, cases: dict[float, list[Visit]], **options: Any) -> Calibration:
    return calibrate_log(read_log(log_file(folder, cases)), "t", **options)


def scenario(found: Calibration, folder: Path) -> dict[str, Any]:
    """The scenario as plain values; it has passed the loader."""
    made = generated(found, "made")
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "made.yaml"
    path.write_text(made.text, encoding="utf-8")
    load(path)
    document: dict[str, Any] = yaml.safe_load(made.text)
    return document


def shares(found: Calibration) -> dict[tuple[str, str], float]:
    (journey,) = found.journeys
    names = {START: "start", END: "end"}
    return {
        (
            names.get(s.source) or found.link(journey, s.source),
            names.get(s.target) or found.link(journey, s.target),
        ): s.share.value
        for s in journey.chain.steps
    }


def limits(found: Calibration) -> set[str]:
    return {limit.code for limit in found.limits}
