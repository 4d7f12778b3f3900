"""Signing documents with a certificate of the cabinet, many in one session (SIG-06 to SIG-08)."""

import base64
from dataclasses import dataclass

from pydantic import Base64Bytes

from portal.accounts.legal_force import by_signature, with_legal_force
from portal.certificates.acting import is_anothers, organization_here
from portal.certificates.bound_certificate import BoundCertificate, bound_to
from portal.certificates.cabinet_signature import (
    KeyReport,
    ReportedSignature,
    cabinet_signature,
    key_violations,
)
from portal.certificates.document_signature import (
    DocumentSignature,
    document_signature_id,
    document_was_signed,
)
from portal.certificates.signature_check import CheckedSignature, refused_or_later
from portal.documents.stored_document import StoredDocument, content_of, document_seen
from portal.head_change.signing_right import unfit_to_sign
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.ports.signatures import SignatureFacts
from portal.rules import certificates, signature_kinds
from portal.rules.certificate_claims import Trial
from portal.rules.rights import SIGN
from portal.rules.rule import Violation, every
from portal.rules.signature_kinds import SigningSession
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["FileSignature", "SigningRequest", "sign_documents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSignature:
    """A document of the cabinet and a CMS signature over its exact bytes."""

    document: str
    signature: Base64Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRequest:
    """Documents signed in one session with the bound `certificate` that was chosen."""

    certificate: str
    files: tuple[FileSignature, ...] = ()
    key_report: KeyReport = "used"


@use_case(SigningRequest)
@with_legal_force(by_signature)
def sign_documents(context: Context, form: SigningRequest) -> Outcome:
    """Keep the signatures of documents of the organization that the actor acts for, all or none."""
    organization = organization_here(context)
    seen = [document_seen(context, each.document) for each in form.files]
    documents = [each for each in seen if each is not None]
    if organization is None or len(documents) < len(seen):
        return Outcome(state="absent", refusal="absent")
    if SIGN not in rights_in(context, organization.id):
        context.note("sign_documents", organization.id, "forbidden", right=SIGN)
        return refused(unfit_to_sign(context, organization.id), "forbidden")
    wanted = context.unit.get(BoundCertificate, form.certificate)
    if wanted is not None and is_anothers(context, organization, wanted):
        return Outcome(state="absent", refusal="absent")
    bound = {each.id: each for each in bound_to(context, organization.id)}
    session = SigningSession(chosen=form.certificate, bound=bound, used=())
    violations = signature_kinds.one_certificate(session, context.policy)
    if violations:
        return noted_refusal(context, organization.id, refused_or_later(violations))
    chosen = bound[form.certificate]
    violations = _unusable(context, chosen, form.key_report)
    if violations:
        return noted_refusal(context, organization.id, refused_or_later(violations))
    checked = [
        _checked(context, organization, document, signed.signature, number)
        for number, (document, signed) in enumerate(zip(documents, form.files, strict=True))
    ]
    facts = [each.facts for each in checked if each.facts is not None]
    violations = tuple(
        every([*(each.violations for each in checked), _others(context, chosen, facts)])
    )
    if violations:
        return noted_refusal(context, organization.id, refused_or_later(violations))
    signed = [
        _kept(context, chosen, document, each.signature, fact)
        for document, each, fact in zip(documents, form.files, facts, strict=True)
    ]
    return Outcome(state="signed", data={"signed": [each.shown() for each in signed]})


def _unusable(
    context: Context, certificate: BoundCertificate, key: KeyReport
) -> tuple[Violation, ...]:
    """What keeps a bound certificate from signing: its end, its PIN, its key, no trial yet."""
    violations = key_violations(context, certificate, key)
    if violations:
        return violations
    return certificates.trial_made(Trial(made=certificate.state == "active"), context.policy)


def _checked(
    context: Context,
    organization: Organization,
    document: StoredDocument,
    signature: bytes,
    number: int,
) -> CheckedSignature:
    content = content_of(context, document)
    field = f"files.{number}.signature"
    reported = ReportedSignature(signature=signature, content=content or b"", field=field)
    return cabinet_signature(context, organization, reported)


def _others(
    context: Context, chosen: BoundCertificate, facts: list[SignatureFacts]
) -> tuple[Violation, ...]:
    """SIG-08 if another certificate has signed than the one that was chosen."""
    used = {each.certificate.fingerprint for each in facts}
    session = SigningSession(chosen=chosen.fingerprint, bound={chosen.fingerprint}, used=used)
    return signature_kinds.one_certificate(session, context.policy)


def _kept(
    context: Context,
    certificate: BoundCertificate,
    document: StoredDocument,
    signature: bytes,
    facts: SignatureFacts,
) -> DocumentSignature:
    signature_id = document_signature_id(document.id, certificate.id)
    before = context.unit.get(DocumentSignature, signature_id)
    kept = context.unit.put(
        DocumentSignature(
            id=signature_id,
            version=0 if before is None else before.version,
            document=document.id,
            organization=certificate.organization,
            certificate=certificate.id,
            signer=context.actor.account or "",
            signature=base64.b64encode(signature).decode(),
            digest=document.digest,
            signed_at=context.now,
            stamped=facts.stamped,
        )
    )
    context.note(
        "sign_documents",
        certificate.organization,
        kept.status,
        document=document.id,
        certificate=certificate.id,
    )
    document_was_signed(context, document.id)
    return kept
