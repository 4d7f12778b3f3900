"""A portal with its country, served in this process for a load test in another one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import loadtests
from loadtests.plan import PLAN_VARIABLE, LoadPlan
from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving
from portal.accounts.argon2_passwords import Argon2Passwords
from scenarios.completion import CompleteScenario
from stand.portals import Portals

__all__ = ["locust", "served"]

_ROOT = Path(loadtests.__file__).parents[1]
_CHEAP = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)
_TIMEOUT_S = 120.0


@contextmanager
def served(scenario: CompleteScenario | None) -> Iterator[str]:
    """The address of the server."""
    country = Country(SERVICES, scenario=scenario)
    portals = Portals(country, _CHEAP)
    try:
        with serving(country, guests=portals.guests) as server:
            portals.begin(server.url)
            yield server.url
    finally:
        portals.close()


def locust(plan: LoadPlan) -> "subprocess.CompletedProcess[str]":
    """A headless run of the locustfile to its end."""
    path = plan.results.with_suffix(".json")
    plan.write(path)
    environment = {**os.environ, "no_proxy": "*", PLAN_VARIABLE: str(path)}
    return subprocess.run(
        [sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--headless",
         "--only-summary"],
        cwd=_ROOT, env=environment, capture_output=True, encoding="utf-8", check=False,
        timeout=_TIMEOUT_S,
    )  # fmt: skip
