"""Who is in charge of an application: chosen by the portal, not by anybody (APP-04)."""

from dataclasses import replace

from portal.applications.application import OPEN, Application, applications_of
from portal.organizations.membership import members_of
from portal.organizations.rights import rights_of
from portal.rules.applications import (
    Appointment,
    least_loaded,
    responsible_is_appointed,
)
from portal.rules.rights import PREPARE_APPLICATIONS
from portal.use_case import Context

__all__ = ["with_responsible"]


def with_responsible(context: Context, application: Application) -> Application:
    """The application with somebody in charge of it: who was already, while they have the right;
    otherwise whoever has the fewest open ones."""
    loads = _loads(context, application)
    kept = Appointment(responsible=application.responsible, loads=loads)
    if not responsible_is_appointed(kept, context.policy):
        return application
    return replace(application, responsible=least_loaded(loads))


def _loads(context: Context, application: Application) -> dict[str, int]:
    """Open applications of the organization's people who can be in charge, by account."""
    loads = {
        member.account: 0
        for member in members_of(context, application.organization)
        if PREPARE_APPLICATIONS in rights_of(context, member)
    }
    for each in applications_of(context, application.organization):
        if each.responsible in loads and each.state in OPEN and each.id != application.id:
            loads[each.responsible] += 1
    return loads
