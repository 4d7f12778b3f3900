"""The taxpayer's cabinet over HTTP."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, get_args
from urllib.parse import quote

from portal.ports.tax_cabinet import AccessState, AccessView, NoSuchTaxpayer
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpTaxCabinet"]

_REQUESTS: Final = "/v1/access-requests"
_SCOPES: Final = ("registration", "reporting")
_PURPOSE: Final = "Налоговые сервисы в кабинете организации"
_STATES: Final[Mapping[str, AccessState]] = {each: each for each in get_args(AccessState)}
_UNKNOWN: Final = (404, 422)
_CLOSED: Final = 403


class HttpTaxCabinet:
    """The port `TaxCabinet`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def request_access(self, request_id: str, inn: str, ogrn: str, days: int) -> AccessView:
        """As the port says."""
        body = {
            "request_id": request_id,
            "inn": inn,
            "ogrn": ogrn,
            "scopes": list(_SCOPES),
            "days": days,
            "purpose": _PURPOSE,
        }
        answer = self._client.json("POST", _REQUESTS, body=body, known=_UNKNOWN)
        with reading(self._client.system):
            if answer.status in _UNKNOWN:
                raise NoSuchTaxpayer(str(answer.content["message"]))
            return _view(answer.content)

    def access(self, number: str) -> AccessView:
        """As the port says."""
        answer = self._client.json("GET", f"{_REQUESTS}/{quote(number, safe='')}")
        with reading(self._client.system):
            return _view(answer.content)

    def card(self, inn: str, number: str) -> Mapping[str, Any] | None:
        """As the port says."""
        path = f"/v1/organizations/{quote(inn, safe='')}"
        answer = self._client.json("GET", path, query={"access_request": number}, known=(_CLOSED,))
        with reading(self._client.system):
            return None if answer.status == _CLOSED else dict(answer.content)


def _view(told: Mapping[str, Any]) -> AccessView:
    return AccessView(
        number=str(told["number"]),
        state=_STATES[told["status"]],
        due=None if told["due"] is None else dt.datetime.fromisoformat(told["due"]),
    )
