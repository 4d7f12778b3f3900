"""Load tests of the portal for Locust: `locust -f loadtests/locustfile.py --host URL`.

Works with the web page, `--headless`, `--processes`, `--master` and `--worker` (docs/load.md).
"""

import sys
from typing import Any, ClassVar
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]
from locust import FastHttpUser, events, task
from locust.runners import MasterRunner, WorkerRunner

from loadtests.journeys import WALKED
from loadtests.locust_options import DEFAULT_HOST, USERS, add_options, plan_of
from loadtests.locust_run import LocustRun
from loadtests.locust_shapes import ArrivalsShape, ClosedUsers
from loadtests.locust_wire import NETWORK_TIMEOUT_S, LocustWire
from loadtests.plan import OPEN, ClosedShape, LoadPlan, PlanError
from scenarios.problems import ScenarioError

_IDLE_S = 0.5
_BAD_INPUT = 2  # the exit code
_LEAVING_S = 10.0  # that users who are taken away have for what they have begun


class Person(FastHttpUser):
    """A closed user: walks one journey after another."""

    abstract = True
    network_timeout = NETWORK_TIMEOUT_S
    connection_timeout = NETWORK_TIMEOUT_S
    journey: ClassVar[str] = ""

    @task
    def walk(self) -> None:
        """The next case."""
        self.environment.poligon.walk(self.journey, LocustWire(self.client))


class StandBy(FastHttpUser):
    """What Locust counts while the arrivals of a scenario come, which wait for no user."""

    weight = 0

    @task
    def stand_by(self) -> None:
        """The arrivals are elsewhere (`loadtests.open_arrivals`)."""
        gevent.sleep(_IDLE_S)


PEOPLE: dict[str, type[Person]] = {
    name: type(
        "".join(part.capitalize() for part in name.split("_")),
        (Person,),
        {"journey": name, "abstract": False, "__module__": __name__, "__doc__": name},
    )
    for name in WALKED
}
globals().update({person.__name__: person for person in PEOPLE.values()})


def _add_options(parser: Any) -> None:
    add_options(parser)


def _attach(environment: Any, **_: Any) -> None:
    """Every node: the plan decides who comes, and how many."""
    run = environment.poligon = LocustRun(environment)
    if isinstance(environment.runner, WorkerRunner):
        _choose_people(environment, LoadPlan.of_environment())
        return
    plan = _planned(environment)
    address = urlsplit(plan.portal)
    environment.host = f"{address.scheme}://{address.netloc}"
    _choose_people(environment, plan)
    if plan.arrivals == OPEN:
        runner = environment.runner
        workers = (lambda: runner.worker_count) if isinstance(runner, MasterRunner) else lambda: 1
        environment.shape_class = ArrivalsShape(run, workers)
    elif isinstance(plan.arrivals, ClosedShape) and not _is_plain(environment):
        environment.shape_class = ClosedUsers(run, plan, plan.arrivals, environment.stats)
        environment.stop_timeout = environment.stop_timeout or _LEAVING_S
    if environment.shape_class is not None:
        environment.shape_class.runner = environment.runner


def _start(environment: Any, **_: Any) -> None:
    """The master, or the only node: prepare everybody, then begin."""
    if isinstance(environment.runner, WorkerRunner):
        return
    gevent.spawn(environment.poligon.conduct, _planned(environment))


def _is_plain(environment: Any) -> bool:
    """Whether Locust itself decides how many users there are."""
    options = environment.parsed_options
    return LoadPlan.of_environment() is None and options.arrivals == USERS


def _planned(environment: Any) -> LoadPlan:
    """The plan of the variable, or of the options for the host of this start; ends Locust with
    what is wrong with it."""
    host = (environment.host or DEFAULT_HOST).rstrip("/")
    try:
        return LoadPlan.of_environment() or plan_of(environment.parsed_options, host)
    except (PlanError, ScenarioError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(_BAD_INPUT)


def _choose_people(environment: Any, plan: LoadPlan | None) -> None:
    """Users of the journeys of the plan, at its shares; with open arrivals none."""
    options = environment.parsed_options
    is_open = options.arrivals == OPEN if plan is None else plan.arrivals == OPEN
    if is_open:
        StandBy.weight = 1
        environment.user_classes = [StandBy]
        return
    chosen = {each.__name__ for each in environment.user_classes}
    mix = dict.fromkeys(WALKED, 1.0) if plan is None else plan.mix
    people = []
    for name, person in PEOPLE.items():
        lacks = plan is not None and plan.mocks is None and WALKED[name].needs_stand
        if person.__name__ in chosen and mix.get(name, 0.0) > 0 and not lacks:
            person.weight = mix[name]
            people.append(person)
    environment.user_classes = people


_events: Any = events
_events.init_command_line_parser.add_listener(_add_options)
_events.init.add_listener(_attach)
_events.test_start.add_listener(_start)
