"""Push messages by the protocol of FCM HTTP v1 (`projects.messages.send`).

Real: the path, the message, lifetimes, collapse keys, errors. Ours: the header Idempotency-Key (FCM
knows no repetition), the state of a message and the reports, and `/v1/devices`, which stands for
the application on a person's device. OAuth 2 tokens of the sender are not checked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.delivery.delivery import FAULTS, Backoff, Delivery
from mocks.delivery.parcels import Arrival, Arrived, Deferred, Parcel, Rejected
from mocks.delivery.tracking import add_tracking
from mocks.push_service.devices import Device, Devices, Platform
from mocks.push_service.errors import fcm_error
from world.microseconds import SECOND_US

__all__ = ["service"]

service: Final = Service(
    "push_service",
    works=True,
    own_faults={
        **FAULTS,
        "token_lost": "сервис забыл действующий токен и отвечает UNREGISTERED",
        "quota": "сервис отвечает QUOTA_EXCEEDED: слишком много сообщений",
    },
    hosts=("fcm.googleapis.com",),
    refuse=fcm_error,
)

_LONGEST_TTL_S: Final = 2_419_200  # four weeks, also the default (FCM, `android.ttl`)
_MOST_PAYLOAD: Final = 4_096  # bytes (FCM, INVALID_ARGUMENT)
_RETRY_QUOTA_S: Final = 60
# A device that comes online asks by itself: nothing is tried in between.
_NO_RETRIES: Final = Backoff(_LONGEST_TTL_S * SECOND_US, _LONGEST_TTL_S * SECOND_US)
_PROJECT: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_RESERVED_DATA: Final = re.compile(r"from|message_type|google.*|gcm.*")


class Notification(BaseModel):
    """What the device shows."""

    model_config = ConfigDict(extra="forbid")

    title: str = ""
    body: str = ""


class Android(BaseModel):
    """How long FCM keeps the message for a device that is offline, and what it replaces."""

    model_config = ConfigDict(extra="forbid")

    ttl: Annotated[str, Field(pattern=r"^[0-9]{1,7}s$")] = f"{_LONGEST_TTL_S}s"
    collapse_key: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    priority: Annotated[str, Field(pattern=r"^(?i:normal|high)$")] = "normal"

    @model_validator(mode="after")
    def _is_kept_four_weeks_at_most(self) -> Self:
        if self.ttl_s > _LONGEST_TTL_S:
            raise ValueError(f"ttl: не больше {_LONGEST_TTL_S}s")
        return self

    @property
    def ttl_s(self) -> int:
        """Lifetime in seconds; 0 is now or never."""
        return int(self.ttl[:-1])


class PushMessage(BaseModel):
    """FCM's Message to one token."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=4_096)]
    notification: Notification | None = None
    data: dict[str, str] = {}
    android: Android = Android()

    @model_validator(mode="after")
    def _has_payload(self) -> Self:
        if self.notification is None and not self.data:
            raise ValueError("notification, data: нужно хотя бы одно")
        reserved = [name for name in self.data if _RESERVED_DATA.fullmatch(name)]
        if reserved:
            raise ValueError(f"data: имена заняты: {', '.join(reserved)}")
        shown = self.notification.model_dump() if self.notification else {}
        payload = json.dumps({"notification": shown, "data": self.data}, ensure_ascii=False)
        if len(payload.encode()) > _MOST_PAYLOAD:
            raise ValueError(f"сообщение больше {_MOST_PAYLOAD} байт")
        return self


class Submission(BaseModel):
    """The body of `messages:send`."""

    model_config = ConfigDict(extra="forbid")

    validate_only: bool = False
    message: PushMessage


class Installation(BaseModel):
    """A person installs the application; `phone` says who."""

    model_config = ConfigDict(extra="forbid")

    project: Annotated[str, Field(pattern=rf"^{_PROJECT.pattern}$")]
    phone: str
    platform: Platform


class DeviceChange(BaseModel):
    """The device goes offline or comes online."""

    model_config = ConfigDict(extra="forbid")

    online: bool


@dataclass(eq=False, kw_only=True)
class Push(Parcel):
    """A message to a device."""

    collapse_key: str | None
    now_or_never: bool


class PushDelivery(Delivery[Push]):
    """The push messages of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant, service.id, "push", _NO_RETRIES)

    def arrive(self, parcel: Push, now_us: int) -> Arrival:
        """What happens at the device."""
        device = self.tenant.state(Devices).find(parcel.to, now_us)
        if device is None:
            return Rejected("UNREGISTERED", "Приложение удалено с устройства")
        if device.online:
            return Arrived()
        if parcel.now_or_never:
            return Rejected("DEVICE_OFFLINE", "Устройство не в сети, а сообщение не хранится")
        return Deferred("DEVICE_OFFLINE", "Устройство не в сети")

    def describe(self, parcel: Push) -> Mapping[str, Any]:
        """The collapse key."""
        return {} if parcel.collapse_key is None else {"collapse_key": parcel.collapse_key}

    def collapse(self, newer: Push, now_us: int) -> None:
        """Messages of the same collapse key that wait for the device give way to `newer`."""
        if newer.collapse_key is None:
            return
        for waiting in self.under_way(newer.to):
            same = waiting is not newer and waiting.collapse_key == newer.collapse_key
            if same and isinstance(waiting.trouble, Deferred):
                reason = Rejected("COLLAPSED", "Заменено более новым сообщением")
                self.discard(waiting, now_us, reason)


@service.post("/v1/projects/{project}/messages:send")
def send_message(call: Call) -> Answer:
    """Take a message over; an Idempotency-Key with the same message again sends nothing."""
    asked = call.request.read(Submission)
    delivery = call.tenant.state(PushDelivery)
    project = call.values["project"]
    client_id = call.request.header("Idempotency-Key")
    known = delivery.known(client_id, (project, asked))
    if known is not None:
        return _accepted(project, known.id)
    if call.hit("quota"):
        message = "Превышена квота сообщений"
        raise Refusal(429, "QUOTA_EXCEEDED", message, retry_after_s=_RETRY_QUOTA_S)
    device = call.tenant.state(Devices).find(asked.message.token, call.now_us)
    if device is None or call.hit("token_lost"):
        raise Refusal(404, "UNREGISTERED", "Requested entity was not found.")
    if device.project != project:
        raise Refusal(403, "SENDER_ID_MISMATCH", "Токен выдан другому проекту")
    if asked.validate_only:
        return _accepted(project, "fake_message_id")
    push = _push(call, asked, delivery.new_id(call.key), client_id)
    delivery.submit(push)
    delivery.collapse(push, call.now_us)
    return _accepted(project, push.id)


@service.post("/v1/devices")
def install(call: Call) -> Answer:
    """A person installs the application: a token of its own."""
    asked = call.request.read(Installation)
    person = call.tenant.records.person_by_phone(asked.phone)
    if person is None:
        raise Refusal(400, "INVALID_ARGUMENT", "Нет человека с таким телефоном", field="phone")
    devices = call.tenant.state(Devices)
    register = partial(devices.register, asked.project, person.index, asked.platform)
    return json_answer(_shown(register(call.key, call.now_us)), 201)


@service.route("PUT", "/v1/devices/{token}")
def change_device(call: Call) -> Answer:
    """The device comes online, and gets what waited for it, or goes offline."""
    device = _device(call)
    device.online = call.request.read(DeviceChange).online
    device.seen_us = call.now_us
    if device.online:
        call.tenant.state(PushDelivery).try_again(device.token, call.now_us)
    return json_answer(_shown(device))


@service.route("DELETE", "/v1/devices/{token}")
def uninstall(call: Call) -> Answer:
    """The application is removed: its token is good for nothing, what waited is dropped."""
    device = _device(call)
    call.tenant.state(Devices).forget(device.token)
    call.tenant.state(PushDelivery).try_again(device.token, call.now_us)
    return Answer(204)


add_tracking(service, PushDelivery)


def _push(call: Call, asked: Submission, message_id: str, client_id: str | None) -> Push:
    message = asked.message
    shown = message.notification or Notification()
    ttl_s = message.android.ttl_s
    return Push(
        id=message_id,
        client_id=client_id,
        asked=(call.values["project"], asked),
        key=call.key,
        to=message.token,
        text=shown.body,
        subject=shown.title,
        sender=call.values["project"],
        fields=message.data,
        submitted_us=call.now_us,
        expires_us=call.now_us + (ttl_s or _LONGEST_TTL_S) * SECOND_US,
        collapse_key=message.android.collapse_key,
        now_or_never=ttl_s == 0,
    )


def _accepted(project: str, message_id: str) -> Answer:
    return json_answer({"name": f"projects/{project}/messages/{message_id}"})


def _device(call: Call) -> Device:
    device = call.tenant.state(Devices).find(call.values["token"], call.now_us)
    if device is None:
        raise Refusal(404, "UNREGISTERED", "Requested entity was not found.")
    return device


def _shown(device: Device) -> dict[str, Any]:
    return {
        "token": device.token,
        "project": device.project,
        "platform": device.platform,
        "online": device.online,
    }
