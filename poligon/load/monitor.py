"""What a load test sees of the server while it runs: its process, its own figures, its machine."""

import os
import threading
import time
from dataclasses import dataclass, field
from typing import Final

import psutil
import requests
from prometheus_client.parser import text_string_to_metric_families

from loadtests.results.result import ServerSeries
from world.microseconds import SECOND_US

__all__ = ["Monitor"]

_EVERY_S: Final = 1.0
_LONGEST_S: Final = 2.0  # for the portal's figures: one that is overloaded need not answer


@dataclass
class _Rows:
    at: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    inside: list[float | None] = field(default_factory=list)
    answered: list[float | None] = field(default_factory=list)
    others_cpu: list[float] = field(default_factory=list)


class Monitor:
    """Looks at the process `pid` and at `portal`/metrics once a second, from `start` to `stop`.

    What the machine does for others than this process and those it has started is `others_cpu`.
    Nothing is seen of a server whose `pid` is not known.
    """

    def __init__(self, portal: str, pid: int | None) -> None:
        self._portal = portal
        self._pid = pid
        self._rows = _Rows()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load-monitor", daemon=True)
        self._epoch_s = time.time()

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_LONGEST_S + _EVERY_S)

    def seen(self, epoch_us: int) -> ServerSeries:
        """What was seen since the run began (µs of the Unix epoch)."""
        rows = self._rows
        shift = self._epoch_s - epoch_us / SECOND_US
        kept = [n for n, at in enumerate(rows.at) if at + shift >= 0.0]
        return ServerSeries(
            at=[round(rows.at[n] + shift, 3) for n in kept],
            cpu=[rows.cpu[n] for n in kept],
            memory_mb=[rows.memory_mb[n] for n in kept],
            inside=[rows.inside[n] for n in kept],
            answered=[rows.answered[n] for n in kept],
            others_cpu=[rows.others_cpu[n] for n in kept],
        )

    def _run(self) -> None:
        if self._pid is None:
            return
        with requests.Session() as session:
            session.trust_env = False
            before_s, used, all_ours, machine = self._looked()
            while not self._stopping.wait(_EVERY_S):
                try:
                    now_s, now_used, now_ours, now_machine = self._looked()
                    memory = psutil.Process(self._pid).memory_info().rss / 1e6
                except psutil.Error:
                    return
                passed = max(now_s - before_s, 1e-3)
                inside, answered = self._told(session)
                self._rows.at.append(now_s)
                self._rows.cpu.append(round(max(now_used - used, 0.0) / passed, 4))
                self._rows.memory_mb.append(round(memory, 2))
                self._rows.inside.append(inside)
                self._rows.answered.append(answered)
                others = (now_machine - machine) - (now_ours - all_ours)
                self._rows.others_cpu.append(round(max(others, 0.0) / passed, 4))
                before_s, used, all_ours, machine = now_s, now_used, now_ours, now_machine

    def _looked(self) -> tuple[float, float, float, float]:
        """Now, CPU seconds of the server, of all that is ours, of the whole machine."""
        assert self._pid is not None
        now_s = time.time() - self._epoch_s
        used = _cpu_seconds(self._pid)
        times = psutil.cpu_times()
        idle = times.idle + sum(getattr(times, name, 0.0) for name in ("iowait", "steal"))
        machine = sum(times) - idle
        machine -= getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
        return now_s, used, _with_children(os.getpid()), machine

    def _told(self, session: requests.Session) -> tuple[float | None, float | None]:
        """Requests inside the portal, and those it has answered."""
        try:
            found = session.get(
                f"{self._portal}/metrics", timeout=_LONGEST_S, allow_redirects=False
            )
            families = list(text_string_to_metric_families(found.text))
        except (requests.RequestException, ValueError):
            return None, None
        values = {"portal_requests_inside": 0.0, "portal_requests_total": 0.0}
        for family in families:
            for sample in family.samples:
                if sample.name in values:
                    values[sample.name] += sample.value
        return values["portal_requests_inside"], values["portal_requests_total"]


def _cpu_seconds(pid: int) -> float:
    """CPU seconds that a process has used, to the tick of the system. psutil.NoSuchProcess."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _with_children(pid: int) -> float:
    """CPU seconds of a process and all that it has started, also of those that have ended: a worker
    that is gone was ours all the same."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    total = 0.0
    for each in family:
        try:
            times = each.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
