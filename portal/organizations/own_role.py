"""Roles that organizations put together themselves, of single rights (ROLE-02)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from portal.store.entity import Entity
from portal.use_case import Context

__all__ = ["OwnRole", "known_roles", "role_rights", "role_title"]


@dataclass(frozen=True, kw_only=True)
class OwnRole(Entity):
    """A role of an organization's own: a title, and rights of the rule book's `rights`. A change of
    it holds at once for everybody who is in it."""

    KIND: ClassVar[str] = "own_role"

    organization: str
    title: str
    rights: tuple[str, ...]
    made_by: str
    at: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """By the organization."""
        return {"organization": self.organization}


def known_roles(context: Context, organization: str) -> dict[str, str]:
    """Titles of the roles of an organization by id: the rule book's, then its own."""
    preset = {role.id: role.name.ru for role in context.portal.book.roles.values()}
    own = context.unit.find(OwnRole, "organization", organization)
    return {**preset, **{role.id: role.title for role in own}}


def role_rights(context: Context, role: str) -> frozenset[str]:
    """The rights of a role, whoever's it is; none of one that there is no more."""
    if role in context.portal.book.roles:
        return frozenset(context.portal.book.rights_of(role))
    own = context.unit.get(OwnRole, role)
    return frozenset() if own is None else frozenset(own.rights)


def role_title(context: Context, role: str) -> str:
    """What people call a role; its id if there is none any more."""
    preset = context.portal.book.roles.get(role)
    if preset is not None:
        return preset.name.ru
    own = context.unit.get(OwnRole, role)
    return role if own is None else own.title
