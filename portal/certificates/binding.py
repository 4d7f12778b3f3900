"""Binding a certificate to the cabinet, and putting one in the place of another (CERT-05, CERT-08,
CERT-15, CERT-18)."""

import base64
import datetime as dt
from dataclasses import dataclass, replace

from pydantic import Base64Bytes

from portal.certificates.acting import (
    certificate_here,
    forbidden,
    organization_here,
    signer_of,
)
from portal.certificates.bound_certificate import (
    CERTIFICATE_STATES,
    BoundCertificate,
    bound_to,
    shown,
)
from portal.certificates.letters import tell
from portal.certificates.signature_check import (
    broken_signature,
    certificate_violations,
    refused_or_later,
    waits_for_status,
)
from portal.certificates.terms import plan_terms
from portal.certificates.uploaded_file import certificate_in
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.ports.signatures import CertificateFacts, WrongSignature
from portal.rules import certificates
from portal.rules.certificate_claims import KeyAccess, Upload
from portal.rules.rule import Violation
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case

__all__ = [
    "CertificateFile",
    "ReplacementFile",
    "bind_certificate",
    "bind_file",
    "replace_certificate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFile:
    """A file with an open certificate, and where its key lies (CERT-16). The file may turn out to
    hold a key: nothing of it is kept then."""

    content: Base64Bytes
    carrier: str = "token"
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementFile:
    """The same, and the certificate whose place it is to take."""

    certificate: str
    content: Base64Bytes
    carrier: str = "token"
    file_name: str = ""


@use_case(CertificateFile)
def bind_certificate(context: Context, form: CertificateFile) -> Outcome:
    """Bind a certificate of the organization that the actor acts for; it works once a trial
    signature is made with it (CERT-14). The same certificate again changes nothing."""
    organization = organization_here(context)
    if organization is None:
        return Outcome(state="absent", refusal="absent")
    return bind_file(context, organization, form.content, form.carrier)


@use_case(ReplacementFile)
def replace_certificate(context: Context, form: ReplacementFile) -> Outcome:
    """Bind a certificate that is to take another's place: the other one stays until the new one is
    confirmed by a code and a trial signature (CERT-15)."""
    before = certificate_here(context, form.certificate)
    organization = organization_here(context)
    if before is None or organization is None:
        return Outcome(state="absent", refusal="absent")
    return bind_file(context, organization, form.content, form.carrier, before)


@task
def check_certificate_status(context: Context, planned: Task) -> None:
    """A certificate that was bound while nobody knew its status (CERT-08): asked again until it is
    known, at intervals of the longest check."""
    certificate = context.unit.get(BoundCertificate, planned.subject)
    if certificate is None or certificate.state != "checking":
        return
    organization = context.unit.get(Organization, certificate.organization)
    if organization is None:
        return
    facts = context.portal.ports.signatures.certificate(base64.b64decode(certificate.file))
    violations = certificate_violations(context, facts, signer_of(organization))
    if waits_for_status(violations):
        _ask_again(context, certificate)
    elif violations:
        state = CERTIFICATE_STATES.after(certificate.state, "refuse")
        context.unit.put(replace(certificate, state=state))
        rules = [each.rule for each in violations]
        context.note("bind_certificate", certificate.organization, "refused", rules=rules)
        tell(context, certificate, violations[0].rule, "refused")
    else:
        _accepted(context, certificate)


def bind_file(
    context: Context,
    organization: Organization,
    file: bytes,
    carrier: str,
    replaces: BoundCertificate | None = None,
) -> Outcome:
    """Bind what a file holds, wherever it comes from, to the organization's cabinet."""
    closed = forbidden(context, organization)
    if closed:
        return refused(closed, "forbidden")
    found = _read(context, file, carrier)
    if not isinstance(found, CertificateFacts):
        return _refusal(context, organization, found)
    again = [
        each for each in bound_to(context, organization.id) if each.fingerprint == found.fingerprint
    ]
    if again and again[0].state != "checking":
        return Outcome(state=again[0].state, data=shown(again[0], context.policy))
    violations = (
        *_access(context, carrier, found),
        *certificate_violations(context, found, signer_of(organization)),
    )
    if violations and not waits_for_status(violations):
        return _refusal(context, organization, violations)
    certificate = again[0] if again else _new(context, organization, found, carrier, replaces)
    if violations:
        _ask_again(context, certificate)
        return refused(violations, "later", "checking", shown(certificate, context.policy))
    certificate = _accepted(context, certificate)
    return Outcome(state=certificate.state, data=shown(certificate, context.policy))


def _read(context: Context, file: bytes, carrier: str) -> CertificateFacts | tuple[Violation, ...]:
    try:
        found = certificate_in(file, context.portal.ports.signatures)
    except WrongSignature as wrong:
        return broken_signature(context, wrong, "content")
    if isinstance(found, CertificateFacts):
        return found
    return certificates.open_file(Upload(content=found), context.policy)


def _access(context: Context, carrier: str, facts: CertificateFacts) -> tuple[Violation, ...]:
    """Of a key that is only bound, the carrier alone is known: its owner need not be here."""
    claim = KeyAccess(carrier=carrier, available=True, owner_inn=None, signer_inn=None)
    return certificates.key_is_at_hand(claim, context.policy)


def _new(
    context: Context,
    organization: Organization,
    facts: CertificateFacts,
    carrier: str,
    replaces: BoundCertificate | None,
) -> BoundCertificate:
    entropy = context.portal.ports.entropy
    return BoundCertificate.of(
        facts,
        id=entropy.token("certificate"),
        organization=organization.id,
        account=context.actor.account or "",
        carrier=carrier,
        bound_at=context.now,
        challenge=entropy.token("trial"),
        replaces=None if replaces is None else replaces.id,
    )


def _accepted(context: Context, certificate: BoundCertificate) -> BoundCertificate:
    state = CERTIFICATE_STATES.after(certificate.state, "accept")
    accepted = context.unit.put(replace(certificate, state=state))
    plan_terms(context, accepted)
    context.note("bind_certificate", certificate.organization, state, certificate=certificate.id)
    return accepted


def _ask_again(context: Context, certificate: BoundCertificate) -> None:
    _, longest_s = context.policy.range("CERT-08.status_check_s")
    context.unit.put(certificate)
    again = context.now + dt.timedelta(seconds=longest_s)
    schedule(context.unit, "check_certificate_status", certificate.id, again)


def _refusal(
    context: Context, organization: Organization, violations: tuple[Violation, ...]
) -> Outcome:
    return noted_refusal(
        context, organization.id, refused_or_later(violations), action="bind_certificate"
    )
