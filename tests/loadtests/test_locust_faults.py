"""Which errors of a node of Locust are the user's and which Poligon's own: seen in a process of its
own, for Locust changes the process that imports it."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json
from types import SimpleNamespace
from locust.env import Environment
from loadtests.applicants import NobodyLeft
from loadtests.journeys import WALKED
from loadtests.locust_run import LocustRun, StandMismatch
from loadtests.open_arrivals import OpenArrivals
from loadtests.plan import PlanError
from loadtests.target import TargetError
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
        raise NobodyLeft(f"nobody for {due.number}")

due = [Due(number, "binding", number, WALKED["binding"]) for number in range(40)]
work = SimpleNamespace(arrivals=lambda: due, prepare=prepare)
try:
    OpenArrivals(work, Environment(), "http://127.0.0.1:1").prepare()
except NobodyLeft as error:
    told = str(error)
print(json.dumps({"codes": codes, "told": told}))
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
    assert seen["told"] == "nobody for 3"
