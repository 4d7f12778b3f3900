"""Broken calls inside the process fail as they do on a socket; waiting is skipped or real."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

import mocks
from mocks.controls import CountryControls
from mocks.core.country import Country
from mocks.server.serving import serving
from tests.mocks.calling import SCENARIO, country_of, done, outcomes, until, work
from tests.mocks.probe import probe


@pytest.mark.parametrize(
    ("fault", "options", "expected", "outcome"),
    [
        ({"kind": "reset"}, {}, requests.ConnectionError, "reset"),
        ({"kind": "truncated"}, {}, requests.exceptions.ChunkedEncodingError, "truncated"),
        ({"kind": "timeout"}, {"timeout": 0.2}, requests.ReadTimeout, "silent"),
        ({"kind": "timeout"}, {"timeout": (9, 0.2)}, requests.ReadTimeout, "silent"),
        ({"kind": "outage"}, {"timeout": 0.2}, requests.ReadTimeout, "abandoned"),
        (
            {"kind": "delay", "delay": {"constant": "500ms"}},
            {"timeout": 0.2},
            requests.ReadTimeout,
            "abandoned",
        ),
    ],
)
def test_client_gets_the_same_exception_as_from_the_server(
    fault: dict[str, Any], options: dict[str, Any], expected: type[Exception], outcome: str
) -> None:
    planned = {"id": "f", **fault}
    with country_of(planned) as country:
        with pytest.raises(requests.RequestException) as inside:
            work(country, **options)
        assert outcomes(country) == [outcome]
    core = Country([probe()])
    with serving(core) as server:
        CountryControls(core, server.url).faults.add(service="egrul", **planned)
        with pytest.raises(requests.RequestException) as outside:
            requests.post(f"{server.url}/egrul/task/a", **options)
    assert type(inside.value) is type(outside.value) is expected
    assert [entry.outcome for entry in core.tenant().journal] == [outcome]
    cause, real_cause = inside.value.args[0], outside.value.args[0]
    assert type(cause) is type(real_cause)
    if fault["kind"] in ("reset", "truncated"):
        assert str(cause) == str(real_cause)


def test_broken_body_reaches_a_client_that_reads_it_in_parts_as_far_as_it_goes() -> None:
    with country_of({"id": "f", "kind": "truncated"}) as country:
        answer = work(country, stream=True)
        assert (answer.status_code, answer.headers["content-length"]) == (201, "22")
        parts = answer.iter_content(4)
        assert [next(parts), next(parts)] == [b'{"na', b'me":']
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="11 more exp"):
            next(parts)


@pytest.mark.parametrize(
    ("timeout", "answered"),
    [(None, True), (2.0, True), (1.999, False), ((0.1, 2.0), True), ((9, 1.999), False)],
)
def test_delay_is_compared_with_the_read_timeout_of_the_client(
    timeout: Any, answered: bool
) -> None:
    with country_of({"id": "f", "kind": "delay", "delay": {"constant": "2s"}}) as country:
        if answered:
            assert work(country, timeout=timeout).status_code == 201
        else:
            with pytest.raises(requests.ReadTimeout):
                work(country, timeout=timeout)
        (entry,) = country.journal
        assert entry.planned_us == 2_000_000
        assert entry.outcome == ("answered" if answered else "abandoned")
        assert done(country) == ["a"], "the work is done, in vain or not"


def test_delay_of_hours_takes_no_time_and_does_not_move_the_clock() -> None:
    with country_of({"id": "f", "kind": "delay", "delay": {"constant": "5h"}}) as country:
        assert work(country).status_code == 201
        assert country.clock.now.isoformat() == "2026-02-02T10:00:00+03:00"


def test_clock_that_runs_shortens_the_wait_of_a_client() -> None:
    with country_of({"id": "f", "kind": "delay", "delay": {"constant": "2h"}}) as country:
        country.clock.run(3600)
        assert work(country, timeout=2.0).status_code == 201
        with pytest.raises(requests.ReadTimeout):
            work(country, timeout=1.999)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "timeout"}, "the service has taken the request and never answers it"),
        (
            {"kind": "outage", "for": "2h"},
            "egrul: an outage until 2026-02-02 12:00:00 of the virtual clock",
        ),
    ],
)
def test_silence_without_a_timeout_fails_and_says_that_a_real_call_would_hang(
    fault: dict[str, Any], why: str
) -> None:
    with country_of({"id": "f", **fault}) as country, pytest.raises(requests.ReadTimeout) as failed:
        work(country)
    assert str(failed.value) == f"{why}; the call has no timeout: a real one would hang"


def test_outage_ends_when_the_clock_is_moved_to_its_end() -> None:
    with country_of({"id": "f", "kind": "outage", "for": "2h"}) as country:
        country.clock.advance("119m")
        with pytest.raises(requests.ReadTimeout):
            work(country, timeout=1)
        country.clock.advance("1m")
        assert work(country, timeout=1).status_code == 201


def test_retries_of_a_session_meet_resets_and_refusals_as_on_a_socket() -> None:
    session = requests.Session()
    retry = Retry(total=3, backoff_factor=60, status_forcelist=[503], allowed_methods=None)
    session.mount("http://", HTTPAdapter(max_retries=retry))
    faults = [
        {"id": "1", "kind": "reset", "times": 1},
        {"id": "2", "kind": "error", "status": 503, "retry_after": "1h", "times": 2},
    ]
    with country_of(*faults) as country:
        assert session.post(f"{country.url}/egrul/task/a").status_code == 201
        calls = [(e.outcome, e.status, e.faults) for e in country.journal]
    assert calls == [
        ("reset", None, ("2", "1")),
        ("answered", 503, ("2",)),
        ("answered", 201, ()),
    ]


def test_exhausted_retries_raise_what_a_socket_would_have_raised() -> None:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=2, allowed_methods=None)))
    with country_of({"id": "f", "kind": "reset"}) as country:
        with pytest.raises(requests.ConnectionError, match="Max retries exceeded"):
            session.post(f"{country.url}/egrul/task/a")
        assert outcomes(country) == ["reset"] * 3
        assert done(country) == []


# --- waiting in earnest


def test_answer_never_comes_sooner_than_planned_when_delays_are_waited_for() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "50ms"}}
    with country_of(fault, waiting="real") as country:
        began = time.monotonic()
        assert work(country).status_code == 201
        assert time.monotonic() - began >= 0.05


def test_client_that_gives_up_leaves_work_that_is_finished_in_vain() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "1h"}}
    with country_of(fault, waiting="real") as country:
        with pytest.raises(requests.ReadTimeout):
            work(country, timeout=0.01)
        assert (outcomes(country), done(country)) == (["abandoned"], [])
        country.clock.advance("1h")
        until(lambda: done(country) == ["a"])
        (entry,) = country.journal
        assert (entry.outcome, entry.status) == ("abandoned", 201)


def test_moved_clock_lets_those_go_who_wait_for_an_answer() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "1h"}}
    with country_of(fault, waiting="real") as country, ThreadPoolExecutor() as pool:
        answer = pool.submit(work, country)
        until(lambda: country.state.slots("egrul").busy == 1)
        country.clock.advance("1h")
        assert answer.result().status_code == 201


def test_outage_breaks_the_call_that_is_being_served() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "1h"}}
    with country_of(fault, waiting="real") as country, ThreadPoolExecutor() as pool:
        answer = pool.submit(work, country)
        until(lambda: country.state.slots("egrul").busy == 1)
        country.faults.add(id="down", service="egrul", kind="outage", for_="1d")
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            answer.result()
        assert (outcomes(country), done(country)) == (["reset"], [])


def test_caller_waits_for_the_slot_that_another_has(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    options: dict[str, Any] = {"services": [probe()], "scenario": path, "waiting": "real"}
    with mocks.running(**options) as country, ThreadPoolExecutor() as pool:
        first = pool.submit(work, country, "first")
        until(lambda: country.state.slots("egrul").busy == 1)
        second = pool.submit(work, country, "second")
        until(lambda: country.state.slots("egrul").waiting == 1)
        refused = work(country, "third")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        country.clock.advance("3s")
        assert first.result().json() == {"name": "first", "count": 1}
        country.clock.advance("3s")
        assert second.result().json() == {"name": "second", "count": 2}
        assert outcomes(country) == ["answered", "answered", "refused"]


def test_silence_lasts_until_the_country_is_left() -> None:
    with ThreadPoolExecutor() as pool:
        with country_of({"id": "f", "kind": "timeout"}, waiting="real") as country:
            answer = pool.submit(work, country)
            until(lambda: outcomes(country) == ["silent"])
            assert not answer.done()
        with pytest.raises(requests.RequestException):
            answer.result()


def test_work_in_vain_ends_with_the_country() -> None:
    before = threading.active_count()
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "100000d"}}
    with country_of(fault, waiting="real") as country:
        with pytest.raises(requests.ReadTimeout):
            work(country, timeout=0.01)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_clock_that_runs_brings_the_answer_in_its_time() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "1h"}}
    with country_of(fault, waiting="real") as country:
        country.clock.run(360_000)
        began = time.monotonic()
        assert work(country).status_code == 201
        assert time.monotonic() - began >= 0.01
