"""Describing a service, testing it, publishing it (SVC-01), and looking after it (SVC-02)."""

from dataclasses import dataclass, fields, replace
from typing import Any

from portal.documents.stored_document import StoredDocument
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import Organization
from portal.published_services.requests import decline_open_requests
from portal.published_services.service import (
    SERVICE_STATES,
    PublishedService,
    looked_after,
)
from portal.rules import published_services as rules
from portal.rules.published_services import Publication, ServiceDescription, ServiceState
from portal.rules.rights import PUBLISH_SERVICES
from portal.rules.rule import Violation
from portal.use_case import CHANGED, Context, Outcome, refused, use_case

__all__ = [
    "ChangedService",
    "NewPeople",
    "OneService",
    "ServiceText",
    "change_responsible",
    "change_service",
    "delete_service",
    "describe_service",
    "publish_service",
    "switch_off_service",
    "test_service",
]


@dataclass(frozen=True, kw_only=True)
class ServiceText:
    """What is said of a service so far; «Тестировать» wants all of it."""

    organization: str
    name: str
    description: str = ""
    price_kopecks: int | None = None
    term_days: int | None = None
    access: tuple[str, ...] = ()
    industry: str = ""
    responsible: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangedService(ServiceText):
    """What is to be said of a service instead, with the version of what was read."""

    service: str
    version: int


@dataclass(frozen=True, kw_only=True)
class OneService:
    """A service of an organization."""

    organization: str
    service: str


@dataclass(frozen=True, kw_only=True)
class NewPeople:
    """The accounts of those who are to be in charge of a service."""

    organization: str
    service: str
    responsible: tuple[str, ...]


@use_case(ServiceText)
@in_organization(PUBLISH_SERVICES)
def describe_service(context: Context, form: ServiceText, found: Organization) -> Outcome:
    """Begin a service: whoever does is in charge of it unless others are named."""
    people = form.responsible or (context.actor.account or "",)
    service = PublishedService(
        id=context.portal.ports.entropy.token("published service"),
        organization=found.id,
        publisher=found.requisites.full_name,
        **{**_said(form), "responsible": people},
    )
    return _kept(context, service, SERVICE_STATES.first)


@use_case(ChangedService)
@in_organization()
def change_service(context: Context, form: ChangedService, found: Organization) -> Outcome:
    """Say something else of a service. What is published changes at once, so it has to be whole
    (SVC-01); anything else is to be tested anew."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    if service.version != form.version:
        return Outcome(state=CHANGED, refusal="state", data={"version": service.version})
    changed = replace(service, **_said(form))
    violations = _wanting(context, changed) if service.state == "published" else ()
    if violations:
        return refused(violations)
    return _kept(context, changed, SERVICE_STATES.after(service.state, "change"))


@use_case(OneService)
@in_organization(PUBLISH_SERVICES)
def test_service(context: Context, form: OneService, found: Organization) -> Outcome:
    """«Тестировать»: everything that a service lacks, at once (SVC-01)."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    if not SERVICE_STATES.allows(service.state, "test"):
        return Outcome(state=service.state, refusal="state")
    violations = _wanting(context, service)
    if violations:
        return refused(violations)
    return _kept(context, service, SERVICE_STATES.after(service.state, "test"))


@use_case(OneService)
@in_organization(PUBLISH_SERVICES)
def publish_service(context: Context, form: OneService, found: Organization) -> Outcome:
    """«Опубликовать»: the service is in the catalogue at once (SVC-03), if it was tested."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    claim = Publication(is_tested=service.state != "draft")
    violations = rules.whole_and_tried(claim, context.policy)
    if violations:
        return refused(violations, "state")
    if not SERVICE_STATES.allows(service.state, "publish"):
        return Outcome(state=service.state, refusal="state")
    published = replace(service, published_at=context.now)
    return _kept(context, published, SERVICE_STATES.after(service.state, "publish"))


@use_case(NewPeople)
@in_organization()
def change_responsible(context: Context, form: NewPeople, found: Organization) -> Outcome:
    """Let others be in charge of a service, who have to belong to the organization (SVC-02)."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    changed = replace(service, responsible=form.responsible)
    violations = [each for each in _wanting(context, changed) if each.field == "responsible"]
    return refused(violations) if violations else _kept(context, changed, service.state)


@use_case(OneService)
@in_organization()
def switch_off_service(context: Context, form: OneService, found: Organization) -> Outcome:
    """Out of the catalogue into the archive (SVC-03)."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    if not SERVICE_STATES.allows(service.state, "switch_off"):
        return Outcome(state=service.state, refusal="state")
    return _kept(context, service, SERVICE_STATES.after(service.state, "switch_off"))


@use_case(OneService)
@in_organization()
def delete_service(context: Context, form: OneService, found: Organization) -> Outcome:
    """For good: nobody finds it any more (SVC-03), and requests that wait are declined."""
    service = looked_after(context, found, form.service)
    if isinstance(service, Outcome):
        return service
    decline_open_requests(context, service)
    return _kept(context, service, SERVICE_STATES.after(service.state, "delete"))


# --- inside


def _said(form: ServiceText) -> dict[str, Any]:
    """The fields of the text, by name."""
    return {
        each.name: getattr(form, each.name)
        for each in fields(ServiceText)
        if each.name != "organization"
    }


def _kept(context: Context, service: PublishedService, state: ServiceState) -> Outcome:
    kept = context.unit.put(replace(service, state=state))
    context.note(context.act, kept.organization, kept.state, service=kept.id)
    return Outcome(state=kept.state, data={**kept.shown(), "version": kept.version + 1})


def _wanting(context: Context, service: PublishedService) -> tuple[Violation, ...]:
    """What SVC-01 misses in a service."""
    claim = ServiceDescription(
        name=service.name,
        description=service.description,
        price_kopecks=service.price_kopecks,
        term_days=service.term_days,
        access=service.access,
        industry=service.industry,
        responsible=service.responsible,
        templates=service.templates,
        members={each.account for each in members_of(context, service.organization)},
        documents={
            each
            for each in service.templates
            if _is_own_document(context, service.organization, each)
        },
    )
    return rules.whole_and_tried(claim, context.policy)


def _is_own_document(context: Context, organization: str, document_id: str) -> bool:
    found = context.unit.get(StoredDocument, document_id)
    return found is not None and found.organization == organization and found.status == "ready"
