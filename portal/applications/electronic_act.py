"""The electronic act of what is over, in the archive of the cabinet (APP-13)."""

from dataclasses import replace
from typing import Final

from portal.applications.application import APPLICATION_STATES, Application
from portal.documents.made_document import keep_made_document
from portal.organizations.organization import Organization
from portal.use_case import Context

__all__ = ["ACT_TYPE", "with_act"]

ACT_TYPE: Final = "act"
"""The type of document of an electronic act."""


def with_act(context: Context, application: Application) -> Application:
    """The application with its act, a PDF that is kept among the organization's documents; the
    line of the journal that bears its SHA-256 seals it."""
    document = keep_made_document(
        context,
        owner=application.author,
        organization=application.organization,
        document_type=ACT_TYPE,
        lines=_lines(context, application),
    )
    context.note(
        "make_act",
        application.organization,
        "kept",
        application=application.id,
        document=document.id,
        digest=document.digest,
    )
    return replace(application, act=document.id)


def _lines(context: Context, application: Application) -> list[str]:
    organization = context.unit.get(Organization, application.organization)
    named = [] if organization is None else [organization.requisites.full_name]
    lines = [
        f"Электронный акт № {application.number}",
        *named,
        application.of_kind.title.ru,
    ]
    lines += [
        f"{step.at:%d.%m.%Y %H:%M} {APPLICATION_STATES.titles[step.state]}: {step.comment}"
        for step in application.steps
    ]
    return lines
