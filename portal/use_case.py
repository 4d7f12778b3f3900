"""What the portal can be asked to do and to show: the registers of use cases, views and tasks.

A use case is a function of a context and its form; it changes records of the context's unit and
gives an Outcome: the state that was reached, or every rule that is broken, at once. What it has put
is committed in both cases, so a refused attempt may leave its trace (a counter, a line of the
journal).
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar

from portal.ports.messenger import Letter
from portal.ports.signatures import CertificateFacts
from portal.rules.rule import Violation
from portal.store.unit import Unit
from rulebook import Policy

if TYPE_CHECKING:
    from portal.portal import Portal
    from portal.tasks import Task

__all__ = [
    "CHANGED",
    "TASKS",
    "USE_CASES",
    "VIEWS",
    "Actor",
    "Context",
    "HeldKey",
    "Outcome",
    "Part",
    "Refusal",
    "UseCase",
    "WrongPart",
    "refused",
    "secret",
    "task",
    "use_case",
    "view",
]

F = TypeVar("F")

Refusal: TypeAlias = Literal[
    "wrong", "unauthenticated", "forbidden", "absent", "state", "later", "key-taken"
]
"""Why nothing was done: what was sent is wrong, nobody is signed in, they may not, there is no such
thing (or it is another's), it is not the time for it, or it is to be tried again later: something
outside does not answer now, or the portal is under maintenance (`retry_after_s` of the outcome's
data says when); or the idempotency key stands for another content."""

CHANGED: Final = "changed"
"""The state in which a form with a `version` is refused if others have changed since what it is
about; 412 if the version has come by If-Match."""


@dataclass(frozen=True, slots=True)
class HeldKey:
    """The key of the API that somebody acts with, by its id, and the rights that it is limited to
    (INT-04)."""

    id: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, from where: `account` is the person's (None: nobody is signed in), `organization`
    the one they act for, `session` the id of their session and `signed_in_by` how it
    was opened (AUTH-16). `operator` is the name of a member of
    the portal's staff, who has no account, `task` that of planned work, which the portal does by
    itself. With the `key` of a program nothing but its rights in `organization` is reached.
    `region` is where the address `ip` is."""

    account: str | None = None
    organization: str | None = None
    session: str | None = None
    signed_in_by: str = ""
    operator: str | None = None
    task: str | None = None
    key: HeldKey | None = None
    ip: str = "127.0.0.1"
    device: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which items of a long list are wanted: those that come behind the place `before`, in the
    list's own words (None: from its beginning), so many at most as `limit` says (None: all). Fewer
    may be shown, or none, though others follow: what is looked through for a part is limited as
    well."""

    before: str | None = None
    limit: int | None = None


class WrongPart(ValueError):
    """A `before` that is no place of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: the `state` reached, and what belongs to it (JSON); or a `refusal` with the
    rules that are broken. Of a list that is shown in parts, the next one is `before` `following`
    (None: there is none)."""

    state: str
    data: Mapping[str, Any] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    refusal: Refusal | None = None
    following: str | None = None


def refused(
    violations: tuple[Violation, ...] | list[Violation],
    refusal: Refusal = "wrong",
    state: str = "refused",
    data: Mapping[str, Any] | None = None,
) -> Outcome:
    """The outcome of what broke rules."""
    return Outcome(state=state, data=data or {}, violations=tuple(violations), refusal=refusal)


def secret() -> Any:
    """A field of a form that nothing may be kept of: a password, a code."""
    return field(metadata={"secret": True})


@dataclass(frozen=True)
class Context:
    """What a use case works with: `now` is one and the same during it. `act` is the name of the use
    case, view or task that is run; a view that is shown in parts shows this `part`."""

    portal: "Portal"
    unit: Unit
    actor: Actor
    now: dt.datetime
    act: str = ""
    part: Part = Part()
    letters: list[Letter] = field(default_factory=list)
    secret_letters: list[tuple[Letter, ...]] = field(default_factory=list)
    signatures: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The parameters of the rules."""
        return self.portal.policy

    def send(self, letter: Letter) -> None:
        """Let `letter` go once this is committed, again and again until a gateway takes it."""
        self.letters.append(letter)

    def send_secret(self, letter: Letter, *otherwise: Letter) -> None:
        """Let `letter`, or the first of the others that a gateway takes, go once this is committed.

        It bears a code or a password, so it is never kept: if no gateway takes it now, it is lost,
        and the person asks for another (AUTH-06).
        """
        self.secret_letters.append((letter, *otherwise))

    def signed(self, kind: str, certificate: CertificateFacts | None = None) -> None:
        """Let every line that is written from now on bear the kind of a signature that was shown
        and its certificate (AUD-01); the latest kind of each certificate counts."""
        known = (
            {}
            if certificate is None
            else {"serial": certificate.serial, "fingerprint": certificate.fingerprint}
        )
        self.signatures[known.get("fingerprint", "")] = {"kind": kind, **known}

    def note(self, action: str, subject: str, result: str, **details: Any) -> None:
        """Write into the journal what was done, by whom and from where, and what it was signed with
        (AUD-01); no secrets in `details`."""
        actor = self.actor
        line = {
            "at": self.now.isoformat(),
            "ip": actor.ip,
            "account": actor.account,
            **({} if actor.operator is None else {"operator": actor.operator}),
            **({} if actor.task is None else {"task": actor.task}),
            **({} if actor.key is None else {"api_key": actor.key.id}),
            "action": action,
            "result": result,
            **({"signatures": list(self.signatures.values())} if self.signatures else {}),
            **details,
        }
        self.unit.note(subject, json.dumps(line, ensure_ascii=False).encode())


@dataclass(frozen=True)
class UseCase(Generic[F]):
    """Something to do, by `name`; `form` is the record that it takes.

    `signed_in` says whether somebody must be, `staff` that it is for the portal's operators alone.
    One whose outcome bears a secret is not `remembered` under an idempotency key. Maintenance
    closes it, but for the staff and `during_maintenance` (OPS-03).
    """

    name: str
    form: type[F]
    run: Callable[[Context, F], Outcome]
    signed_in: bool
    staff: bool = False
    remembered: bool = True
    during_maintenance: bool = False

    @property
    def stays_open(self) -> bool:
        """Whether maintenance leaves it open."""
        return self.staff or self.during_maintenance

    @property
    def bears_secrets(self) -> bool:
        """Whether the form does."""
        return any("secret" in each.metadata for each in fields(self.form))  # type: ignore[arg-type]

    def refusal(self, actor: Actor) -> Refusal | None:
        """Why it is not for `actor`, whatever they have sent."""
        return _closed_to(actor, signed_in=self.signed_in, staff=self.staff)


@dataclass(frozen=True)
class View(Generic[F]):
    """Something to show, by `name`; `query` is the record that says what of it. `staff` and
    `during_maintenance` as with a use case. One that is shown `in_parts` reads no more of a long
    list than the part that is wanted."""

    name: str
    query: type[F]
    show: Callable[[Context, F], Outcome]
    signed_in: bool
    staff: bool = False
    during_maintenance: bool = False
    in_parts: bool = False

    @property
    def stays_open(self) -> bool:
        """Whether maintenance leaves it open."""
        return self.staff or self.during_maintenance

    def refusal(self, actor: Actor) -> Refusal | None:
        """Why it is not for `actor`, whatever they have asked."""
        return _closed_to(actor, signed_in=self.signed_in, staff=self.staff)


def _closed_to(actor: Actor, *, signed_in: bool, staff: bool) -> Refusal | None:
    if staff:
        return "forbidden" if actor.operator is None else None
    return "unauthenticated" if signed_in and actor.account is None else None


_USE_CASES: Final[dict[str, UseCase[Any]]] = {}
_VIEWS: Final[dict[str, View[Any]]] = {}
_TASKS: Final[dict[str, "Callable[[Context, Task], None]"]] = {}
USE_CASES: Final[Mapping[str, UseCase[Any]]] = MappingProxyType(_USE_CASES)
VIEWS: Final[Mapping[str, View[Any]]] = MappingProxyType(_VIEWS)
TASKS: "Final[Mapping[str, Callable[[Context, Task], None]]]" = MappingProxyType(_TASKS)


def use_case(
    form: type[F],
    *,
    signed_in: bool = True,
    staff: bool = False,
    remembered: bool = True,
    during_maintenance: bool = False,
) -> Callable[[Callable[[Context, F], Outcome]], Callable[[Context, F], Outcome]]:
    """Register the decorated function under its own name; ValueError for a name that is taken."""

    def register(run: Callable[[Context, F], Outcome]) -> Callable[[Context, F], Outcome]:
        if run.__name__ in _USE_CASES:
            raise ValueError(f"use case {run.__name__} is written twice")
        _USE_CASES[run.__name__] = UseCase(
            run.__name__,
            form,
            run,
            signed_in,
            staff=staff,
            remembered=remembered,
            during_maintenance=during_maintenance,
        )
        return run

    return register


def view(
    query: type[F],
    *,
    signed_in: bool = True,
    staff: bool = False,
    during_maintenance: bool = False,
    in_parts: bool = False,
) -> Callable[[Callable[[Context, F], Outcome]], Callable[[Context, F], Outcome]]:
    """Register the decorated function under its own name; ValueError for a name that is taken."""

    def register(show: Callable[[Context, F], Outcome]) -> Callable[[Context, F], Outcome]:
        if show.__name__ in _VIEWS:
            raise ValueError(f"view {show.__name__} is written twice")
        _VIEWS[show.__name__] = View(
            show.__name__,
            query,
            show,
            signed_in,
            staff=staff,
            during_maintenance=during_maintenance,
            in_parts=in_parts,
        )
        return show

    return register


def task(
    run: "Callable[[Context, Task], None]",
) -> "Callable[[Context, Task], None]":
    """Register the decorated function as the work of tasks of its name; ValueError likewise."""
    if run.__name__ in _TASKS:
        raise ValueError(f"task {run.__name__} is written twice")
    _TASKS[run.__name__] = run
    return run
