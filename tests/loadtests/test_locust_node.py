"""A node of Locust before its start: which errors are the user's and which Poligon's own, and what
a stress minds. Seen in a process of its own, for Locust changes the process that imports it."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import datetime as dt
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from locust.env import Environment
from loadtests.applicants import NobodyLeft
from loadtests.journeys import WALKED
from loadtests.locust_run import LocustRun
from loadtests.open_arrivals import OpenArrivals
from loadtests.locust_shapes import ClosedUsers
from loadtests.plan import ClosedShape, LoadPlan, PlanError
from loadtests.target import StandMismatch, TargetError
from loadtests.work import Due
from scenarios.problems import ScenarioError

errors = [
    NobodyLeft("x"), PlanError("x"), ScenarioError([]), StandMismatch("x"), TargetError("x"),
    LookupError("x"), KeyError("x"), IndexError("x"), ValueError("x"),
]
codes = {}
for error in errors:
    environment = SimpleNamespace(runner=SimpleNamespace(quit=lambda: None))
    run = LocustRun(environment)
    def broken(plan):
        raise error
    run._conduct = broken
    run.conduct(None)
    codes[type(error).__name__] = [environment.process_exit_code, run.is_over]

def prepare(due, wire):
    if due.number == 3:
        raise NobodyLeft(f"{due.number}rd")

due = [Due(number, "binding", number, WALKED["binding"]) for number in range(40)]
work = SimpleNamespace(arrivals=lambda: due, prepare=prepare)
try:
    OpenArrivals(work, Environment(), "http://127.0.0.1:1").prepare()
except NobodyLeft as error:
    told = str(error)

run = SimpleNamespace(is_over=False, now_s=None)
total = SimpleNamespace(current_fail_per_sec=1.0, current_rps=1.0)
plan = LoadPlan(
    scenario=None, seed=1, portal="http://127.0.0.1:1", horizon_s=100.0, results=Path("x"),
    arrivals=ClosedShape(kind="stress", users=100, spawn_rate=7.0, steps=5),
)
shape = ClosedUsers(run, plan, plan.arrivals, SimpleNamespace(total=total))
ticks = [shape.tick()]
for run.now_s, total.current_fail_per_sec in [(-0.1, 1.0), (50.0, 0.05), (50.0, 0.06), (80.0, 0.0)]:
    ticks.append(shape.tick())

began = dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC)
shown = []
for speed in (20.0, 0.0):
    run = LocustRun(SimpleNamespace(runner=None))
    run._begin = shown.append
    target = SimpleNamespace(is_stand=True, run_clock=None, clock=lambda wire: (began, speed))
    with TemporaryDirectory() as results:
        before_us = time.time_ns() // 1000
        run._start(SimpleNamespace(scenario=None, results=Path(results), speed=60.0), target, None)
    lead_s = (shown[-1].pop("epoch_us") - before_us) / 1e6
    shown[-1]["is_ahead"] = lead_s >= 0.5
print(json.dumps({"codes": codes, "told": told, "ticks": ticks, "shown": shown}))
"""


@pytest.fixture(name="seen", scope="module")
def _seen() -> dict[str, object]:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_only_what_the_user_can_have_done_wrong_is_bad_input(seen: dict[str, object]) -> None:
    wrong = ("NobodyLeft", "PlanError", "ScenarioError", "StandMismatch", "TargetError")
    faults = ("LookupError", "KeyError", "IndexError", "ValueError")
    codes = dict.fromkeys(wrong, 2) | dict.fromkeys(faults, 3)
    assert seen["codes"] == {name: [code, True] for name, code in codes.items()}


def test_country_that_is_too_small_ends_the_preparation(seen: dict[str, object]) -> None:
    assert seen["told"] == "the country has no applicant of the kind 3rd left"


def test_stress_finds_no_limit_in_what_fails_before_its_start(seen: dict[str, object]) -> None:
    # Five steps of 20 s up to 100 users; held for 10 s, eased for 10 s, over.
    assert seen["ticks"] == [[20, 7.0], [20, 7.0], [60, 7.0], [60, 7.0], None]


def test_people_know_what_the_clock_will_show_at_the_start(seen: dict[str, object]) -> None:
    # Half a second of the wall after it was read: ten of the model if it runs, none if it stands.
    assert seen["shown"] == [
        {"now": "2026-04-20T10:00:10+00:00", "speed": 20.0, "is_ahead": True},
        {"now": "2026-04-20T10:00:00+00:00", "speed": 60.0, "is_ahead": True},
    ]
