"""ФНС and ПФР verify an organization's data, asked through СМЭВ (VER-01, VER-09)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from lxml import etree

from portal.ports.unavailable import Unavailable
from portal.ports.verification import Agency, CaseView, HurriedTooEarly, Remark, UnknownCase
from portal.registries.reading import reading
from portal.registries.smev.envelopes import Kind, xml_text
from portal.registries.smev.queue import SmevQueue
from portal.registries.verification import case_state, data_for

__all__ = ["SmevVerification"]

_KINDS: Final[Mapping[Agency, Kind]] = {
    agency: Kind(
        f"urn://poligon/verification/{agency}/1.0.0", "VerificationRequest", "VerificationResponse"
    )
    for agency in ("fns", "pfr")
}

_NOT_OURS: Final = frozenset({"no-such-case", "foreign-case"})

_Parts: TypeAlias = Mapping[str, str | Mapping[str, str | int]]
"""What a request says by elements' names; data by fields' names."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as an agency's document shows it."""

    number: str
    inn: str
    status: str
    stage: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why the agency does not do what is asked; `error` is a stable code."""

    error: str


_Answer: TypeAlias = _Case | _Refused


class SmevVerification:
    """The port `DataVerification`. A repetition goes on waiting for the same answer."""

    def __init__(self, queue: SmevQueue) -> None:
        self._queue = queue

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        """As the port says."""
        parts = {"data": data_for(agency, request_id, data)}
        answer = self._asked(agency, "submit", request_id, parts)
        if isinstance(answer, _Refused):
            _makes_no_sense(agency, answer)
        return answer.number

    def state(self, agency: Agency, number: str, inn: str) -> CaseView:
        """As the port says."""
        shown = self._about(agency, "show", number, number)
        if isinstance(shown, _Refused):
            _makes_no_sense(agency, shown)
        if shown.inn != inn:
            raise UnknownCase(number)
        return CaseView(
            number=shown.number,
            state=case_state(shown.stage, shown.status),
            remarks=shown.remarks,
        )

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        """As the port says."""
        parts = {"data": data_for(agency, request_id, data)}
        return self._moved(
            agency,
            self._anew(agency, "change", number, request_id, parts),
            number,
            lambda: self.submit(agency, request_id, data),
        )

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        """As the port says."""
        parts: _Parts = {"text": text, "data": data_for(agency, request_id, data)}
        return self._moved(
            agency,
            self._anew(agency, "answer", number, request_id, parts),
            number,
            lambda: self.change(agency, number, request_id, data),
        )

    def hurry(self, agency: Agency, number: str) -> None:
        """As the port says."""
        answer = self._about(agency, "hurry", number, number)
        if isinstance(answer, _Refused) and answer.error == "too-early":
            raise HurriedTooEarly(number)

    # --- inside

    def _anew(
        self, agency: Agency, operation: str, number: str, request_id: str, parts: _Parts
    ) -> _Answer:
        """What begins a case anew: an answer how it was before is wanted no more."""
        self._queue.forget(_name(agency, "show", number))
        return self._about(agency, operation, number, request_id, parts)

    def _moved(
        self, agency: Agency, answer: _Answer, number: str, otherwise: Callable[[], str]
    ) -> str:
        """The number of the case that goes on; what it is too late for is done `otherwise`."""
        if isinstance(answer, _Case):
            return number
        if answer.error != "wrong-state":
            _makes_no_sense(agency, answer)
        return otherwise()

    def _about(
        self, agency: Agency, operation: str, number: str, name: str, parts: _Parts | None = None
    ) -> _Answer:
        answer = self._asked(agency, operation, name, {"number": number, **(parts or {})})
        if isinstance(answer, _Refused) and answer.error in _NOT_OURS:
            raise UnknownCase(number)
        return answer

    def _asked(self, agency: Agency, operation: str, name: str, parts: _Parts) -> _Answer:
        kind = _KINDS[agency]
        content = _document(kind, operation, parts)
        answer = self._queue.ask(agency, kind, _name(agency, operation, name), content)
        with reading(agency):
            return _read(kind, answer)


def _name(agency: Agency, operation: str, name: str) -> str:
    return f"{agency}/{operation}/{name}"


def _document(kind: Kind, operation: str, parts: _Parts) -> etree._Element:
    space = f"{{{kind.namespace}}}"
    root = etree.Element(space + kind.request, operation=operation, nsmap={"v": kind.namespace})
    for name, part in parts.items():
        element = etree.SubElement(root, space + name)
        if isinstance(part, str):
            element.text = xml_text(part)
        else:
            for field, value in part.items():
                etree.SubElement(element, space + field).text = xml_text(str(value))
    return root


def _read(kind: Kind, answer: etree._Element) -> _Answer:
    """ValueError for another document."""
    space = f"{{{kind.namespace}}}"

    def text(parent: etree._Element, name: str) -> str:
        found = parent.findtext(space + name)
        if found is None:
            raise ValueError(f"no {name} in {parent.tag}")
        return found

    if answer.tag != space + kind.response or len(answer) != 1:
        raise ValueError(f"an answer to another question: {answer.tag}")
    told = answer[0]
    if told.tag == f"{space}refusal":
        return _Refused(text(told, "error"))
    return _Case(
        number=text(told, "number"),
        inn=text(told, "inn"),
        status=text(told, "status"),
        stage=text(told, "stage"),
        remarks=tuple(
            Remark(text(each, "field"), text(each, "message"))
            for each in told.iterfind(f"{space}remark")
        ),
    )


def _makes_no_sense(agency: Agency, answer: _Refused) -> NoReturn:
    """A refusal that the portal gives no reason for: later perhaps."""
    raise Unavailable(agency, f"refused: {answer.error}")
