"""Waiting in the event loop: for a tenant that a thread holds, for an event up to a time."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from mocks.core.tenant import Tenant

__all__ = ["held", "woken"]

T = TypeVar("T")


async def held(tenant: Tenant, work: Callable[[], T]) -> T:
    """What `work` gives while `tenant` is locked: at once if its lock is free, else in a thread, so
    that a tenant whose clock moves a year ahead keeps nobody else waiting."""
    if tenant.lock.acquire(blocking=False):
        try:
            return work()
        finally:
            tenant.lock.release()

    def work_when_free() -> T:
        with tenant.lock:
            return work()

    return await asyncio.to_thread(work_when_free)


async def woken(event: asyncio.Event, within_s: float | None) -> None:
    """Returns once `event` is set, which happens by itself after `within_s` seconds."""
    if within_s is None:
        await event.wait()
        return
    alarm = asyncio.get_running_loop().call_later(within_s, event.set)
    try:
        await event.wait()
    finally:
        alarm.cancel()
