"""The departments of an organization, by their codes (ROLE-06)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.rights import MANAGE_USERS
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, use_case, view

__all__ = ["DepartmentList", "DepartmentQuery", "Departments", "departments_of"]


@dataclass(frozen=True, kw_only=True)
class Departments(Entity):
    """Names of departments by code, of the organization of the same id."""

    KIND: ClassVar[str] = "departments"

    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department and its code."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DepartmentList:
    """All departments of an organization, in place of those that it had."""

    organization: str
    departments: tuple[Department, ...]


@dataclass(frozen=True, kw_only=True)
class DepartmentQuery:
    """The organization whose departments are wanted."""

    organization: str


@use_case(DepartmentList)
@in_organization(MANAGE_USERS)
def set_departments(context: Context, form: DepartmentList, found: Organization) -> Outcome:
    """Say which departments there are; employees keep those that they are in."""
    before = context.unit.get(Departments, found.id)
    names = {each.code.strip(): each.name.strip() for each in form.departments}
    version = 0 if before is None else before.version
    context.unit.put(Departments(id=found.id, version=version, names=names))
    context.note("set_departments", found.id, "set", departments=len(names))
    return Outcome(state="set", data={"departments": len(names)})


@view(DepartmentQuery)
@in_organization()
def departments(context: Context, query: DepartmentQuery, found: Organization) -> Outcome:
    """Departments by code."""
    names = departments_of(context, found.id)
    items = [{"id": code, "code": code, "name": names[code]} for code in sorted(names)]
    return Outcome(state="shown", data={"items": items})


def departments_of(context: Context, organization: str) -> Mapping[str, str]:
    """Names of an organization's departments by code."""
    found = context.unit.get(Departments, organization)
    return {} if found is None else found.names
