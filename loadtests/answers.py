"""What an answer of the portal says, and whether that is what it should say: judged by content."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from loadtests.samples import Outcome

__all__ = ["Expected", "Reply", "Told", "Verdict", "judged", "retry_after_s"]

_SHED: Final = frozenset({429, 503})
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; `error` is the kind of a failure that left no answer (then `status` is 0).
    Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer of the portal as it is understood: the state reached and its data, or the rules
    that were broken."""

    state: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer should be. `states`: of what is done (empty: any). `refusals`: rules that the
    mistakes of the case break; `consequences`: what is lacking because something before was
    refused, which may be named beside them; `codes`: of problems that name no rule and are right.
    `has_to_refuse`: this is where mistakes are caught."""

    states: frozenset[str] = _NONE
    refusals: frozenset[str] = _NONE
    consequences: frozenset[str] = _NONE
    codes: frozenset[str] = _NONE
    has_to_refuse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a sample says of an answer, and what the answer says itself."""

    outcome: Outcome
    detail: str = ""
    told: Told = Told()

    @property
    def is_good(self) -> bool:
        """Whether the portal did what it should."""
        return self.outcome in ("ok", "refused")


def judged(reply: Reply, expected: Expected) -> Verdict:
    """The verdict: `ok` for one of the states, `refused` for a refusal that names a rule of
    `refusals` and no other rule but its consequences, `shed` for 429 and 503 with Retry-After,
    `failed` for anything else with the kind as `detail`."""
    if reply.error:
        return Verdict(outcome="failed", detail=reply.error)
    told = _told(reply.body)
    if reply.status in _SHED and retry_after_s(reply) is not None:
        code = "" if told is None else told.code
        return Verdict(outcome="shed", detail=f"{reply.status} {code}".strip(), told=told or Told())
    if told is None:
        return Verdict(outcome="failed", detail=f"{reply.status} no-json")
    if not 200 <= reply.status < 300:
        return _refusal(reply.status, told, expected)
    if expected.has_to_refuse:
        wanted = " ".join(sorted(expected.refusals))
        return Verdict(outcome="failed", detail=f"accepted despite {wanted}", told=told)
    if expected.states and told.state not in expected.states:
        return Verdict(outcome="failed", detail=f"state {told.state or 'none'}", told=told)
    return Verdict(outcome="ok", told=told)


def retry_after_s(reply: Reply) -> float | None:
    """Seconds until one may come again; None if the answer does not say."""
    try:
        return max(float(reply.headers["retry-after"]), 0.0)
    except (KeyError, ValueError):
        return None


def _refusal(status: int, told: Told, expected: Expected) -> Verdict:
    rules = set(told.rules)
    if rules & expected.refusals and rules <= expected.refusals | expected.consequences:
        named = " ".join(sorted(rules & expected.refusals))
        return Verdict(outcome="refused", detail=named, told=told)
    if not rules and told.code in expected.codes:
        return Verdict(outcome="refused", detail=told.code, told=told)
    kind = " ".join([str(status), told.code, *sorted(rules)])
    return Verdict(outcome="failed", detail=kind, told=told)


def _told(body: bytes) -> Told | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    data, broken = said.get("data", {}), said.get("violations", [])
    if not isinstance(data, dict) or not isinstance(broken, list):
        return None
    return Told(
        state=str(said.get("state", "")),
        data=data,
        code=str(said.get("code", "")),
        rules=tuple(str(each["rule"]) for each in broken if isinstance(each, dict)),
    )
