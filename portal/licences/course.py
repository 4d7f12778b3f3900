"""What an authority says to an application: received, incomplete, decided (APP-09)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portal.documents.made_document import keep_issued_document
from portal.documents.stored_document import StoredDocument, content_of
from portal.events import Event, publish
from portal.licences.application import LICENCE_STATES, LicenceApplication
from portal.organizations.organization import Organization
from portal.ports.licensing import LicenceDocument, LicenceNotTaken, LicenceOrder, LicenceView
from portal.ports.unavailable import Unavailable
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["attached", "followed", "sent_to_authority"]

_LOOKS: Final = dt.timedelta(hours=6)  # assumption: how often the authority is asked
_ENDED: Final = ("granted", "refused", "returned")
_AGENCY: Final = "licensing"


def sent_to_authority(
    context: Context, organization: Organization, signed: LicenceApplication
) -> LicenceApplication:
    """The application as the authority has received it; if it is silent, it goes later."""
    try:
        return followed(context, signed, _sent(context, organization, signed))
    except LicenceNotTaken as why:
        return followed(context, signed, _refusal(why))
    except Unavailable:
        _watch(context, signed)
        return context.unit.put(signed)


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
    """The application as the authority shows it; a change is an event, and a licence that was
    granted comes to the documents. Unavailable."""
    after = replace(
        application,
        number=told.number or application.number,
        due=told.due,
        missing=tuple(told.missing),
        reasons=tuple(told.reasons),
        licence=told.licence,
    )
    if told.state != application.state:
        after = replace(after, state=LICENCE_STATES.after(application.state, told.state))
        if after.state == "granted":
            after = _with_licence(context, after)
        _tell(context, after)
    if after.state not in _ENDED:
        _watch(context, after)
    return context.unit.put(after)


@task
def watch_licence(context: Context, planned: Task) -> None:
    """Send what did not go, or ask what has been decided; Unavailable plans it again."""
    application = context.unit.get(LicenceApplication, planned.subject)
    if application is None or application.state in _ENDED:
        return
    if application.number:
        followed(context, application, context.portal.ports.licensing.view(application.number))
        return
    organization = context.unit.get(Organization, application.organization)
    if organization is None:
        return
    try:
        told = _sent(context, organization, application)
    except LicenceNotTaken as why:
        told = _refusal(why)
    followed(context, application, told)


# --- inside


def _sent(
    context: Context, organization: Organization, application: LicenceApplication
) -> LicenceView:
    order = LicenceOrder(
        inn=organization.requisites.inn,
        ogrn=organization.requisites.ogrn,
        kind=application.kind,
        head_name=application.head_name,
        activity=application.activity,
        valid_until=application.valid_until,
        documents=attached(context, application.documents),
    )
    return context.portal.ports.licensing.apply(application.id, order)


def _refusal(why: LicenceNotTaken) -> LicenceView:
    return LicenceView(number="", state="refused", reasons=(why.why,))


def _with_licence(context: Context, application: LicenceApplication) -> LicenceApplication:
    document = keep_issued_document(
        context,
        owner=application.author,
        organization=application.organization,
        document_type="licence",
        content=context.portal.ports.licensing.document(application.licence),
    )
    return replace(application, document=document.id)


def _watch(context: Context, application: LicenceApplication) -> None:
    schedule(context.unit, "watch_licence", application.id, context.now + _LOOKS)


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
