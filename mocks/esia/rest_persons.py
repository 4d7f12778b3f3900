"""`/rs/prns/{oid}`: a person's data, as far as the marker opens them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.esia import person_data
from mocks.esia.addresses import base_url
from mocks.esia.errors import rest_refusal
from mocks.esia.grants import Grant
from mocks.esia.oids import organization_oid, person_by_oid, person_oid
from mocks.esia.people import roles_of
from mocks.esia.rest import Element, allowed, bearer_grant, collection, embedded, oid_of, stamped
from mocks.esia.scopes import PERSON_SCOPES
from world.records import Person

__all__ = ["add_routes"]

_DOCUMENTS: Final = frozenset(
    {
        "id_doc",
        "medical_doc",
        "military_doc",
        "foreign_passport_doc",
        "drivers_licence_doc",
        "birth_cert_doc",
        "residence_doc",
        "temporary_residence_doc",
    }
)

_PARTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ctts": frozenset({"contacts", "email", "mobile"}),
        "addrs": frozenset({"addresses", "contacts"}),
        "docs": _DOCUMENTS,
        "kids": frozenset({"kid_fullname", "kid_birthdate"}),
        "vhls": frozenset({"vehicles"}),
        "roles": frozenset({"usr_org"}),
        "orgs": frozenset({"usr_org"}),
    }
)
"""Parts of a person's data and the areas that open them."""

# Names under which parts are put into the account itself.
_EMBEDDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contacts": "ctts",
        "addresses": "addrs",
        "documents": "docs",
        "kids": "kids",
        "vehicles": "vhls",
        "roles": "roles",
        "organizations": "orgs",
    }
)


def add_routes(service: Service) -> None:
    """Let `service` tell about people."""
    service.get("/rs/prns/{oid}")(_show)
    service.get("/rs/prns/{oid}/{part}")(_show_part)
    service.get("/rs/prns/{oid}//{part}")(_show_part)  # so sokolovs/esia-oauth2 asks for vehicles
    service.get("/rs/prns/{oid}/{part}/{id}")(_show_element)


def _show(call: Call) -> Answer:
    """The account; `embed=(contacts.elements,…)` puts parts in."""
    person, grant = _asked(call)
    oid = person_oid(person.index)
    body = person_data.main_fields(person, allowed(grant, oid, PERSON_SCOPES))
    wanted = embedded(call)
    for name, part in _EMBEDDED.items():
        if f"{name}.elements" in wanted or name in wanted:
            opened = allowed(grant, oid, _PARTS[part])
            is_whole = f"{name}.elements" in wanted
            body[name] = _collection(call, person, part, opened, is_whole)
    return json_answer(body)


def _show_part(call: Call) -> Answer:
    """A collection: links, or with `embed=(elements)` its elements."""
    person, part, opened = _asked_part(call)
    return json_answer(_collection(call, person, part, opened, "elements" in embedded(call)))


def _show_element(call: Call) -> Answer:
    """One element of a collection."""
    person, part, opened = _asked_part(call)
    wanted = f"/rs/prns/{person_oid(person.index)}/{part}/{call.values['id']}"
    for path, body in _elements(person, part, opened):
        if path == wanted:
            return json_answer(body)
    raise Refusal(404, "no-such-element", "Такого элемента нет")


def _collection(
    call: Call, person: Person, part: str, opened: frozenset[str], is_embedded: bool
) -> dict[str, Any]:
    roles = roles_of(call.tenant.records, person) if part in ("roles", "orgs") else []
    match part:
        case "roles":
            shown: list[Any] = [person_data.role_fields(person, role) for role in roles]
        case "orgs":
            shown = [
                f"{base_url(call)}/rs/orgs/{organization_oid(role.organization.index)}"
                for role in roles
            ]
        case _:
            return stamped(collection(call, _elements(person, part, opened), is_embedded))
    return {"stateFacts": ["hasSize"], "size": len(shown), "elements": shown}


def _elements(person: Person, part: str, opened: frozenset[str]) -> list[Element]:
    """Elements that have a path of their own; the country knows no children and no vehicles."""
    match part:
        case "ctts":
            return person_data.contacts(person, opened)
        case "addrs":
            return person_data.addresses(person)
        case "docs" if "id_doc" in opened:
            return person_data.documents(person)
    return []


def _asked(call: Call) -> tuple[Person, Grant]:
    """Whose account is asked for, and what the marker opens; nobody has opened nobody's."""
    grant = bearer_grant(call)
    person = person_by_oid(call.tenant.records, oid_of(call.values["oid"]))
    if person is None:
        raise rest_refusal("ESIA-005029")
    return person, grant


def _asked_part(call: Call) -> tuple[Person, str, frozenset[str]]:
    """The same with a part of the account and the areas that open it."""
    person, grant = _asked(call)
    part = call.values["part"]
    if part not in _PARTS:
        raise Refusal(404, "no-such-path", f"У учётной записи нет раздела {part[:50]}")
    return person, part, allowed(grant, person_oid(person.index), _PARTS[part])
