"""Reports over HTTP: the intake of ФНС."""

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, get_args
from urllib.parse import quote

from portal.ports.reporting import FiledReport, IntakeState, ReportNotTaken, ReportView
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpReporting"]

_REPORTS: Final = "/v1/reports"
_NOT_TAKEN: Final = (400, 422)
_STATES: Final[Mapping[str, IntakeState]] = {each: each for each in get_args(IntakeState)}


class HttpReporting:
    """The port `Reporting`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def file(self, request_id: str, report: FiledReport) -> ReportView:
        """As the port says."""
        body = _body(request_id, report)
        answer = self._client.json("POST", _REPORTS, body=body, known=_NOT_TAKEN)
        with reading(self._client.system):
            told = answer.content
            if answer.status in _NOT_TAKEN:
                raise ReportNotTaken(str(told.get("field") or ""), str(told["message"]))
            return _view(told)

    def view(self, number: str) -> ReportView:
        """As the port says."""
        answer = self._client.json("GET", f"{_REPORTS}/{quote(number, safe='')}")
        with reading(self._client.system):
            return _view(answer.content)

    def paper(self, number: str, state: IntakeState) -> bytes:
        """As the port says."""
        path = f"{_REPORTS}/{quote(number, safe='')}/papers/{state}"
        content: bytes = self._client.bytes("GET", path).content
        return content


def _body(request_id: str, report: FiledReport) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "inn": report.inn,
        "ogrn": report.ogrn,
        "form": report.kind,
        "period_code": report.period_code,
        "year": report.year,
        "correction": report.correction,
        "lines": [{"code": code, "kopecks": sum_} for code, sum_ in report.lines.items()],
        "operations": [
            {"date": day.isoformat(), "kopecks": sum_} for day, sum_ in report.operations
        ],
        "signature": base64.b64encode(report.signature).decode(),
    }


def _view(told: Mapping[str, Any]) -> ReportView:
    return ReportView(
        number=str(told["number"]),
        state=_STATES[told["status"]],
        due=None if told["due"] is None else dt.datetime.fromisoformat(told["due"]),
        errors=tuple(map(str, told["errors"])),
    )
