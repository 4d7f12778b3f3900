"""An application is submitted: its form and its documents are whole, who sends it may, and signs it
where the kind wants that (APP-01, APP-02, APP-11)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.activation.services import closed_cabinet
from portal.applications.access import (
    ApplicationQuery,
    ApplicationVersion,
    application_here,
    changed_elsewhere,
)
from portal.applications.application import Application, ApplicationSignature
from portal.applications.catalogue import offered
from portal.applications.course import advance, moved, standing
from portal.certificates.acting import signer_of
from portal.certificates.signature_check import checked_signature, refused_or_later
from portal.documents.stored_document import StoredDocument
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.registration.signed_text import signature_bytes
from portal.rules import signature_kinds
from portal.rules.applications import (
    AttachedDocument,
    AttachedDocuments,
    FilledForm,
    documents_are_complete,
    form_is_filled,
)
from portal.rules.rights import SIGN, SUBMIT_APPLICATIONS
from portal.rules.rule import Violation
from portal.rules.signature_kinds import SignedAction
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "SignedSubmission",
    "application_to_sign",
    "incomplete",
    "sign_application",
    "submit_application",
    "submitted",
]

_FILED: Final = "Заявление подано"


@dataclass(frozen=True, kw_only=True)
class SignedSubmission(ApplicationVersion):
    """A draft that is to be submitted, with a qualified signature of the organization: CMS (Base64)
    over `application_to_sign`."""

    signature: str


@view(ApplicationQuery)
@in_organization()
def application_to_sign(context: Context, query: ApplicationQuery, found: Organization) -> Outcome:
    """What the signature of an application is over: UTF-8, nothing added."""
    application = application_here(context, found, query.application)
    if isinstance(application, Outcome):
        return application
    return Outcome(state="shown", data={"text": _text(context, application)})


@use_case(ApplicationVersion)
@in_organization(SUBMIT_APPLICATIONS)
def submit_application(context: Context, form: ApplicationVersion, found: Organization) -> Outcome:
    """Submit an application for which a sign-in is enough; a kind that has to be signed is refused
    by SIG-04."""
    draft = _draft_here(context, found, form)
    if isinstance(draft, Outcome):
        return draft
    violations = (
        *closed_cabinet(context, found),
        *incomplete(context, draft),
        *_unsigned(context, draft),
    )
    if violations:
        return _noted(context, draft, refused(violations))
    return submitted(context, draft)


@use_case(SignedSubmission)
@with_legal_force(by_signature)
@in_organization(SIGN)
def sign_application(context: Context, form: SignedSubmission, found: Organization) -> Outcome:
    """Submit an application with the organization's qualified signature."""
    draft = _draft_here(context, found, form)
    if isinstance(draft, Outcome):
        return draft
    violations = (*closed_cabinet(context, found), *incomplete(context, draft))
    if violations:
        return _noted(context, draft, refused(violations))
    content = _text(context, draft).encode()
    checked = checked_signature(context, signature_bytes(form.signature), content, signer_of(found))
    if checked.violations:
        return _noted(context, draft, refused_or_later(checked.violations))
    context.unit.put(ApplicationSignature(id=draft.id, signature=form.signature))
    return submitted(context, draft)


def incomplete(context: Context, draft: Application) -> tuple[Violation, ...]:
    """What of a form and its documents is missing or wrong, all at once (APP-01, APP-11)."""
    kind = draft.of_kind
    form = FilledForm(fields=kind.fields, values=draft.values)
    attached = AttachedDocuments(slots=kind.documents, attached=list(_attached(context, draft)))
    return (
        *form_is_filled(form, context.policy),
        *documents_are_complete(attached, context.policy),
    )


def submitted(context: Context, draft: Application) -> Outcome:
    """Let a draft that is complete be considered, under a number of its own (APP-02)."""
    numbered = replace(draft, number=_number(context), submitted_at=context.now)
    return standing(advance(context, numbered, "submit", _FILED))


# --- inside ---------------------------------------------------------------------------------------


def _draft_here(
    context: Context, organization: Organization, form: ApplicationVersion
) -> Application | Outcome:
    found = application_here(context, organization, form.application)
    if isinstance(found, Outcome):
        return found
    if found.state != "draft":
        wrong = moved(context, found, "submit", _FILED)
        data = {"application": found.id, "number": found.number}
        return replace(wrong, data=data) if isinstance(wrong, Outcome) else wrong
    if offered(found.kind, organization.kind, context.policy) is None:
        return Outcome(state="absent", refusal="absent")
    return changed_elsewhere(found, form.version) or found


def _unsigned(context: Context, draft: Application) -> tuple[Violation, ...]:
    """SIG-04 of a kind that has to be signed."""
    if not draft.of_kind.is_signed:
        return ()
    claim = SignedAction(action="file_application", kind="none", at=context.now)
    return signature_kinds.qualified(claim, context.policy)


def _attached(context: Context, draft: Application) -> Iterator[AttachedDocument]:
    """The documents by their content; one that was blocked or is gone has no format."""
    for document_id in draft.documents:
        found = context.unit.get(StoredDocument, document_id)
        if found is not None:
            file_format = None if found.status == "blocked" else found.file_format
            yield AttachedDocument(document_type=found.document_type, file_format=file_format)


def _text(context: Context, application: Application) -> str:
    """JSON with sorted keys and without spaces: kind, values, ids and SHA-256 of documents."""
    found = [context.unit.get(StoredDocument, each) for each in application.documents]
    signed = {
        "application": application.id,
        "kind": application.kind,
        "values": dict(application.values),
        "documents": [{"id": each.id, "sha256": each.digest} for each in found if each],
    }
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _number(context: Context) -> str:
    """A number that people can read out; the store has no other application with it."""
    digits = context.portal.ports.entropy.code("application_number", 8)
    return f"{context.now:%y%m%d}-{digits[:4]}-{digits[4:]}"


def _noted(context: Context, draft: Application, refusal: Outcome) -> Outcome:
    return noted_refusal(context, draft.organization, refusal, application=draft.id)
