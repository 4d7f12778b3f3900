"""Roles of an organization: the rule book's, and those it puts together itself (ROLE-02)."""

from dataclasses import dataclass, replace

from portal.employees.notice import tell_of_role
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import Organization
from portal.organizations.own_role import OwnRole, known_roles, role_rights
from portal.organizations.own_things import of_organization
from portal.rules import roles
from portal.rules.rights import MANAGE_USERS, SIGN
from portal.rules.roles import OwnRoleDraft
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = ["NewRole", "RoleChange", "RolesQuery", "change_role", "create_role", "list_roles"]


@dataclass(frozen=True, kw_only=True)
class NewRole:
    """A role of an organization's own: how it is called and what it may."""

    organization: str
    title: str
    rights: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleChange(NewRole):
    """A role as it is to be from now on, for everybody who is in it."""

    role: str


@dataclass(frozen=True, kw_only=True)
class RolesQuery:
    """The organization whose roles are wanted."""

    organization: str


@use_case(NewRole)
@in_organization(MANAGE_USERS)
def create_role(context: Context, form: NewRole, found: Organization) -> Outcome:
    """Put a role together of single rights."""
    violations = _wrong(context, form)
    if violations:
        return refused(violations)
    made = context.unit.put(
        OwnRole(
            id=context.portal.ports.entropy.token("role"),
            organization=found.id,
            title=form.title.strip(),
            rights=tuple(dict.fromkeys(form.rights)),
            made_by=context.actor.account or "",
            at=context.now,
        )
    )
    context.note("create_role", found.id, "created", role=made.id, rights=list(made.rights))
    return Outcome(state="created", data={"role": made.id, "title": made.title})


@use_case(RoleChange)
@in_organization(MANAGE_USERS)
def change_role(context: Context, form: RoleChange, found: Organization) -> Outcome:
    """Give a role of one's own another title or other rights; they hold at once."""
    role = of_organization(context, found, context.unit.get(OwnRole, form.role), "role")
    if role is None:
        return Outcome(state="absent", refusal="absent")
    violations = _wrong(context, form)
    if violations:
        return refused(violations)
    rights = tuple(dict.fromkeys(form.rights))
    context.unit.put(replace(role, title=form.title.strip(), rights=rights))
    for member in members_of(context, found.id):
        if member.role == role.id:
            tell_of_role(context, found, member)
    context.note("change_role", found.id, "changed", role=role.id, rights=list(rights))
    return Outcome(state="changed", data={"role": role.id})


@view(RolesQuery)
@in_organization()
def list_roles(context: Context, query: RolesQuery, found: Organization) -> Outcome:
    """Every role with its title and rights: the rule book's first."""
    items = [
        {
            "id": role,
            "title": title,
            "own": role not in context.portal.book.roles,
            "rights": sorted(role_rights(context, role)),
        }
        for role, title in known_roles(context, found.id).items()
    ]
    return Outcome(state="shown", data={"items": items})


def _wrong(context: Context, form: NewRole) -> tuple[Violation, ...]:
    """Who signs for an organization the law and the register say: no role of its own gives that."""
    known = context.portal.book.rights.keys() - {SIGN}
    claim = OwnRoleDraft(title=form.title, rights=form.rights, known=known)
    return roles.own_role_of_rights(claim, context.policy)
