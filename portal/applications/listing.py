"""What an organization sees of its applications: the list, the card with its history, the act
(APP-02, APP-04, APP-13, ROLE-11)."""

import base64
from dataclasses import dataclass
from typing import Any, Literal

from portal.applications.access import ApplicationQuery, application_here, is_own, sees_all
from portal.applications.application import (
    APPLICATION_STATES,
    FINAL,
    Step,
    applications_of,
    shown,
)
from portal.applications.questions import question_shown
from portal.documents.stored_document import StoredDocument, content_of
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.rules.applications import (
    ActOfAction,
    InformationAnswer,
    act_confirms,
    information_answered,
)
from portal.rules.rights import VIEW_APPLICATIONS
from portal.rules.roles import OwnedThing, own_things_only
from portal.use_case import Context, Outcome, refused, view

__all__ = ["ApplicationsQuery", "application_act", "application_card"]


@dataclass(frozen=True, kw_only=True)
class ApplicationsQuery:
    """An organization's applications: one's own, or all of them (without a `scope` as many as one
    may see); an empty text lets everything through."""

    organization: str
    scope: Literal["", "own", "all"] = ""
    state: str = ""
    category: str = ""


@view(ApplicationsQuery, during_maintenance=True)
@in_organization(VIEW_APPLICATIONS)
def applications(context: Context, query: ApplicationsQuery, found: Organization) -> Outcome:
    """Applications, the latest first; all of them only for whoever may see all (ROLE-11)."""
    all_of_them = sees_all(context, found)
    if query.scope == "all" and not all_of_them:
        rights = rights_in(context, found.id)
        claim = OwnedThing(area="applications", is_own=False, rights=rights, field="scope")
        return refused(own_things_only(claim, context.policy), "forbidden")
    own_only = query.scope == "own" or not all_of_them
    chosen = [
        each
        for each in applications_of(context, found.id)
        if (not own_only or is_own(context, each))
        and query.state in ("", each.state)
        and query.category in ("", each.of_kind.category)
    ]
    chosen.sort(key=lambda each: (each.submitted_at or each.created_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [shown(context, each) for each in chosen]})


@view(ApplicationQuery, during_maintenance=True)
@in_organization(VIEW_APPLICATIONS)
def application_card(context: Context, query: ApplicationQuery, found: Organization) -> Outcome:
    """An application with its history, its questions and the version that an edit has to name; one
    that waits for an answer names APP-03."""
    application = application_here(context, found, query.application)
    if isinstance(application, Outcome):
        return application
    wanted = InformationAnswer(is_asked=True, answer="")
    return Outcome(
        state=application.state,
        data={
            **shown(context, application),
            "version": application.version,
            "values": dict(application.values),
            "documents": list(application.documents),
            "history": [_step_shown(each) for each in application.steps],
            "questions": [question_shown(each) for each in application.questions],
            "act": application.act,
        },
        violations=(
            information_answered(wanted, context.policy) if application.state == "awaiting" else ()
        ),
    )


@view(ApplicationQuery)
@in_organization(VIEW_APPLICATIONS)
def application_act(context: Context, query: ApplicationQuery, found: Organization) -> Outcome:
    """The electronic act, a PDF in Base64, with the SHA-256 that the journal bears; APP-13 while
    there is none."""
    application = application_here(context, found, query.application)
    if isinstance(application, Outcome):
        return application
    document = context.unit.get(StoredDocument, application.act or "")
    content = None if document is None else content_of(context, document)
    claim = ActOfAction(is_over=application.state in FINAL, is_kept=content is not None)
    violations = act_confirms(claim, context.policy)
    if violations or document is None or content is None:
        return refused(violations, "state", application.state)
    return Outcome(
        state="ready",
        data={
            "document": document.id,
            "file_name": document.file_name,
            "digest": document.digest,
            "content": base64.b64encode(content).decode(),
        },
    )


def _step_shown(step: Step) -> dict[str, Any]:
    return {
        "state": step.state,
        "title": APPLICATION_STATES.titles[step.state],
        "at": step.at.isoformat(),
        "comment": step.comment,
        "by": step.by,
        "expected": None if step.expected is None else step.expected.isoformat(),
    }
