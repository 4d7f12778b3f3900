"""A message on its way, and how an attempt to hand it over ends."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.jobs import Job

__all__ = ["Arrival", "Arrived", "Deferred", "Parcel", "Rejected", "Status"]

Status: TypeAlias = Literal["queued", "sent", "delivered", "failed", "expired"]

_FINAL: Final = frozenset({"delivered", "failed", "expired"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """The recipient has it; `folder` is where the recipient's filter put it (NTF-04)."""

    folder: Literal["inbox", "spam"] = "inbox"


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never arrive: a code of the service's protocol and a Russian message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """It could not be handed over now; the service tries again while the message is valid."""

    code: str
    message: str


Arrival: TypeAlias = Arrived | Rejected | Deferred


@dataclass(eq=False, kw_only=True)
class Parcel:
    """A message to the contact `to`, valid in [submitted_us, expires_us); times in µs.

    `asked` is the request that it was made of, `trouble` what the latest attempt ended with,
    `is_told` whether the sender has been told of the end.
    """

    id: str
    client_id: str | None
    asked: object
    key: DrawKey
    to: str
    text: str
    submitted_us: int
    expires_us: int
    subject: str = ""
    sender: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    ended_us: int | None = None
    trouble: Rejected | Deferred | None = None
    job: Job | None = None
    expiry: Appointment | None = None
    retry: Appointment | None = None
    is_told: bool = False
    _ended: Status | None = None

    @property
    def status(self) -> Status:
        """Queued until the carrier takes it in hand, then sent until it ends."""
        if self._ended is not None:
            return self._ended
        waits = self.job is not None and self.job.started_us is None
        return "queued" if waits else "sent"

    @property
    def chars(self) -> int:
        """How much text it keeps in memory."""
        return len(self.text)

    @property
    def is_final(self) -> bool:
        """Whether it is delivered, failed or expired."""
        return self._ended in _FINAL

    @property
    def told(self) -> Status:
        """The status that the sender may know: the end of a message only with its report."""
        return "sent" if self.is_final and not self.is_told else self.status

    def end(self, status: Status, at_us: int) -> None:
        """It ends so; what was planned for it is called off."""
        self._ended = status
        self.ended_us = at_us
        for appointment in (self.expiry, self.retry):
            if appointment is not None:
                appointment.cancel()
