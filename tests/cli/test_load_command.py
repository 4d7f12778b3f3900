"""`poligon load`: wrong words, a short load of real processes, and that nothing is left of them."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from poligon.app import run
from poligon.load.load_test import load_test
from poligon.load.manifest import load_command_of
from poligon.load.options import LoadOptions, read_load_options
from poligon.options import OptionError
from scenarios.loader import load
from tests.cli.process_tree import children, is_alive, needs_proc, wait_for_end, wait_until
from tests.cli.running import command, environment, files_in, poligon
from tests.cli.serve_process import served

# Some people sign in, many ask a register. An hour of the country is two minutes here.
SMOKE = """
version: 1
name: Дым
seed: 11
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T10:04}
population: {organizations: 1000}
stations:
  egrul: {servers: 20, service: {constant: 600ms}, timeout: 10m}
  sms_gateway: {servers: 50, service: {constant: 1s}, queue_limit: 100, timeout: 10m}
arrivals:
  - {journey: ask, rate: {per_minute: 10, profile: flat}}
  - {journey: sign_in, rate: {per_minute: 1, profile: flat}}
journeys:
  ask: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}
  sign_in: builtin
load: {speed: 30, drain: 20s, cheap_passwords: true}
"""
BROKEN = "- {id: broken, service: egrul, kind: error, status: 500}\n"
REPORT = [
    "journeys.csv", "junit.xml", "load.html", "load.json", "manifest.json", "samples.csv",
    "server.csv",
]  # fmt: skip
# The other ways in which a run may end take half a minute each: `dev.py nightly`.
ALL_ENDS = os.environ.get("POLIGON_LOAD_ENDS") == "all"


@pytest.fixture(name="scenario")
def _scenario(tmp_path: Path) -> Path:
    path = tmp_path / "smoke.yaml"
    path.write_text(SMOKE, encoding="utf-8")
    return path


# --- wrong words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--target", "http://example.org"],
            "--target http://example.org: that is not this machine. Load only what is yours: "
            "add --i-own-this-target if it is",
        ),
        (
            ["--target", "http://localhost.example.org"],
            "--target http://localhost.example.org: that is not this machine. Load only what is "
            "yours: add --i-own-this-target if it is",
        ),
        (["--target", "x"], '--target: expected a URL as http://127.0.0.1:8080, got "x"'),
        (
            ["--target", "http://[::1"],
            '--target: expected a URL as http://127.0.0.1:8080, got "http://[::1"',
        ),
        (["--for", "soon"], '--for: expected a duration as 20s or 10m, got "soon"'),
        (["--for", "0s"], '--for: expected a duration as 20s or 10m, got "0s"'),
        (["--speed", "0"], '--speed: expected a finite number above 0, got "0.0"'),
        (["--scale", "inf"], '--scale: expected a finite number above 0, got "inf"'),
        (["--workers", "0"], '--workers: expected a whole number from 1 to 64, got "0"'),
        (
            ["--target", "http://127.0.0.1", "--faults", "f.yaml"],
            "--faults: faults are planned at the own server only, without --target",
        ),
        (
            ["--target", "http://127.0.0.1", "--validate"],
            "--validate: the model is compared at the own server, without --target",
        ),
        (
            ["--target", "http://127.0.0.1", "--port", "8099"],
            "--port: a port of the own server, which is not started with --target",
        ),
        (["--quick"], "--quick: has an effect with --validate only"),
        (["--validate", "--workers", "2"], "--workers: has no effect with --validate"),
        (["--validate", "--scale", "2"], "--scale: has no effect with --validate"),
        (["--validate", "--for", "20s"], "--for: has no effect with --validate"),
        (["--validate", "--faults", "f.yaml"], "--faults: has no effect with --validate"),
        (["--validate", "--check"], "--check: has no effect with --validate"),
        (["--i-own-this-target"], "--i-own-this-target: has an effect with --target only"),
        (
            ["--seed", "-1"],
            '--seed: expected a whole number from 0 to 9223372036854775807, got "-1"',
        ),
        (["--port", "65536"], '--port: expected a whole number from 0 to 65535, got "65536"'),
    ],
)
def test_wrong_words_are_exit_2_and_nothing_is_done(
    words: list[str], told: str, scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scenario.parent / "out"
    assert run(["load", str(scenario), "--lang", "en", "--out", str(out), *words]) == 2
    captured = capsys.readouterr()
    assert (captured.out, out.exists()) == ("", False)
    assert captured.err.splitlines()[0].startswith(told)
    assert captured.err.splitlines()[-1] == "1 error; nothing was done"


def test_target_that_does_not_answer_is_exit_2(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:  # bound, and listening to nobody
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert run(["load", str(scenario), "--lang", "en", "--target", url]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"--target {url}: the target does not answer: Connection refused"


class OtherCountry(BaseHTTPRequestHandler):
    """A stand whose registers know other organizations than the scenario's country has."""

    def do_GET(self) -> None:
        told = {"speed": 1.0, "now": "2026-04-20T09:00:00+03:00", "seed": 11, "inn": "0"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def other_country() -> Iterator[str]:
    """Its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OtherCountry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "ru",
            "нагрузить нельзя: у {url}/portal другая страна, чем у сценария: запустите там тот же "
            "сценарий с тем же зерном",
        ),
        (
            "en",
            "this cannot be loaded: {url}/portal has another country than the plan: serve the same "
            "scenario there, with the same seed",
        ),
    ],
)
def test_target_with_another_country_is_exit_2(
    lang: str, told: str, scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with other_country() as url:
        assert run(["load", str(scenario), "--lang", lang, "--target", url]) == 2
    assert capsys.readouterr().err.splitlines()[-2] == told.format(url=url)


def test_port_in_use_is_exit_2(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["load", str(scenario), "--lang", "en", "--port", str(port)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[-2:] == [
        f"--port {port}: the port is taken; take another one or 0 for any free one",
        "1 error; nothing was done",
    ]


def test_scenario_by_which_nobody_comes_is_exit_2(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["load", str(scenario), "--lang", "en", "--scale", "1e-9"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0] == (
        f"{scenario}: nobody arrives during the load test; raise --for, --scale or --speed"
    )


def test_scenario_without_arrivals_is_told_as_by_simulate(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMOKE.split("arrivals:\n")
    scenario.write_text(f"{text[0]}arrivals: []\njourneys{text[1].partition('journeys')[2]}")
    assert run(["simulate", str(scenario)]) == 2
    told = capsys.readouterr().err
    assert run(["load", str(scenario)]) == 2
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_fault_that_cannot_be_planned_is_told_as_by_serve(
    lang: str, scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = scenario.parent / "faults.yaml"
    faults.write_text("- {id: a, service: nobody, kind: outage}\n", encoding="utf-8")
    words = ["--scenario", str(scenario), "--faults", str(faults), "--lang", lang]
    assert run(["serve", *words]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{faults}:1: 0.service:")
    assert run(["load", str(scenario), *words[2:]]) == 2
    assert capsys.readouterr().err.endswith(told)


@pytest.mark.parametrize("at", ["its own server", "a stand"])
def test_fork_that_would_be_walked_is_exit_2_with_its_place(
    at: str, scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forked = "ask: {start: a, nodes: {a: {fork: [b, c], next: d}, b: {serve: egrul}, "
    forked += "c: {serve: egrul}, d: {end: completed}}}"
    drawn = "ask: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}"
    assert SMOKE.count(drawn) == 1
    scenario.write_text(SMOKE.replace(drawn, forked), encoding="utf-8")
    with other_country() as url:
        target = ["--target", url] if at == "a stand" else []
        assert run(["load", str(scenario), "--lang", "en", *target]) == 2
    captured = capsys.readouterr()
    line = 1 + SMOKE[: SMOKE.index(drawn)].count("\n")
    assert captured.out == ""
    assert captured.err.splitlines()[-2:] == [
        f"{scenario}:{line}: journeys.ask.nodes.a: a load test does not walk parallel branches "
        "(fork): draw the journey without them, or let the model have it (poligon simulate)",
        "1 error; nothing was done",
    ]
    assert not (scenario.parent / "reports").exists()


def test_every_option_is_read() -> None:
    assert read_load_options() == LoadOptions()
    assert read_load_options(
        target="http://[::1]:80", is_mine=True, workers="3", scale="0.5", speed="60",
        duration="1.5m", seed="7", overrides=["seed=1"], out="there", lang="en",
    ) == LoadOptions(
        target="http://[::1]:80", is_mine=True, workers=3, scale=0.5, speed=60.0,
        duration_s=90.0, seed=7, overrides=("seed=1",), out=Path("there"), lang="en",
    )  # fmt: skip
    assert read_load_options(port="8081") == LoadOptions(port=8081)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (LoadOptions(workers=0), ("option_count", "--workers", 0)),
        (LoadOptions(workers=65), ("option_count", "--workers", 65)),
        (LoadOptions(seed=-1), ("option_count", "--seed", -1)),
        (LoadOptions(port=-1), ("option_count", "--port", -1)),
        (LoadOptions(duration_s=0.0), ("load_duration", "--for", 0.0)),
        (LoadOptions(is_mine=True), ("load_mine_alone", "--i-own-this-target", "")),
    ],
)
def test_wrong_options_from_python_are_refused_before_anything_is_read(
    options: LoadOptions, told: tuple[str, str, object]
) -> None:
    with pytest.raises(OptionError) as refused:
        load_test(Path("nowhere.yaml"), options)
    (problem,) = refused.value.problems
    assert (problem.code, problem.option, problem.got) == told


def test_command_in_the_manifest_loads_a_target_that_is_somebodys_again() -> None:
    options = LoadOptions(target="http://example.org", is_mine=True, duration_s=90.0)
    words = shlex.split(load_command_of(Path("x.yaml"), options))
    assert words == [
        *("poligon", "load", "x.yaml", "--target", "http://example.org", "--for", "90s"),
        "--i-own-this-target",
    ]


# --- a short load ---------------------------------------------------------------------------------


def test_short_load_meets_its_objectives_and_loses_nothing(scenario: Path) -> None:
    done = poligon("load", scenario, "--check", "--lang", "en", cwd=scenario.parent)
    assert done.returncode == 0, done.stderr + done.stdout
    folder = scenario.parent / "reports/out/smoke-load"
    assert files_in(folder) == REPORT
    found = json.loads((folder / "load.json").read_text(encoding="utf-8"))
    assert [(check["name"], check["passed"]) for check in found["checks"]] == [
        ("acknowledged", True), ("once", True), ("journal", True),
    ]  # fmt: skip
    assert found["cases"] == found["completed"] > 20
    (asked,) = (each for each in found["operations"] if each["name"] == "GET egrul")
    assert asked["requests"] == asked["ok"] > 20
    rows = (folder / "samples.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == sum(each["requests"] for each in found["operations"])
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    read = load(scenario)
    assert said["scenario_hash"] == read.scenario_hash
    assert said["versions"]["rulebook"] == read.book.version
    assert said["defaults"] == [
        used.text("en") for used in read.defaults if used.key != "replications"
    ]
    page = (folder / "load.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []


def test_broken_endpoint_fails_the_check(scenario: Path) -> None:
    folder = scenario.parent
    (folder / "faults.yaml").write_text(BROKEN, encoding="utf-8")
    given = ("--scenario", "smoke.yaml", "--faults", "faults.yaml", "--cheap-passwords")
    with served(folder, *given) as (_, _, url):
        words = ("load", "smoke.yaml", "--target", url, "--for", "2s", "--check", "--lang", "en")
        done = poligon(*words, cwd=folder)
    assert done.returncode == 1, done.stderr + done.stdout
    assert "✗ answers: share of wrong answers: " in done.stdout
    report = ET.parse(folder / "reports/out/smoke-load/junit.xml").getroot()
    failed = {case.get("name") for case in report.iter("testcase") if len(case)}
    assert failed - {"ready"} == {"answers", "cases"}  # who is ready in time, the machine decides


# --- whatever ends a run, nothing is left of it ---------------------------------------------------


@contextmanager
def loading(scenario: Path) -> Iterator[tuple["subprocess.Popen[str]", int, int]]:
    """The command with its server and Locust at work."""
    child = subprocess.Popen(
        command(["load", scenario, "--for", "90s", "--lang", "en"]), cwd=scenario.parent,
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        wait_until(lambda: child.poll() is not None or len(at_work(child.pid)) == 2, "no Locust")
        server, locust = at_work(child.pid)
        yield child, server, locust
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def at_work(pid: int) -> list[int]:
    """The server and Locust, in the order of their start."""
    return sorted(each for each in children(pid) if is_alive(each))


def descendants(pid: int) -> list[int]:
    return [each for own in children(pid) for each in (own, *descendants(own))]


@needs_proc
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 143),
        pytest.param(
            signal.SIGINT, 130, marks=pytest.mark.skipif(not ALL_ENDS, reason="POLIGON_LOAD_ENDS")
        ),
    ],
)
def test_signal_ends_server_and_loader_and_leaves_no_report(
    number: signal.Signals, code: int, scenario: Path
) -> None:
    with loading(scenario) as (child, _, _):
        started = descendants(child.pid)
        child.send_signal(number)
        _, told = child.communicate()
        assert (child.returncode, told.splitlines()[-1]) == (
            code,
            "interrupted; nothing was written",
        )
        wait_for_end(started)
    assert not (scenario.parent / "reports").exists()


@needs_proc
@pytest.mark.skipif(not ALL_ENDS, reason="POLIGON_LOAD_ENDS")
@pytest.mark.parametrize(
    ("victim", "told"),
    [
        ("server", "error: the server has ended by itself; the last it wrote:"),
        ("locust", "error: Locust has ended by itself; the last it wrote:"),
    ],
)
def test_crash_of_a_process_ends_the_others_with_exit_3(
    victim: str, told: str, scenario: Path
) -> None:
    with loading(scenario) as (child, server, locust):
        started = descendants(child.pid)
        os.kill(server if victim == "server" else locust, signal.SIGKILL)
        _, err = child.communicate()
        assert (child.returncode, told in err.splitlines()) == (3, True), err
        wait_for_end(started)


@needs_proc
@pytest.mark.skipif(not ALL_ENDS, reason="POLIGON_LOAD_ENDS")
def test_killed_command_takes_its_processes_along(scenario: Path) -> None:
    with loading(scenario) as (child, _, _):
        started = descendants(child.pid)
        child.kill()
        wait_for_end(started)
