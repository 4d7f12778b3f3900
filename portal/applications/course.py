"""The course of an application: each change of its status is told, kept and has its term (APP-02).

Who builds on applications hears of changes as events of kind `application` (their `details` name
the kind and the state), and keeps one from being approved by a function under `keeps_approval`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from portal.applications.application import (
    APPLICATION_STATES,
    FINAL,
    Application,
    Step,
)
from portal.applications.electronic_act import with_act
from portal.applications.responsible import with_responsible
from portal.applications.telling import tell
from portal.noted_refusal import noted_refusal
from portal.rules.applications import StatusMove, status_is_told
from portal.rules.rule import Violation, every
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task

__all__ = ["advance", "keeps_approval", "moved", "standing"]

Guard: TypeAlias = Callable[[Context, Application], tuple[Violation, ...]]

_GUARDS: Final[dict[str, Guard]] = {}
_JUST_AFTER: Final = dt.timedelta(microseconds=1)


def keeps_approval(guard: Guard) -> Guard:
    """Let what the decorated function gives keep an application from being approved; ValueError
    for a name that is taken."""
    if guard.__name__ in _GUARDS:
        raise ValueError(f"guard {guard.__name__} is written twice")
    _GUARDS[guard.__name__] = guard
    return guard


def moved(
    context: Context, application: Application, event: str, comment: str
) -> Application | Outcome:
    """The application in the state that `event` leads to, or why it does not (APP-02)."""
    is_allowed = APPLICATION_STATES.allows(application.state, event)
    after = APPLICATION_STATES.after(application.state, event) if is_allowed else None
    claim = StatusMove(
        is_allowed=is_allowed,
        comment=comment,
        is_last=after in FINAL,
        expected=_expected(context, application, event),
        number=application.number,
    )
    violations = status_is_told(claim, context.policy)
    if is_allowed and event == "approve":
        guards = (guard(context, application) for _, guard in sorted(_GUARDS.items()))
        violations = (*violations, *every(guards))
    if violations:
        refusal = refused(violations, "wrong" if is_allowed else "state", application.state)
        return noted_refusal(context, application.organization, refusal)
    return advance(context, application, event, comment)


def advance(context: Context, application: Application, event: str, comment: str) -> Application:
    """Let an application go on by `event` (WrongState if it cannot): the step is kept with its
    time, comment and expected end, somebody is in charge, everybody who listens is told."""
    state = APPLICATION_STATES.after(application.state, event)
    is_over = state in FINAL
    expected = None if is_over else _expected(context, application, event)
    step = Step(state=state, at=context.now, comment=comment, by=_doer(context), expected=expected)
    reached = replace(
        application,
        state=state,
        due=application.due if is_over else expected,
        finished_at=context.now if is_over else None,
        steps=(*application.steps, step),
    )
    reached = with_act(context, reached) if is_over else with_responsible(context, reached)
    context.unit.put(reached)
    if expected is not None:
        schedule(context.unit, "tell_of_overdue_stage", reached.id, expected + _JUST_AFTER)
    context.note(
        context.act, reached.organization, state, application=reached.id, number=reached.number
    )
    tell(context, reached, APPLICATION_STATES.titles[state], comment)
    return reached


def standing(application: Application) -> Outcome:
    """How an application stands once a step was taken."""
    expected = application.steps[-1].expected
    return Outcome(
        state=application.state,
        data={
            "application": application.id,
            "number": application.number,
            "responsible": application.responsible,
            "expected": None if expected is None else expected.isoformat(),
            "act": application.act,
        },
    )


@task
def tell_of_overdue_stage(context: Context, planned: Task) -> None:
    """A stage lasts longer than was expected: whoever listens is told."""
    found = context.unit.get(Application, planned.subject)
    if found is None or found.due is None or found.state in FINAL or context.now <= found.due:
        return
    title = APPLICATION_STATES.titles[found.state]
    text = f"Этап «{title}» должен был закончиться {found.due:%d.%m.%Y}."
    tell(context, found, "срок истёк", text, part="overdue", kind="deadline")
    context.note("tell_of_overdue_stage", found.organization, "overdue", application=found.id)


# --- inside ---------------------------------------------------------------------------------------


def _expected(context: Context, application: Application, event: str) -> dt.datetime:
    """The last moment of the stage that `event` begins."""
    kind, calendar = application.of_kind, context.portal.ports.clock.calendar
    days = kind.answer_days if event == "ask" else kind.stage_days
    return calendar.local(calendar.deadline_working_days(calendar.instant(context.now), days))


def _doer(context: Context) -> str:
    actor = context.actor
    return actor.operator or actor.account or actor.task or ""
