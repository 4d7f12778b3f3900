"""`poligon serve`: the words of its command line here, the server itself as a process."""

import datetime as dt
import errno
import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import requests

from poligon.app import run
from poligon.serve.options import ServeOptions, read_serve_options
from tests.cli.process_tree import DEADLINE_S
from tests.cli.running import write
from tests.cli.serve_process import served

SCENARIO = """
version: 1
name: Малый
seed: 77
calendar: {start: 2026-04-20T09:00, horizon: 1d}
stations: {egrul: {servers: 2, service: {constant: 1ms}, timeout: 30s}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
faults: [{id: egrul-down, service: egrul, kind: outage, from: 2026-04-20T10:00, for: 2h}]
"""
FAULTS = """
- {id: late, service: mvd, kind: delay, delay: {constant: 1h}}
- {id: no, service: sms, kind: error, status: 429, retry_after: 30s, match: {path: /v1/*}}
"""


APRIL = "20\N{NO-BREAK SPACE}April 2026, 09:00"  # the scenario's
FEBRUARY = "2\N{NO-BREAK SPACE}February 2026, 10:00"  # without a scenario


def ended(child: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, list[str]]:
    """Exit code and standard error after a signal."""
    child.send_signal(number)
    _, err = child.communicate(timeout=DEADLINE_S)
    return child.returncode, err.splitlines()


def test_two_servers_answer_side_by_side_and_end_by_their_signals(tmp_path: Path) -> None:
    write(tmp_path, SCENARIO)
    (tmp_path / "faults.yaml").write_text(FAULTS, encoding="utf-8")
    given = ("--scenario", "small.yaml", "--faults", "faults.yaml", "--speed", "0.5")
    with served(tmp_path, *given) as (one, told, url), served(tmp_path, "--tls") as (two, *other):
        assert told[0] == "Services:"
        assert any(re.fullmatch(r"  /egrul +\S.*; rules: \d+", line) for line in told)
        assert told[-5:] == [
            f"Administration: {url}/_admin, its document: {url}/_admin/openapi.json",
            "Tenant main, seed 77; others are made by the administration",
            f"The clock goes from {APRIL}, 0.5 times as fast as real time",
            "Faults: egrul-down, late, no",
            f"Ready: {url}",
        ]  # fmt: skip
        secret_told, secret_url = other
        trust = secret_told[-2].rpartition(": ")[2]
        assert secret_told[-3].startswith(f"The clock stands: {FEBRUARY};")
        assert requests.get(f"{url}/readyz", timeout=DEADLINE_S).text == "ok"
        assert requests.get(f"{secret_url}/readyz", verify=trust, timeout=DEADLINE_S).text == "ok"
        stops = "stopping: answers in flight will be finished; one more signal stops at once"
        assert ended(one, signal.SIGTERM) == (143, [stops])
        assert ended(two, signal.SIGINT) == (130, [stops])
        assert not Path(trust).exists()


def test_second_signal_is_heeded_and_changes_no_exit_code(tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text(FAULTS, encoding="utf-8")
    with (
        served(tmp_path, "--faults", "faults.yaml") as (child, _, url),
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client,
    ):
        client.sendall(b"GET /mvd/v1/passport-checks HTTP/1.1\r\nHost: a\r\n\r\n")
        requests.get(f"{url}/readyz", timeout=DEADLINE_S)
        child.send_signal(signal.SIGTERM)
        assert child.stderr is not None
        assert child.stderr.readline().startswith("stopping: ")
        assert ended(child, signal.SIGTERM) == (143, [])


def test_taken_port_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port), "--lang", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"--port {port}: the port is taken; take another one or 0 for any free one",
        "1 error; nothing was done",
    ]


def test_address_of_another_machine_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--port", "0", "--host", "192.0.2.1", "--lang", "en"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == (
        "--host: this machine has no address 192.0.2.1; 0.0.0.0 and :: are all that it has"
    )


@pytest.mark.parametrize("tls", [[], ["--tls"]])
@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("a..b", '--host: "a..b" is no name of a machine: it has letters, digits, - and dots'),
        (
            "nowhere.invalid",
            "--host: the name nowhere.invalid is not found; "
            "expected an address or a name of this machine",
        ),
    ],
)
def test_name_of_no_machine_is_exit_2(
    host: str, told: str, tls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--port", "0", "--host", host, "--lang", "en", *tls]) == 2
    assert capsys.readouterr().err.splitlines() == [told, "1 error; nothing was done"]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (
            errno.EACCES,
            "--port 80: listening at this port is not permitted; "
            "take one from 1024 up or 0 for any free one",
        ),
        (errno.EINVAL, "--host: can't listen at 127.0.0.1:80: Invalid argument"),
    ],
)
def test_other_refusals_of_the_system_are_exit_2(
    number: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: socket.socket, __: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert run(["serve", "--port", "80", "--lang", "en"]) == 2
    assert capsys.readouterr().err.splitlines() == [told, "1 error; nothing was done"]


def test_wrong_scenario_is_told_as_by_simulate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SCENARIO.replace("servers: 2", "servres: 2"))
    assert run(["simulate", str(path)]) == 2
    told = capsys.readouterr().err
    assert run(["serve", "--scenario", str(path)]) == 2
    assert capsys.readouterr().err == told


def test_wrong_faults_are_told_with_file_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("\n- {id: a, service: mvd, kind: outage, p: 0.5}\n", encoding="utf-8")
    assert run(["serve", "--faults", str(path), "--lang", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"{path}:2: 0.p: kind: outage has no such key",
        "1 error; nothing was done",
    ]


def test_every_option_is_read() -> None:
    assert read_serve_options() == ServeOptions(host="127.0.0.1", port=8080, speed=0.0)
    assert read_serve_options(
        scenario="s.yaml", port="0", host="::1", tls=True, seed="7", start="2026-04-20T09:00",
        speed="2.5", faults="f.yaml", request_log="-",
    ) == ServeOptions(
        scenario=Path("s.yaml"), port=0, host="::1", tls=True, seed=7,
        start=dt.datetime(2026, 4, 20, 9), speed=2.5, faults=Path("f.yaml"),
        request_log="-",
    )  # fmt: skip
    assert read_serve_options(start="now").start == "now"


@pytest.mark.parametrize("scenario", [[], ["--scenario", "small.yaml"]])
def test_clock_begins_at_the_given_time(tmp_path: Path, scenario: list[str]) -> None:
    write(tmp_path, SCENARIO)
    with served(tmp_path, "--start", "2027-03-01T12:30", *scenario) as (_, told, _):
        (clock,) = (line for line in told if line.startswith("The clock stands:"))
        assert clock.startswith("The clock stands: 1\N{NO-BREAK SPACE}March 2027, 12:30;")


def test_clock_begins_now(tmp_path: Path) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with served(tmp_path, "--start", "now") as (_, _, url):
        now = requests.get(f"{url}/_admin/tenants/main/clock", timeout=DEADLINE_S).json()["now"]
        assert before <= dt.datetime.fromisoformat(now) <= dt.datetime.now(dt.UTC)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--port", "65536"], '--port: expected a whole number from 0 to 65535, got "65536"'),
        (["--port", "http"], '--port: expected a whole number from 0 to 65535, got "http"'),
        (["--seed", "-1"], "--seed: expected a whole number from 0 to 9223372036854775807"),
        (["--speed", "0"], '--speed: expected a finite number above 0, got "0"'),
        (["--speed", "inf"], '--speed: expected a finite number above 0, got "inf"'),
        (["--speed", "fast"], '--speed: expected a finite number above 0, got "fast"'),
        (
            ["--start", "yesterday"],
            '--start: expected a local time as 2026-04-20T09:00, or now, got "yesterday"',
        ),
        (["--host", " "], '--host: expected an address, got ""'),
        (["--request-log", "."], "--request-log .: the file cannot be written: Is a directory"),
        (["--db", "x"], "--db: the database cannot be opened: expected sqlite:///FILE"),
    ],
)
def test_wrong_option_is_exit_2(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--lang", "en", *words]) == 2
    captured = capsys.readouterr()
    assert told in captured.err.splitlines()[0]
    assert captured.err.count(told) == 1


def test_portal_behind_tls_reaches_its_own_services_and_logs_its_requests(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with served(tmp_path, "--tls", "--request-log", str(log)) as (_, told, url):
        session = requests.Session()
        session.trust_env = False  # nobody else's authorities
        session.verify = told[-2].rpartition(": ")[2]
        form = {"name": "Ким Савельев", "birth_date": "10.06.2004", "inn": "480336170785"}
        form |= {"phone": "+79154608896", "email": "v@example.org", "password": "Zx7!mkpRvb2#"}
        answer = session.post(f"{url}/portal/v1/sign-up", json=form, timeout=DEADLINE_S)
        assert (answer.status_code, answer.json()["state"]) == (200, "new")
        inbox = f"{url}/_admin/tenants/main/inboxes/+79154608896"
        assert len(session.get(inbox, timeout=DEADLINE_S).json()) == 1
        (line,) = log.read_text(encoding="utf-8").splitlines()
    seen = json.loads(line)
    assert (seen["act"], seen["status"], seen["account"]) == ("sign_up", 200, None)
    assert seen["request_id"] == answer.headers["X-Request-Id"]


def test_requests_are_logged_onto_standard_output(tmp_path: Path) -> None:
    with served(tmp_path, "--request-log", "-") as (child, _, url):
        requests.get(f"{url}/portal/v1/my-account", timeout=DEADLINE_S)
        assert child.stdout is not None
        seen = json.loads(child.stdout.readline())
    assert (seen["act"], seen["status"]) == ("my_account", 401)


def test_scale_and_set_change_the_stations_of_the_scenario(tmp_path: Path) -> None:
    path = write(tmp_path, SCENARIO)
    given = ("--set", "stations.egrul.servers=40", "--scale", "0.1")
    with served(tmp_path, "--scenario", str(path), *given) as (_, _, url):
        told = requests.get(f"{url}/_admin/services", timeout=DEADLINE_S).json()
    (egrul,) = (each for each in told["services"] if each["id"] == "egrul")
    assert egrul["station"]["servers"] == 4


@pytest.mark.parametrize("words", [["--scale", "0.5"], ["--set", "seed=1"]])
def test_change_of_a_scenario_that_is_not_given_is_exit_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--lang", "en", *words]) == 2
    told = capsys.readouterr().err.splitlines()[0]
    assert told == f"{words[0]}: only together with --scenario"
