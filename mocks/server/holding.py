"""Waiting in the event loop: for a tenant that a thread holds, for an event up to a time."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from mocks.core.tenant import Tenant

__all__ = ["held", "woken"]

T = TypeVar("T")

_FIRST_PAUSE_S: Final = 0.001
_LONGEST_PAUSE_S: Final = 0.02


async def held(tenant: Tenant, work: Callable[[], T]) -> T:
    """What `work` gives while `tenant` is locked.

    A lock that is taken is tried again and again: nobody else is kept waiting by a tenant whose
    clock moves a year ahead, neither in the loop nor for a thread, and who is cancelled meanwhile
    has done nothing.
    """
    pause_s = _FIRST_PAUSE_S
    while not tenant.lock.acquire(blocking=False):
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
    try:
        return work()
    finally:
        tenant.lock.release()


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
