"""The verification of an organization's data as the portal keeps it (VER-01)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, get_args

from portal.ports.verification import Agency, CaseState, Remark
from portal.rules.verification import BothChecks, both_checks_agree
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context

__all__ = ["AGENCIES", "CHECK_STATES", "Check", "Verification", "deadline"]

AGENCIES: Final[tuple[Agency, ...]] = get_args(Agency)

CHECK_STATES: Final[StateTable[CaseState]] = StateTable(
    name="check",
    titles={
        "waiting": "Ожидание",
        "in_progress": "В процессе",
        "clarification": "Запрошено уточнение",
        "remarks": "Завершено с замечаниями",
        "completed": "Завершено",
    },
    first="waiting",
    transitions={
        ("waiting", "begin"): "in_progress",  # VER-01
        ("waiting", "ask"): "clarification",
        ("waiting", "remark"): "remarks",
        ("waiting", "complete"): "completed",
        ("in_progress", "ask"): "clarification",  # VER-10
        ("in_progress", "remark"): "remarks",  # VER-03
        ("in_progress", "complete"): "completed",  # VER-05
        ("waiting", "restart"): "waiting",  # VER-04
        ("in_progress", "restart"): "waiting",
        ("clarification", "restart"): "waiting",
        ("remarks", "restart"): "waiting",
        ("completed", "restart"): "waiting",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The check of one agency: its `number` there (None: it is not sent yet), how often the agency
    has lost it, and what it remarks on or asks."""

    number: str | None = None
    state: CaseState = "waiting"
    remarks: tuple[Remark, ...] = ()
    lost: int = 0
    finished: dt.datetime | None = None

    def after(self, event: str, at: dt.datetime, remarks: tuple[Remark, ...] = ()) -> "Check":
        """The check after an event; WrongState."""
        state = CHECK_STATES.after(self.state, event)
        is_over = state in ("remarks", "completed")
        return replace(self, state=state, remarks=remarks, finished=at if is_over else None)


@dataclass(frozen=True, kw_only=True)
class Verification(Entity):
    """Both checks of the organization of the same id; a `round` begins with each submission and has
    a guaranteed term of its own, whose last moment is `due` (VER-02)."""

    KIND: ClassVar[str] = "verification"

    round: int
    begun: dt.datetime
    due: dt.datetime
    checks: Mapping[Agency, Check] = field(default_factory=lambda: dict.fromkeys(AGENCIES, Check()))
    finished: dt.datetime | None = None
    urgent: bool = False

    def with_check(self, agency: Agency, check: Check) -> "Verification":
        """The verification with another check of an agency."""
        return replace(self, checks={**self.checks, agency: check})

    @property
    def both(self) -> BothChecks:
        """Where the checks are (VER-07)."""
        return BothChecks(states={agency: check.state for agency, check in self.checks.items()})

    def agrees(self, context: Context) -> bool:
        """Whether both checks have ended without remarks (VER-07)."""
        return not both_checks_agree(self.both, context.policy)

    def anew(self, context: Context) -> "Verification":
        """The next round: both checks wait, cases that agencies know go on there."""
        return replace(
            self,
            round=self.round + 1,
            begun=context.now,
            due=deadline(context),
            checks={
                agency: check.after("restart", context.now) for agency, check in self.checks.items()
            },
            finished=None,
            urgent=False,
        )


def deadline(context: Context) -> dt.datetime:
    """The last moment of the guaranteed term of a verification that begins now (VER-02)."""
    calendar = context.portal.ports.clock.calendar
    days = context.policy.count("VER-02.guarantee_working_days")
    return calendar.local(calendar.deadline_working_days(calendar.instant(context.now), days))
