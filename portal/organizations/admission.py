"""What a use case or a view asks of whoever acts for an organization: declared where it is
registered, and asked there before anything else.

Strangers are told that there is no such organization; that they have tried is noted under the
act's name. So is what members try without the right to it.
"""

import functools
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias, TypeVar

from portal.organizations.organization import Organization
from portal.organizations.rights import organization_here, rights_in, why_without
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused
from rulebook import Policy

__all__ = ["ADMISSIONS", "Admitted", "ForOrganization", "Run", "in_organization"]


class ForOrganization(Protocol):
    """A form or a query that names an organization."""

    @property
    def organization(self) -> str:
        """Its id."""


F = TypeVar("F", bound=ForOrganization)
Admitted: TypeAlias = Callable[[Context, F, Organization], Outcome]
Run: TypeAlias = Callable[[Context, F], Outcome]

Says: TypeAlias = Callable[[Collection[str], Policy], tuple[Violation, ...]]
"""What a rule says of rights in an organization."""

Also: TypeAlias = Callable[[Context, Organization], bool]
"""Whether the actor, who belongs to the organization, may all the same."""

_ADMISSIONS: Final[dict[str, str | None]] = {}
ADMISSIONS: Final[Mapping[str, str | None]] = MappingProxyType(_ADMISSIONS)
"""The right (of the rule book's `rights`) that each declared use case and view asks for by its
name; None: to belong to the organization is enough."""


def _nobody(context: Context, organization: Organization) -> bool:
    return False


def in_organization(
    right: str | None = None, says: Says | None = None, *, also: Also = _nobody
) -> Callable[[Admitted[F]], Run[F]]:
    """Let the decorated act be done only by somebody who belongs to the organization that is named,
    and has `right` there, or for whom `also` says so; it is given the organization. `says` is the
    rule that is broken without the right, if the rule book has one of its own beside those of
    roles (ROLE-01, ROLE-13, ROLE-14)."""

    def declare(run: Admitted[F]) -> Run[F]:
        _ADMISSIONS[run.__name__] = right

        @functools.wraps(run)
        def admitted(context: Context, form: F) -> Outcome:
            found = organization_here(context, form.organization, run.__name__)
            if isinstance(found, Outcome):
                return found
            held = rights_in(context, found.id)
            if right is None or right in held or also(context, found):
                return run(context, form, found)
            if says is None or context.actor.key is not None:
                violations = why_without(context, found.id, right)
            else:
                violations = says(held, context.policy)
            rules = [each.rule for each in violations]
            context.note(run.__name__, found.id, "forbidden", right=right, rules=rules)
            return refused(violations, "forbidden")

        return admitted

    return declare
