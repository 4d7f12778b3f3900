"""Courts and law of one country: its organizations, claims, subscriptions and events."""

import datetime as dt
import json
from typing import Any

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.courts_law.audits import audit_of
from mocks.courts_law.service import service
from tests.mocks.asking import ask, ask_json
from world.records import Organization

DAY_US = 86_400_000_000
COUNTRY = Country([service])  # 2 February 2026, 10:00
CALENDAR = COUNTRY.calendar


def country(*kinds: str) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        plan(kind)
    return COUNTRY


def plan(kind: str) -> None:
    fault = {"id": kind, "service": "courts_law", "kind": kind}
    COUNTRY.tenant().plan_fault(Fault.model_validate(fault))


def at(of: Country, *moment: int) -> None:
    of.tenant().set_time(CALENDAR.instant(dt.datetime(*moment)))  # type: ignore[arg-type]


def organization(index: int) -> Organization:
    return COUNTRY.world.organization(index)


def first_of(kind: str, tier: str) -> Organization:
    return next(
        one
        for index in range(500)
        if (one := organization(index)).kind == kind
        and one.tier == tier
        and one.standing == "active"
    )


def refused(of: Country, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = ask(of, "POST", f"/courts_law/{path}", body)
    return answer.status, json.loads(answer.body)["error"]


CLAIM = {
    "request_id": "s-1",
    "plaintiff_inn": organization(26).inn,
    "defendant_inn": organization(27).inn,
    "kopecks": 100_000_00,
}


def filed(of: Country) -> Any:
    return ask_json(of, "POST", "/courts_law/v1/cases", CLAIM)


def card(of: Country, case_id: str) -> Any:
    return ask_json(of, "GET", f"/courts_law/v1/cases/{case_id}")


def inspected(year: int) -> Organization:
    return next(
        one for i in range(2_000) if audit_of(1, one := organization(i), year, CALENDAR) is not None
    )


def subscribed(of: Country, *topics: str, inn: str | None = None, request_id: str = "p") -> str:
    body = {"request_id": request_id, "inn": inn, "topics": list(topics)}
    found: str = ask_json(of, "POST", "/courts_law/v1/subscriptions", body)["subscription_id"]
    return found


def events(of: Country, after: int = 0) -> list[dict[str, Any]]:
    page = ask_json(of, "GET", f"/courts_law/v1/events?after={after}&limit=1000")
    found: list[dict[str, Any]] = page["events"]
    return found


ADDED = {"inn": "7707083893", "ogrn": "1027700132195"}
