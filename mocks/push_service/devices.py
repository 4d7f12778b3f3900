"""Installations of the application on people's devices, and the tokens that name them."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.tenant import Tenant
from world.microseconds import DAY_US

__all__ = ["STALE_US", "Device", "Devices", "Platform"]

Platform: TypeAlias = Literal["android", "ios"]

STALE_US: Final = 270 * DAY_US
"""A device that has not been online for 270 days loses its token (FCM, "Manage registration
tokens")."""

_MOST_DEVICES: Final = 100_000
_INSTANCE_CHARS: Final = 22  # of a token before the colon, as FCM's look
_SECRET_BYTES: Final = 100


@dataclass(slots=True)
class Device:
    """One installation of `project`'s application; `person` is an index."""

    token: str
    project: str
    person: int
    platform: Platform
    online: bool
    seen_us: int


class Devices:
    """Installations of one tenant by token; an application that is removed is forgotten.

    Not locked: its tenant locks.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._devices: dict[str, Device] = {}

    def register(
        self, project: str, person: int, platform: Platform, key: DrawKey, now_us: int
    ) -> Device:
        """A new installation with a token of its own; Refusal 503 for more than 100,000."""
        if len(self._devices) >= _MOST_DEVICES:
            raise Refusal(503, "UNAVAILABLE", "Зарегистрировано слишком много устройств")
        turn = 0
        while (token := _token(key, turn)) in self._devices:
            turn += 1
        device = Device(token, project, person, platform, online=True, seen_us=now_us)
        self._devices[token] = device
        return device

    def find(self, token: str, now_us: int) -> Device | None:
        """The installation with this token; None if it was removed or has not been online for 270
        days."""
        device = self._devices.get(token)
        if device is None:
            return None
        if device.online:
            device.seen_us = now_us
        return device if now_us - device.seen_us < STALE_US else None

    def forget(self, token: str) -> None:
        """The application was removed."""
        self._devices.pop(token, None)


def _token(key: DrawKey, turn: int) -> str:
    drawn = hashlib.shake_256(f"{key.word(f'token/{turn}')}".encode()).digest(_SECRET_BYTES)
    text = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return f"{text[:_INSTANCE_CHARS]}:APA91b{text[_INSTANCE_CHARS:]}"
