"""Verification cases of ФНС and ПФР on a clock that a reader can follow.

Two servers and an officer, a day for a check, an hour for a query; the clock starts on
Monday 20 April 2026 at midnight.
"""

import json
from typing import Any

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.service import Service
from tests.mocks.asking import ask, ask_json
from tests.sim.tracing import scenario

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US

SCENARIO = """
stations:
  fns: {servers: 2, service: {constant: 24h}, queue_limit: 2, discipline: priority, timeout: 60d}
  pfr: {servers: 2, service: {constant: 24h}, timeout: 60d}
  registry_officer: {servers: 1, service: {constant: 1h}, timeout: 60d}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys:
  j:
    start: fns
    nodes:
      fns: {serve: fns, next: pfr}
      pfr: {serve: pfr, next: officer}
      officer: {serve: registry_officer, next: done}
      done: {end: completed}
"""


Case = dict[str, Any]
Stage = tuple[str, str, str | None]


def country_of(*services: Service) -> Country:
    return Country(list(services), scenario=scenario(SCENARIO, horizon="30d"))


def plan(country: Country, service: str, kind: str, **fields: object) -> None:
    fault = {"id": kind.replace("_", "-"), "service": service, "kind": kind, **fields}
    country.tenant().plan_fault(Fault.model_validate(fault))


class Agency:
    """One agency's verifications, asked as the portal asks."""

    def __init__(self, country: Country, service: str) -> None:
        self.country = country
        self._path = f"/{service}/v1/verifications"
        self._service = service

    def submit(self, data: dict[str, Any]) -> Any:
        return ask_json(self.country, "POST", self._path, data)

    def show(self, number: str) -> Any:
        return ask_json(self.country, "GET", f"{self._path}/{number}")

    def change(self, number: str, data: dict[str, Any]) -> Any:
        return ask_json(self.country, "PUT", f"{self._path}/{number}/data", data)

    def answer(self, number: str, text: str, data: dict[str, Any]) -> Any:
        body = {"text": text, "data": data}
        return ask_json(self.country, "POST", f"{self._path}/{number}/clarification", body)

    def hurry(self, number: str) -> Any:
        return ask_json(self.country, "POST", f"{self._path}/{number}/priority")

    def refused(self, method: str, path: str, body: object = b"") -> tuple[int, str]:
        answer = ask(self.country, method, f"{self._path}{path}", body)
        return answer.status, error_of(answer.body)

    def events(self) -> list[tuple[str, str]]:
        """What the feed tells, with the time."""
        page = ask_json(self.country, "GET", f"/{self._service}/v1/events")
        return [(event["id"], event["at"]) for event in page["events"]]

    def advance(self, us: int) -> None:
        self.country.tenant().advance(us)


def error_of(body: bytes) -> str:
    return str(json.loads(body)["error"])


def stage(case: Case) -> Stage:
    return case["status_title"], case["stage"], case["result"]


def remarked(case: Case) -> list[tuple[str, str]]:
    return [(remark["field"], remark["code"]) for remark in case["remarks"]]
