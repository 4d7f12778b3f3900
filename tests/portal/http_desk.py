"""A portal of fakes really served, with the cabinet of an organization and sessions of anybody."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
import requests
from starlette.types import Receive, Scope, Send

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal.accounts.session import Session
from portal.http.app import portal_app
from portal.http.document import path_of
from portal.http.served import SCOPE_KEY, ServedPortal
from portal.rules.sign_in import Method
from portal.store.unit import Unit
from portal.use_case import USE_CASES, Actor
from stand.portal_of_tenant import caller_of_stand
from tests.portal.cabinets import Cabinet
from tests.portal.http_client import Client, served
from tests.portal.wiring import portal_with

__all__ = ["Desk", "client", "code_of", "desk", "is_closed", "served_desk"]

# What a lacking right is called, where it has a name.
WITH_RULES = {
    "APP-06",
    "AUD-02",
    "UNB-01",
    "CERT-18",
    "PAY-03",
    "ROLE-01",
    "ROLE-03",
    "ROLE-04",
    "ROLE-13",
    "ROLE-14",
}


class Desk:
    """One application really served, with a new portal for each test: what one operation does
    (technical works, say) is not met by another."""

    def __init__(self) -> None:
        self._app = portal_app()
        self._sessions = 0
        self.renew()

    def renew(self) -> None:
        """A portal with the cabinet of one organization."""
        self.cabinet = Cabinet(portal_with())
        self._served = ServedPortal(portal=self.cabinet.stand.portal, who=caller_of_stand)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, SCOPE_KEY: self._served}, receive, send)

    def session(self, actor: Actor, method: Method = "signature") -> dict[str, str]:
        """Headers of a session that the actor has just opened."""
        self._sessions += 1
        token = f"token {self._sessions}"
        unit = Unit(self.cabinet.stand.store)
        unit.put(
            Session(
                id=hashlib.sha256(token.encode()).hexdigest(),
                account=actor.account or "",
                organization=actor.organization,
                method=method,
                device="device",
                ip="127.0.0.1",
                region="",
                opened=self.cabinet.stand.clock.now(),
            )
        )
        unit.commit()
        return {"Authorization": f"Bearer {token}"}

    def staff(self) -> dict[str, str]:
        """Headers of a member of the staff."""
        return {"Poligon-Operator": quote("Олег")}

    def example(self, name: str, **fields: Any) -> dict[str, Any]:
        """The example that the OpenAPI has of a form or a query, about this organization."""
        methods = self._app.openapi()["paths"][path_of(name)]
        if name in USE_CASES:
            form = dict(methods["post"]["requestBody"]["content"]["application/json"]["example"])
        else:
            asked = [each for each in methods["get"]["parameters"] if each["in"] == "query"]
            form = {each["name"]: each["example"] for each in asked if each.get("required")}
        if "organization" in form:
            form["organization"] = self.cabinet.id
        return {**form, **fields}

    def ask(
        self, client: Client, name: str, form: Mapping[str, Any], headers: Mapping[str, str]
    ) -> requests.Response:
        """The answer to a form of a use case, or a query of a view."""
        if name in USE_CASES:
            return client.post(path_of(name), json=form, headers=headers)
        return client.get(path_of(name), params=form, headers=headers)


@pytest.fixture(scope="module")
def served_desk() -> Iterator[tuple[Desk, Client]]:
    desk = Desk()
    with served(desk) as client:
        yield desk, client


@pytest.fixture
def desk(served_desk: tuple[Desk, Client]) -> Desk:
    served_desk[0].renew()
    return served_desk[0]


@pytest.fixture
def client(served_desk: tuple[Desk, Client]) -> Client:
    return served_desk[1]


def code_of(answer: requests.Response) -> str:
    """What has become of it: `done`, or the code of the problem."""
    return str(answer.json().get("code", "done"))


def is_closed(answer: requests.Response) -> bool:
    """Whether it was refused for who asks, whatever was asked."""
    broken = {each["rule"] for each in answer.json().get("violations", ())}
    code = code_of(answer)
    if code == "forbidden":
        return not broken or bool(broken & WITH_RULES)
    return code in ("unauthenticated", "absent")
