"""A call on its way through the country: how its client waits, and how long it has patience."""

import errno
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal, TypeAlias

from mocks.core.exchange import Exchange, Reply
from mocks.core.tenant import Tenant

__all__ = ["Bell", "NoTimeoutError", "Visit", "Waiting"]

Waiting: TypeAlias = Literal["skip", "real"]
"""`skip`: planned delays are not slept, only compared with the client's timeout; `real`: they are
waited for."""

_TICK_S: Final = 0.02  # how often a clock that goes by itself is looked at


class NoTimeoutError(Exception):
    """A client without a timeout would wait for ever; not an OSError, so nobody retries it."""


class Bell:
    """Rings when something has changed for those who wait in a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self.condition = threading.Condition(tenant.lock)
        self.closed = False
        self._workers: list[threading.Thread] = []
        tenant.on_move.append(self.ring)

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self.condition:
            self.condition.notify_all()

    def work(self, task: Callable[[], None]) -> None:
        """Do `task` in a thread of its own, which ends when the country does."""
        worker = threading.Thread(target=task)
        self._workers = [w for w in self._workers if w.is_alive()]
        self._workers.append(worker)
        worker.start()

    def close(self) -> None:
        """The country ends: nobody is answered any more. Not to be called under the lock."""
        self.closed = True
        self.ring()
        for worker in self._workers:
            worker.join()


class Visit:
    """One exchange and its client, who waits `limit_s` seconds at most (None: for ever).

    Each way of waiting returns the reply, or raises TimeoutError, ConnectionResetError or
    NoTimeoutError.
    """

    def __init__(self, exchange: Exchange, limit_s: float | None) -> None:
        self._exchange = exchange
        self._tenant = exchange.tenant
        self._limit_s = limit_s
        self._ready_us: int | None = None
        with self._tenant.lock:
            self.bell = self._tenant.state(Bell)
        exchange.on_begin = self._begin
        exchange.on_lost = self._lose

    def skipping(self) -> Reply:
        """The reply at once, unless it is planned for later than the client waits."""
        with self.bell.condition:
            refused = self._exchange.enter()
            if refused is not None:
                return refused
            if not self._exchange.begun:  # nobody is served: calls that skip time never meet
                self._exchange.abandon()
                raise self._silence(self._why_closed())
            planned_s = self._tenant.clock.wall_s(self._exchange.planned_us)
            if self._limit_s is not None and planned_s > self._limit_s:
                if self._exchange.abandon():
                    self._end()
                raise TimeoutError("timed out")
            return self._received(self._end())

    def waiting(self) -> Reply:
        """The reply when its time has come, as the clock of the tenant counts it."""
        until_s = None if self._limit_s is None else time.monotonic() + self._limit_s
        with self.bell.condition:
            refused = self._exchange.enter()
            if refused is not None:
                return refused
            if not self._is_due(until_s):
                if self._exchange.abandon():
                    self.bell.work(self._work_in_vain)
                raise TimeoutError("timed out")
            reply = self._end()
            if reply.manner == "silent":
                self._await_close(until_s)
            return self._received(reply)

    # --- time

    def _is_due(self, until_s: float | None) -> bool:
        """Wait for the slot and then for the end of the work; False if `until_s` comes before."""
        while True:
            left_s = self._left_s()
            if left_s is not None and left_s <= 0:
                return True
            if until_s is not None:
                patience_s = until_s - time.monotonic()
                if patience_s <= 0:
                    return False
                left_s = patience_s if left_s is None else min(left_s, patience_s)
            self._wait(left_s)

    def _left_s(self) -> float | None:
        """Seconds until the answer is due; None while there is no slot."""
        if self._ready_us is None:
            return None
        clock = self._tenant.clock
        return clock.wall_s(self._ready_us - clock.waited_us)

    def _wait(self, most_s: float | None) -> None:
        """Wait until the bell rings, `most_s` seconds at most."""
        if self.bell.closed:
            raise ConnectionResetError(errno.ECONNRESET, "The country has been left")
        running = self._tenant.clock.speed > 0
        longest_s = _TICK_S if running else threading.TIMEOUT_MAX
        self.bell.condition.wait(longest_s if most_s is None else min(most_s, longest_s))
        if running:
            self._tenant.advance(0)

    def _await_close(self, until_s: float | None) -> None:
        """Silence: the client's patience or the country ends."""
        patience_s = None if until_s is None else until_s - time.monotonic()
        self.bell.condition.wait_for(lambda: self.bell.closed, patience_s)

    def _work_in_vain(self) -> None:
        """Nobody waits for the answer, yet the service makes it."""
        with self.bell.condition, suppress(ConnectionResetError):
            self._is_due(None)
            self._end()

    # --- endings

    def _end(self) -> Reply:
        reply = self._exchange.end()
        self.bell.ring()
        return reply

    def _received(self, reply: Reply) -> Reply:
        if reply.manner == "reset":
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        if reply.manner == "silent":
            raise self._silence("the service has taken the request and never answers it")
        return reply

    def _silence(self, why: str) -> Exception:
        if self._limit_s is None:
            return NoTimeoutError(f"{why}; the call has no timeout: a real one would hang")
        return TimeoutError("timed out")

    def _why_closed(self) -> str:
        service, tenant = self._exchange.service.id, self._tenant
        until_us = tenant.outage_until(service, tenant.now_us)
        if until_us is None:
            return f"{service}: nobody is on duty now"
        until = tenant.clock.calendar.local(until_us)
        return f"{service}: an outage until {until:%Y-%m-%d %H:%M:%S} of the virtual clock"

    def _begin(self) -> None:
        self._ready_us = self._tenant.clock.waited_us + self._exchange.planned_us
        self.bell.ring()

    def _lose(self) -> None:
        self._ready_us = 0  # its end, which is a reset, is due at once
        self.bell.ring()
