"""What a load test is to do: one file that the command writes and every Locust process reads.

This module and `samples` are all that the load command and the Locust side know of each other;
neither imports Locust, which changes the process that it is imported into.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit

from scenarios.load_format import ShapeKind

__all__ = [
    "JOURNEYS",
    "OPEN",
    "PLAN_VARIABLE",
    "ClosedShape",
    "LoadPlan",
    "PlanError",
    "is_address",
    "is_loopback",
]

PLAN_VARIABLE: Final = "POLIGON_LOAD_PLAN"
OPEN: Final = "open"

_AMBIGUOUS: Final = frozenset("\\@?#")

# Journeys that Locust users can walk, by the name of their module in `loadtests.journeys`.
# `registries` is any journey that a scenario draws itself: its stations are asked without a portal.
JOURNEYS: Final = (
    "account",
    "legal_registration",
    "sole_registration",
    "binding",
    "sign_in",
    "employees",
    "application",
    "status",
    "recovery",
    "registries",
)


class PlanError(Exception):
    """A plan that cannot be read; the message names the file, the key and what was expected."""


@dataclass(frozen=True, kw_only=True)
class ClosedShape:
    """Closed users: `users` is the greatest number of them, `spawn_rate` how many come a second.

    `diurnal` follows the scenario's rate over the day; `step` has `steps` equal steps over the
    horizon; `spike` a fifth of the users with all of them in the middle fifth; `soak` all of them
    all the time; `stress` adds a step until `stop_at_failures` (a share of the answers) is passed.
    """

    kind: ShapeKind
    users: int
    spawn_rate: float = 100.0
    steps: int = 10
    stop_at_failures: float = 0.05


@dataclass(frozen=True, kw_only=True)
class LoadPlan:
    """One load test.

    `speed` is model seconds per wall second, `horizon_s` wall seconds until no case begins any
    more, `drain_s` wall seconds more for those who have begun. `portal` is the address above `/v1`
    (`http://127.0.0.1:8080/main/portal`), `mocks` that of the tenant's services
    (`http://127.0.0.1:8080/main`), `administration` that of the tenant
    (`http://127.0.0.1:8080/_admin/tenants/main`); the last two are None for a foreign target.
    `arrivals`: `open` from the scenario, or closed users. `mix`: shares of journeys of closed
    users (any positive numbers; 0 for those that are not named); with open arrivals the scenario
    decides how many cases there are of those whose share is above 0.
    `is_owned`: the target may be something else than loopback. `results`: folder of the samples.
    `people_from`: where in the country the people of the run begin, for a server that others have
    used before; None leaves it to the clock of the machine. `scenario` None: the country without
    one, as `poligon serve` has it, for closed users without defects.
    """

    scenario: Path | None
    overrides: tuple[str, ...] = ()
    seed: int
    replication: int = 0
    scale: float = 1.0
    speed: float = 1.0
    portal: str
    mocks: str | None = None
    administration: str | None = None
    is_owned: bool = False
    horizon_s: float
    drain_s: float = 30.0
    arrivals: Literal["open"] | ClosedShape = OPEN
    mix: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(JOURNEYS, 1.0))
    results: Path
    workers: int = 1
    people_from: int | None = 0

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise PlanError(problem)

    def text(self) -> str:
        """It as JSON."""
        scenario = None if self.scenario is None else str(self.scenario)
        written = {**asdict(self), "scenario": scenario, "results": str(self.results)}
        return json.dumps(written, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(self.text(), encoding="utf-8")

    @classmethod
    def parse(cls, text: str, name: str = "plan") -> Self:
        """The plan of a text; PlanError with the `name` of it and what is wrong."""
        try:
            return cls(**_fields(json.loads(text)))
        except (PlanError, TypeError, ValueError) as error:
            raise PlanError(f"{name}: {error}") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """The plan of a file; PlanError with the file and what is wrong with it."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise PlanError(f"{path}: expected a plan in JSON: {error}") from error
        return cls.parse(text, str(path))

    @classmethod
    def of_environment(cls) -> Self | None:
        """The plan that the variable POLIGON_LOAD_PLAN names; None if it is not set."""
        path = os.environ.get(PLAN_VARIABLE)
        return cls.read(Path(path)) if path else None

    def _problems(self) -> list[str]:
        numbers = {
            "scale": self.scale,
            "speed": self.speed,
            "horizon_s": self.horizon_s,
            "workers": self.workers,
        }
        problems = [
            f"{name}: expected a finite number above zero, got {value}"
            for name, value in numbers.items()
            if not (math.isfinite(value) and value > 0)
        ]
        if not (math.isfinite(self.drain_s) and self.drain_s >= 0):
            problems.append(f"drain_s: expected zero or a number above it, got {self.drain_s}")
        problems += [
            f"mix.{name}: expected a journey of {', '.join(JOURNEYS)}"
            for name in self.mix
            if name not in JOURNEYS
        ]
        if not any(share > 0 for share in self.mix.values()):
            problems.append("mix: expected a share above zero")
        if self.arrivals == OPEN and self.scenario is None:
            problems.append("scenario: open arrivals expect one")
        if isinstance(self.arrivals, ClosedShape) and self.arrivals.users < 1:
            problems.append(f"arrivals.users: expected at least 1, got {self.arrivals.users}")
        for name in ("portal", "mocks", "administration"):
            address = getattr(self, name)
            if address is None:
                continue
            if not is_address(address):
                problems.append(f"{name}: expected http://… or https://…, got {address}")
            elif not self.is_owned and not is_loopback(address):
                problems.append(f"{name}: expected an address of loopback, got {address}")
        return problems


def is_address(address: str) -> bool:
    """Whether it is a URL of HTTP that every client reads alike: a host, perhaps a port and a path,
    nothing else. What stands before an `@` or after a backslash is a host to some of them."""
    if any(sign in _AMBIGUOUS or sign.isspace() or not sign.isprintable() for sign in address):
        return False
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port


def is_loopback(address: str) -> bool:
    """Whether a URL leads nowhere but to this machine."""
    if not is_address(address):
        return False
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _fields(written: Any) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise PlanError(f"expected an object, got {type(written).__name__}")
    known = {each.name for each in fields(LoadPlan)}
    for key in written:
        if key not in known:
            raise PlanError(f"{key}: no such key")
    given = dict(written)
    for key in ("scenario", "results"):
        if given.get(key) is not None:
            given[key] = Path(given[key])
    given["overrides"] = tuple(given.get("overrides", ()))
    arrivals = given.get("arrivals", OPEN)
    if isinstance(arrivals, dict):
        given["arrivals"] = ClosedShape(**arrivals)
        if given["arrivals"].kind not in get_args(ShapeKind):
            raise PlanError(f"arrivals.kind: expected {', '.join(get_args(ShapeKind))}")
    elif arrivals != OPEN:
        raise PlanError(f"arrivals: expected open or a shape, got {arrivals}")
    return given
