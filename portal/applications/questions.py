"""A question to an operator from the card of an application, and the answer on it (APP-12)."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.applications.access import ApplicationQuery, application_here
from portal.applications.application import Application, Question
from portal.applications.telling import tell
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.applications import OperatorTalk, answer_due, operator_is_asked
from portal.rules.rights import VIEW_APPLICATIONS
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "OperatorAnswer",
    "QuestionForm",
    "QuestionsQuery",
    "answer_operator_question",
    "ask_operator",
    "operator_questions",
    "question_shown",
]


@dataclass(frozen=True, kw_only=True)
class QuestionForm(ApplicationQuery):
    """What somebody wants to know of an operator about an application."""

    question: str


@dataclass(frozen=True, kw_only=True)
class OperatorAnswer:
    """An operator's answer to the question of that number on the card (from 0)."""

    application: str
    number: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class QuestionsQuery:
    """Everything that waits for an answer."""


@use_case(QuestionForm)
@in_organization(VIEW_APPLICATIONS)
def ask_operator(context: Context, form: QuestionForm, found: Organization) -> Outcome:
    """Ask an operator; the question stays on the card, the answer comes in working time."""
    application = application_here(context, found, form.application)
    if isinstance(application, Outcome):
        return application
    claim = OperatorTalk(text=form.question, has_card=application.state != "draft")
    violations = operator_is_asked(claim, context.policy)
    if violations:
        return refused(violations, "wrong" if claim.has_card else "state", application.state)
    due = answer_due(context.now, context.portal.ports.clock.calendar, context.policy)
    question = Question(text=form.question, by=context.actor.account or "", at=context.now, due=due)
    asked = replace(application, questions=(*application.questions, question))
    context.unit.put(asked)
    number = len(application.questions)
    context.note("ask_operator", found.id, "asked", application=asked.id, number=number)
    return Outcome(
        state="asked",
        data={"application": asked.id, "question": number, "due": due.isoformat()},
    )


@use_case(OperatorAnswer, signed_in=False, staff=True)
def answer_operator_question(context: Context, form: OperatorAnswer) -> Outcome:
    """Answer a question on its card."""
    application = context.unit.get(Application, form.application)
    if application is None or not 0 <= form.number < len(application.questions):
        return Outcome(state="absent", refusal="absent")
    question = application.questions[form.number]
    if question.answer:
        return Outcome(state="answered", refusal="state")
    claim = OperatorTalk(text=form.answer, field="answer")
    violations = operator_is_asked(claim, context.policy)
    if violations:
        return refused(violations)
    answered = replace(
        question,
        answer=form.answer,
        answered_by=context.actor.operator or "",
        answered_at=context.now,
    )
    questions = list(application.questions)
    questions[form.number] = answered
    context.unit.put(replace(application, questions=tuple(questions)))
    context.note(
        "answer_operator_question",
        application.organization,
        "answered",
        application=application.id,
        number=form.number,
    )
    part = f"question/{form.number}"
    tell(context, application, "ответ оператора", form.answer, part=part)
    return Outcome(state="answered", data={"application": application.id, "number": form.number})


@view(QuestionsQuery, signed_in=False, staff=True)
def operator_questions(context: Context, query: QuestionsQuery) -> Outcome:
    """Questions that wait for an operator, the most urgent first."""
    waiting = [
        (question.due, application, number, question)
        for application in context.unit.find(Application, "talk", "asked")
        for number, question in enumerate(application.questions)
        if not question.answer
    ]
    waiting.sort(key=lambda each: (each[0], each[1].id, each[2]))
    items = [
        {
            **question_shown(question),
            "application": application.id,
            "title": application.title,
            "number": number,
            "is_overdue": context.now > due,
        }
        for due, application, number, question in waiting
    ]
    return Outcome(state="shown", data={"items": items})


def question_shown(question: Question) -> dict[str, Any]:
    """A question and its answer as the card shows them."""
    moments = {name: getattr(question, name) for name in ("at", "due", "answered_at")}
    told = {name: None if each is None else each.isoformat() for name, each in moments.items()}
    return {**asdict(question), **told}
