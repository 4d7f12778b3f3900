"""Which applications somebody may have: their own, or all of an organization's (ROLE-11)."""

from dataclasses import dataclass

from portal.applications.application import Application
from portal.organizations.organization import Organization
from portal.organizations.own_things import own_or_absent
from portal.organizations.rights import rights_in
from portal.rules.roles import SEES_ALL
from portal.use_case import CHANGED, Context, Outcome

__all__ = [
    "ApplicationQuery",
    "ApplicationVersion",
    "application_here",
    "changed_elsewhere",
    "is_own",
    "sees_all",
]


@dataclass(frozen=True, kw_only=True)
class ApplicationQuery:
    """One application of an organization."""

    organization: str
    application: str


@dataclass(frozen=True, kw_only=True)
class ApplicationVersion(ApplicationQuery):
    """The same as it was when its card was read, with that `version`."""

    version: int


def is_own(context: Context, application: Application) -> bool:
    """Whether the actor has begun it or is in charge of it."""
    return context.actor.account in (application.author, application.responsible)


def sees_all(context: Context, organization: Organization) -> bool:
    """Whether the actor may have their colleagues' applications as well."""
    return SEES_ALL["applications"] in rights_in(context, organization.id)


def application_here(
    context: Context, organization: Organization, application_id: str
) -> Application | Outcome:
    """The application of that organization, if the actor, who belongs to it, may have it. It is
    absent for others, and that they have tried is noted."""
    return own_or_absent(
        context,
        organization,
        context.unit.get(Application, application_id),
        area="applications",
        field="application",
        is_own=lambda found: is_own(context, found),
    )


def changed_elsewhere(application: Application, version: int) -> Outcome | None:
    """Why what somebody does with that version is not taken: others were first."""
    if application.version == version:
        return None
    return Outcome(state=CHANGED, refusal="state", data={"version": application.version})
