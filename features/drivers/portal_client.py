"""Poligon's API of a portal, as its users have it: use cases and views by their routes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import requests

from features.driver import Broken, Outcome
from features.personas import Persona

__all__ = ["PortalClient"]

_TIMEOUT_S: Final = 600.0  # a year of work may be on the way


class PortalClient:
    """The users of one scenario at the portal whose API is at `address` (`…/portal/v1`); who has
    signed in is known by the `token` of an outcome."""

    def __init__(self, address: str, session: requests.Session) -> None:
        self._address = address
        self._session = session
        self._tokens: dict[str, str] = {}

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """As `PortalDriver` says."""
        headers = self._headers(persona)
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = self._session.post(
            self._route(use_case), json=payload, headers=headers, timeout=_TIMEOUT_S
        )
        outcome = _outcome(answer)
        token = outcome.data.get("token")
        if outcome.refusal is None and isinstance(token, str):
            self._tokens[persona.name] = token
        return outcome

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """As `PortalDriver` says; a long list with all its pages."""
        given = {name: _written(value) for name, value in query.items() if value is not None}
        headers = self._headers(persona)
        items: list[Any] = []
        following: str | None = None
        while True:
            paging = {} if following is None else {"cursor": following}
            answer = self._session.get(
                self._route(view), params={**given, **paging}, headers=headers, timeout=_TIMEOUT_S
            )
            outcome = _outcome(answer)
            items += outcome.data.get("items", [])
            following = answer.json().get("next")
            if following is None:
                break
        if "items" in outcome.data:
            return replace(outcome, data={**outcome.data, "items": items})
        return outcome

    # --- inside

    def _route(self, name: str) -> str:
        return f"{self._address}/{name.replace('_', '-')}"

    def _headers(self, persona: Persona) -> dict[str, str]:
        headers = {
            "User-Agent": quote(persona.device),
            "Poligon-Address": persona.ip,
            "Poligon-Region": persona.region,
            "Accept-Language": "ru",
        }
        if persona.kind == "operator":
            headers["Poligon-Operator"] = quote(persona.name)
        elif persona.name in self._tokens:
            headers["Authorization"] = f"Bearer {self._tokens[persona.name]}"
        return headers


def _outcome(answer: requests.Response) -> Outcome:
    """What an answer says; AssertionError for one that is neither an outcome of a use case nor
    names a rule."""
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = {}
    if not isinstance(body, dict) or ("state" not in body and "violations" not in body):
        raise AssertionError(f"{answer.url}: {answer.status_code} {answer.text}")
    return Outcome(
        state=body.get("state", "refused"),
        refusal=body.get("code"),
        data=body.get("data", {}),
        violations=tuple(
            Broken(each["rule"], each["field"], _message(each["message"], each["reason"]))
            for each in body.get("violations", ())
        ),
    )


def _message(message: str, reason: str | None) -> str:
    return message if reason is None else f"{message} ({reason})"


def _written(value: Any) -> Any:
    """A field of a query as it is written in a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
