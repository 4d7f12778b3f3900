"""`poligon serve` with its portals: paths, tenants, time, what survives a restart."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving
from portal.http.served import Caller
from portal.store.unit import Unit
from portal.tasks import Lane, Task, schedule
from portal.use_case import TASKS, Context
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
