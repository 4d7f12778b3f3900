"""The plan of a load test as a file, and what is refused in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from loadtests.plan import PLAN_VARIABLE, ClosedShape, LoadPlan, PlanError, is_loopback


def plan(**changes: Any) -> LoadPlan:
    fields: dict[str, Any] = {
        "scenario": Path("peak.yaml"),
        "seed": 7,
        "portal": "http://127.0.0.1:8080/main/portal",
        "horizon_s": 60.0,
        "results": Path("results"),
    }
    return LoadPlan(**{**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"arrivals": ClosedShape(kind="spike", users=200, spawn_rate=50.0)},
        {"overrides": ("stations.egrul.servers=4",), "mocks": "http://127.0.0.1:8080/main"},
        {"scenario": None, "arrivals": ClosedShape(kind="soak", users=1), "people_from": None},
    ],
)
def test_a_plan_is_read_as_it_was_written(changes: dict[str, Any], tmp_path: Path) -> None:
    written = plan(**changes)
    written.write(tmp_path / "plan.json")
    assert LoadPlan.read(tmp_path / "plan.json") == written


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PLAN_VARIABLE, raising=False)
    assert LoadPlan.of_environment() is None
    plan().write(tmp_path / "plan.json")
    monkeypatch.setenv(PLAN_VARIABLE, str(tmp_path / "plan.json"))
    assert LoadPlan.of_environment() == plan()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"portal": "https://portal.example/api"}, "portal: expected an address of loopback"),
        ({"mocks": "http://10.0.0.1:8080/main"}, "mocks: expected an address of loopback"),
        ({"horizon_s": 0.0}, "horizon_s: expected a finite number above zero"),
        ({"speed": float("inf")}, "speed: expected a finite number above zero"),
        ({"drain_s": -1.0}, "drain_s: expected zero or a number above it"),
        ({"mix": {"shopping": 1.0}}, "mix.shopping: expected a journey of account"),
        ({"mix": {"account": 0.0}}, "mix: expected a share above zero"),
        ({"scenario": None}, "scenario: open arrivals expect one"),
        ({"arrivals": ClosedShape(kind="soak", users=0)}, "arrivals.users: expected at least 1"),
    ],
)
def test_a_wrong_plan_is_told_by_its_key(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(PlanError, match=told):
        plan(**changes)


def test_another_machine_may_be_loaded_with_consent() -> None:
    assert plan(portal="https://portal.example/api", is_owned=True).portal.startswith("https")


def test_consent_to_one_host_is_none_to_what_another_client_reads_in_it() -> None:
    with pytest.raises(PlanError, match="portal: expected http://… or https://…, got"):
        plan(portal="http://portal.example\\@evil.example", is_owned=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "plan.json: "),
        ("[]", "expected an object, got list"),
        ('{"scenarios": 1}', "scenarios: no such key"),
        ('{"seed": 1}', "missing"),
    ],
)
def test_a_wrong_file_is_named(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=told) as refused:
        LoadPlan.read(path)
    assert str(path) in str(refused.value)


def test_an_unknown_shape_is_told(tmp_path: Path) -> None:
    shape = {"kind": "wave", "users": 1}
    written = {**json.loads(plan().text()), "arrivals": shape}
    with pytest.raises(PlanError, match=r"arrivals\.kind: expected diurnal, step, spike"):
        LoadPlan.parse(json.dumps(written))


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.1", True),
        ("http://127.8.9.1:80/x", True),
        ("http://[::1]:8080", True),
        ("http://localhost.example", False),
        ("http://0.0.0.0:1", False),
        ("http://128.0.0.1", False),
        ("portal", False),
        ("http://evil.example\\@127.0.0.1", False),
        ("http://127.0.0.1\\@evil.example", False),
        ("http://evil.example@127.0.0.1", False),
        ("http://127.0.0.1\t.evil.example", False),
        ("http://127.0.0.1 .evil.example", False),
        ("http://127.0.0.1?@evil.example", False),
        ("http://127.0.0.1:abc", False),
        ("http://[::1", False),
        ("ftp://127.0.0.1", False),
    ],
)
def test_loopback_is_known_by_its_address(address: str, is_here: bool) -> None:
    assert is_loopback(address) is is_here
