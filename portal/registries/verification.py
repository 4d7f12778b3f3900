"""ФНС and ПФР verify an organization's data, asked over HTTP (VER-01)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from portal.ports.unavailable import Unavailable
from portal.ports.verification import (
    Agency,
    CaseState,
    CaseView,
    HurriedTooEarly,
    Remark,
    UnknownCase,
)
from portal.registries.http_client import Answer, HttpClient
from portal.registries.reading import reading

__all__ = ["HttpVerification", "case_state", "data_for"]

_FIELDS: Final[Mapping[Agency, frozenset[str]]] = {
    "fns": frozenset(
        {
            "inn",
            "ogrn",
            "kpp",
            "full_name",
            "address",
            "registered",
            "capital_kopecks",
            "head_last_name",
            "head_first_name",
            "head_patronymic",
            "head_inn",
        }
    ),
    "pfr": frozenset({"inn", "ogrn", "full_name", "insurer_number", "employees"}),
}
"""What each agency compares; the rest of an application is none of its business."""
_NUMBERS: Final = frozenset({"capital_kopecks", "employees"})
_STATES: Final[Mapping[str, CaseState]] = {
    "agreed": "completed",
    "remarks": "remarks",
    "clarification": "clarification",
}
_NOT_IN_STATE: Final = 409


def case_state(stage: str, status: str) -> CaseState:
    """Where a case is, by an agency's own words."""
    return _STATES.get(stage, "waiting" if status == "waiting" else "in_progress")


def data_for(agency: Agency, request_id: str, data: Mapping[str, str]) -> dict[str, str | int]:
    """What an agency is told: numbers as numbers, empty values not at all."""
    sent = {name: text for name, text in data.items() if name in _FIELDS[agency] and text}
    numbers = {name: int(text) for name, text in sent.items() if name in _NUMBERS}
    return {"request_id": request_id, **sent, **numbers}


class HttpVerification:
    """The port `DataVerification`, where agencies are asked directly."""

    def __init__(self, fns: HttpClient, pfr: HttpClient) -> None:
        self._clients: dict[Agency, HttpClient] = {"fns": fns, "pfr": pfr}

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        """As the port says."""
        body = data_for(agency, request_id, data)
        answer = self._clients[agency].json("POST", "/v1/verifications", body=body)
        with reading(agency):
            return str(answer.content["number"])

    def state(self, agency: Agency, number: str, inn: str) -> CaseView:
        """As the port says."""
        answer = self._about(agency, "GET", number)
        with reading(agency):
            told = answer.content
            if told["inn"] != inn:
                raise UnknownCase(number)
            return CaseView(
                number=told["number"],
                state=case_state(told["stage"], told["status"]),
                remarks=tuple(Remark(each["field"], each["message"]) for each in told["remarks"]),
            )

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        """As the port says."""
        body = data_for(agency, request_id, data)
        answer = self._about(agency, "PUT", number, "/data", body)
        if answer.status == _NOT_IN_STATE:  # all has agreed: it is a case of its own
            return self.submit(agency, request_id, data)
        return number

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        """As the port says."""
        body = {"text": text, "data": data_for(agency, request_id, data)}
        answer = self._about(agency, "POST", number, "/clarification", body)
        if answer.status == _NOT_IN_STATE:
            return self.change(agency, number, request_id, data)
        return number

    def hurry(self, agency: Agency, number: str) -> None:
        """As the port says."""
        answer = self._about(agency, "POST", number, "/priority")
        with reading(agency):
            if answer.status == _NOT_IN_STATE and answer.content["error"] == "too-early":
                raise HurriedTooEarly(number)

    def _about(
        self, agency: Agency, method: str, number: str, what: str = "", body: Any = None
    ) -> Answer:
        path = f"/v1/verifications/{quote(number, safe='')}{what}"
        known = (403, 404, _NOT_IN_STATE)
        answer = self._clients[agency].json(method, path, body=body, known=known)
        error = _error_of(answer)
        if answer.status == 404 or error == "foreign-case":
            raise UnknownCase(number)
        if answer.status == 403:
            raise Unavailable(agency, f"case {number}: refused: {error}")
        if answer.status == _NOT_IN_STATE and error == "request-id-taken":
            raise Unavailable(agency, f"case {number}: another request under the same number")
        return answer


def _error_of(answer: Answer) -> str:
    return str(answer.content.get("error")) if isinstance(answer.content, dict) else ""
