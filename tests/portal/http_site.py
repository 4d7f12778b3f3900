"""A portal of made-up acts, served, and a client of it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import requests

import portal.portal
from portal.accounts.session import SignedIn
from portal.http.admission import Limits
from portal.http.app import portal_app
from portal.http.served import Caller, ServedPortal
from portal.portal import Portal
from portal.ports.store import Conflict
from portal.rules.rule import Violation
from portal.use_case import Actor, Context, Outcome, UseCase, View
from rulebook import Text
from tests.portal.http_client import Client, served
from tests.portal.probe_acts import Nothing, Runs, Writing, install
from tests.portal.wiring import Stand, portal_with

__all__ = ["KERNEL", "Site", "rules", "site_client", "site_of_acts"]

KERNEL: Any = portal.portal  # where `install` has put the acts


def rules(answer: requests.Response) -> list[tuple[str, str | None]]:
    """The rules that a problem names, each with what exactly is wrong."""
    return [(each["rule"], each["reason"]) for each in answer.json()["violations"]]


def who(portal: Portal, caller: Caller) -> SignedIn:
    """Somebody by the bearer's token: an account, or `staff`."""
    token = caller.headers.get("authorization", "").removeprefix("Bearer ")
    if token == "staff":
        return SignedIn(actor=Actor(operator="Ольга"))
    if token == "closed":
        return SignedIn(actor=Actor(), violations=(Violation("AUTH-13", "device"),))
    return SignedIn(actor=Actor(account=token or None, ip=caller.ip))


class Site:
    """A portal of made-up acts and a client of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limits: Limits | None = None) -> None:
        self.runs: Runs = install(monkeypatch)
        self._open = ExitStack()
        self._monkeypatch = monkeypatch
        self._limits = limits or Limits()
        self.stand: Stand = portal_with()
        self.settled = 0
        self.add(UseCase("fail", Nothing, _fail, signed_in=False))
        self.add(UseCase("lose", Nothing, _lose, signed_in=False))
        self.add(UseCase("break_two", Writing, _break_two, signed_in=False))
        views = {"many": View("many", Nothing, _many, signed_in=False)}
        monkeypatch.setattr("portal.portal.VIEWS", {**KERNEL.VIEWS, **views})

    def add(self, case: UseCase[Any]) -> None:
        known = {**KERNEL.USE_CASES, case.name: case}
        self._monkeypatch.setattr("portal.portal.USE_CASES", known)

    def client(self) -> Client:
        for module in ("app", "exchange"):
            name = f"portal.http.{module}.USE_CASES"
            self._monkeypatch.setattr(name, KERNEL.USE_CASES)
            self._monkeypatch.setattr(f"portal.http.{module}.VIEWS", KERNEL.VIEWS)
        one = ServedPortal(
            portal=self.stand.portal, who=who, after_act=self._settle, limits=self._limits
        )
        return self._open.enter_context(served(portal_app(one)))

    def close(self) -> None:
        self._open.close()

    def _settle(self) -> None:
        self.settled += 1


def _fail(context: Context, form: Nothing) -> Outcome:
    raise ValueError("a secret that nobody is told")


def _lose(context: Context, form: Nothing) -> Outcome:
    raise Conflict("note a")


def _break_two(context: Context, form: Writing) -> Outcome:
    broken = (
        Violation("ID-01", "inn", Text("последние цифры 00", "the last digits are 00")),
        Violation("ID-02", "ogrn"),
    )
    return Outcome(state="refused", violations=broken, refusal="wrong", data={"attempts": 2})


def _many(context: Context, query: Nothing) -> Outcome:
    return Outcome(
        state="shown", data={"items": [{"id": number} for number in range(7)], "of": "x"}
    )


@pytest.fixture(name="site")
def site_of_acts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with closing(Site(monkeypatch)) as site:
        yield site


@pytest.fixture(name="client")
def site_client(site: Site) -> Client:
    return site.client()
