"""An application is prepared: its form is filled in, checked while it is typed, and kept as a
draft (APP-01, APP-14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.applications.access import ApplicationVersion, application_here, changed_elsewhere
from portal.applications.application import Application
from portal.applications.catalogue import KINDS, offered
from portal.applications.kinds import ApplicationKind
from portal.applications.prefill import known_values
from portal.documents.stored_document import document_seen
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.applications import TypedForm, typed_value_fits
from portal.rules.rights import PREPARE_APPLICATIONS, VIEW_APPLICATIONS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "ApplicationDraft",
    "ApplicationEdit",
    "FormQuery",
    "KindsQuery",
    "TypedFields",
    "application_form",
    "application_kinds",
    "check_application",
    "discard_application",
    "draft_application",
    "edit_application",
    "unknown_documents",
]


@dataclass(frozen=True, kw_only=True)
class KindsQuery:
    """The organization that wants to apply; a category chooses."""

    organization: str
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class FormQuery:
    """The organization that wants to apply, and the kind of application (of the catalogue)."""

    organization: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class TypedFields:
    """What was typed so far into the form of a kind, by the fields' names."""

    organization: str
    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ApplicationDraft:
    """A draft: what was typed (other fields are filled in from the profile and the registers), and
    ids of documents of the cabinet."""

    organization: str
    kind: str
    fields: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApplicationEdit(ApplicationVersion):
    """Fields of a draft as they are to be, and its documents (None: as they are)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] | None = None


@view(KindsQuery)
@in_organization(VIEW_APPLICATIONS)
def application_kinds(context: Context, query: KindsQuery, found: Organization) -> Outcome:
    """The catalogue, as far as the organization can apply."""
    items = [
        kind.shown()
        for kind in KINDS.values()
        if kind.is_offered(found.kind, context.policy) and query.category in ("", kind.category)
    ]
    return Outcome(state="shown", data={"items": items})


@view(FormQuery)
@in_organization(PREPARE_APPLICATIONS)
def application_form(context: Context, query: FormQuery, found: Organization) -> Outcome:
    """The form of a kind, with the values that are known already (APP-14)."""
    kind = offered(query.kind, found.kind, context.policy)
    if kind is None:
        return Outcome(state="absent", refusal="absent")
    values, answered = known_values(context, found, kind)
    state = "filled" if answered else "filled_from_profile"
    return Outcome(state=state, data={**kind.shown(), "values": values})


@use_case(TypedFields)
@in_organization(PREPARE_APPLICATIONS)
def check_application(context: Context, form: TypedFields, found: Organization) -> Outcome:
    """Check what was typed so far; nothing is kept (APP-14)."""
    kind = offered(form.kind, found.kind, context.policy)
    if kind is None:
        return Outcome(state="absent", refusal="absent")
    violations = _misfits(context, kind, form.fields)
    return refused(violations) if violations else Outcome(state="checked")


@use_case(ApplicationDraft)
@in_organization(PREPARE_APPLICATIONS)
def draft_application(context: Context, form: ApplicationDraft, found: Organization) -> Outcome:
    """Keep a draft, whatever is still wrong in it: that is told as a warning."""
    kind = offered(form.kind, found.kind, context.policy)
    if kind is None or unknown_documents(context, form.documents):
        return Outcome(state="absent", refusal="absent")
    known, _ = known_values(context, found, kind)
    application = context.unit.put(
        Application(
            id=context.portal.ports.entropy.token("application"),
            organization=found.id,
            kind=kind.id,
            author=context.actor.account or "",
            created_at=context.now,
            values={**known, **form.fields},
            documents=form.documents,
        )
    )
    context.note("draft_application", found.id, "draft", application=application.id)
    return _kept(context, application, form.fields)


@use_case(ApplicationEdit)
@in_organization(PREPARE_APPLICATIONS)
def edit_application(context: Context, form: ApplicationEdit, found: Organization) -> Outcome:
    """Change a draft, if nobody has since it was read."""
    draft = _draft_here(context, found, form.application, form.version)
    if isinstance(draft, Outcome):
        return draft
    if unknown_documents(context, form.documents or ()):
        return Outcome(state="absent", refusal="absent")
    edited = context.unit.put(
        replace(
            draft,
            values={**draft.values, **form.fields},
            documents=draft.documents if form.documents is None else form.documents,
        )
    )
    context.note("edit_application", found.id, "draft", application=draft.id)
    return _kept(context, edited, form.fields)


@use_case(ApplicationVersion)
@in_organization(PREPARE_APPLICATIONS)
def discard_application(context: Context, form: ApplicationVersion, found: Organization) -> Outcome:
    """Throw a draft away."""
    draft = _draft_here(context, found, form.application, form.version)
    if isinstance(draft, Outcome):
        return draft
    context.unit.delete(draft)
    context.note("discard_application", found.id, "discarded", application=draft.id)
    return Outcome(state="discarded", data={"application": draft.id})


def unknown_documents(context: Context, documents: tuple[str, ...]) -> bool:
    """Whether some of these are none that the actor may have."""
    return None in [document_seen(context, each) for each in documents]


# --- inside ---------------------------------------------------------------------------------------


def _draft_here(
    context: Context, organization: Organization, application_id: str, version: int
) -> Application | Outcome:
    found = application_here(context, organization, application_id)
    if isinstance(found, Outcome):
        return found
    if found.state != "draft":
        return Outcome(state=found.state, refusal="state")
    return changed_elsewhere(found, version) or found


def _misfits(
    context: Context, kind: ApplicationKind, values: Mapping[str, str]
) -> tuple[Violation, ...]:
    return typed_value_fits(TypedForm(fields=kind.fields, values=values), context.policy)


def _kept(context: Context, draft: Application, typed: Mapping[str, str]) -> Outcome:
    return Outcome(
        state=draft.state,
        data={
            "application": draft.id,
            "version": draft.version + 1,
            "values": dict(draft.values),
            "documents": list(draft.documents),
        },
        violations=_misfits(context, draft.of_kind, typed),
    )
