"""A mistaken binding: who comes in for the organization waits until it is corrected (BND-19)."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from portal.accounts.legal_force import with_legal_force
from portal.accounts.session import Session, close_session
from portal.binding.requisites import organization_of
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.versions import change_organization
from portal.rules import binding as rules
from portal.rules.binding_claims import MistakenBinding, NewOrganization, RegisterLookup
from portal.rules.rights import EDIT_ORGANIZATION
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "Correction",
    "MistakeReport",
    "correct_binding",
    "correct_binding_by_support",
    "report_mistaken_binding",
]

MistakenField: TypeAlias = Literal["inn", "ogrn", "full_name"]


@dataclass(frozen=True, kw_only=True)
class MistakeReport:
    """An organization and the fields that it was bound with by mistake."""

    organization: str
    fields: tuple[MistakenField, ...]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The change form: numbers and name as they are to be."""

    organization: str
    inn: str
    ogrn: str
    full_name: str


@use_case(MistakeReport, staff=True)
def report_mistaken_binding(context: Context, form: MistakeReport) -> Outcome:
    """Close an organization until its fields are corrected; its sessions end."""
    found = context.unit.get(Organization, form.organization)
    if found is None or not form.fields:
        return Outcome(state="absent", refusal="absent")
    context.unit.put(replace(found, mistaken=tuple(dict.fromkeys(form.fields))))
    for session in context.unit.find(Session, "organization", found.id):
        if session.is_open(context.now):
            close_session(context, session, "blocked")
    context.note("report_mistaken_binding", found.id, "closed", fields=list(form.fields))
    return Outcome(state="mistaken", data={"fields": list(form.fields)})


@use_case(Correction)
@with_legal_force()
@in_organization(EDIT_ORGANIZATION)
def correct_binding(context: Context, form: Correction, found: Organization) -> Outcome:
    """Correct one's own organization by the change form."""
    return _corrected(context, found, form)


@use_case(Correction, staff=True)
def correct_binding_by_support(context: Context, form: Correction) -> Outcome:
    """Correct an organization for its owner."""
    found = context.unit.get(Organization, form.organization)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    return _corrected(context, found, form)


def _corrected(context: Context, organization: Organization, form: Correction) -> Outcome:
    """Take the numbers and the name in, if they are those of one record of the register and of no
    other organization here."""
    if not organization.mistaken:
        return Outcome(state=organization.state, refusal="state")
    holders = (organization_of(context, form.ogrn), organization_of(context, form.inn))
    others = {each.id for each in holders if each is not None} - {organization.id}
    taken = NewOrganization(present=bool(others))
    found = rules.absent_from_portal(taken, context.policy)
    if found:
        return refused(found)
    record = context.portal.ports.registers.find(organization.kind, form.ogrn)
    found = rules.in_register(RegisterLookup(present=record is not None), context.policy)
    if record is None:
        return refused(found)
    known = {"inn": record.inn, "ogrn": record.ogrn, "full_name": record.full_name}
    wrong = [name for name, text in known.items() if getattr(form, name) != text]
    found = rules.no_mistake(MistakenBinding(wrong=wrong), context.policy)
    if found:
        return refused(found)
    requisites = replace(
        organization.requisites, inn=form.inn, ogrn=form.ogrn, full_name=form.full_name
    )
    corrected = replace(organization, requisites=requisites, mistaken=())
    change_organization(context, organization, corrected, "correct_binding")
    context.note("correct_binding", organization.id, "corrected", fields=organization.mistaken)
    return Outcome(state="corrected", data={"organization": organization.id})
