"""The cabinet of citizens on labour contracts, over HTTP."""

from collections.abc import Sequence
from typing import Final

from portal.ports.employment import Consent, TypedEmployee
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpEmployment"]

_SCOPES: Final = ["fullname", "inn", "employment"]
_PURPOSE: Final = "добавление сотрудника в кабинет организации"
_DAYS: Final = 30  # as long as an invitation and its repetition take; an assumption


class HttpEmployment:
    """The port `Employment`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def ask_consent(self, request_id: str, inn: str, snils: str) -> Consent | None:
        """As the port says; a СНИЛС with wrong check digits is nobody's."""
        body = {
            "request_id": request_id,
            "inn": inn,
            "snils": snils,
            "scopes": _SCOPES,
            "purpose": _PURPOSE,
            "days": _DAYS,
        }
        answer = self._client.json("POST", "/v1/consent-requests", body=body, known=(404, 422))
        if answer.status in (404, 422):
            return None
        with reading(self._client.system):
            return Consent(number=answer.content["consent_id"], state=answer.content["status"])

    def differing(self, consent: Consent, typed: TypedEmployee) -> Sequence[str]:
        """As the port says."""
        if consent.state != "approved":
            return ()
        body = {
            "consent_id": consent.number,
            "full_name": typed.full_name,
            "inn": typed.inn,
            "position": typed.position,
            "department": typed.department,
        }
        answer = self._client.json("POST", "/v1/employee-checks", body=body)
        with reading(self._client.system):
            return tuple(answer.content["fields"])
