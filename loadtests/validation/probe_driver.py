"""Sends probes: `python -m loadtests.validation.probe_driver TASK.json`.

A program of its own, because Locust changes the process that it is imported into. What it leaves
are samples (`loadtests.samples`) of the journey `probe`, numbered as the probes are.
"""

import gc
import sys
import time
from collections import deque
from pathlib import Path
from typing import Final

import gevent  # type: ignore[import-untyped]
from locust.env import Environment

from loadtests.locust_wire import LocustWire, session
from loadtests.samples import Outcome, Sample, SampleWriter, write_start
from loadtests.validation.probes import Probe, ProbeTask
from loadtests.validation.processor import StandardClock
from world.microseconds import SECOND_US

__all__ = ["JOURNEY"]

JOURNEY: Final = "probe"
_CLIENTS: Final = 64  # whose connections are open before the first probe is sent
_LEAD_S: Final = 0.3
_LAST_S: Final = 120.0  # for the answers after the last probe
_WARM: Final = "/healthz"
_SHED: Final = (429, 503)


class _Driver:
    def __init__(self, task: ProbeTask, writer: SampleWriter) -> None:
        self._task = task
        self._writer = writer
        self._environment = Environment(user_classes=[])
        self._free = deque(self._new() for _ in range(task.clients or _CLIENTS))
        self._begun_s = 0.0

    def warm(self) -> None:
        """Open the connections."""
        url = f"{self._task.host}{_WARM}"
        gevent.joinall([gevent.spawn(w.fetch, "GET", url, {}, None) for w in self._free])
        gc.disable()  # no pause; it lives too short for what is left over

    def drive(self) -> None:
        """Send everything; returns after the last answer."""
        self._begun_s = time.perf_counter() + _LEAD_S
        write_start(Path(self._task.results), time.time_ns() // 1000 + round(_LEAD_S * SECOND_US))
        gevent.sleep(_LEAD_S)
        if self._task.clients:
            clients = [gevent.spawn(self._repeat, n) for n in range(self._task.clients)]
            while not all(client.ready() for client in clients):
                gevent.idle()  # as awake as with open arrivals
        else:
            self._open()

    def _open(self) -> None:
        sent = []
        task = self._task
        clock = StandardClock(
            Path(task.pieces), task.reference_ns, task.elasticity,
            lambda: self._now_us() / SECOND_US,
        )  # fmt: skip
        due_us = 0
        for number, probe in enumerate(task.probes):
            at_s = probe.at_us / SECOND_US
            while (at_us := round(clock.wall_s(at_s) * SECOND_US)) > self._now_us():
                gevent.idle()  # a timer would be up to a millisecond late
            due_us = max(due_us, at_us)
            wire = self._free.pop() if self._free else self._new()
            sent.append(gevent.spawn(self._once, wire, probe, number, due_us))
        gevent.joinall(sent, timeout=_LAST_S)

    def _once(self, wire: LocustWire, probe: Probe, number: int, due_us: int) -> None:
        self._send(wire, probe, number, due_us)
        self._free.append(wire)

    def _repeat(self, client: int) -> None:
        """One probe after another from the client's own on: each client sends the whole mix."""
        wire, turn = self._free.popleft(), 0
        while (now_us := self._now_us()) < self._task.duration_s * SECOND_US:
            probe = self._task.probes[(client + turn) % len(self._task.probes)]
            self._send(wire, probe, client + turn * self._task.clients, now_us)
            turn += 1

    def _send(self, wire: LocustWire, probe: Probe, number: int, intended_us: int) -> None:
        sent_us = self._now_us()
        body = None if probe.body is None else probe.body.encode()
        reply = wire.fetch(probe.method, self._task.host + probe.path, probe.headers, body)
        outcome: Outcome = "failed"
        if reply.status == probe.expected:
            outcome = "ok"
        elif reply.status in _SHED and "retry-after" in reply.headers:
            outcome = "shed"
        self._writer.write(
            Sample(
                intended_us=intended_us,
                sent_us=sent_us,
                ended_us=self._now_us(),
                journey=JOURNEY,
                entity=number,
                operation=probe.operation,
                status=reply.status,
                outcome=outcome,
                detail=reply.error,
            )
        )

    def _now_us(self) -> int:
        return round((time.perf_counter() - self._begun_s) * SECOND_US)

    def _new(self) -> LocustWire:
        return LocustWire(session(self._task.host, self._environment))


def main(path: Path) -> None:
    """Do the task of a file."""
    task = ProbeTask.read(path)
    with SampleWriter(Path(task.results), 0) as writer:
        driver = _Driver(task, writer)
        driver.warm()
        driver.drive()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
