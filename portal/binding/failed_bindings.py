"""Wrong attempts to bind in a row, and the lock they bring (BND-11)."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from portal.rules import binding as rules
from portal.rules import binding_claims
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["WrongBindings", "count_wrong_binding", "forget_wrong_bindings", "lock_of"]


@dataclass(frozen=True, kw_only=True)
class WrongBindings(Entity):
    """Wrong attempts in a row of the account of the same id."""

    KIND: ClassVar[str] = "wrong_bindings"

    in_row: int
    last: dt.datetime


def lock_of(context: Context, account: str) -> tuple[Violation, ...]:
    """What BND-11 says against one more attempt."""
    return rules.not_locked(_claim(context, account), context.policy)


def count_wrong_binding(context: Context, account: str) -> None:
    """One more; after a lock has ended they are counted from the first."""
    wrong = context.unit.get(WrongBindings, account)
    lifted = rules.lock_end(_claim(context, account), context.policy) is not None
    counted = context.unit.put(
        WrongBindings(
            id=account,
            version=0 if wrong is None else wrong.version,
            in_row=1 if wrong is None or lifted else wrong.in_row + 1,
            last=context.now,
        )
    )
    context.note("bind_organization", account, "wrong", in_row=counted.in_row)
    end = rules.lock_end(_claim(context, account), context.policy)
    if end is not None:
        schedule(context.unit, "lift_binding_lock", account, end)


def forget_wrong_bindings(context: Context, account: str) -> None:
    """Something was bound: what was wrong before is in a row no more."""
    wrong = context.unit.get(WrongBindings, account)
    if wrong is not None:
        context.unit.delete(wrong)


@task
def lift_binding_lock(context: Context, planned: Task) -> None:
    """The term of a lock is over."""
    end = rules.lock_end(_claim(context, planned.subject), context.policy)
    if end is None or context.now < end:
        return
    forget_wrong_bindings(context, planned.subject)
    context.note("lift_binding_lock", planned.subject, "lifted")


def _claim(context: Context, account: str) -> binding_claims.FailedBindings:
    wrong = context.unit.get(WrongBindings, account)
    return binding_claims.FailedBindings(
        in_row=0 if wrong is None else wrong.in_row,
        last=None if wrong is None else wrong.last,
        now=context.now,
    )
