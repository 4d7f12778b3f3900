"""A licence or a permit is applied for: kind, form, documents, signature (APP-09)."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import Base64Bytes

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.activation.services import unfit_for_service
from portal.certificates.acting import signer_of
from portal.certificates.signature_check import checked_signature, refused_or_later
from portal.documents.stored_document import document_seen
from portal.licences.application import LICENCE_STATES, LicenceApplication
from portal.licences.course import attached, followed, sent_to_authority
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import own_or_absent
from portal.organizations.rights import rights_in
from portal.rules.licences import LicenceClaim, licence_is_applied_for
from portal.rules.rights import PREPARE_APPLICATIONS, SIGN, VIEW_APPLICATIONS
from portal.rules.roles import SEES_ALL
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Text

__all__ = [
    "LicenceForm",
    "LicenceKindsQuery",
    "LicenceQuery",
    "LicenceSupplement",
    "LicencesQuery",
    "SignedLicence",
    "apply_for_licence",
    "licence_application",
    "licence_applications",
    "licence_kinds",
    "prepare_licence",
    "supplement_licence",
]

_SERVICE: Final = "licence"


@dataclass(frozen=True, kw_only=True)
class LicenceKindsQuery:
    """What may be applied for."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class LicenceForm:
    """A kind of `APP-09.kinds`, the activity (code of ОКВЭД), documents of the cabinet (ids) by the
    codes of the authority's list, and for a permit the last day that it is wanted for."""

    organization: str
    kind: str
    activity: str = ""
    documents: Mapping[str, str] = field(default_factory=dict)
    valid_until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class SignedLicence:
    """A prepared application and the organization's qualified signature: CMS over its text."""

    organization: str
    licence_application: str
    signature: Base64Bytes = b""


@dataclass(frozen=True, kw_only=True)
class LicenceSupplement:
    """Documents of the cabinet (ids) that the authority misses, by its codes."""

    organization: str
    licence_application: str
    documents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LicencesQuery:
    """All of an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class LicenceQuery:
    """One of an organization."""

    organization: str
    licence_application: str


@view(LicenceKindsQuery)
@in_organization(VIEW_APPLICATIONS)
def licence_kinds(context: Context, query: LicenceKindsQuery, found: Organization) -> Outcome:
    """Kinds with the documents that the authority asks for."""
    lists = context.portal.ports.licensing.lists()
    items = [{"kind": kind, "documents": dict(wanted)} for kind, wanted in lists.items()]
    return Outcome(state="shown", data={"items": items})


@use_case(LicenceForm)
@in_organization(PREPARE_APPLICATIONS)
def prepare_licence(context: Context, form: LicenceForm, found: Organization) -> Outcome:
    """Check an application against the authority's list and keep it as the one to be signed."""
    closed = unfit_for_service(context, found, _SERVICE)
    if closed:
        return noted_refusal(context, found.id, refused(closed, "forbidden"))
    seen = {code: document_seen(context, each) for code, each in form.documents.items()}
    if None in seen.values():
        return Outcome(state="absent", refusal="absent")
    wanted = context.portal.ports.licensing.lists().get(form.kind, {})
    missing = [Text(title, code) for code, title in wanted.items() if code not in seen]
    claim = LicenceClaim(kind=form.kind, activity=form.activity, missing=missing)
    violations = licence_is_applied_for(claim, context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    prepared = context.unit.put(
        LicenceApplication(
            id=context.portal.ports.entropy.token("licence"),
            organization=found.id,
            kind=form.kind,
            activity=form.activity.strip(),
            head_name=found.requisites.head_name,
            valid_until=form.valid_until,
            documents=dict(form.documents),
            digests=tuple(each.digest for each in seen.values() if each is not None),
            author=context.actor.account or "",
            prepared_at=context.now,
        )
    )
    context.note("prepare_licence", found.id, "draft", licence_application=prepared.id)
    return Outcome(state="draft", data={**prepared.shown(), "text": prepared.text})


@use_case(SignedLicence)
@with_legal_force(by_signature)
@in_organization(SIGN)
def apply_for_licence(context: Context, form: SignedLicence, found: Organization) -> Outcome:
    """Send a prepared application to the authority, once."""
    prepared = _kept(context, form.licence_application, found)
    if isinstance(prepared, Outcome):
        return prepared
    if prepared.state != "draft":
        return Outcome(state=prepared.state, data=prepared.shown())
    claim = LicenceClaim(
        kind=prepared.kind, activity=prepared.activity, is_signed=bool(form.signature)
    )
    violations = (
        *unfit_for_service(context, found, _SERVICE),
        *licence_is_applied_for(claim, context.policy),
    )
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    content = prepared.text.encode()
    checked = checked_signature(context, form.signature, content, signer_of(found))
    if checked.violations:
        return noted_refusal(context, found.id, refused_or_later(checked.violations))
    signed = replace(
        prepared,
        state=LICENCE_STATES.after(prepared.state, "sign"),
        signature=base64.b64encode(form.signature).decode(),
    )
    sent = sent_to_authority(context, signed)
    return Outcome(state=sent.state, data=sent.shown())


@use_case(LicenceSupplement)
@in_organization(PREPARE_APPLICATIONS)
def supplement_licence(context: Context, form: LicenceSupplement, found: Organization) -> Outcome:
    """Bring what the authority misses."""
    kept = _kept(context, form.licence_application, found)
    if isinstance(kept, Outcome):
        return kept
    if None in [document_seen(context, each) for each in form.documents.values()]:
        return Outcome(state="absent", refusal="absent")
    if kept.state != "awaiting_documents":
        return Outcome(state=kept.state, refusal="state")
    if not form.documents:
        missing = [Text(title, title) for title in kept.missing]
        claim = LicenceClaim(kind=kept.kind, activity=kept.activity, missing=missing)
        return refused(licence_is_applied_for(claim, context.policy))
    number = kept.supplements + 1
    told = context.portal.ports.licensing.supplement(
        kept.number, f"{kept.id}-{number}", attached(context, form.documents)
    )
    brought = replace(kept, documents={**kept.documents, **form.documents}, supplements=number)
    reached = followed(context, brought, told)
    context.note("supplement_licence", found.id, reached.state, licence_application=kept.id)
    return Outcome(state=reached.state, data=reached.shown())


@view(LicencesQuery)
@in_organization(VIEW_APPLICATIONS)
def licence_applications(context: Context, query: LicencesQuery, found: Organization) -> Outcome:
    """Applications, the latest first: one's own, all of them for whoever may see all (ROLE-11)."""
    all_of_them = SEES_ALL["applications"] in rights_in(context, found.id)
    kept = [
        each
        for each in context.unit.find(LicenceApplication, "organization", found.id)
        if all_of_them or _is_own(context, each)
    ]
    kept.sort(key=lambda each: (each.prepared_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown() for each in kept]})


@view(LicenceQuery)
@in_organization(VIEW_APPLICATIONS)
def licence_application(context: Context, query: LicenceQuery, found: Organization) -> Outcome:
    """One application: what the authority has said, and the licence."""
    kept = _kept(context, query.licence_application, found)
    if isinstance(kept, Outcome):
        return kept
    return Outcome(state=kept.state, data={**kept.shown(), "text": kept.text})


# --- inside


def _kept(context: Context, application: str, found: Organization) -> LicenceApplication | Outcome:
    """The application, if it is the organization's and the actor may have it (ROLE-11)."""
    return own_or_absent(
        context,
        found,
        context.unit.get(LicenceApplication, application),
        area="applications",
        field="licence_application",
        is_own=lambda kept: _is_own(context, kept),
    )


def _is_own(context: Context, application: LicenceApplication) -> bool:
    return application.author == context.actor.account
