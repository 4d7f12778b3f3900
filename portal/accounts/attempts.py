"""Sign-ins that something outside decides: a signature, the application, the bank, ЕСИА."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, TypeAlias

from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["Attempt", "Way", "attempt_of", "begin_attempt", "use_up"]

Way: TypeAlias = Literal["signature", "qr", "bank", "esia"]

KEPT: Final = dt.timedelta(hours=1)  # longer than any of them is good for


@dataclass(frozen=True, kw_only=True)
class Attempt(Entity):
    """One attempt by a `way`; its id is known to who has begun it alone.

    `number` is the outside's own, `account` the one that has confirmed, `organization` the ОГРН
    whose cabinet is entered.
    """

    KIND: ClassVar[str] = "sign_in_attempt"

    way: Way
    started: dt.datetime
    used: bool = False
    number: str | None = None
    account: str | None = None
    organization: str | None = None


def begin_attempt(
    context: Context, way: Way, *, number: str | None = None, organization: str | None = None
) -> Attempt:
    """A new attempt from now."""
    attempt = Attempt(
        id=context.portal.ports.entropy.token(way),
        way=way,
        started=context.now,
        number=number,
        organization=organization,
    )
    schedule(context.unit, "forget_attempt", attempt.id, context.now + KEPT)
    return context.unit.put(attempt)


def attempt_of(context: Context, way: Way, attempt_id: str) -> Attempt | None:
    """The attempt by that way; None if there is none."""
    found = context.unit.get(Attempt, attempt_id)
    return found if found is not None and found.way == way else None


def use_up(context: Context, attempt: Attempt) -> None:
    """The attempt has led somewhere: it does not a second time."""
    context.unit.put(replace(attempt, used=True))


@task
def forget_attempt(context: Context, planned: Task) -> None:
    """An attempt is good for nothing any more."""
    found = context.unit.get(Attempt, planned.subject)
    if found is not None:
        context.unit.delete(found)
