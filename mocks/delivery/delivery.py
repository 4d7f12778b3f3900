"""From the submission of a message to its report, on the tenant's clock.

With a scenario the service's station is the carrier: its servers hold one message each for the
drawn time. Without one a message arrives at once, plus what `slow`, `delay` and `error` do.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.inboxes import Channel, Message
from mocks.core.jobs import Job
from mocks.core.moments import moment
from mocks.core.tenant import Tenant
from mocks.delivery.parcels import Arrival, Arrived, Deferred, Parcel, Rejected, Status
from world.microseconds import HOUR_US

__all__ = ["FAULTS", "Backoff", "Delivery"]

FAULTS: Final[Mapping[str, str]] = {
    "lost": "сообщение пропадает в пути: отчёта нет, пока не кончится срок жизни",
    "false_delivery": "отчёт говорит «доставлено», а у получателя ничего нет",
    "doubled": "получатель получает сообщение дважды",
    "late_report": "отчёт приходит на час позже самого сообщения",
}
"""Faults that every messenger has."""

LATE_REPORT_US: Final = HOUR_US  # assumption

# The latest are kept; further ones are refused while all of them are under way.
_MOST_PARCELS: Final = 10_000
_MOST_CHARS: Final = 32 * 2**20
_RETRY_FULL_S: Final = 60

P = TypeVar("P", bound=Parcel)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between attempts in µs: `first_us`, then twice as long each time up to
    `longest_us`."""

    first_us: int
    longest_us: int

    def pause_us(self, attempts: int) -> int:
        """The pause after so many attempts, from 1."""
        doublings = min(attempts - 1, self.longest_us.bit_length())
        return min(self.first_us << doublings, self.longest_us)


class Delivery(ABC, Generic[P]):
    """The messages of one tenant through `service`; a subclass says what happens when one
    arrives.

    The latest 10,000 are kept, of 32 million characters in all. Not locked: its tenant locks.
    """

    def __init__(self, tenant: Tenant, service: str, channel: Channel, backoff: Backoff) -> None:
        self.tenant = tenant
        self._service = service
        self._channel = channel
        self._backoff = backoff
        self._parcels: OrderedDict[str, P] = OrderedDict()
        self._by_client_id: dict[str, P] = {}
        self._chars = 0

    @abstractmethod
    def arrive(self, parcel: P, now_us: int) -> Arrival:
        """What an attempt to hand `parcel` over ends with."""

    def describe(self, parcel: P) -> Mapping[str, Any]:
        """What the service's answers say of `parcel` besides what every messenger says."""
        return {}

    # --- submission

    def known(self, client_id: str | None, asked: object) -> P | None:
        """The message that this very request made before; Refusal 409 if the client's id was used
        for another one."""
        parcel = None if client_id is None else self._by_client_id.get(client_id)
        if parcel is not None and parcel.asked != asked:
            message = "С этим номером уже отправлено другое сообщение"
            raise Refusal(409, "id-taken", message, field="id")
        return parcel

    def new_id(self, key: DrawKey) -> str:
        """An id that no kept message has."""
        turn = 0
        while (found := f"{key.word(f'message/{turn}'):016x}") in self._parcels:
            turn += 1
        return found

    def submit(self, parcel: P) -> None:
        """Take `parcel` over; Refusal 503 if the carrier's queue is full."""
        self._make_room()
        now_us = parcel.submitted_us
        if not self._carry(parcel, now_us):
            message = "Очередь сообщений заполнена, повторите позже"
            raise Refusal(503, "queue-full", message, retry_after_s=_RETRY_FULL_S)
        self._parcels[parcel.id] = parcel
        self._chars += parcel.chars
        if parcel.client_id is not None:
            self._by_client_id[parcel.client_id] = parcel
        if not parcel.is_final:
            expire = partial(self._expire, parcel)
            parcel.expiry = self.tenant.agenda.at(parcel.expires_us, expire)

    def _make_room(self) -> None:
        while len(self._parcels) >= _MOST_PARCELS or self._chars >= _MOST_CHARS:
            oldest = next((p for p in self._parcels.values() if p.is_final), None)
            if oldest is None:
                message = "Слишком много сообщений в пути, повторите позже"
                raise Refusal(503, "queue-full", message, retry_after_s=_RETRY_FULL_S)
            del self._parcels[oldest.id]
            self._chars -= oldest.chars
            if oldest.client_id is not None:
                del self._by_client_id[oldest.client_id]

    # --- on the way

    def _carry(self, parcel: P, now_us: int) -> bool:
        if self.tenant.stations.answering(self._service) is not None:

            def carried(job: Job) -> None:
                self._carried(parcel, job.state == "failed", job.ended_us or now_us)

            parcel.job = Job(parcel.id, parcel.key, carried)
            return self.tenant.jobs(self._service).submit(parcel.job, now_us)
        took_us, failed = self.tenant.job_us(self._service, parcel.key, 0, now_us)
        if took_us == 0:
            self._carried(parcel, failed, now_us)
        else:
            self.tenant.agenda.at(now_us + took_us, partial(self._carried, parcel, failed))
        return True

    def _carried(self, parcel: P, failed: bool, now_us: int) -> None:
        if parcel.is_final:
            return
        if failed:
            parcel.trouble = Rejected("carrier_failure", "Сбой у оператора доставки")
            self._end(parcel, "failed", now_us)
        elif not self.hit("lost", parcel):
            self._attempt(parcel, now_us)

    def _attempt(self, parcel: P, now_us: int) -> None:
        if parcel.is_final:
            return
        parcel.attempts += 1
        arrival = self.arrive(parcel, now_us)
        match arrival:
            case Arrived():
                parcel.trouble = None
                self._hand_over(parcel, arrival, now_us)
            case Rejected():
                parcel.trouble = arrival
                self._end(parcel, "failed", now_us)
            case Deferred():
                parcel.trouble = arrival
                again_us = now_us + self._backoff.pause_us(parcel.attempts)
                parcel.retry = self.tenant.agenda.at(again_us, partial(self._attempt, parcel))

    def _hand_over(self, parcel: P, arrival: Arrived, now_us: int) -> None:
        copies = 2 if self.hit("doubled", parcel) else 1
        if self.hit("false_delivery", parcel):
            copies = 0
        message = Message(
            id=parcel.id,
            channel=self._channel,
            to=parcel.to,
            text=parcel.text,
            sent_us=parcel.submitted_us,
            delivered_us=now_us,
            subject=parcel.subject,
            sender=parcel.sender,
            folder=arrival.folder,
            fields=parcel.fields,
        )
        for _ in range(copies):
            self.tenant.inboxes.deliver(message)
        parcel.end("delivered", now_us)
        self._report(parcel, now_us)

    def _expire(self, parcel: P, now_us: int) -> None:
        if parcel.is_final:
            return
        if parcel.job is not None:
            self.tenant.jobs(self._service).withdraw(parcel.job, now_us)
        self._end(parcel, "expired", now_us)

    def discard(self, parcel: P, now_us: int, reason: Rejected) -> None:
        """Give up a message that is under way."""
        if parcel.job is not None:
            self.tenant.jobs(self._service).withdraw(parcel.job, now_us)
        parcel.trouble = reason
        self._end(parcel, "failed", now_us)

    def try_again(self, contact: str, now_us: int) -> None:
        """`contact` can receive again: what was put off for it is tried at once."""
        for parcel in self.under_way(contact):
            if isinstance(parcel.trouble, Deferred) and parcel.retry is not None:
                parcel.retry.cancel()
                self._attempt(parcel, now_us)

    def under_way(self, contact: str) -> list[P]:
        """Messages to `contact` that have not ended, oldest first."""
        return [p for p in self._parcels.values() if p.to == contact and not p.is_final]

    def _end(self, parcel: P, status: Status, now_us: int) -> None:
        parcel.end(status, now_us)
        self._report(parcel, now_us)

    def hit(self, kind: str, parcel: P) -> bool:
        """Whether a fault of `kind` hits `parcel`."""
        return self.tenant.hit(kind, self._service, parcel.key)

    # --- what the sender is told

    def find(self, message_id: str) -> P:
        """The message of that id; Refusal 404."""
        parcel = self._parcels.get(message_id)
        if parcel is None:
            raise Refusal(404, "no-such-message", f"Нет сообщения {message_id}")
        return parcel

    def view(self, parcel: P) -> dict[str, Any]:
        """What the sender may know of `parcel` now."""
        seen: dict[str, Any] = {"message_id": parcel.id}
        if parcel.client_id is not None:
            seen["client_id"] = parcel.client_id
        seen |= {
            "to": parcel.to,
            "status": parcel.told,
            "submitted_at": moment(self.tenant, parcel.submitted_us),
            "expires_at": moment(self.tenant, parcel.expires_us),
        }
        if parcel.ended_us is not None and parcel.is_told:
            seen["ended_at"] = moment(self.tenant, parcel.ended_us)
        seen["attempts"] = parcel.attempts
        seen |= self.describe(parcel)
        if parcel.trouble is not None:
            seen["error"] = {"code": parcel.trouble.code, "message": parcel.trouble.message}
        return seen

    def _report(self, parcel: P, now_us: int) -> None:
        if self.hit("late_report", parcel):
            self.tenant.agenda.at(now_us + LATE_REPORT_US, partial(self._tell, parcel))
        else:
            self._tell(parcel, now_us)

    def _tell(self, parcel: P, now_us: int) -> None:
        parcel.is_told = True
        report: dict[str, Any] = {"message_id": parcel.id}
        if parcel.client_id is not None:
            report["client_id"] = parcel.client_id
        report |= {"to": parcel.to, "status": parcel.status}
        if parcel.trouble is not None:
            report["error"] = {"code": parcel.trouble.code, "message": parcel.trouble.message}
        feed = self.tenant.feed(self._service)
        feed.publish(f"{parcel.id}/report", report, parcel.key.about("report"), now_us)
