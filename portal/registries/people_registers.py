"""ФНС and МВД on people and accounts, over HTTP."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from portal.ports.people_registers import AuthorityVerdict, NamedPerson, PassportVerdict, Verdict
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpFns", "HttpMvd", "person_fields"]

_MATCH: Final = "match"


class HttpFns:
    """The port `Fns`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def check_person(self, person: NamedPerson, inn: str) -> tuple[Verdict, Sequence[str]]:
        """As the port says; an ИНН with wrong check digits is nobody's."""
        body = {**person_fields(person), "inn": inn}
        answer = self._client.json("POST", "/v1/person-checks", body=body, known=(422,))
        if answer.status == 422:
            return "not_found", ()
        with reading(self._client.system):
            return answer.content["result"], tuple(answer.content.get("fields", ()))

    def check_account(self, inn: str, bik: str, account: str) -> bool:
        """As the port says; an account that cannot be is not the organization's."""
        body = {"inn": inn, "bik": bik, "account": account}
        answer = self._client.json("POST", "/v1/account-checks", body=body, known=(404, 422))
        with reading(self._client.system):
            return answer.status == 200 and answer.content["result"] == _MATCH

    def ask_authority_code(
        self, request_id: str, inn: str, ogrn: str, representative_inn: str
    ) -> str | None:
        """As the port says."""
        body = {
            "request_id": request_id,
            "inn": inn,
            "ogrn": ogrn,
            "representative_inn": representative_inn,
        }
        answer = self._client.json("POST", "/v1/authority-codes", body=body, known=(404, 422))
        with reading(self._client.system):
            return None if answer.status in (404, 422) else answer.content["number"]

    def confirm_authority(self, number: str, code: str) -> AuthorityVerdict:
        """As the port says; what is no code of six digits is a wrong one."""
        path = f"/v1/authority-codes/{quote(number, safe='')}/confirmation"
        answer = self._client.json("POST", path, body={"code": code}, known=(404, 409, 422))
        if answer.status == 422:
            return "wrong_code"
        return "confirmed" if answer.status == 200 else "closed"


class HttpMvd:
    """The port `Mvd`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        """As the port says; a passport out of form is nobody's."""
        body = {
            **person_fields(person),
            "series": series,
            "number": number,
            "issued": issued.isoformat(),
        }
        answer = self._client.json("POST", "/v1/passport-checks", body=body, known=(422,))
        if answer.status == 422:
            return "not_found", ()
        with reading(self._client.system):
            return answer.content["result"], tuple(answer.content.get("fields", ()))


def person_fields(person: NamedPerson) -> dict[str, Any]:
    """A person as services are asked about one."""
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date.isoformat(),
    }
