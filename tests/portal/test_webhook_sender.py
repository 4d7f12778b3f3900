"""The adapter against a receiver that is really there: what it takes, and what it refuses."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal.events import Event, publish
from portal.ports.webhooks import NotTaken
from portal.registries.public_peers import may_be_reached
from portal.registries.webhooks import HttpWebhookSender
from portal.store.memory import MemoryStore
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from portal.webhooks.signature import HEADER, signature_of
from tests.portal.cabinets import Cabinet
from tests.portal.wiring import Stand, portal_with


class Receiver(ThreadingHTTPServer):
    """Answers with `status`; keeps what it has answered 200 to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        if self.server.status == 200:
            self.server.taken.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture(name="receiver")
def _receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever)
    thread.start()
    yield receiver
    receiver.shutdown()
    thread.join()
    receiver.server_close()


def test_what_is_brought_is_what_was_given(receiver: Receiver) -> None:
    HttpWebhookSender(own_machine=True).post(receiver.url, "тело".encode(), {"Poligon-Event": "e1"})
    headers, body = receiver.taken[0]
    assert (headers["Poligon-Event"], body) == ("e1", "тело".encode())


@pytest.mark.parametrize("status", [302, 400, 410, 500, 503])
def test_any_other_status_is_no_taking_and_leads_nowhere_else(
    receiver: Receiver, status: int
) -> None:
    receiver.status = status
    with pytest.raises(NotTaken, match=f"status {status}"):
        HttpWebhookSender(own_machine=True).post(receiver.url, b"", {})
    assert receiver.asked == ["/hooks"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nothing_is_sent_to_a_machine_that_is_not_public(receiver: Receiver, host: str) -> None:
    url = f"http://{host}:{receiver.server_port}/hooks"
    with pytest.raises(NotTaken, match="ConnectionError"):
        HttpWebhookSender().post(url, b"", {})
    assert receiver.asked == []


@pytest.mark.parametrize(
    ("address", "own_machine", "expected"),
    [
        ("8.8.8.8", False, True),
        ("2a00:1450::1", False, True),
        ("127.0.0.1", True, True),
        ("::1", True, True),
        ("127.0.0.1", False, False),
        ("::ffff:127.0.0.1", False, False),
        ("::ffff:10.0.0.1", True, False),
        ("10.1.2.3", True, False),
        ("172.16.0.1", True, False),
        ("192.168.0.1", True, False),
        ("169.254.169.254", True, False),
        ("fe80::1", True, False),
        ("fd00::1", True, False),
        ("0.0.0.0", True, False),
    ],
)
def test_public_machines_may_be_reached_and_ones_own_where_that_is_allowed(
    address: str, own_machine: bool, expected: bool
) -> None:
    assert may_be_reached(address, own_machine=own_machine) is expected


def test_where_nobody_listens_nothing_is_taken(receiver: Receiver) -> None:
    with pytest.raises(NotTaken, match="ConnectionError"):
        HttpWebhookSender(own_machine=True).post("http://127.0.0.1:1/hooks", b"", {})


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.test", "*.test"])
def test_a_host_that_cannot_be_is_no_taking(host: str) -> None:
    with pytest.raises(NotTaken):
        HttpWebhookSender().post(f"https://{host}/hooks", b"", {})


def happens(stand: Stand, cabinet: Cabinet, event: str) -> None:
    now = stand.clock.now()
    context = Context(portal=stand.portal, unit=Unit(stand.store), actor=Actor(), now=now)
    told = {"kind": "application", "subject": "a1", "title": event, "text": event}
    publish(context, Event(id=event, organization=cabinet.id, at=now, **told))  # type: ignore[arg-type]
    context.unit.commit()


def test_after_a_day_of_refusals_every_event_comes_in_order_and_verifies(
    receiver: Receiver,
) -> None:
    stand = portal_with(store=MemoryStore(), webhooks=HttpWebhookSender(own_machine=True))
    cabinet = Cabinet(stand)
    head = cabinet.member("head")
    form = {"organization": cabinet.id, "url": receiver.url}
    secret = stand.act("add_webhook_receiver", head, **form).data["secret"]
    receiver.status = 503
    end = stand.clock.now() + dt.timedelta(days=1)
    expected = [f"e{number}" for number in range(20, 0, -1)]
    for event in expected:
        happens(stand, cabinet, event)
    while (due := stand.portal.next_due()) is not None and due <= end:
        stand.clock.move_to(max(due, stand.clock.now()))
        stand.portal.tick()
    assert receiver.taken == []
    receiver.status = 200
    stand.after(hours=1)
    assert [json.loads(body)["event"] for _, body in receiver.taken] == expected
    at = int(stand.clock.now().timestamp())
    for headers, body in receiver.taken:
        assert headers[HEADER] == signature_of(secret, at, body)
