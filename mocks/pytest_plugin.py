"""pytest fixtures: a country for each test, and its story in the report of a test that fails.

`country` is `mocks.running` with the arguments of the marker `poligon`; its seed is otherwise that
of the ini option `poligon_seed`. `tenant` is a tenant of the test's own in `country`, also if a
project's conftest.py gives `country` a wider scope. Nothing but pytest is imported before a test
asks for them.
"""

import hashlib
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mocks.controls import TenantControls
    from mocks.in_process import RunningCountry

_USED: Final = pytest.StashKey[list["TenantControls"]]()
_MARKER: Final = (
    "poligon(seed, scenario, faults, start, services, waiting, loopback): arguments of "
    "mocks.running for the fixture `country`; a scenario's path is relative to rootdir"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the ini option `poligon_seed`."""
    text = "seed of the fixture `country`, unless its marker gives one"
    parser.addini("poligon_seed", text, type="string", default="1")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker `poligon`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def country(request: pytest.FixtureRequest) -> Iterator["RunningCountry"]:
    """A country in this process, which calls made with `requests` reach."""
    from mocks.in_process import running  # noqa: PLC0415 - it takes seconds

    with running(**_arguments(request)) as here:
        _note(request, here)
        yield here


@pytest.fixture
def tenant(request: pytest.FixtureRequest, country: "RunningCountry") -> Iterator["TenantControls"]:
    """A tenant of `country` for this test alone, named after it; `tenant.url` is where its services
    are."""
    name = _tenant_name(request.node.nodeid)
    own = country.tenant(name)
    _note(request, own)
    yield own
    if any(tenant.name == name for tenant in country.core.tenants):  # a test may delete it itself
        country.core.delete_tenant(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test that used a country shows its last calls and planned faults."""
    report = yield
    if report.failed and report.when != "teardown":
        report.sections += [_section(used) for used in item.stash.get(_USED, [])]
    return report


def _arguments(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("poligon")
    arguments: dict[str, Any] = dict(marker.kwargs) if marker else {}
    if marker and marker.args:
        raise pytest.UsageError(f"poligon{marker.args}: arguments of this marker have names")
    if isinstance(arguments.get("scenario"), str | Path):
        arguments["scenario"] = request.config.rootpath / arguments["scenario"]
    if "scenario" not in arguments:
        arguments.setdefault("seed", _seed(request.config))
    return arguments


def _seed(config: pytest.Config) -> int:
    text: str = config.getini("poligon_seed")
    try:
        return int(text)
    except ValueError:
        raise pytest.UsageError(f"poligon_seed: expected a whole number, got {text!r}") from None


def _note(request: pytest.FixtureRequest, used: "TenantControls") -> None:
    request.node.stash.setdefault(_USED, []).append(used)


def _tenant_name(nodeid: str) -> str:
    """A readable name that no other test has."""
    words = re.sub(r"[^a-z0-9]+", "-", nodeid.rpartition("::")[2].lower()).strip("-")
    digest = hashlib.sha256(nodeid.encode()).hexdigest()[:8]
    return f"{words[:50].strip('-')}-{digest}".strip("-")


def _section(used: "TenantControls") -> tuple[str, str]:
    from mocks.core.journal import listing  # noqa: PLC0415 - loaded by the fixture

    title = f"Poligon: tenant {used.name} at {used.clock.now:%Y-%m-%d %H:%M:%S}"
    faults = [
        f"  {p.active.spec.id}: {p.active.spec.kind} of {p.active.service},"
        f" {'holds' if p.holds else 'does not hold'} now, {p.hits} hits"
        f"{f' of {p.active.spec.times}' if p.active.spec.times else ''}"
        for p in used.faults
    ]
    lines = ["last calls:", listing(used.journal), "planned faults:", *(faults or ["  none"])]
    return title, "\n".join(lines)
