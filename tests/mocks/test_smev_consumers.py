"""Consumers side by side over HTTP: whatever goes wrong, each message is processed exactly once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from mocks.core.faults import Fault
from mocks.server.serving import serving
from tests.mocks.smev_client import (
    PERMIT,
    VISIBILITY_US,
    SoapSystem,
    System,
    message_id,
    new_country,
    register,
    sending_to,
)
from tests.mocks.smev_envelopes import Refused

MESSAGES = 24
CONSUMERS = 4
FAULTS = {"duplicate": 0.4, "reorder": 0.4, "lost_delivery": 0.2, "smev_failure": 0.1}
"""Kinds and chances."""


class Desk:
    """What the consumers have processed: a message counts once СМЭВ takes its acknowledgement."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.processed: Counter[str] = Counter()

    @property
    def is_done(self) -> bool:
        with self.lock:
            return len(self.processed) == MESSAGES

    def work(self, consumer: System) -> None:
        """Take messages until all are processed; when there is none, time passes."""
        while not self.is_done:
            try:
                message = consumer.get("GetRequest", PERMIT)
                if message is None:
                    consumer.country.tenant().advance(VISIBILITY_US)
                    continue
                consumer.acknowledge(message["message_id"])
            except Refused as refusal:
                if refusal.name not in {"SMEVFailure", "TargetMessageIsNotFound"}:
                    raise
            else:
                with self.lock:
                    self.processed[message["message_id"]] += 1


@pytest.mark.parametrize("face", [System, SoapSystem])
def test_four_consumers_process_every_message_exactly_once(face: type[System]) -> None:
    country = new_country()
    register(country, "PERMITS", PERMIT)
    for number in range(MESSAGES // 2):
        System(country).request(number)
    for kind, p in FAULTS.items():
        fault = {"id": kind, "service": "smev", "kind": kind, "p": p}
        country.tenant().plan_fault(Fault.model_validate(fault))
    desk = Desk()
    with serving(country) as server, ThreadPoolExecutor(CONSUMERS) as pool:
        send = sending_to(server.url)
        consumers = [face(country, "PERMITS", send=send) for _ in range(CONSUMERS)]
        work = [pool.submit(desk.work, consumer) for consumer in consumers]
        for number in range(MESSAGES // 2, MESSAGES):
            _sent_in_the_end(face(country, send=send), number)
        for each in work:
            each.result()
    assert desk.processed == {message_id(number): 1 for number in range(MESSAGES)}
    country.tenant().advance(VISIBILITY_US)
    for kind in FAULTS:
        assert country.tenant().faults.hits[kind] > 0
        country.tenant().remove_fault(kind)
    assert System(country, "PERMITS").get("GetRequest") is None


def _sent_in_the_end(sender: System, number: int) -> None:
    while True:
        try:
            sender.request(number)
        except Refused as refusal:
            if refusal.name != "SMEVFailure":
                raise
        else:
            return
