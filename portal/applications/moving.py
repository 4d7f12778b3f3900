"""An application that is not decided moves to another cabinet, so that the organization can be
unbound (UNB-03)."""

from dataclasses import dataclass, replace

from portal.applications.access import ApplicationVersion, application_here, changed_elsewhere
from portal.applications.application import OPEN, Step
from portal.applications.responsible import with_responsible
from portal.applications.telling import tell
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.rights import organization_with
from portal.rules.rights import SUBMIT_APPLICATIONS
from portal.use_case import Context, Outcome, use_case

__all__ = ["ApplicationMove", "move_application"]


@dataclass(frozen=True, kw_only=True)
class ApplicationMove(ApplicationVersion):
    """An application, and the id of the organization that has it from now on."""

    to: str


@use_case(ApplicationMove)
@in_organization(SUBMIT_APPLICATIONS)
def move_application(context: Context, form: ApplicationMove, found: Organization) -> Outcome:
    """Move an application that is considered to another organization of the actor's, where they may
    submit some as well; somebody there is in charge of it."""
    application = application_here(context, found, form.application)
    if isinstance(application, Outcome):
        return application
    target = organization_with(context, form.to, SUBMIT_APPLICATIONS, "move_application")
    if isinstance(target, Outcome):
        return target
    if application.state not in OPEN or target.id == found.id or target.state != "active":
        return Outcome(state=application.state, refusal="state")
    elsewhere = changed_elsewhere(application, form.version)
    if elsewhere is not None:
        return elsewhere
    names = found.requisites.full_name, target.requisites.full_name
    step = Step(
        state=application.state,
        at=context.now,
        comment=f"Перенесено: {names[0]} — {names[1]}",
        by=context.actor.account or "",
        expected=application.due,
    )
    moved = context.unit.put(
        with_responsible(
            context,
            replace(
                application,
                organization=target.id,
                submitted_by=application.payer,
                steps=(*application.steps, step),
            ),
        )
    )
    for cabinet in (found, target):
        context.note("move_application", cabinet.id, "moved", application=moved.id, to=target.id)
    tell(context, moved, "перенесено", step.comment)
    return Outcome(
        state=moved.state,
        data={"application": moved.id, "to": target.id, "responsible": moved.responsible},
    )
