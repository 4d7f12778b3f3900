"""What was asked and what was answered: a bounded journal with queries and verification."""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from mocks.core.http import Answer, Request

__all__ = ["Entry", "Journal", "NotCalledSo", "Outcome", "Pattern", "listing"]

Outcome: TypeAlias = Literal[
    "open", "answered", "refused", "silent", "reset", "truncated", "abandoned", "failed"
]
"""`open` until it ends; `refused`: no place in the queue; `abandoned`: the client has left;
`failed`: the handler broke down, a fault of ours."""

KEPT_BODY: Final = 16_384  # bytes of each body; size and SHA-256 are of the whole
_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 64 * 2**20


@dataclass(slots=True)
class Entry:
    """One request: `number` counts from 1 in the tenant, times are model time in µs.

    `planned_us` is the planned time of the answer without waiting for a slot, `faults` the ids of
    the plan that hit. Bodies are cut to 16 KB.
    """

    number: int
    at_us: int
    service: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    body_size: int
    draw: str
    planned_us: int = 0
    faults: tuple[str, ...] = ()
    outcome: Outcome = "open"
    status: int | None = None
    answer_headers: tuple[tuple[str, str], ...] = ()
    answer_body: bytes = b""
    answer_size: int = 0
    answer_sha256: str = ""

    @property
    def kept_bytes(self) -> int:
        """What the journal keeps of the request, head and body, and of the answer's body."""
        headers = sum(map(len, self.headers)) + sum(map(len, self.headers.values()))
        bodies = len(self.body) + len(self.answer_body)
        return len(self.path) + len(self.query) + headers + bodies

    def json(self) -> Any:
        """The request's body as JSON; None if it is none or was cut."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Pattern(BaseModel):
    """Which calls are meant; what is not given does not matter.

    `method` and `path` may have `*`; `query`, `headers` and `json` (also inside) name what must be
    there and leave room for more; `body` is a text that must occur in the request's body.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str | None = None
    method: str | None = None
    path: str | None = None
    query: dict[str, str] | None = None
    headers: dict[str, str] | None = None
    body: str | None = None
    json_body: Any = None
    status: int | None = None
    outcome: Outcome | None = None
    fault: str | None = None
    after: NonNegativeInt = 0

    def covers(self, entry: Entry) -> bool:
        """Whether `entry` is one of them."""
        return (
            entry.number > self.after
            and self.service in (None, entry.service)
            and (self.method is None or fnmatchcase(entry.method, self.method.upper()))
            and (self.path is None or fnmatchcase(entry.path, self.path))
            and self.status in (None, entry.status)
            and self.outcome in (None, entry.outcome)
            and (self.fault is None or self.fault in entry.faults)
            and self._content_fits(entry)
        )

    def _content_fits(self, entry: Entry) -> bool:
        if self.query is not None:
            given = set(parse_qsl(entry.query, keep_blank_values=True))
            if not set(self.query.items()) <= given:
                return False
        if self.headers is not None:
            wanted = {name.lower(): value for name, value in self.headers.items()}
            if not wanted.items() <= dict(entry.headers).items():
                return False
        if self.body is not None and self.body.encode() not in entry.body:
            return False
        return self.json_body is None or _is_part(self.json_body, entry.json())

    def __str__(self) -> str:
        given = self.model_dump(exclude_defaults=True)
        return ", ".join(f"{name}={value!r}" for name, value in given.items()) or "any call"


class NotCalledSo(AssertionError):
    """The journal differs from what was expected; the message shows both."""


class Journal:
    """The latest 10,000 requests of a tenant, 64 MB of heads and bodies at most; older ones are
    forgotten and counted. Not locked: its tenant locks."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self.total = 0

    def open(self, service: str, request: Request, draw: str, at_us: int) -> Entry:
        """Note a request on its arrival."""
        self.total += 1
        entry = Entry(
            number=self.total,
            at_us=at_us,
            service=service,
            method=request.method,
            path=request.path,
            query=request.query,
            headers=request.headers,
            body=request.body[:KEPT_BODY],
            body_size=len(request.body),
            draw=draw,
        )
        self._entries.append(entry)
        self._bytes += entry.kept_bytes
        self._forget_oldest()
        return entry

    def close(self, entry: Entry, answer: Answer, outcome: Outcome = "answered") -> None:
        """Note how a request has ended, and with what answer."""
        entry.outcome = outcome
        entry.status = answer.status
        entry.answer_headers = (("Content-Type", answer.media_type), *answer.headers)
        entry.answer_body = answer.body[:KEPT_BODY]
        entry.answer_size = len(answer.body)
        entry.answer_sha256 = hashlib.sha256(answer.body).hexdigest()
        if entry.number > self.forgotten:
            self._bytes += len(entry.answer_body)
            self._forget_oldest()

    @property
    def forgotten(self) -> int:
        """How many of the oldest entries are no longer kept."""
        return self.total - len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, pattern: Pattern | None = None, limit: int | None = None) -> list[Entry]:
        """The calls that `pattern` means, oldest first; with `limit` the latest of them."""
        found = [e for e in self._entries if pattern is None or pattern.covers(e)]
        return found if limit is None else found[max(len(found) - limit, 0) :]

    def verify(
        self,
        pattern: Pattern,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> list[Entry]:
        """The calls that `pattern` means; NotCalledSo unless there are as many as asked for (once
        at least if nothing is asked)."""
        found = self.find(pattern)
        if times is not None:
            at_least = at_most = times
        elif at_least is None and at_most is None:
            at_least = 1
        if len(found) < (at_least or 0) or (at_most is not None and len(found) > at_most):
            wanted = _bounds(at_least, at_most)
            raise NotCalledSo(
                f"expected {wanted} of ({pattern}), found {len(found)}; the journal has:\n"
                + listing(self._entries)
            )
        return found

    def verify_exactly(
        self, patterns: Sequence[Pattern], services: Iterable[str] | None = None
    ) -> list[Entry]:
        """The calls to `services` (to all if None) are these, in this order, and no others;
        NotCalledSo otherwise."""
        wanted = None if services is None else set(services)
        calls = [e for e in self._entries if wanted is None or e.service in wanted]
        fits = [p.covers(e) for p, e in zip(patterns, calls, strict=False)]
        if len(calls) == len(patterns) and all(fits):
            return calls
        first = fits.index(False) if False in fits else min(len(calls), len(patterns))
        expected = "\n".join(f"  {n}. {pattern}" for n, pattern in enumerate(patterns, 1))
        raise NotCalledSo(
            f"calls differ from number {first + 1} on; expected exactly:\n{expected}\n"
            f"the journal has:\n{listing(calls)}"
        )

    def _forget_oldest(self) -> None:
        while len(self._entries) > _MOST_ENTRIES or self._bytes > _MOST_BYTES:
            self._bytes -= self._entries.popleft().kept_bytes

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()
        self._bytes = 0


def _is_part(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            key in given and _is_part(value, given[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(given, list)
            and len(wanted) == len(given)
            and all(_is_part(w, g) for w, g in zip(wanted, given, strict=True))
        )
    return type(wanted) is type(given) and bool(wanted == given)


def _bounds(at_least: int | None, at_most: int | None) -> str:
    if at_least == at_most:
        return f"exactly {at_least} calls"
    bounds = [f"at least {at_least}"] if at_least is not None else []
    bounds += [f"at most {at_most}"] if at_most is not None else []
    return " and ".join(bounds) + " calls"


def listing(entries: Iterable[Entry], none: str = "nothing") -> str:
    """The latest 20 of `entries` for a person, a line for each; `none` says that there are none."""
    shown = list(entries)[-20:]
    lines = [
        f"  {e.number}. {e.service} {e.method} {e.path}{'?' + e.query if e.query else ''}"
        f" -> {e.status or e.outcome}{' faults ' + ', '.join(e.faults) if e.faults else ''}"
        for e in shown
    ]
    return "\n".join(lines) or f"  {none}"
