"""One request from its arrival to its answer: slot, faults, service time, handler.

The stages are the same on a socket and in process; who carries the request decides only how
waiting is done.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from mocks.core.damage import malformed
from mocks.core.draw_keys import DrawKey
from mocks.core.faults import Effects
from mocks.core.http import Answer, Refusal, Request
from mocks.core.journal import Outcome
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant

__all__ = ["Exchange", "Manner", "Reply", "too_large"]

Manner: TypeAlias = Literal["whole", "truncated", "reset", "silent"]

_RETRY_FULL_S: Final = 1  # a queue that is full now may have a place in a second


@dataclass(frozen=True, slots=True)
class Reply:
    """What the client gets: the answer, and in which manner it reaches the wire."""

    answer: Answer
    manner: Manner = "whole"


class Exchange:
    """A request to `service` of `tenant`.

    `enter`, then `on_begin` is called once it has a slot (perhaps at once); after `planned_us` of
    model time from then, `end` gives the reply. `on_lost` is called if an outage begins meanwhile:
    then the end is a reset, and no work is done. All methods take the tenant's lock; the callbacks
    are called under it. With `refusal` it is refused on entering: its body never came whole.
    """

    def __init__(
        self,
        tenant: Tenant,
        service: Service,
        request: Request,
        refusal: Refusal | None = None,
    ) -> None:
        self.tenant = tenant
        self.service = service
        self.request = request
        self.planned_us = 0
        self.on_begin: Callable[[], None] | None = None
        self.on_lost: Callable[[], None] | None = None
        self._begun = False
        self._lost = False
        self._over = False
        self._effects = Effects()
        with tenant.lock:
            now_us = tenant.settle()
            self._refusal = refusal
            try:
                self._key = tenant.keys.of(service.id, request)
            except Refusal as wrong_key:
                self._refusal = wrong_key
                self._key = DrawKey(0, 0, 0, 0)
            self.entry = tenant.journal.open(service.id, request, str(self._key), now_us)

    @property
    def begun(self) -> bool:
        """Whether it has had a slot."""
        return self._begun

    def enter(self) -> Reply | None:
        """Ask for a slot; a reply at once means that there is no place to wait in, or that the
        request itself is wrong."""
        with self.tenant.lock:
            if self._refusal is None and not self.tenant.slots(self.service.id).enter(self):
                message = "Очередь запросов заполнена, повторите позже"
                self._refusal = Refusal(503, "queue-full", message, retry_after_s=_RETRY_FULL_S)
            if not self._begun:
                self._note_outages()
            if self._refusal is None:
                return None
            self._finish()
            answer = self.service.refuse(self._refusal)
            self.tenant.journal.close(self.entry, answer, "refused")
            return Reply(answer)

    def begin(self) -> None:
        """A slot is taken: the plan of faults and the service time are settled now."""
        tenant = self.tenant
        now_us = tenant.now_us
        self._begun = True
        self._effects = tenant.faults.effects(self.service.id, self.request, self._key, now_us)
        station = None if self.service.works else tenant.stations.answering(self.service.id)
        drawn_us = 0 if station is None else self._key.duration_us(station.service)
        self.planned_us = self._effects.service_us(drawn_us)
        self.entry.planned_us = self.planned_us
        self.entry.faults += self._effects.applied
        if self.on_begin is not None:
            self.on_begin()

    def lose(self) -> None:
        """An outage has begun while it was being served."""
        self._lost = True
        self.entry.outcome = "reset"
        self._note_outages()
        if self.on_lost is not None:
            self.on_lost()

    def end(self) -> Reply:
        """The service time has passed: the handler works, the slot is free.

        RuntimeError before a slot was had, and after the end.
        """
        with self.tenant.lock:
            now_us = self.tenant.settle()
            if self._over or not self._begun:
                raise RuntimeError(f"request {self.entry.number} is not being served")
            self._finish()
            if self._lost:
                return Reply(Answer(502), "reset")
            try:
                reply = self._reply(now_us)
            except Exception:
                self.entry.outcome = "failed"
                raise
            finally:
                self.tenant.slots(self.service.id).leave(self)
            self._note(reply)
            return reply

    def abandon(self) -> bool:
        """The client has left. True if the work goes on in vain: then `end` is still to be called
        in its time; else all is over, as it is for a client that had its answer or a reset."""
        with self.tenant.lock:
            if self._over or self._lost:
                self._finish()
                return False
            self.entry.outcome = "abandoned"
            if not self._begun:
                self._note_outages()
            station = self.tenant.stations.answering(self.service.id)
            if self._begun and not (station is not None and station.cancel):
                return True
            self._finish()
            self.tenant.slots(self.service.id).leave(self)
            return False

    def _finish(self) -> None:
        self._over = True
        # Whoever is called has the exchange: a circle, left for the collector of garbage.
        self.on_begin = self.on_lost = None

    def _note_outages(self) -> None:
        """Tell the journal which outages keep the request from being served."""
        outages = self.tenant.faults.outages(self.service.id, self.tenant.now_us)
        self.entry.faults += tuple(each for each in outages if each not in self.entry.faults)

    def _reply(self, now_us: int) -> Reply:
        effects = self._effects
        if effects.timeout is not None and not effects.timeout.processed:
            return Reply(Answer(504), "silent")
        if effects.reset is not None and not effects.reset.processed:
            return Reply(Answer(502), "reset")
        if effects.error is not None:
            message = "Сервис временно не отвечает на запросы"
            refusal = Refusal(effects.status, "fault", message, retry_after_s=effects.retry_after_s)
            return Reply(self.service.refuse(refusal))
        answer = self._handled(now_us)
        if effects.timeout is not None:
            return Reply(answer, "silent")
        if effects.reset is not None:
            return Reply(answer, "reset")
        if effects.malformed:
            answer = malformed(answer)
        return Reply(answer, "truncated" if effects.truncated and answer.body else "whole")

    def _handled(self, now_us: int) -> Answer:
        try:
            self._check_body()
            handler, values = self.service.find(self.request.method, self.request.path)
            answer = handler(
                Call(
                    tenant=self.tenant,
                    service=self.service.id,
                    request=self.request,
                    values=values,
                    key=self._key,
                    now_us=now_us,
                    entry=self.entry,
                )
            )
        except Refusal as refusal:
            answer = self.service.refuse(refusal)
        return replace(answer, body=b"") if self.request.method == "HEAD" else answer

    def _check_body(self) -> None:
        if len(self.request.body) > self.service.most_body:
            raise too_large(self.service.most_body)

    def _note(self, reply: Reply) -> None:
        left = self.entry.outcome == "abandoned"
        match reply.manner:
            case "silent":
                self.entry.outcome = "silent"
            case "reset":
                self.entry.outcome = "reset"
            case "truncated":
                self.tenant.journal.close(self.entry, reply.answer, "truncated")
            case "whole":
                outcome: Outcome = "abandoned" if left else "answered"
                self.tenant.journal.close(self.entry, reply.answer, outcome)


def too_large(most: int) -> Refusal:
    """The refusal of a body of more than `most` bytes."""
    return Refusal(413, "too-large", f"Тело запроса больше {most} байт")
