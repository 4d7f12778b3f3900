"""A repeated request is answered as it was the first time, and does nothing (PAY-01)."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.microseconds import DAY_US

__all__ = ["HEADER", "LIFETIME_US", "Repetitions"]

HEADER: Final = "Idempotence-Key"

LIFETIME_US: Final = DAY_US
"""For 24 hours from the first request (ЮKassa, "Идемпотентность")."""

_MOST_CHARS: Final = 64  # of a key
_MOST_KEYS: Final = 100_000  # live ones; none of them is ever forgotten early
_RETRY_FULL_S: Final = 60


@dataclass(frozen=True, slots=True)
class _First:
    at_us: int
    asked: bytes
    answer: Answer


class Repetitions:
    """Answers of one tenant by key. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._first: OrderedDict[str, _First] = OrderedDict()

    def once(self, call: Call, work: Callable[[], Answer]) -> Answer:
        """What `work` answers, or what it answered to the same request with the same key.

        Refusal 400 without a key, or if the key was used for another request. A refusal of `work`
        is not remembered: nothing was done.
        """
        key = call.request.header(HEADER)
        if not key or len(key) > _MOST_CHARS:
            message = f"{HEADER}: ожидается от 1 до {_MOST_CHARS} знаков"
            raise Refusal(400, "invalid_request", message, field=HEADER)
        asked = _digest(call)
        self._forget_old(call.now_us)
        first = self._first.get(key)
        if first is None:
            if len(self._first) >= _MOST_KEYS:
                message = "Слишком много запросов за сутки"
                raise Refusal(429, "too_many_requests", message, retry_after_s=_RETRY_FULL_S)
            first = self._first[key] = _First(call.now_us, asked, work())
        elif first.asked != asked:
            message = "Ключ идемпотентности уже использован для другого запроса"
            raise Refusal(400, "invalid_request", message, field=HEADER)
        return first.answer

    def _forget_old(self, now_us: int) -> None:
        while self._first:
            key, first = next(iter(self._first.items()))
            if now_us - first.at_us < LIFETIME_US:
                return
            del self._first[key]


def _digest(call: Call) -> bytes:
    """The same for the same request, however its JSON is laid out."""
    body = call.request.json() if call.request.body else None
    asked = [call.request.method, call.request.path, body]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
