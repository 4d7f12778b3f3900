"""An exchange on a socket: waits as long as was planned, minds who leaves, and answers in the
manner that the plan of faults wants."""

import asyncio
import math

from starlette.types import Send

from mocks.core.damage import kept_bytes
from mocks.core.exchange import Exchange, Reply
from mocks.server.connection import Connection
from mocks.server.holding import held, woken
from mocks.server.timekeeper import Timekeeper
from mocks.server.wire import rendered_head, send_whole

__all__ = ["Carrier"]


class Carrier:
    """Carries one exchange from the event loop.

    The answer never comes before its time: `planned_us` of waiting as the tenant's clock counts it.
    A client that leaves gives its place up, or is worked for in vain; when the server stops, those
    who have no slot yet, or no reader any more, are let go.
    """

    def __init__(self, exchange: Exchange, connection: Connection, times: Timekeeper) -> None:
        self._exchange = exchange
        self._connection = connection
        self._times = times
        self._time = times.of(exchange.tenant)
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._ready_us: int | None = None
        self._in_vain = False
        exchange.on_begin = self._begin
        exchange.on_lost = self._lose

    async def carry(self, send: Send) -> None:
        """Wait, and answer."""
        self._connection.on_leave = self._woken.set
        try:
            with self._time.waking(self._woken):
                reply = await self._reply()
                self._time.look()
                if reply is not None and not self._in_vain:
                    await self._deliver(reply, send)
        finally:
            self._connection.on_leave = None

    async def _reply(self) -> Reply | None:
        tenant = self._exchange.tenant
        try:
            reply = await held(tenant, self._exchange.enter)
            return await self._end_in_time() if reply is None else reply
        except BaseException:  # the server ends or the handler has failed: the slot must be free
            await held(tenant, self._give_up)
            raise

    # --- called under the tenant's lock, from any thread

    def _begin(self) -> None:
        clock = self._exchange.tenant.clock
        self._ready_us = clock.waited_us + self._exchange.planned_us
        self._wake()

    def _lose(self) -> None:
        self._ready_us = 0  # its end, which is a reset, is due at once
        self._wake()

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._woken.set)

    # --- waiting

    async def _end_in_time(self) -> Reply | None:
        """The reply in its time; None if it is not to come."""
        tenant = self._exchange.tenant
        while True:
            self._woken.clear()
            if self._connection.gone and not self._in_vain:
                self._in_vain = await held(tenant, self._exchange.abandon)
                if not self._in_vain:
                    return None
            if self._times.stopping and (self._ready_us is None or self._in_vain):
                await held(tenant, self._give_up)
                self._connection.close()
                return None
            pause_s = await held(tenant, self._left_s)
            if pause_s == 0.0:
                return await held(tenant, self._exchange.end)
            self._connection.watch_client()
            await woken(self._woken, pause_s)

    def _left_s(self) -> float | None:
        """Seconds until the answer is due, 0 if it is; None while there is no slot."""
        if self._ready_us is None:
            return None
        clock = self._exchange.tenant.clock
        left_us = self._ready_us - clock.waited_us
        return math.nextafter(clock.wall_s(left_us), math.inf) if left_us > 0 else 0.0

    def _give_up(self) -> None:
        self._exchange.abandon()
        self._exchange.tenant.slots(self._exchange.service.id).leave(self._exchange)

    # --- answering

    async def _deliver(self, reply: Reply, send: Send) -> None:
        answer, method = reply.answer, self._exchange.request.method
        match reply.manner:
            case "whole":
                await send_whole(answer, method, send)
            case "truncated":
                kept = answer.body[: kept_bytes(answer)]
                self._connection.cut_off(rendered_head(answer, method) + kept)
            case "reset":
                self._connection.reset()
            case "silent":
                await self._stay_silent()

    async def _stay_silent(self) -> None:
        self._connection.watch_client()
        while not (self._connection.gone or self._times.stopping):
            self._woken.clear()
            await self._woken.wait()
        self._connection.close()
