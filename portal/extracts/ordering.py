"""A certificate or an extract is asked for, seen, sent by mail (APP-06)."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pydantic import Base64Bytes

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.activation.services import unfit_for_service
from portal.certificates.acting import signer_of
from portal.certificates.signature_check import checked_signature, refused_or_later
from portal.documents.stored_document import StoredDocument
from portal.extracts.course import SERVICE, ordered
from portal.extracts.extract import Extract
from portal.extracts.kinds import EXTRACT_KINDS
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.payments.services import not_paid_yet
from portal.ports.extracts import ExtractOrder
from portal.ports.messenger import Letter
from portal.rules import extracts as rules
from portal.rules import identifiers
from portal.rules.extracts import ExtractRequest, ExtractRight
from portal.rules.identifiers import Written
from portal.rules.rights import REQUEST_EXTRACTS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Policy

__all__ = [
    "ExtractForm",
    "ExtractLetter",
    "ExtractQuery",
    "ExtractsQuery",
    "SignedExtractForm",
    "extract",
    "extract_to_sign",
    "extracts",
    "mail_extract",
    "request_extract",
]

_COMPLETE: Final = ("full_name", "address", "head_name", "inn", "ogrn")


@dataclass(frozen=True, kw_only=True)
class ExtractForm:
    """What is wanted: the kind of `APP-06.kinds`, what for, by which day; an extract about real
    estate names its `object` (cadastral number)."""

    organization: str
    kind: str
    purpose: str = ""
    wanted_by: dt.date | None = None
    object: str = ""


@dataclass(frozen=True, kw_only=True)
class SignedExtractForm(ExtractForm):
    """The same with the organization's qualified signature: CMS over `extract_to_sign`."""

    signature: Base64Bytes = b""


@dataclass(frozen=True, kw_only=True)
class ExtractsQuery:
    """All of an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class ExtractQuery:
    """One of an organization."""

    organization: str
    extract: str


@dataclass(frozen=True, kw_only=True)
class ExtractLetter:
    """What was issued and the mail that it goes to."""

    organization: str
    extract: str
    email: str


def _may(rights: Collection[str], policy: Policy) -> tuple[Violation, ...]:
    return rules.extract_is_issued(ExtractRight(rights=rights), policy)


@view(ExtractForm)
@in_organization(REQUEST_EXTRACTS, _may)
def extract_to_sign(context: Context, query: ExtractForm, found: Organization) -> Outcome:
    """What the signature of a request is over: UTF-8, nothing added."""
    return Outcome(state="shown", data={"text": _text(query)})


@use_case(SignedExtractForm)
@with_legal_force(by_signature)
@in_organization(REQUEST_EXTRACTS, _may)
def request_extract(context: Context, form: SignedExtractForm, found: Organization) -> Outcome:
    """Order from the agency; a paid one is made once it is paid for (PAY-01)."""
    closed = unfit_for_service(context, found, SERVICE)
    if closed:
        return noted_refusal(context, found.id, refused(closed, "forbidden"))
    violations = _unfit(context, form, found)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    checked = checked_signature(context, form.signature, _text(form).encode(), signer_of(found))
    if checked.violations:
        return noted_refusal(context, found.id, refused_or_later(checked.violations))
    requisites = found.requisites
    asked = Extract(
        id=context.portal.ports.entropy.token("extract"),
        organization=found.id,
        order=ExtractOrder(
            kind=form.kind,
            organization=found.kind,
            inn=requisites.inn,
            ogrn=requisites.ogrn,
            purpose=form.purpose.strip(),
            object=form.object.strip(),
        ),
        wanted_by=form.wanted_by or context.now.date(),
        author=context.actor.account or "",
        asked_at=context.now,
    )
    context.note("request_extract", found.id, asked.state, extract=asked.id, kind=form.kind)
    kept = ordered(context, asked)
    return Outcome(state=kept.state, data=kept.shown())


@view(ExtractsQuery)
@in_organization(REQUEST_EXTRACTS, _may)
def extracts(context: Context, query: ExtractsQuery, found: Organization) -> Outcome:
    """Everything that was ordered, the latest first."""
    kept = context.unit.find(Extract, "organization", found.id)
    kept.sort(key=lambda each: (each.asked_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown() for each in kept]})


@view(ExtractQuery)
@in_organization(REQUEST_EXTRACTS, _may)
def extract(context: Context, query: ExtractQuery, found: Organization) -> Outcome:
    """One order, and the document that has come of it; PAY-01 of one that waits for its money."""
    kept = _kept(context, query.extract, found)
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    if kept.state == "awaiting_payment":
        unpaid = not_paid_yet(context, found.id, SERVICE, kept.id, kept.charge_kopecks)
        if unpaid:
            return refused(unpaid, "state", kept.state, kept.shown())
    return Outcome(state=kept.state, data=kept.shown())


@use_case(ExtractLetter)
@in_organization(REQUEST_EXTRACTS, _may)
def mail_extract(context: Context, form: ExtractLetter, found: Organization) -> Outcome:
    """Send what was issued by mail: a letter with its digest, and where the document is."""
    kept = _kept(context, form.extract, found)
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    violations = identifiers.email(Written(field="email", text=form.email), context.policy)
    if violations:
        return refused(violations)
    document = context.unit.get(StoredDocument, kept.document)
    if document is None:
        unpaid = not_paid_yet(context, found.id, SERVICE, kept.id, kept.charge_kopecks)
        return refused(unpaid, "state", kept.state)
    title = kept.order.title
    context.send(
        Letter(
            id=context.portal.ports.entropy.token("extract_letter"),
            channel="email",
            to=form.email,
            subject=f"{title} № {kept.number}",
            text=(
                f"{title} для {found.requisites.full_name}. Документ {document.id}, "
                f"{document.size} байт, SHA-256 {document.digest}."
            ),
        )
    )
    context.note("mail_extract", found.id, "sent", extract=kept.id)
    return Outcome(state="sent", data={"extract": kept.id, "document": document.id})


# --- inside


def _unfit(context: Context, form: SignedExtractForm, found: Organization) -> tuple[Violation, ...]:
    known = EXTRACT_KINDS.get(form.kind)
    record = context.portal.ports.registers.find(found.kind, found.requisites.ogrn)
    claim = ExtractRequest(
        kind=form.kind,
        fits=known is not None and found.kind in known.applicants,
        purpose=form.purpose,
        wanted_by=form.wanted_by,
        today=context.now.date(),
        wants_object=known is not None and known.wants_object,
        object=form.object,
        is_signed=bool(form.signature),
        is_complete=record is not None and all(getattr(record, each) for each in _COMPLETE),
    )
    return rules.extract_is_issued(claim, context.policy)


def _text(form: ExtractForm) -> str:
    """JSON with sorted keys and without spaces."""
    signed = {
        "organization": form.organization,
        "kind": form.kind,
        "purpose": form.purpose,
        "wanted_by": None if form.wanted_by is None else form.wanted_by.isoformat(),
        "object": form.object,
    }
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _kept(context: Context, extract_id: str, found: Organization) -> Extract | None:
    return of_organization(context, found, context.unit.get(Extract, extract_id), "extract")
