"""How the portal asks services over HTTP: pooled, impatient, persistent for a while, then waiting.

Every way in which a service may fail (silence, a broken connection, half an answer, nonsense, a
status that nobody documents) ends as `Unavailable`, with what it asked for itself in Retry-After.
"""

import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter

from portal.ports.unavailable import Unavailable

__all__ = ["Answer", "Breaker", "Conditions", "HttpClient", "Retries", "retry_after_s"]

_OK: Final = frozenset({200, 201, 202})
_MOMENT_S: Final = 0.1
_URLS: Final = 256  # the same ones are asked again and again
_LONGEST_RETRY_AFTER_S: Final = (
    86_400  # a service that asks for more is asked tomorrow all the same
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """When to ask again: at most `attempts` times in all, after a pause that grows by `factor` from
    `first_s` to `longest_s`, of which a random half at most is left out."""

    attempts: int = 3
    first_s: float = 0.2
    factor: float = 2.0
    longest_s: float = 2.0

    def pause_s(self, failures: int, chance: float) -> float:
        """The pause after so many failures in a row; `chance` is uniform in [0, 1)."""
        grown: float = self.first_s * self.factor ** (failures - 1)
        return min(grown, self.longest_s) * (1.0 - chance / 2)


class Breaker:
    """Spares a service that has failed `limit` times in a row: for `rest_s` seconds nobody asks it,
    then one at a time, until an answer comes. Thread-safe."""

    def __init__(self, now_s: Callable[[], float], *, limit: int = 5, rest_s: float = 30.0) -> None:
        self._now_s = now_s
        self._limit = limit
        self._rest_s = rest_s
        self._failures = 0
        self._closed_until_s = 0.0
        self._changing = threading.Lock()

    def wait_s(self) -> float:
        """How long to leave the service alone yet; 0: whoever asks may call it now."""
        with self._changing:
            if self._failures < self._limit:
                return 0.0
            left_s = self._closed_until_s - self._now_s()
            if left_s <= 0:
                self._closed_until_s = self._now_s() + self._rest_s  # this one tries for all
                return 0.0
            return left_s

    def is_open(self) -> bool:
        """Whether it has failed so often, and not answered since."""
        with self._changing:
            return self._failures >= self._limit

    def answered(self) -> None:
        """It has answered."""
        with self._changing:
            self._failures = 0

    def failed(self) -> None:
        """It has not, whatever was tried."""
        with self._changing:
            self._failures += 1
            self._closed_until_s = self._now_s() + self._rest_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What clients of services have in common. Times in seconds: `connect_s` and `read_s` are how
    long one attempt waits; `pause` waits between attempts; `now_s` counts for breakers; `chance` is
    uniform in [0, 1). `trust` is a file with authorities (None: those that everybody trusts).
    `is_silent`: a stand knows that this service is not to answer, and nobody waits for it longer
    than a moment. `marks`: headers that a stand adds to an attempt (0 is the first)."""

    connect_s: float = 3.0
    read_s: float = 10.0
    retries: Retries = field(default_factory=Retries)
    pause: Callable[[float], None] = time.sleep
    now_s: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    pool: int = 32
    trust: Path | None = None
    is_silent: Callable[[str], bool] = lambda system: False
    marks: Callable[[int], Mapping[str, str]] = lambda attempt: {}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with a status that was expected."""

    status: int
    content: Any


class HttpClient:
    """Asks one service, `system` of the rule book, at `base_url`. Thread-safe."""

    def __init__(self, system: str, base_url: str, conditions: Conditions) -> None:
        self.system = system
        self._base_url = base_url.rstrip("/")
        self._conditions = conditions
        self._breaker = Breaker(conditions.now_s)
        self._session = requests.Session()
        self._session.verify = True if conditions.trust is None else str(conditions.trust)
        self._session.trust_env = False  # no proxy of the environment stands before a registry
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=conditions.pool)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    @property
    def is_silent(self) -> bool:
        """Whether the service has failed again and again, and not answered since."""
        return self._breaker.is_open()

    def json(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        known: Collection[int] = (),
        repeatable: bool = True,
    ) -> Answer:
        """The answer in JSON, of a status 200 to 202 or one of the `known` ones. What is not
        `repeatable` is sent once. Unavailable."""
        options = {"json": body, "data": form, "query": query, "headers": headers}
        return self._asked(method, path, options, known, repeatable, lambda reply: reply.json())

    def bytes(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        known: Collection[int] = (),
    ) -> Answer:
        """The answer as it is. Unavailable."""
        options = {"data": body, "headers": headers}
        return self._asked(method, path, options, known, True, lambda reply: reply.content)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    # --- inside

    def _asked(
        self,
        method: str,
        path: str,
        options: Mapping[str, Any],
        known: Collection[int],
        repeatable: bool,
        read: Callable[[requests.Response], Any],
    ) -> Answer:
        wait_s = self._breaker.wait_s()
        if wait_s > 0:
            raise Unavailable(self.system, "rests after failures", _whole(wait_s))
        attempts = self._conditions.retries.attempts if repeatable else 1
        for attempt in range(1, attempts + 1):
            try:
                answer = self._once(method, path, self._marked(options, attempt), known, read)
            except Unavailable as failure:
                if attempt < attempts and self._pauses(attempt, failure.retry_after_s):
                    continue
                self._breaker.failed()
                raise
            self._breaker.answered()
            return answer
        raise AssertionError("an attempt ends with an answer or a failure")

    def _marked(self, options: Mapping[str, Any], attempt: int) -> Mapping[str, Any]:
        marks = self._conditions.marks(attempt - 1)
        if not marks:
            return options
        return {**options, "headers": {**(options["headers"] or {}), **marks}}

    def _pauses(self, failures: int, asked_s: int | None) -> bool:
        """Wait before the next attempt; False if the service asks for more than one waits."""
        retries = self._conditions.retries
        if asked_s is not None and asked_s > retries.longest_s:
            return False
        pause_s = retries.pause_s(failures, self._conditions.chance())
        self._conditions.pause(max(pause_s, asked_s or 0))
        return True

    def _once(
        self,
        method: str,
        path: str,
        options: Mapping[str, Any],
        known: Collection[int],
        read: Callable[[requests.Response], Any],
    ) -> Answer:
        is_silent = self._conditions.is_silent(self.system)
        timeout = (
            self._conditions.connect_s,
            _MOMENT_S if is_silent else self._conditions.read_s,
        )
        try:
            request = self._prepared(method, path, **options)
            reply = self._session.send(request, timeout=timeout, allow_redirects=False)
            if reply.status_code not in _OK and reply.status_code not in known:
                raise Unavailable(self.system, f"status {reply.status_code}", retry_after_s(reply))
            return Answer(reply.status_code, read(reply))
        except (requests.RequestException, ValueError) as failure:
            why = f"{type(failure).__name__}: {failure}"
            raise Unavailable(self.system, why) from failure

    def _prepared(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
        data: Any = None,
        json: Any = None,
    ) -> requests.PreparedRequest:
        """As the session would: merging what it has for all requests takes longer than the rest of
        sending one. No cookie of one answer goes along with the next person's request."""
        sent = {**self._session.headers, **(headers or {})}
        url = self._base_url + path + (f"?{urlencode(query)}" if query else "")
        request = requests.PreparedRequest()
        request.prepare_method(method)
        request.url = _prepared_url(url)
        request.prepare_headers(sent)
        request.prepare_cookies({})
        request.prepare_body(data or (), None, json)
        request.prepare_auth(None, url)
        return request


@lru_cache(_URLS)
def _prepared_url(url: str) -> str | None:
    """As `requests` writes it. RequestException for what is no URL."""
    request = requests.PreparedRequest()
    request.prepare_url(url, "")
    return request.url


def retry_after_s(reply: requests.Response) -> int | None:
    """What Retry-After asks for (RFC 9110, 10.2.3); a day at most, None if it is not there or makes
    no sense. A date counts from the answer's own."""
    text = reply.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(text)
        since = parsedate_to_datetime(reply.headers.get("Date", ""))
        return min(max(_whole((until - since).total_seconds()), 0), _LONGEST_RETRY_AFTER_S)
    except (ValueError, TypeError):
        return None


def _whole(seconds: float) -> int:
    """Whole seconds, not less."""
    return -int(-seconds // 1)
