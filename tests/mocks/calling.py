"""A country of the probe in this process, and calls to it in one line."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import requests

import mocks
from mocks.in_process import RunningCountry
from tests.mocks.probe import Work, probe

SCENARIO = """
version: 1
name: slow
seed: 7
calendar: {start: 2026-04-20T09:00, horizon: 1d}
stations: {egrul: {servers: 1, service: {constant: 3s}, queue_limit: 1, timeout: 30s}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
faults: [{id: morning, service: egrul, kind: outage, from: 2026-04-20T11:00, for: 1h}]
"""


def country_of(*faults: dict[str, Any], **options: Any) -> AbstractContextManager[RunningCountry]:
    """A country of the probe alone, every fault of it aimed at the probe."""
    planned = [{"service": "egrul", **fault} for fault in faults]
    return mocks.running(services=[probe()], faults=planned, **options)


def work(country: RunningCountry, name: str = "a", **options: Any) -> requests.Response:
    return requests.post(f"{country.url}/egrul/task/{name}", **options)


def done(country: RunningCountry) -> list[str]:
    with country.state.lock:
        return list(country.state.state(Work).done)


def outcomes(country: RunningCountry) -> list[str]:
    return [entry.outcome for entry in country.journal]


def until(true: Callable[[], bool]) -> None:
    """Returns when it is so; the test fails if that does not come."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.001)
