"""The fault plan of a tenant: what goes wrong where, when and for which requests.

The scenario's `outage`, `slow` and `error` act as the model lets them act; the other kinds are
about the wire and about messages, which the model does not have. Chances are keyed draws, so the
same seed and the same requests meet the same faults.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Self

from pydantic import Field, model_validator

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Request
from scenarios import format as scenario_format
from scenarios.distribution_fields import DistributionField
from scenarios.fields import (
    Duration,
    Factor,
    HttpStatus,
    LocalTime,
    Name,
    PositiveCount,
    PositiveDuration,
    Probability,
    Section,
    Text,
    YesNo,
)
from world.attempts import any_error_hits
from world.calendar import Calendar
from world.draws import LONGEST_US
from world.microseconds import SECOND_US

__all__ = [
    "EVERYWHERE",
    "KINDS",
    "ActiveFault",
    "Effects",
    "Fault",
    "FaultError",
    "FaultPlan",
    "Match",
]

EVERYWHERE: Final = "*"

KINDS: Final[Mapping[str, str]] = {
    "outage": "молчит, пока не кончится; работа в руках пропадает",
    "slow": "отвечает в `factor` раз дольше",
    "delay": "отвечает позже на время из распределения `delay`",
    "error": "отвечает `status` с Retry-After",
    "timeout": "принимает запрос и не отвечает никогда",
    "reset": "обрывает соединение (RST)",
    "truncated": "обрывает тело ответа на середине",
    "malformed": "портит тело: XML не закрыт, JSON не разбирается",
    "duplicate": "сообщение приходит дважды",
    "reorder": "сообщение приходит после следующего за ним",
    "loss": "сообщение пропадает",
}
"""Kinds that every service knows; a service adds its own."""

_OWN_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "slow": frozenset({"factor"}),
    "delay": frozenset({"delay"}),
    "error": frozenset({"status", "retry_after"}),
    "timeout": frozenset({"processed"}),
    "reset": frozenset({"processed"}),
}
_NEEDED: Final[Mapping[str, str]] = {"slow": "factor", "delay": "delay"}
_OF_WORK: Final = frozenset({"slow", "delay", "error"})
_DEFAULT_STATUS: Final = 503


class FaultError(ValueError):
    """A fault that cannot be planned; the message says which field and what was expected.

    `code` and `params` say the same in the words of `scenarios.problem_texts`, about `key`.
    """

    def __init__(
        self, message: str, code: str = "invalid", key: str = "", **params: object
    ) -> None:
        super().__init__(message)
        self.code = code
        self.key = key
        self.params = params


class Match(Section):
    """Which requests a fault is about: patterns with `*` for the method and the path."""

    method: Text = "*"
    path: Text = "*"

    def covers(self, request: Request) -> bool:
        """Whether `request` is one of them."""
        return fnmatchcase(request.method, self.method.upper()) and fnmatchcase(
            request.path, self.path
        )


class Fault(Section):
    """A planned fault: that of a scenario with more kinds and a narrower aim.

    Without `from` it holds at once, without `for` for ever; `times` is how many requests it hits
    at most; `processed` tells whether the work was done before the answer was lost.
    """

    id: Name
    service: Text
    kind: Text
    from_: LocalTime | None = Field(default=None, alias="from")
    for_: PositiveDuration | None = Field(default=None, alias="for")
    p: Probability = 1.0
    times: PositiveCount | None = None
    match: Match = Match()
    factor: Factor | None = None
    delay: DistributionField | None = None
    status: HttpStatus | None = None
    retry_after: Duration | None = None
    processed: YesNo = False

    @model_validator(mode="after")
    def _fields_fit_kind(self) -> Self:
        if self.kind == "outage" and self.model_fields_set & {"p", "times", "match"}:
            aim = sorted(self.model_fields_set & {"p", "times", "match"})[0]
            message = "p, times, match: an outage hits everything; kind timeout may choose"
            raise FaultError(message, "fault_key_extra", aim, kind=self.kind)
        fitting = _OWN_FIELDS.get(self.kind, frozenset())
        given = self.model_fields_set & {name for names in _OWN_FIELDS.values() for name in names}
        if given - fitting:
            extra = sorted(given - fitting)
            message = f"{', '.join(extra)}: not for kind {self.kind}"
            raise FaultError(message, "fault_key_extra", extra[0], kind=self.kind)
        needed = _NEEDED.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            message = f"{needed}: kind {self.kind} needs it"
            raise FaultError(message, "fault_key_missing", kind=self.kind, needed=needed)
        return self

    @classmethod
    def of_scenario(cls, fault: scenario_format.Fault) -> Self:
        """The same fault for the mocks."""
        given = {name: getattr(fault, name) for name in fault.model_fields_set}
        return cls.model_construct(**{k: v for k, v in given.items() if v is not None})


@dataclass(frozen=True, slots=True)
class ActiveFault:
    """A fault in model time: it holds in [from_us, to_us) for `service`, an id or EVERYWHERE."""

    spec: Fault
    service: str
    from_us: int
    to_us: int

    def holds(self, service: str, now_us: int) -> bool:
        """Whether it is about `service` at that time."""
        return self.service in (service, EVERYWHERE) and self.from_us <= now_us < self.to_us


@dataclass(slots=True)
class Effects:
    """What the plan does to one request."""

    applied: tuple[str, ...] = ()
    slow: tuple[float, ...] = ()
    extra_us: int = 0
    error: Fault | None = None
    retry_after_us: int = 0
    timeout: Fault | None = None
    reset: Fault | None = None
    truncated: bool = False
    malformed: bool = False

    def service_us(self, drawn_us: int) -> int:
        """The service time with slowness and added delay; rounded like the model's."""
        for factor in self.slow:
            drawn_us = round(drawn_us * factor)
        return min(drawn_us + self.extra_us, LONGEST_US)

    @property
    def status(self) -> int:
        """HTTP status of an `error`."""
        return (self.error and self.error.status) or _DEFAULT_STATUS

    @property
    def retry_after_s(self) -> int | None:
        """Retry-After of an `error` in whole seconds, rounded up."""
        return math.ceil(self.retry_after_us / SECOND_US) or None


class FaultPlan:
    """The faults of one tenant by id, and how often each has hit.

    `known` are the ids of services with the kinds of their own, `working` those whose station is
    work on cases: there `slow`, `delay` and `error` are about the work, unless `match` aims them at
    requests. `resolve` makes a service's id of any of its names. Not locked: its tenant locks.
    """

    def __init__(
        self,
        calendar: Calendar,
        known: Mapping[str, Iterable[str]],
        working: frozenset[str],
        resolve: Callable[[str], str | None],
    ) -> None:
        self._calendar = calendar
        self._known = known
        self._working = working
        self._resolve = resolve
        self._faults: dict[str, ActiveFault] = {}
        self.hits: Counter[str] = Counter()

    def add(self, spec: Fault, now_us: int) -> ActiveFault:
        """Plan `spec`; FaultError if its id is taken or its service or kind is unknown."""
        if spec.id in self._faults:
            message = f"id: a fault {spec.id} is planned already"
            raise FaultError(message, "duplicate_id", "id", got=spec.id)
        service = self._service(spec.service)
        kinds = self._kinds_of(service)
        if spec.kind not in kinds:
            message = f"kind: {spec.kind} is none of {', '.join(kinds)}"
            raise FaultError(message, "choice", "kind", got=spec.kind, allowed=kinds)
        start = now_us if spec.from_ is None else self._calendar.instant(spec.from_)
        end = LONGEST_US if spec.for_ is None else start + spec.for_
        fault = ActiveFault(spec, service, start, end)
        self._faults[spec.id] = fault
        del self.hits[spec.id]  # those of an earlier fault of this id do not use up its `times`
        self._faults = dict(sorted(self._faults.items()))
        return fault

    def remove(self, fault_id: str) -> ActiveFault:
        """Take a fault out of the plan; KeyError if there is none."""
        return self._faults.pop(fault_id)

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter(self._faults.values())

    def __len__(self) -> int:
        return len(self._faults)

    def outages(self, service: str, now_us: int) -> tuple[str, ...]:
        """Ids of the outages of `service` that hold now."""
        return tuple(
            fault.spec.id
            for fault in self._faults.values()
            if fault.spec.kind == "outage" and fault.holds(service, now_us)
        )

    def outage_until(self, service: str, now_us: int) -> int | None:
        """When the outage of `service` ends that holds now; None if there is none."""
        ends = [
            fault.to_us
            for fault in self._faults.values()
            if fault.spec.kind == "outage" and fault.holds(service, now_us)
        ]
        return max(ends, default=None)

    def effects(self, service: str, request: Request | None, key: DrawKey, now_us: int) -> Effects:
        """What happens to `request`, or to the work on a case (None): every fault that holds and
        whose chance comes true."""
        effects = Effects()
        if not self._faults:
            return effects
        faults = [
            fault
            for fault in self._faults.values()
            if fault.holds(service, now_us)
            and self._is_about(fault.spec, service, request)
            and self._left(fault)
        ]
        errors = [fault for fault in faults if fault.spec.kind == "error"]
        if errors and any_error_hits((fault.spec.p for fault in errors), key.error_u()):
            effects.error = errors[0].spec
            effects.retry_after_us = max(fault.spec.retry_after or 0 for fault in errors)
            self._applied(effects, errors[0])
        for fault in faults:
            if fault.spec.kind != "error" and self._chance(fault, key):
                self._apply(fault, effects, key)
        return effects

    def hit(self, kind: str, service: str, key: DrawKey, now_us: int) -> Fault | None:
        """The first fault of `kind` (a service's own, or about messages) whose chance comes
        true."""
        for fault in self._faults.values():
            holds = fault.spec.kind == kind and fault.holds(service, now_us) and self._left(fault)
            if holds and self._chance(fault, key):
                self.hits[fault.spec.id] += 1
                return fault.spec
        return None

    def _apply(self, fault: ActiveFault, effects: Effects, key: DrawKey) -> None:
        spec = fault.spec
        match spec.kind:
            case "slow":
                effects.slow += (spec.factor or 1.0,)
            case "delay" if spec.delay is not None:
                effects.extra_us += key.about(f"fault/{spec.id}").duration_us(spec.delay)
            case "timeout":
                effects.timeout = spec
            case "reset":
                effects.reset = spec
            case "truncated":
                effects.truncated = True
            case "malformed":
                effects.malformed = True
            case _:  # an outage closes the slots; `hit` asks for messages and a service's own
                return
        self._applied(effects, fault)

    def _is_about(self, spec: Fault, service: str, request: Request | None) -> bool:
        of_work = (
            service in self._working
            and spec.kind in _OF_WORK
            and "match" not in spec.model_fields_set
        )
        if request is None:
            return of_work
        return not of_work and spec.match.covers(request)

    def _applied(self, effects: Effects, fault: ActiveFault) -> None:
        effects.applied += (fault.spec.id,)
        self.hits[fault.spec.id] += 1

    def _left(self, fault: ActiveFault) -> bool:
        return fault.spec.times is None or self.hits[fault.spec.id] < fault.spec.times

    @staticmethod
    def _chance(fault: ActiveFault, key: DrawKey) -> bool:
        return fault.spec.p >= 1.0 or key.uniform(f"fault/{fault.spec.id}/hit") < fault.spec.p

    def _service(self, name: str) -> str:
        if name == EVERYWHERE:
            return name
        service = self._resolve(name)
        if service is None or service not in self._known:
            known = sorted(self._known)
            message = f"service: {name} is none of {', '.join(known)}"
            raise FaultError(message, "choice", "service", got=name, allowed=known)
        return service

    def _kinds_of(self, service: str) -> list[str]:
        return [*KINDS, *(() if service == EVERYWHERE else self._known[service])]
