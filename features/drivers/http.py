"""The driver `http`: portal and country really served on loopback, each scenario a tenant of its
own, whose time the admin API moves."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import requests

from features.driver import Broken, Capability, Outcome, Received, Settings
from features.personas import Persona
from mocks.admin import PREFIX
from mocks.catalogue import SERVICES
from mocks.controls import TenantControls
from mocks.core.country import Country
from mocks.core.journal import listing
from mocks.server.serving import Server, serving
from poligon.portals import Portals
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.http.admission import Limits, RateLimiter
from rulebook import RuleBook
from world.country import World

__all__ = ["HttpPortal", "HttpStand", "open_stand"]

_SEED: Final = 1
_TIMEOUT_S: Final = 600.0  # a year of work may be on the way
# Scenarios enter passwords by the dozen: argon2id at its cheapest.
_PASSWORDS: Final = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)


class HttpStand:
    """A server of the country with the portals of its tenants."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._open = ExitStack()
        self._country = Country(SERVICES, seed=_SEED)
        self._portals = Portals(self._country, _PASSWORDS)
        self._open.callback(self._portals.close)
        self._server: Server = self._open.enter_context(
            serving(self._country, guests=self._portals.guests)
        )
        self._portals.begin(self._server.url)

    def portal(self, scenario: str) -> "HttpPortal":
        """As the protocol says."""
        name = _tenant_name(scenario)
        return HttpPortal(self._server.url, name, self._country, self._portals, self._book)

    def close(self) -> None:
        """As the protocol says."""
        self._open.close()


class HttpPortal:
    """A tenant's portal as its users have it: by HTTP alone, but for its parameters."""

    capabilities: frozenset[Capability] = frozenset(
        {"time", "faults", "records", "policy", "inbox", "outside", "load"}
    )

    def __init__(
        self, address: str, name: str, country: Country, portals: Portals, book: RuleBook
    ) -> None:
        self._country = country
        self._portals = portals
        self._book = book
        self._address = f"{address}/{name}"
        self._admin = f"{address}{PREFIX}/tenants/{name}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._asked("PUT", self._admin)
        self._tenant = TenantControls(country, name, self._address)
        self._overrides: dict[str, Any] = {}
        self._tokens: dict[str, str] = {}

    @property
    def world(self) -> World:
        """As the protocol says."""
        return self._country.world

    def now(self) -> dt.datetime:
        """As the protocol says."""
        return self._tenant.clock.now

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """As the protocol says."""
        path = f"{self._address}/portal/v1/{use_case.replace('_', '-')}"
        headers = self._headers(persona)
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = self._session.post(path, json=payload, headers=headers, timeout=_TIMEOUT_S)
        outcome = _outcome(answer)
        token = outcome.data.get("token")
        if outcome.refusal is None and isinstance(token, str):
            self._tokens[persona.name] = token
        return outcome

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """As the protocol says; a long list with all its pages."""
        path = f"{self._address}/portal/v1/{view.replace('_', '-')}"
        given = {name: _written(value) for name, value in query.items() if value is not None}
        headers = self._headers(persona)
        items: list[Any] = []
        following: str | None = None
        while True:
            paging = {} if following is None else {"cursor": following}
            answer = self._session.get(
                path, params={**given, **paging}, headers=headers, timeout=_TIMEOUT_S
            )
            outcome = _outcome(answer)
            items += outcome.data.get("items", [])
            following = answer.json().get("next")
            if following is None:
                break
        if "items" in outcome.data:
            return replace(outcome, data={**outcome.data, "items": items})
        return outcome

    def inbox(self, contact: str) -> Sequence[Received]:
        """As the protocol says."""
        found = self._asked("GET", f"{self._admin}/inboxes/{quote(contact, safe='')}").json()
        return [
            Received(channel=each["channel"], subject=each["subject"], text=each["text"])
            for each in found
        ]

    def advance(self, by: str) -> None:
        """As the protocol says: the admin API stops at each moment for which the portal has planned
        something."""
        self._asked("POST", f"{self._admin}/clock/advance", {"by": by})

    def override(self, parameter: str, value: Any) -> None:
        """As the protocol says, for the portal and the registries alike."""
        self._overrides[parameter] = value
        policy = self._book.policy(self._overrides)
        tenant = self._tenant.state
        self._portals.of(tenant).portal.policy = policy
        with tenant.lock:
            tenant.policy = policy

    def limit(self, burst: int, per_second: float) -> None:
        """As the protocol says."""
        served = self._portals.of(self._tenant.state).served
        limits = Limits(burst=burst, per_second=per_second)
        served.rates = RateLimiter(limits, lambda: self.now().timestamp())

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._asked("POST", f"{self._admin}/faults", fault)

    def end_fault(self, fault_id: str) -> None:
        """As the protocol says."""
        self._asked("DELETE", f"{self._admin}/faults/{quote(fault_id, safe='')}")

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._tenant.records.change_organization(index, changes)

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._tenant.records.change_person(index, changes)

    def outside(self, service: str) -> str:
        """As the protocol says."""
        return f"{self._address}/{service}"

    def calls(self) -> str:
        """As the protocol says."""
        return listing(self._tenant.journal)

    def close(self) -> None:
        """As the protocol says."""
        self._asked("DELETE", self._admin)
        self._session.close()

    # --- inside

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

    def _asked(self, method: str, address: str, body: object = None) -> requests.Response:
        answer = self._session.request(method, address, json=body, timeout=_TIMEOUT_S)
        if not answer.ok:
            raise AssertionError(f"{method} {address}: {answer.status_code} {answer.text}")
        return answer


def open_stand(settings: Settings) -> HttpStand:
    """The stand of the driver `http`; ValueError for an address, it serves itself."""
    if settings.base_url is not None:
        raise ValueError("--base-url: the driver http serves the portal itself")
    return HttpStand(settings.book)


def _outcome(answer: requests.Response) -> Outcome:
    """What an answer says; AssertionError for one that is neither an outcome of a use case nor
    names a rule."""
    body = answer.json()
    if "state" not in body and "violations" not in body:
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


def _tenant_name(scenario: str) -> str:
    """A name that no other scenario has, also of another file."""
    words = re.sub(r"[^a-z0-9]+", "-", scenario.rpartition("/")[2].partition("::")[0]).strip("-")
    return f"{words[:40]}-{hashlib.sha256(scenario.encode()).hexdigest()[:16]}"
