"""ЕГРЮЛ and ЕГРИП asked in one line, and organizations to ask about."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.xml import parsed
from mocks.egrip.service import service as egrip
from mocks.egrul.service import service as egrul
from tests.mocks.asking import ask
from world.records import Organization

SCHEMAS = Path(__file__).parents[2].parent / "shared" / "schemas"
FILES = {"egrul": "egrul/fns-vipul-tosmv-ru.xsd", "egrip": "egrip/fns-vipip-tosmv-ru.xsd"}

UL = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
IP = "urn://x-artefacts-fns-vipip-tosmv-ru/311-15/4.0.5"


def new_country() -> Country:
    return Country([egrul, egrip], seed=1)


def register_of(organization: Organization) -> str:
    return "egrul" if organization.kind == "legal" else "egrip"


def request(organization: Organization, request_id: str = "1") -> str:
    if organization.kind == "legal":
        return legal_request(f"<ОГРН>{organization.ogrn}</ОГРН>", request_id)
    return proprietor_request(f"<ОГРНИП>{organization.ogrn}</ОГРНИП>", request_id)


def legal_request(number: str, request_id: str = "1") -> str:
    return (
        f'<FNSVipULRequest xmlns="{UL}" ИдДок="{request_id}"><ЗапросЮЛ>{number}</ЗапросЮЛ>'
        "</FNSVipULRequest>"
    )


def proprietor_request(number: str, request_id: str = "1") -> str:
    return (
        f'<FNSVipIPRequest xmlns="{IP}" ИдДок="{request_id}"><ЗапросИП>{number}</ЗапросИП>'
        "</FNSVipIPRequest>"
    )


def response(country: Country, organization: Organization) -> etree._Element:
    """The whole response document about `organization`."""
    answer = ask(country, "POST", f"/{register_of(organization)}/smev", request(organization))
    assert answer.status == 200, answer.body.decode()
    return parsed(answer.body)


def extract(country: Country, organization: Organization) -> etree._Element:
    """СвЮЛ or СвИП."""
    (found,) = response(country, organization)
    return found


def code(country: Country, organization: Organization) -> str | None:
    """КодОбр of the response, None if it is an extract."""
    return response(country, organization).findtext("{*}КодОбр")


def at(element: etree._Element, path: str) -> dict[str, str]:
    """Attributes of the only element at `path`, names without namespaces."""
    (found,) = all_at(element, path)
    return found


def text_at(element: etree._Element, path: str) -> str | None:
    """Text of the first element at `path`."""
    return element.findtext(anywhere(path))


def all_at(element: etree._Element, path: str) -> list[dict[str, str]]:
    """Attributes of every element at `path`."""
    found = element.findall(anywhere(path))
    return [{str(name): str(value) for name, value in e.attrib.items()} for e in found]


def anywhere(path: str) -> str:
    """`path` with names of any namespace."""
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def organizations(country: Country, fits: Callable[[Organization], bool]) -> Iterator[Organization]:
    """Organizations of the country that fit, from the first on."""
    every = (country.world.organization(index) for index in range(country.world.organizations))
    return filter(fits, every)


def one(country: Country, kind: str, standing: str = "active") -> Organization:
    """The first organization of that kind and standing."""
    found = organizations(country, lambda o: o.kind == kind and o.standing == standing)
    return next(found)


def plan(country: Country, service: str, kind: str, fault_id: str = "f", **how: object) -> None:
    """Let a fault of `kind` hit `service` from now on."""
    fault = {"id": fault_id, "service": service, "kind": kind, **how}
    country.tenant().plan_fault(Fault.model_validate(fault))


def change(country: Country, organization: Organization, **fields: object) -> Organization:
    """The record of `organization` with `fields`, changed at the tenant's time."""
    tenant = country.tenant()
    with tenant.lock:
        return tenant.records.change_organization(organization.index, fields, tenant.settle())


@cache
def schema(register: str) -> etree.XMLSchema:
    """The tax service's schema of the register's documents; skips where it is not at hand."""
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas lie beside the checkout only where it is developed")
    return etree.XMLSchema(etree.parse(SCHEMAS / FILES[register]))
