"""An agency considers an application: its officer asks for more, decides; the organization answers
(APP-02, APP-03)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.applications.access import ApplicationVersion, application_here, changed_elsewhere
from portal.applications.application import Application, shown
from portal.applications.course import advance, moved, standing
from portal.applications.draft import unknown_documents
from portal.applications.submission import incomplete
from portal.documents.stored_document import StoredDocument, content_of
from portal.documents.stored_document import shown as document_shown
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.applications import InformationAnswer, information_answered
from portal.rules.rights import SUBMIT_APPLICATIONS
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "Decision",
    "InformationRequest",
    "OfficerDocument",
    "OfficerQuery",
    "RequestAnswer",
    "answer_application_request",
    "applications_to_decide",
    "attached_document",
    "decide_application",
    "request_information",
]


@dataclass(frozen=True, kw_only=True)
class OfficerQuery:
    """Applications to one agency (a system of the rule book; empty: to all)."""

    agency: str = ""


@dataclass(frozen=True, kw_only=True)
class OfficerDocument:
    """One of the documents of an application, by its id."""

    application: str
    document: str


@dataclass(frozen=True, kw_only=True)
class InformationRequest:
    """What an officer wants to know before they decide."""

    application: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What an officer has decided, and why."""

    application: str
    approved: bool
    comment: str


@dataclass(frozen=True, kw_only=True)
class RequestAnswer(ApplicationVersion):
    """What is said to a request for information: a text, fields as they are to be, documents that
    are added (ids)."""

    answer: str
    fields: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@view(OfficerQuery, signed_in=False, staff=True)
def applications_to_decide(context: Context, query: OfficerQuery) -> Outcome:
    """Applications that are not decided, the most urgent first."""
    found = [
        each
        for each in context.unit.find(Application, "stage", "open")
        if query.agency in ("", each.of_kind.agency)
    ]
    found.sort(key=lambda each: (each.due or context.now, each.id))
    items = [
        {
            **shown(context, each),
            "organization": each.organization,
            "values": dict(each.values),
            "documents": list(each.documents),
        }
        for each in found
    ]
    return Outcome(state="shown", data={"items": items})


@view(OfficerDocument, signed_in=False, staff=True)
def attached_document(context: Context, query: OfficerDocument) -> Outcome:
    """A document of an application, in Base64; none while the antivirus has not passed it."""
    application = context.unit.get(Application, query.application)
    if application is None or application.state == "draft":
        return Outcome(state="absent", refusal="absent")
    document = None
    if query.document in application.documents:
        document = context.unit.get(StoredDocument, query.document)
    content = None if document is None else content_of(context, document)
    if document is None or content is None or document.status != "ready":
        return Outcome(state="absent", refusal="absent")
    return Outcome(
        state=document.status,
        data={**document_shown(document), "content": base64.b64encode(content).decode()},
    )


@use_case(InformationRequest, signed_in=False, staff=True)
def request_information(context: Context, form: InformationRequest) -> Outcome:
    """Return an application to the organization with what is wanted (APP-03)."""
    return _decided(context, form.application, "ask", form.comment)


@use_case(Decision, signed_in=False, staff=True)
def decide_application(context: Context, form: Decision) -> Outcome:
    """Approve or reject an application; a comment says why (APP-02)."""
    event = "approve" if form.approved else "reject"
    return _decided(context, form.application, event, form.comment)


@use_case(RequestAnswer)
@in_organization(SUBMIT_APPLICATIONS)
def answer_application_request(
    context: Context, form: RequestAnswer, found: Organization
) -> Outcome:
    """Answer what an agency has asked for: consideration goes on (APP-03)."""
    application = application_here(context, found, form.application)
    if isinstance(application, Outcome):
        return application
    if unknown_documents(context, form.documents):
        return Outcome(state="absent", refusal="absent")
    claim = InformationAnswer(
        is_asked=application.state == "awaiting",
        answer=form.answer,
        documents=len(form.documents),
    )
    violations = information_answered(claim, context.policy)
    if violations:
        return refused(violations, "wrong" if claim.is_asked else "state", application.state)
    elsewhere = changed_elsewhere(application, form.version)
    if elsewhere is not None:
        return elsewhere
    answered = replace(
        application,
        values={**application.values, **form.fields},
        documents=tuple(dict.fromkeys((*application.documents, *form.documents))),
    )
    violations = incomplete(context, answered)
    if violations:
        return refused(violations)
    comment = form.answer.strip() or "Приложены документы"
    return standing(advance(context, answered, "answer", comment))


# --- inside ---------------------------------------------------------------------------------------


def _decided(context: Context, application_id: str, event: str, comment: str) -> Outcome:
    found = context.unit.get(Application, application_id)
    if found is None or found.state == "draft":  # a draft is nobody's but the organization's
        return Outcome(state="absent", refusal="absent")
    reached = moved(context, found, event, comment)
    return reached if isinstance(reached, Outcome) else standing(reached)
