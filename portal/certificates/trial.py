"""The trial signature with a bound certificate, and the end of a replacement (CERT-14, CERT-15)."""

from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import Base64Bytes

from portal.accounts.account import Account
from portal.accounts.legal_force import by_signature, with_legal_force
from portal.accounts.one_time_codes import code_outcome, enter_code, send_code_to
from portal.certificates.acting import certificate_here, forbidden, organization_here
from portal.certificates.bound_certificate import CERTIFICATE_STATES, BoundCertificate, shown
from portal.certificates.cabinet_signature import (
    KeyReport,
    ReportedSignature,
    cabinet_signature,
    key_violations,
)
from portal.certificates.signature_check import refused_or_later
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.rules import certificates, signature_kinds
from portal.rules.certificate_claims import Replacement, Trial
from portal.rules.rule import Violation
from portal.rules.signature_kinds import SignedContent
from portal.use_case import Context, Outcome, Refusal, refused, use_case

__all__ = [
    "CodeQuery",
    "ReplacementProof",
    "TrialSignature",
    "confirm_replacement",
    "send_replacement_code",
    "trial_signature",
]

_WRONG_SIGNER: Final = "wrong-signer"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSignature:
    """A CMS signature over the certificate's `challenge` (its UTF-8), or what kept the key from
    making one."""

    certificate: str
    signature: Base64Bytes = b""
    key_report: KeyReport = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementProof:
    """The same, and the code that was sent."""

    certificate: str
    signature: Base64Bytes = b""
    key_report: KeyReport = "used"
    code: str = field(default="", metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeQuery:
    """For which new certificate a code is wanted."""

    certificate: str


@use_case(TrialSignature)
@with_legal_force(by_signature)
def trial_signature(context: Context, form: TrialSignature) -> Outcome:
    """Show that a bound certificate signs: from then on it works in the cabinet."""
    certificate, organization = _here(context, form.certificate)
    if certificate is None or organization is None:
        return Outcome(state="absent", refusal="absent")
    if certificate.replaces is not None:
        claim = Replacement(code_confirmed=False, trial_made=True)
        return refused(certificates.replacement(claim, context.policy), "state")
    if certificate.state in ("checking", "active"):
        return _as_it_is(context, certificate)
    violations = _trial(context, certificate, organization, form.signature, form.key_report)
    if violations:
        return _refusal(context, "trial_signature", certificate, violations)
    tried = _activated(context, certificate)
    return Outcome(state=tried.state, data=shown(tried, context.policy))


@use_case(CodeQuery)
def send_replacement_code(context: Context, form: CodeQuery) -> Outcome:
    """Send a code for putting a certificate in the place of another (CERT-15), to the phone of
    whoever manages certificates, or to their e-mail if that fails."""
    certificate, organization = _here(context, form.certificate)
    account = context.unit.get(Account, context.actor.account or "")
    if certificate is None or organization is None or account is None:
        return Outcome(state="absent", refusal="absent")
    closed = forbidden(context, organization)
    if closed:
        return refused(closed, "forbidden")
    if certificate.replaces is None or certificate.state != "bound":
        return Outcome(state=certificate.state, refusal="state")
    return code_outcome(send_code_to(context, _purpose(context, certificate), account), "sms")


@use_case(ReplacementProof)
@with_legal_force(by_signature)
def confirm_replacement(context: Context, form: ReplacementProof) -> Outcome:
    """Put a new certificate in the place of another: with a code and a signed trial request, and
    the right to. The code is used up only once the signature is good."""
    certificate, organization = _here(context, form.certificate)
    if certificate is None or organization is None:
        return Outcome(state="absent", refusal="absent")
    closed = forbidden(context, organization)
    if closed:
        return refused(closed, "forbidden")
    if certificate.replaces is None or certificate.state != "bound":
        return _as_it_is(context, certificate)
    violations = _proof(context, certificate, organization, form)
    if violations:
        return _refusal(context, "replace_certificate", certificate, violations)
    before = context.unit.get(BoundCertificate, certificate.replaces)
    if before is not None and CERTIFICATE_STATES.allows(before.state, "replace"):
        state = CERTIFICATE_STATES.after(before.state, "replace")
        context.unit.put(replace(before, state=state))
        context.note("replace_certificate", organization.id, state, certificate=before.id)
    tried = _activated(context, certificate)
    return Outcome(state=tried.state, data=shown(tried, context.policy))


def _proof(
    context: Context,
    certificate: BoundCertificate,
    organization: Organization,
    form: ReplacementProof,
) -> tuple[Violation, ...]:
    claim = Replacement(
        code_confirmed=bool(form.code), trial_made=bool(form.signature) or form.key_report != "used"
    )
    missing = certificates.replacement(claim, context.policy)
    trial: tuple[Violation, ...] = ()
    if claim.trial_made:
        trial = _trial(context, certificate, organization, form.signature, form.key_report)
    if missing or trial:
        return (*trial, *missing)
    _, wrong = enter_code(context, _purpose(context, certificate), form.code)
    return wrong


def _trial(
    context: Context,
    certificate: BoundCertificate,
    organization: Organization,
    signature: bytes,
    key: KeyReport,
) -> tuple[Violation, ...]:
    violations = key_violations(context, certificate, key)
    if violations:
        return violations
    if not signature:
        return certificates.trial_made(Trial(made=False, field="signature"), context.policy)
    reported = ReportedSignature(signature=signature, content=certificate.challenge.encode())
    checked = cabinet_signature(context, organization, reported)
    if checked.facts is None:
        return checked.violations
    if checked.facts.certificate.fingerprint != certificate.fingerprint:
        other = SignedContent(refusal=_WRONG_SIGNER)
        return signature_kinds.exact_content(other, context.policy)
    return checked.violations


def _refusal(
    context: Context, action: str, certificate: BoundCertificate, violations: tuple[Violation, ...]
) -> Outcome:
    return noted_refusal(
        context,
        certificate.organization,
        refused_or_later(violations),
        action=action,
        certificate=certificate.id,
    )


def _activated(context: Context, certificate: BoundCertificate) -> BoundCertificate:
    state = CERTIFICATE_STATES.after(certificate.state, "try")
    context.note("trial_signature", certificate.organization, state, certificate=certificate.id)
    return context.unit.put(replace(certificate, state=state, pin_failures=0))


def _as_it_is(context: Context, certificate: BoundCertificate) -> Outcome:
    """There is nothing to try any more, or not yet."""
    data = shown(certificate, context.policy)
    if certificate.state == "active":
        return Outcome(state="active", data=data)
    refusal: Refusal = "later" if certificate.state == "checking" else "state"
    return Outcome(state=certificate.state, data=data, refusal=refusal)


def _here(
    context: Context, certificate_id: str
) -> tuple[BoundCertificate | None, Organization | None]:
    return certificate_here(context, certificate_id), organization_here(context)


def _purpose(context: Context, certificate: BoundCertificate) -> str:
    return f"replace_certificate/{certificate.id}/{context.actor.account}"
