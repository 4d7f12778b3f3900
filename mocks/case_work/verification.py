"""Verification of an organization's data by an agency (chapter VER): case, remarks, query.

An agency compares the data with its registers when its work on the case is done, not when the
case is filed. Numbers agree or they do not; about texts alone an officer of the registering
authority asks the applicant first (VER-10), once in a case.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar

from mocks.case_work.applicants import Submission, check_numbers
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.filing import filed
from mocks.case_work.work import Work, take_in
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Answer, Refusal
from mocks.core.register import request_id_taken
from mocks.core.service import Call
from mocks.core.tenant import Tenant

__all__ = ["FALSE_REFUSAL", "LOST_CASE", "OWN_FAULTS", "STATUS_LAG", "Remark", "Verifications"]

D = TypeVar("D", bound=Submission)

Status: TypeAlias = Literal["waiting", "in_progress", "completed"]

STATUSES: Final[dict[Status, str]] = {
    "waiting": "Ожидание",
    "in_progress": "В процессе",
    "completed": "Завершено",
}
"""What VER-01 calls the status of a check."""

TABLE: Final = StateTable(
    titles={
        "checking": "Сведения сверяются с реестром",
        "officer": "Сотрудник готовит запрос заявителю",
        "clarification": "Ожидается ответ заявителя",
        "remarks": "Проверка завершена с замечаниями",
        "agreed": "Проверка завершена успешно",
    },
    follows={
        "checking": frozenset({"checking", "officer", "remarks", "agreed"}),
        "officer": frozenset({"checking", "clarification"}),
        "clarification": frozenset({"checking"}),
        "remarks": frozenset({"checking"}),
        "agreed": frozenset(),
    },
)

OFFICER: Final = "registry_officer"  # whose station gives the time of a query (VER-10)

LOST_CASE, FALSE_REFUSAL, STATUS_LAG = "lost_case", "false_refusal", "status_lag"
OWN_FAULTS: Final = {
    LOST_CASE: "принятое дело теряется: номер выдан, но дела с ним нет",
    FALSE_REFUSAL: "верные сведения объявляются ненайденными в реестре (OPS-07)",
    STATUS_LAG: "статус дела отстаёт: отвечает тем, что показал в прошлый раз (OPS-07)",
}

_URGENT: Final = -1  # before ordinary cases, which have 0
_MOST_CASES: Final = 50_000  # twice what is in hand on an ordinary day (scenario ordinary_week)
_MOST_STEPS: Final = 100  # of a case's history: resubmissions are not limited (VER-03)


@dataclass(frozen=True, slots=True)
class Remark:
    """A discrepancy (VER-03): the wrong field, a stable code, what the applicant reads."""

    field: str
    code: str
    message: str


@dataclass(eq=False)
class Comparison(Generic[D]):
    """What is compared in a case now, and what has come of it; `round` counts from 1."""

    data: D
    work: Work | None = None
    round: int = 1
    urgent: bool = False
    asked: bool = False
    remarks: tuple[Remark, ...] = ()
    explanation: str | None = None
    shown: dict[str, Any] | None = None


class Verifications(ABC, Generic[D]):
    """One agency's verification cases; an agency says what it compares.

    `service` works on them, `prefix` begins their numbers, `texts` are fields about which an
    officer asks before they become remarks.
    """

    service: ClassVar[str]
    prefix: ClassVar[str]
    texts: ClassVar[frozenset[str]]

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._docket: Docket[Comparison[D]] = Docket(
            self.prefix, TABLE, _MOST_CASES, lambda case: self._stop_work(case, tenant.now_us)
        )

    @abstractmethod
    def remarks(self, data: D) -> list[Remark]:
        """Every discrepancy between `data` and the registers."""

    # --- what the portal asks for

    def submit(self, call: Call, data: D) -> Answer:
        """File a case; the same request again gives the case that it has opened.

        Refusal 422 for wrong check digits, also of data that are changed later.
        """
        check_numbers(data.inn, data.ogrn)
        return filed(self._docket, data, lambda: self._opened(call, data), self._view)

    def _opened(self, call: Call, data: D) -> Case[Comparison[D]]:
        due_us = self._guaranteed_us(call.now_us)
        case = self._docket.open(call, data, Comparison(data), "Сведения поданы", due_us)
        work = self._compare(case, call.key)
        take_in(self._docket, case, work, call.now_us)
        if call.hit(LOST_CASE):
            work.withdraw(call.now_us)  # the answer still tells of it
            self._docket.forget(case)
        return case

    def show(self, call: Call, number: str) -> dict[str, Any]:
        """The case as it stands."""
        case = self._docket.case(number)
        shown = case.subject.shown
        return shown if shown is not None and call.hit(STATUS_LAG) else self._view(case)

    def change(self, call: Call, number: str, data: D) -> dict[str, Any]:
        """Other data for the case: the check begins anew (VER-03, VER-04).

        Data that are already being checked change nothing; Refusal 409 once all has agreed, 403 if
        they are of another organization.
        """
        case = self._own(number, data)
        if not self._known(case, data):
            case.require("checking", "officer", "clarification", "remarks")
            if case.state == "remarks" or _content(data) != _content(case.subject.data):
                self._begin_anew(case, call, data, "Сведения изменены")
        return self._view(case)

    def answer(self, call: Call, number: str, explanation: str, data: D) -> dict[str, Any]:
        """The applicant's answer to the officer's query, with the data to go on with (VER-10)."""
        case = self._own(number, data)
        repeated = self._known(case, data) and case.subject.explanation == explanation
        if not repeated:
            case.require("clarification")
            self._begin_anew(case, call, data, "Заявитель ответил на запрос")
            case.subject.explanation = explanation
        return self._view(case)

    def hurry(self, call: Call, number: str) -> dict[str, Any]:
        """Go before ordinary cases; Refusal 409 within the guaranteed term (VER-06)."""
        case = self._docket.case(number)
        case.require("checking", "officer")
        if case.due_us is None or call.now_us <= case.due_us:
            message = "Гарантированный срок проверки ещё не вышел: приоритет не повышается"
            raise Refusal(409, "too-early", message)
        case.subject.urgent = True
        if case.subject.work is not None:
            case.subject.work.hurry(_URGENT)
        return self._view(case)

    def _own(self, number: str, data: D) -> Case[Comparison[D]]:
        case = self._docket.case(number)
        if case.inn != data.inn:
            message = f"Дело {number} открыто по другому ИНН"
            raise Refusal(403, "foreign-case", message, field="inn")
        return case

    # --- what happens by itself

    def _compare(self, case: Case[Comparison[D]], key: DrawKey) -> Work:
        def decide(now_us: int) -> None:
            self._decide(case, key, now_us)

        work = Work(self._tenant, self.service, case.number, key, decide)
        case.subject.work = work
        return work

    def _decide(self, case: Case[Comparison[D]], key: DrawKey, now_us: int) -> None:
        subject = case.subject
        remarks = self.remarks(subject.data)
        if not remarks and self._tenant.hit(FALSE_REFUSAL, self.service, key):
            remarks = [Remark("inn", "not_found", "Организации с таким ИНН нет в реестре")]
        if not remarks:
            self._close(case, "agreed", key, now_us)
        elif subject.asked or any(remark.field not in self.texts for remark in remarks):
            subject.remarks = tuple(remarks)
            self._close(case, "remarks", key, now_us)
        else:
            subject.remarks = tuple(remarks)
            self._ask(case, key, now_us)

    def _ask(self, case: Case[Comparison[D]], key: DrawKey, now_us: int) -> None:
        def send(at_us: int) -> None:
            case.subject.asked = True
            self._close(case, "clarification", key, at_us)

        self._move(case, "officer", now_us, "Дело передано сотруднику", case.due_us)
        work = Work(self._tenant, OFFICER, case.number, key.about("query"), send)
        if case.subject.urgent:
            work.hurry(_URGENT)
        case.subject.work = work
        work.begin_surely(now_us)

    def _begin_anew(self, case: Case[Comparison[D]], call: Call, data: D, comment: str) -> None:
        check_numbers(data.inn, data.ogrn)
        subject = case.subject
        self._stop_work(case, call.now_us)
        subject.data, subject.remarks, subject.urgent = data, (), False
        subject.round += 1
        self._move(case, "checking", call.now_us, comment, self._guaranteed_us(call.now_us))
        self._compare(case, call.key).begin_surely(call.now_us)

    def _close(self, case: Case[Comparison[D]], state: str, key: DrawKey, now_us: int) -> None:
        """The agency has done its part for now, and tells so (VER-05)."""
        case.subject.work = None
        self._move(case, state, now_us, "; ".join(r.message for r in case.subject.remarks))
        self._tenant.feed(self.service).publish(
            f"{case.number}/{case.subject.round}/{state}",
            {"kind": "verification", "case": self._described(case)},
            key.about(state),
            now_us,
        )

    def _stop_work(self, case: Case[Comparison[D]], now_us: int) -> None:
        if case.subject.work is not None:
            case.subject.work.withdraw(now_us)
            case.subject.work = None

    @staticmethod
    def _move(
        case: Case[Comparison[D]],
        state: str,
        now_us: int,
        comment: str,
        due_us: int | None = None,
    ) -> None:
        case.move(state, now_us, comment, due_us)
        del case.history[:-_MOST_STEPS]

    # --- reading

    def _guaranteed_us(self, now_us: int) -> int:
        """The last µs of the guaranteed term (VER-02)."""
        days = self._tenant.policy.count("VER-02.guarantee_working_days")
        return self._tenant.clock.calendar.deadline_working_days(now_us, days)

    @staticmethod
    def _known(case: Case[Comparison[D]], data: D) -> bool:
        """Whether the case has these data by this very request; Refusal 409 if by the same number
        it was given others."""
        last = case.subject.data
        if data.request_id != last.request_id:
            return False
        if data != last:
            raise request_id_taken(data.request_id)
        return True

    def _view(self, case: Case[Comparison[D]]) -> dict[str, Any]:
        case.subject.shown = self._described(case)
        return case.subject.shown

    def _described(self, case: Case[Comparison[D]]) -> dict[str, Any]:
        subject = case.subject
        status = _status(case)
        kept = case.view(self._tenant, self._tenant.now_us)
        told = () if case.state == "officer" else subject.remarks  # the query will tell them
        return {
            **kept,
            "request_id": subject.data.request_id,
            "inn": subject.data.inn,
            "status": status,
            "status_title": STATUSES[status],
            "stage": case.state,
            "stage_title": TABLE.titles[case.state],
            "round": subject.round,
            "urgent": subject.urgent,
            "result": case.state if status == "completed" else None,
            "remarks": [asdict(remark) for remark in told],
            "explanation": subject.explanation,
        }


def _status(case: Case[Comparison[D]]) -> Status:
    if case.state in ("agreed", "remarks"):
        return "completed"
    work = case.subject.work
    waits = case.state == "checking" and work is not None and not work.begun
    return "waiting" if waits else "in_progress"


def _content(data: Submission) -> dict[str, Any]:
    return data.model_dump(exclude={"request_id"})
