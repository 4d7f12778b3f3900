"""A representative's authority confirmed by a code through the tax service (REG-16).

The code goes to the cabinet of the head of the organization, an inbox whose address is the head's
ИНН; whoever has it from the head enters it on the portal.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission, organization_of
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.filing import filed
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.inboxes import Message
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.identifiers import is_valid_person_inn
from world.microseconds import DAY_US

__all__ = ["CODE_ATTEMPTS", "CODE_LIFETIME_US", "AuthorityCodes", "confirm", "send", "show"]

# Assumptions: the sources say that the code exists, and no more.
CODE_LIFETIME_US: Final = DAY_US
CODE_ATTEMPTS: Final = 3
_CODES: Final = 10**6

TABLE: Final = StateTable(
    titles={
        "sent": "Код отправлен руководителю",
        "confirmed": "Полномочия подтверждены",
        "expired": "Срок кода истёк",
        "blocked": "Код заблокирован: попытки исчерпаны",
    },
    follows={
        "sent": frozenset({"confirmed", "expired", "blocked"}),
        "confirmed": frozenset(),
        "expired": frozenset(),
        "blocked": frozenset(),
    },
)


class AuthorityRequest(Submission):
    """Who is to represent the organization; the ИНН of a person."""

    representative_inn: str


class CodeEntry(BaseModel):
    """The code that the representative has entered."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


@dataclass(eq=False)
class Authority:
    """Whom a code is about, and what it is."""

    representative_inn: str
    head: int
    code: str
    attempts_left: int = CODE_ATTEMPTS


class AuthorityCodes:
    """The codes of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.docket: Docket[Authority] = Docket("CODE", TABLE)

    def send(self, call: Call, request: AuthorityRequest) -> Case[Authority]:
        """A code for the head; Refusal 404 if the organization or the representative is unknown."""
        organization = organization_of(call, request.inn, request.ogrn)
        representative = self._tenant.records.person_by_inn(request.representative_inn)
        if representative is None:
            message = f"ИНН {request.representative_inn} никому не присвоен"
            raise Refusal(404, "no-such-person", message, field="representative_inn")
        code = f"{call.key.word('code') % _CODES:06}"
        head = self._tenant.records.person(organization.head.person)
        authority = Authority(request.representative_inn, head.index, code)
        expires_us = call.now_us + CODE_LIFETIME_US
        case = self.docket.open(call, request, authority, due_us=expires_us)
        self.docket.plan(self._tenant.agenda, expires_us, case, _expire)
        if not self._tenant.hit("loss", call.service, call.key):
            text = f"Код подтверждения полномочий: {code}. {representative.name} — представитель"
            self._deliver(case, head.inn, f"{text} организации {organization.short_name}", call)
        return case

    def confirm(self, call: Call, number: str, code: str) -> Case[Authority]:
        """The authority is confirmed; Refusal 409 once it cannot be, 422 for a wrong code."""
        case = self.docket.case(number)
        authority = case.subject
        if case.state == "confirmed" and code == authority.code:
            return case
        case.require("sent")
        organization = organization_of(call, case.inn)
        if organization.head.person != authority.head:
            raise Refusal(409, "head-changed", "Руководитель сменился: запросите новый код")
        if code != authority.code:
            authority.attempts_left -= 1
            if not authority.attempts_left:
                case.move("blocked", call.now_us)
            message = f"Код неверен; осталось попыток: {authority.attempts_left}"
            raise Refusal(422, "wrong-code", message, field="code")
        case.move("confirmed", call.now_us)
        return case

    def view(self, case: Case[Authority]) -> dict[str, Any]:
        """The request as answers show it, without the code."""
        return {
            **case.view(self._tenant, self._tenant.now_us),
            "representative_inn": case.subject.representative_inn,
            "attempts_left": case.subject.attempts_left,
        }

    def _deliver(self, case: Case[Authority], to: str, text: str, call: Call) -> None:
        self._tenant.inboxes.deliver(
            Message(
                id=f"authority/{case.number}",
                channel="push",
                to=to,
                text=text,
                sent_us=call.now_us,
                delivered_us=call.now_us,
                subject="Подтверждение полномочий представителя",
                sender="ФНС России",
                fields={"code": case.subject.code, "request": case.number},
            )
        )


def _expire(case: Case[Authority], now_us: int) -> None:
    if case.state == "sent":
        case.move("expired", now_us)


# --- handlers


def send(call: Call) -> Answer:
    """Ask for a code; the same request again sends no second one."""
    request = call.request.read(AuthorityRequest)
    if not is_valid_person_inn(request.representative_inn):
        message = "ИНН представителя: ожидается 12 цифр с верным контрольным числом"
        raise Refusal(422, "bad-inn", message, field="representative_inn")
    codes = call.tenant.state(AuthorityCodes)
    return filed(codes.docket, request, lambda: codes.send(call, request), codes.view)


def show(call: Call) -> Answer:
    """What has become of a code."""
    codes = call.tenant.state(AuthorityCodes)
    return json_answer(codes.view(codes.docket.case(call.values["number"])))


def confirm(call: Call) -> Answer:
    """Enter the code."""
    codes = call.tenant.state(AuthorityCodes)
    entry = call.request.read(CodeEntry)
    return json_answer(codes.view(codes.confirm(call, call.values["number"], entry.code)))
