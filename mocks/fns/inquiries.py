"""Questions of ИНН, КПП and authority that the portal's support passes on to ФНС (SUP-05)."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from mocks.case_work.applicants import STANDINGS, Submission, organization_of
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.filing import filed
from mocks.case_work.terms import day_after, last_moment
from mocks.core.http import Answer, json_answer
from mocks.core.inboxes import Message
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.records import Organization

__all__ = ["Inquiries", "ask", "show"]

Topic: TypeAlias = Literal["inn", "kpp", "authority"]

_ANSWER_DAYS: Final = 30  # 59-ФЗ, art. 12

TABLE: Final = StateTable(
    titles={"registered": "Зарегистрировано", "answered": "Дан ответ"},
    follows={"registered": frozenset({"answered"}), "answered": frozenset()},
)


class Inquiry(Submission):
    """A question about an organization, and where the answer is to go."""

    topic: Topic
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


@dataclass(eq=False)
class Question:
    """What is asked, and the answer once there is one."""

    topic: Topic
    email: str
    answer: str | None = None


class Inquiries:
    """The inquiries of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.docket: Docket[Question] = Docket("INQUIRY", TABLE)

    def open(self, call: Call, inquiry: Inquiry) -> Case[Question]:
        """Take an inquiry in; it is answered within the term of the law."""
        organization_of(call, inquiry.inn, inquiry.ogrn)
        calendar = call.tenant.clock.calendar
        due_us = last_moment(calendar, day_after(calendar, call.now_us, _ANSWER_DAYS))
        question = Question(inquiry.topic, inquiry.email)
        case = self.docket.open(call, inquiry, question, due_us=due_us)
        wait_us = int((due_us - call.now_us) * call.key.uniform("answer"))
        self.docket.plan(self._tenant.agenda, call.now_us + wait_us, case, self._answer)
        return case

    def view(self, case: Case[Question]) -> dict[str, Any]:
        """The inquiry as answers show it."""
        return {
            **case.view(self._tenant, self._tenant.now_us),
            "topic": case.subject.topic,
            "answer": case.subject.answer,
        }

    def _answer(self, case: Case[Question], now_us: int) -> None:
        question = case.subject
        organization = self._tenant.records.organization_by_inn(case.inn)
        question.answer = _answer_about(question.topic, organization)
        case.move("answered", now_us)
        self._tenant.feed("fns").publish(
            f"{case.number}/answered",
            {"kind": "inquiry", "case": self.view(case)},
            case.key.about("answered"),
            now_us,
        )
        self._tenant.inboxes.deliver(
            Message(
                id=f"inquiry/{case.number}",
                channel="email",
                to=question.email,
                text=question.answer,
                sent_us=now_us,
                delivered_us=now_us,
                subject=f"Ответ на обращение {case.number}",
                sender="ФНС России",
            )
        )


def _answer_about(topic: Topic, organization: Organization | None) -> str:
    if organization is None:
        return "Организации с таким ИНН нет в реестрах."
    match topic:
        case "inn":
            state = STANDINGS[organization.standing]
            return f"ИНН {organization.inn}: {organization.short_name}, {state}."
        case "kpp":
            return f"КПП по месту нахождения: {organization.kpp or 'не присваивается'}."
        case "authority":
            since = f"{organization.head.since:%d.%m.%Y}"
            position = organization.head.position
            return f"Без доверенности действует {position}, сведения внесены {since}."


# --- handlers


def ask(call: Call) -> Answer:
    """Pass an inquiry on."""
    inquiry = call.request.read(Inquiry)
    inquiries = call.tenant.state(Inquiries)
    return filed(inquiries.docket, inquiry, lambda: inquiries.open(call, inquiry), inquiries.view)


def show(call: Call) -> Answer:
    """What has become of an inquiry."""
    inquiries = call.tenant.state(Inquiries)
    return json_answer(inquiries.view(inquiries.docket.case(call.values["number"])))
