"""`poligon serve` with its portals: paths, tenants, time, what survives a restart."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving
from portal.events import Event, publish
from portal.http.served import Caller
from portal.portal import Portal
from portal.store.unit import Unit
from portal.tasks import Lane, Task, schedule
from portal.use_case import TASKS, Actor, Context
from portal.webhooks.receiver import WebhookDelivery, WebhookReceiver
from stand.portals import Portals
from tests.portal.http_client import Client
from tests.portal.wiring import CHEAP_PASSWORDS

WRONG_FORM = {"kind": "legal", "inn": "7707083894"}


class Stand:
    """A served country with portals; `database` of that of `main` outlives it."""

    def __init__(self, country: Country, portals: Portals, client: Client, url: str) -> None:
        self.country = country
        self.url = url
        self.portals = portals
        self.client = client

    def plan(self, subject: str, hour: int, tenant: str = "main", lane: Lane = "own") -> None:
        """Let the portal have work planned, so many hours from now."""
        found = self.portals.of(self.country.tenant(tenant)).portal
        unit = Unit(found.ports.store)
        now = found.ports.clock.now()
        schedule(unit, "remember", subject, now.replace(hour=now.hour + hour), lane=lane)
        unit.commit()

    def planned(self, tenant: str = "main") -> list[str]:
        store = self.portals.of(self.country.tenant(tenant)).portal.ports.store
        return [each.id for each in store.up_to(Task.KIND, "due", "9", 10)]


@contextmanager
def opened(database: Path | None = None) -> Iterator[Stand]:
    country = Country(SERVICES, seed=1)
    url = None if database is None else f"sqlite:///{database}"
    portals = Portals(country, CHEAP_PASSWORDS, database=url, is_kept=url is not None)
    with serving(country, guests=portals.guests) as server:
        portals.begin(server.url)
        client = Client(server.url)
        yield Stand(country, portals, client, server.url)
        client.close()
    portals.close()


@pytest.fixture(name="done")
def _done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Work of the tests' own: whose subject it was, and when."""
    done: list[tuple[str, str]] = []

    def remember(context: Context, planned: Task) -> None:
        done.append((planned.subject, f"{context.now:%H:%M}"))

    monkeypatch.setattr("portal.portal.TASKS", {**TASKS, "remember": remember})
    return done


def test_a_portal_is_beside_the_services_of_its_tenant() -> None:
    with opened() as stand:
        client = stand.client
        client.request("PUT", "/_admin/tenants/team-b")
        for path in ("/portal", "/main/portal", "/team-b/portal"):
            answer = client.post(f"{path}/v1/check-form", json=WRONG_FORM)
            assert answer.status_code == 422, answer.text
            assert client.get(f"{path}/readyz").text == "ok"
            servers = client.get(f"{path}/openapi.json").json()["servers"]
            assert servers == [{"url": path}]
        assert client.get("/egrul/v1/nothing").status_code == 404
        assert client.get("/nobody/portal/v1/check-form").status_code == 404
        lost = client.get("/portal").json()
        assert lost["code"] == "no-such-path"
        assert lost["errors"] == [{"field": "path", "expected": "один из /portal/openapi.json"}]


def test_moving_the_clock_lets_every_portal_of_that_tenant_do_its_work_in_its_time(
    done: list[tuple[str, str]],
) -> None:
    with opened() as stand:
        stand.client.request("PUT", "/_admin/tenants/team-b")
        stand.plan("a", 1)
        stand.plan("b", 2)
        stand.plan("c", 1, "team-b")
        answer = stand.client.post("/_admin/tenants/main/clock/advance", json={"by": "3h"})
        assert answer.json()["now"] == "2026-02-02T13:00:00+03:00"
        assert done == [("a", "11:00"), ("b", "12:00")]
        assert stand.planned() == []
        assert stand.planned("team-b") == ["remember/c"]


def test_what_is_due_is_done_before_a_use_case_is_answered(done: list[tuple[str, str]]) -> None:
    with opened() as stand:
        stand.plan("a", 0)
        stand.client.post("/portal/v1/check-form", json=WRONG_FORM)
        assert done == [("a", "10:00")]


class Program(ThreadingHTTPServer):
    """A receiver of webhooks that does `work` about each event before it takes it."""

    def __init__(self, work: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.work = work

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"


class _Hook(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.work(json.loads(body)["event"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextmanager
def listening(work: Callable[[str], None]) -> Iterator[str]:
    """The address of a Program."""
    program = Program(work)
    thread = threading.Thread(target=program.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield program.url
    program.shutdown()
    thread.join()
    program.server_close()


def happens(portal: Portal, event: str, receiver: WebhookReceiver | None = None) -> None:
    """An event of the organization `o`, once it has that receiver."""
    unit, now = Unit(portal.ports.store), portal.ports.clock.now()
    if receiver is not None:
        unit.put(receiver)
    context = Context(portal=portal, unit=unit, actor=Actor(), now=now)
    told = Event(
        id=event, organization="o", kind="law", subject="s", title=event, text=event, at=now
    )
    publish(context, told)
    unit.commit()


def test_a_receiver_may_use_the_portal_before_it_answers_while_the_clock_stands() -> None:
    events: list[str] = []
    statuses: list[int] = []
    with opened() as stand:
        portal = stand.portals.of(stand.country.tenant("main")).portal

        def work(event: str) -> None:
            events.append(event)
            if event == "e1":
                happens(portal, "e2")  # left to whoever brings e1
            client = Client(stand.url)
            statuses.append(client.post("/portal/v1/check-form", json=WRONG_FORM).status_code)
            client.close()

        with listening(work) as url:
            receiver = WebhookReceiver(
                id="r",
                organization="o",
                url=url,
                secret="s",
                kinds=(),
                added_by="head",
                added_at=portal.ports.clock.now(),
            )
            happens(portal, "e1", receiver)
            stand.client.post("/portal/v1/check-form", json=WRONG_FORM)
            assert (events, statuses) == (["e1", "e2"], [422, 422])
        found = Unit(portal.ports.store).find(WebhookDelivery, "receiver", "r")
        assert [(each.state, each.attempts) for each in found] == [("delivered", 1)] * 2


def test_a_clock_that_runs_lets_work_be_done_though_nobody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_done = threading.Event()
    tasks = {**TASKS, "remember": lambda context, planned: is_done.set()}
    monkeypatch.setattr("portal.portal.TASKS", tasks)
    with opened() as stand:
        stand.plan("a", 1)
        stand.client.request("PUT", "/_admin/tenants/main/clock", json={"speed": 36_000})
        assert is_done.wait(60)


def test_a_slow_machine_of_others_holds_up_no_work_of_the_portal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answers, is_done = threading.Event(), threading.Event(), threading.Event()

    def work(context: Context, planned: Task) -> None:
        if planned.subject == "slow":
            asked.set()
            assert answers.wait(60)
        else:
            is_done.set()

    monkeypatch.setattr("portal.portal.TASKS", {**TASKS, "remember": work})
    with opened() as stand:
        stand.plan("slow", 1, lane="outside")
        stand.plan("a", 2)
        stand.client.request("PUT", "/_admin/tenants/main/clock", json={"speed": 36_000})
        assert asked.wait(60)
        assert is_done.wait(60)
        answers.set()


def test_records_and_planned_work_survive_a_restart(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    with opened(tmp_path / "portal.db") as stand:
        stand.plan("a", 1)
    with opened(tmp_path / "portal.db") as stand:
        assert stand.planned() == ["remember/a"]
        stand.client.post("/_admin/tenants/main/clock/advance", json={"by": "1h"})
        assert done == [("a", "11:00")]


def test_time_goes_on_after_a_restart_where_it_had_been(tmp_path: Path) -> None:
    clock = "/_admin/tenants/main/clock"
    with opened(tmp_path / "portal.db") as stand:
        stand.client.post(f"{clock}/advance", json={"by": "36h"})
        assert stand.country.tenant("main").clock.local().isoformat() == "2026-02-03T22:00:00+03:00"
    with opened(tmp_path / "portal.db") as stand:
        assert stand.client.get(clock).json()["now"] == "2026-02-03T22:00:00+03:00"
        stand.client.post("/_admin/tenants/main/reset")
        assert stand.client.get("/portal/readyz").text == "ok"
    with opened(tmp_path / "portal.db") as stand:
        assert stand.client.get(clock).json()["now"] == "2026-02-02T10:00:00+03:00"


def test_time_that_nothing_outlives_begins_anew() -> None:
    for _ in range(2):
        with opened() as stand:
            clock = stand.client.post("/_admin/tenants/main/clock/advance", json={"by": "1h"})
            assert clock.json()["now"] == "2026-02-02T11:00:00+03:00"


def test_a_tenant_that_is_made_anew_has_a_new_portal(tmp_path: Path) -> None:
    with opened(tmp_path / "portal.db") as stand:
        stand.plan("a", 1)
        stand.client.post("/_admin/tenants/main/reset")
        assert stand.client.get("/portal/readyz").text == "ok"
        assert stand.planned() == []


def test_requests_say_where_they_come_from_and_which_of_the_staff_they_are() -> None:
    with opened() as stand:
        tenant = stand.country.tenant()
        served = stand.portals.of(tenant).served
        headers = {
            "user-agent": "%D0%9F%D0%9A",
            "poligon-address": "192.0.2.7",
            "poligon-region": "77",
            "poligon-operator": "%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0",
        }
        actor = served.who(served.portal, Caller(Headers(headers), "127.0.0.1")).actor
    assert (actor.operator, actor.device, actor.ip, actor.region) == (
        "Ольга",
        "ПК",
        "192.0.2.7",
        "77",
    )


def test_second_copies_of_the_archive_lie_beside_the_database_and_outlive_the_server(
    tmp_path: Path,
) -> None:
    database = tmp_path / "portal.db"
    with opened(database) as stand:
        archive = stand.portals.of(stand.country.tenant()).portal.ports.archive
        archive.back_up("document/1", b"sealed")
    assert len(list((tmp_path / "portal.db-archive").iterdir())) == 1
    with opened(database) as stand:
        archive = stand.portals.of(stand.country.tenant()).portal.ports.archive
        assert archive.backup_of("document/1") == b"sealed"
