"""`/rs/orgs/{oid}`: an organization's data, as far as the marker opens them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.records import Records
from mocks.core.service import Call, Service
from mocks.esia import organization_data
from mocks.esia.errors import rest_refusal
from mocks.esia.grants import Grant
from mocks.esia.oids import organization_by_oid, organization_oid, person_oid
from mocks.esia.rest import Element, allowed, bearer_grant, collection, embedded, oid_of, stamped
from mocks.esia.scopes import ORGANIZATION_SCOPES
from world.records import Organization

__all__ = ["add_routes"]

_PARTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ctts": frozenset({"org_ctts"}),
        "addrs": frozenset({"org_addrs"}),
        "emps": frozenset({"org_emps"}),
        "grps": frozenset({"org_grps"}),
        "brhs": frozenset({"org_brhs", "org_brhs_addrs", "org_brhs_ctts"}),
        "vhls": frozenset({"org_vhls"}),
    }
)
"""Parts of an organization's data and the areas that open them."""


def add_routes(service: Service) -> None:
    """Let `service` tell about organizations."""
    service.get("/rs/orgs/{oid}")(_show)
    service.get("/rs/orgs/{oid}/{part}")(_show_part)
    service.get("/rs/orgs/{oid}/{part}/{id}")(_show_element)
    service.get("/rs/orgs/{oid}/emps/{prn_oid}/grps")(_show_groups)


def _show(call: Call) -> Answer:
    """The account."""
    organization, grant = _asked(call)
    opened = allowed(grant, organization_oid(organization.index), ORGANIZATION_SCOPES)
    return json_answer(organization_data.main_fields(call.tenant.records, organization, opened))


def _show_part(call: Call) -> Answer:
    """A collection: links, or with `embed=(elements)` its elements."""
    elements = _asked_elements(call)
    return json_answer(stamped(collection(call, elements, "elements" in embedded(call))))


def _show_element(call: Call) -> Answer:
    """One element of a collection."""
    for path, body in _asked_elements(call):
        if path.rpartition("/")[2] == call.values["id"]:
            return json_answer(body)
    raise Refusal(404, "no-such-element", "Такого элемента нет")


def _show_groups(call: Call) -> Answer:
    """Groups of access of one employee."""
    organization, grant = _asked(call)
    allowed(grant, organization_oid(organization.index), _PARTS["grps"])
    is_head = oid_of(call.values["prn_oid"]) == person_oid(organization.head.person)
    found = organization_data.groups(organization) if is_head else []
    return json_answer(stamped(collection(call, found, "elements" in embedded(call))))


def _asked(call: Call) -> tuple[Organization, Grant]:
    """Whose account is asked for, and what the marker opens; nobody has opened nobody's."""
    grant = bearer_grant(call)
    organization = organization_by_oid(call.tenant.records, oid_of(call.values["oid"]))
    if organization is None:
        raise rest_refusal("ESIA-005029")
    return organization, grant


def _asked_elements(call: Call) -> list[Element]:
    organization, grant = _asked(call)
    part = call.values["part"]
    if part not in _PARTS:
        raise Refusal(404, "no-such-path", f"У организации нет раздела {part[:50]}")
    opened = allowed(grant, organization_oid(organization.index), _PARTS[part])
    return _elements(call.tenant.records, organization, part, opened)


def _elements(
    records: Records, organization: Organization, part: str, opened: frozenset[str]
) -> list[Element]:
    match part:
        case "ctts":
            return organization_data.contacts(organization)
        case "addrs":
            return organization_data.addresses(organization)
        case "emps":
            return organization_data.employees(records, organization)
        case "grps":
            return organization_data.groups(organization)
        case "brhs":
            return organization_data.branches(organization, opened)
    return []  # the country knows no vehicles
