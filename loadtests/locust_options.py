"""Options that `locust -f loadtests/locustfile.py` takes besides its own, and the plan they make.

With the variable POLIGON_LOAD_PLAN the plan is read from a file instead, and they are ignored.
"""

import argparse
import http.client
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final, get_args

from loadtests.plan import (
    JOURNEYS,
    OPEN,
    ClosedShape,
    LoadPlan,
    PlanError,
    is_address,
    is_loopback,
)
from scenarios.load_format import ShapeKind
from scenarios.loader import load

__all__ = ["DEFAULT_HOST", "USERS", "add_options", "plan_of"]

DEFAULT_HOST: Final = "http://127.0.0.1:8080"
USERS: Final = "users"
"""Arrivals as Locust has them: as many closed users as -u says."""

_ARRIVALS: Final = (USERS, OPEN, *get_args(ShapeKind))
_LONG_S: Final = 86_400.0
_TIMEOUT_S: Final = 10.0
_MOST_TOLD: Final = 65_536  # bytes of what a stand says of itself
_RESULTS: Final = "reports/out/locust"


def add_options(parser: Any) -> None:
    """Add them to Locust's parser."""
    hidden: dict[str, Any] = {"include_in_web_ui": False}
    parser.add_argument(
        "--scenario",
        metavar="FILE",
        default="",
        help="scenario of arrivals, kinds and defects; the server has to have the same",
        **hidden,
    )
    parser.add_argument(
        "--arrivals",
        choices=_ARRIVALS,
        default=USERS,
        help="users: closed ones, as -u says; open: at the instants of the scenario; or a shape",
        **hidden,
    )
    parser.add_argument(
        "--journeys",
        metavar="NAME[=SHARE],...",
        default="",
        help=f"which people there are, of {', '.join(JOURNEYS[:-1])} (default: all alike)",
        **hidden,
    )
    parser.add_argument("--tenant", default="main", help="tenant of the server", **hidden)
    parser.add_argument(
        "--speed",
        type=float,
        default=20.0,
        help="model seconds per second, for a clock that stands and for pauses (default: 20)",
        **hidden,
    )
    parser.add_argument(
        "--load-scale", type=float, default=1.0, help="multiplies the scenario's rates", **hidden
    )
    parser.add_argument(
        "--replication", type=int, default=0, help="which random numbers, from 0", **hidden
    )
    parser.add_argument(
        "--results",
        metavar="DIR",
        default=_RESULTS,
        help=f"folder of the raw samples, one for each run in it (default: {_RESULTS})",
        **hidden,
    )
    parser.add_argument(
        "--i-own-this-target",
        action="store_true",
        help="--host may be something else than this machine",
        **hidden,
    )


def plan_of(options: argparse.Namespace, host: str) -> LoadPlan:
    """The plan of these options for a target; PlanError with the option that is wrong, or why the
    target cannot be had."""
    if not is_address(host):
        raise PlanError(f"--host: expected http://… or https://…, got {host}")
    if not options.i_own_this_target and not is_loopback(host):
        raise PlanError(
            f"--host: expected an address of this machine, got {host}; "
            "--i-own-this-target says that it may be loaded"
        )
    tenant, seed = options.tenant, _seed_of_stand(host)
    is_stand = seed is not None
    scenario = Path(options.scenario) if options.scenario else None
    if scenario is not None and seed is None:
        seed = load(scenario).scenario.seed
    return LoadPlan(
        scenario=scenario,
        seed=1 if seed is None else seed,
        replication=options.replication,
        scale=options.load_scale,
        speed=options.speed,
        portal=f"{host}/{tenant}/portal" if is_stand else host,
        mocks=f"{host}/{tenant}" if is_stand else None,
        administration=f"{host}/_admin/tenants/{tenant}" if is_stand else None,
        is_owned=options.i_own_this_target,
        horizon_s=float(options.run_time or _LONG_S),
        drain_s=0.0 if options.arrivals == USERS else 30.0,
        arrivals=_arrivals(options),
        mix=_mix(options.journeys),
        results=Path(options.results) / time.strftime("%Y%m%d-%H%M%S"),
        people_from=None,
    )


def _arrivals(options: argparse.Namespace) -> Any:
    if options.arrivals == OPEN:
        if not options.scenario:
            raise PlanError("--arrivals open: expected --scenario FILE")
        return OPEN
    kind: ShapeKind = "soak" if options.arrivals == USERS else options.arrivals
    return ClosedShape(
        kind=kind, users=options.num_users or 1, spawn_rate=options.spawn_rate or 10.0
    )


def _mix(text: str) -> dict[str, float]:
    if not text:
        return {name: 1.0 for name in JOURNEYS if name != "registries"}
    mix: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = part.strip().partition("=")
        try:
            mix[name] = float(share or 1.0)
        except ValueError:
            raise PlanError(f"--journeys {name}: expected a number, got {share}") from None
    return mix


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Elsewhere is nowhere that somebody has agreed to."""

    def redirect_request(self, *_: Any) -> None:
        """Never another request."""


def _seed_of_stand(host: str) -> int | None:
    """The seed of the country if the target is a stand of Poligon's; PlanError if nobody is
    there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        with opener.open(f"{host}/_admin/tenants/main", timeout=_TIMEOUT_S) as answer:
            told = answer.read(_MOST_TOLD)
    except urllib.error.HTTPError:
        return None
    except http.client.HTTPException as error:
        said = f"{type(error).__name__}: {error}".strip()
        raise PlanError(f"--host {host}: no HTTP is spoken there: {said}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise PlanError(f"--host {host}: nobody answers there: {reason}") from None
    try:
        return int(json.loads(told)["seed"])
    except (ValueError, KeyError, TypeError):
        return None
