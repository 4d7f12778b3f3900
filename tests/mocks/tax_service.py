"""What tests of ФНС share: one country, short ways of asking it, an organization, a fault."""

import json
from typing import Any

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.fns.service import service
from tests.mocks.asking import ask, ask_json
from world.identifiers import person_inn
from world.records import Organization, Person

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NOBODY = person_inn("9900000000")  # no region has this code

COUNTRY = Country([service])  # its clock starts on Monday 2 February 2026 at 10:00


def fresh() -> Country:
    """The country as it was made."""
    COUNTRY.reset_tenant("main")
    return COUNTRY


def fail(country: Country, kind: str, **fields: object) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "fns", "kind": kind, **fields}
    country.tenant().plan_fault(Fault.model_validate(fault))


def post(country: Country, path: str, body: object) -> Any:
    return ask_json(country, "POST", f"/fns/v1{path}", body)


def get(country: Country, path: str) -> Any:
    return ask_json(country, "GET", f"/fns/v1{path}")


def refused(country: Country, method: str, path: str, body: object = b"") -> tuple[int, str]:
    answer = ask(country, method, f"/fns/v1{path}", body)
    return answer.status, json.loads(answer.body)["error"]


def legal(country: Country, standing: str = "active") -> Organization:
    """The first legal entity of that standing."""
    records = country.tenant().records
    organizations = (records.organization(index) for index in range(500))
    return next(o for o in organizations if (o.kind, o.standing) == ("legal", standing))


def person(country: Country, index: int = 7) -> Person:
    return country.tenant().records.person(index)
