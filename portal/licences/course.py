"""What an authority says to an application: received, incomplete, decided (APP-09)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portal.agency_case import Course
from portal.documents.made_document import keep_issued_document
from portal.documents.stored_document import StoredDocument, content_of
from portal.events import Event, publish
from portal.licences.application import LICENCE_STATES, LicenceApplication
from portal.organizations.organization import kept_organization
from portal.ports.licensing import LicenceDocument, LicenceNotTaken, LicenceOrder, LicenceView
from portal.tasks import Task
from portal.use_case import Context, task

__all__ = ["attached", "followed", "sent_to_authority"]

_LOOKS: Final = dt.timedelta(hours=6)  # assumption: how often the authority is asked
_AGENCY: Final = "licensing"


def sent_to_authority(context: Context, signed: LicenceApplication) -> LicenceApplication:
    """The application as the authority has received it; if it is silent, it goes later."""
    return _COURSE.begun(context, signed)


def attached(context: Context, documents: Mapping[str, str]) -> list[LicenceDocument]:
    """Documents of the cabinet as they go to the authority, by code."""
    found = {code: context.unit.get(StoredDocument, each) for code, each in documents.items()}
    return [
        LicenceDocument(
            code=code, file_name=each.file_name, content=content_of(context, each) or b""
        )
        for code, each in found.items()
        if each is not None
    ]


def followed(
    context: Context, application: LicenceApplication, told: LicenceView
) -> LicenceApplication:
    """The application as the authority shows it. Unavailable."""
    return _COURSE.followed(context, application, told)


@task
def watch_licence(context: Context, planned: Task) -> None:
    """Send what did not go, or ask what has been decided; Unavailable plans it again."""
    _COURSE.watched(context, planned)


# --- inside


def _asked(context: Context, application: LicenceApplication) -> LicenceView:
    licensing = context.portal.ports.licensing
    if application.number:
        return licensing.view(application.number)
    requisites = kept_organization(context.unit, application.organization).requisites
    order = LicenceOrder(
        inn=requisites.inn,
        ogrn=requisites.ogrn,
        kind=application.kind,
        head_name=application.head_name,
        activity=application.activity,
        valid_until=application.valid_until,
        documents=attached(context, application.documents),
    )
    try:
        return licensing.apply(application.id, order)
    except LicenceNotTaken as why:
        return LicenceView(number="", state="refused", reasons=(why.why,))


def _taken(
    context: Context, application: LicenceApplication, told: LicenceView
) -> LicenceApplication:
    """With the licence among the documents once it is granted; Unavailable."""
    after = replace(
        application,
        number=told.number or application.number,
        due=told.due,
        missing=tuple(told.missing),
        reasons=tuple(told.reasons),
        licence=told.licence,
    )
    return _with_licence(context, after) if after.state == "granted" else after


def _with_licence(context: Context, application: LicenceApplication) -> LicenceApplication:
    document = keep_issued_document(
        context,
        owner=application.author,
        organization=application.organization,
        document_type="licence",
        content=context.portal.ports.licensing.document(application.licence),
    )
    return replace(application, document=document.id)


def _tell(context: Context, application: LicenceApplication) -> None:
    title = LICENCE_STATES.titles[application.state]
    context.note(
        "apply_for_licence",
        application.organization,
        application.state,
        licence_application=application.id,
    )
    publish(
        context,
        Event(
            id=f"licence/{application.id}/{application.state}/{application.supplements}",
            organization=application.organization,
            kind="application",
            agency=_AGENCY,
            subject=application.id,
            title=f"Лицензия, {application.kind}: {title.lower()}",
            text="; ".join((application.number, *application.missing, *application.reasons)),
            details={"kind": application.kind, "state": application.state},
            is_critical=application.state in ("refused", "returned"),
            at=context.now,
        ),
    )


_COURSE: Final = Course(
    kind=LicenceApplication,
    states=LICENCE_STATES,
    ask=_asked,
    take=_taken,
    tell=_tell,
    watch="watch_licence",
    pause=_LOOKS,
)
