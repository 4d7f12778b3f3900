"""Whether a certificate or a signature is good now: every rule that it breaks, or «later» while
nothing is known of its status (CERT-08)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portal.ports.signatures import (
    CertificateFacts,
    CertificateStatus,
    SignatureFacts,
    WrongSignature,
)
from portal.ports.unavailable import Unavailable
from portal.rules import certificates, security, signature_kinds
from portal.rules.certificate_claims import (
    ClientClock,
    KeyAlgorithmClaim,
    OrganizationCertificate,
    PresentedCertificate,
    UnknownStatus,
)
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused
from rulebook import Kind

__all__ = [
    "CheckedSignature",
    "SignerOf",
    "broken_signature",
    "certificate_violations",
    "checked_signature",
    "holders_violations",
    "refused_or_later",
    "status_now",
    "verified",
    "waits_for_status",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerOf:
    """The organization whose certificate is expected (CERT-04)."""

    kind: Kind
    inn: str
    ogrn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """What is known of a signature: `facts` if it fits its content, and every broken rule. If
    CERT-08 is the only one, it is not refused: its status is not known yet."""

    facts: SignatureFacts | None
    violations: tuple[Violation, ...]


def checked_signature(
    context: Context,
    message: bytes,
    content: bytes,
    signer: SignerOf | None,
    field: str = "signature",
) -> CheckedSignature:
    """A CMS signature made now over exactly `content`, with a certificate of `signer` (None:
    whoever's): SIG-06, CERT-10, and the certificate's rules. Lines of the journal that follow bear
    it (AUD-01)."""
    try:
        facts = verified(context, message, content)
    except WrongSignature as wrong:
        return CheckedSignature(facts=None, violations=broken_signature(context, wrong, field))
    except Unavailable:
        waits = certificates.status_is_known(UnknownStatus(field=field), context.policy)
        return CheckedSignature(facts=None, violations=waits)
    clock = ClientClock(signing_time=facts.signing_time, at=context.now, field=field)
    violations = (
        *certificates.clock_agrees(clock, context.policy),
        *certificate_violations(context, facts.certificate, signer, field),
    )
    return CheckedSignature(facts=facts, violations=violations)


def verified(context: Context, message: bytes, content: bytes) -> SignatureFacts:
    """What a CMS signature over exactly `content` says, told in the lines of the journal that
    follow (AUD-01); WrongSignature, Unavailable."""
    facts = context.portal.ports.signatures.verify(message, content)
    context.signed("qualified", facts.certificate)
    return facts


def broken_signature(context: Context, wrong: WrongSignature, field: str) -> tuple[Violation, ...]:
    """The rule that a signature or a certificate breaks that could not be checked: CERT-07 or
    SEC-02 for its key, SIG-06 for anything else."""
    if wrong.code == "algorithm":
        claim = KeyAlgorithmClaim(algorithm="", field=field)
        return certificates.known_algorithm(claim, context.policy)
    if wrong.code == "weak-key":
        weak = security.WeakKey(is_weak=True, field=field)
        return security.protected_keys(weak, context.policy)
    content = signature_kinds.SignedContent(refusal=wrong.code, field=field)
    return signature_kinds.exact_content(content, context.policy)


def certificate_violations(
    context: Context, facts: CertificateFacts, signer: SignerOf | None, field: str = "certificate"
) -> tuple[Violation, ...]:
    """Every rule that a certificate breaks now; CERT-08 is among them only if it is alone."""
    claim = PresentedCertificate(
        facts=facts, status=_status(context, facts), at=context.now, field=field
    )
    violations = tuple(every(_checks(context, claim, signer)))
    waits = certificates.status_is_known(claim, context.policy)
    return violations or waits


def holders_violations(
    context: Context, facts: CertificateFacts, field: str
) -> tuple[Violation, ...]:
    """Every rule that a certificate, whoever's, breaks now; Unavailable while nothing is known of
    its status."""
    status = status_now(context, facts)
    claim = PresentedCertificate(facts=facts, status=status, at=context.now, field=field)
    return tuple(every(_checks(context, claim, None)))


def waits_for_status(violations: Collection[Violation]) -> bool:
    """Whether the status of a certificate is missing (CERT-08) and nothing else is wrong."""
    return {each.rule for each in violations} == {certificates.status_is_known.id}


def refused_or_later(violations: tuple[Violation, ...] | list[Violation]) -> Outcome:
    """The outcome of what broke rules: «later» if the status alone is missing (CERT-08)."""
    return refused(violations, "later" if waits_for_status(violations) else "wrong")


def _checks(
    context: Context, claim: PresentedCertificate, signer: SignerOf | None
) -> Iterator[tuple[Violation, ...]]:
    policy, facts = context.policy, claim.facts
    algorithm = KeyAlgorithmClaim(algorithm=facts.algorithm, field=claim.field)
    yield certificates.known_algorithm(algorithm, policy)
    yield certificates.accredited(claim, policy)
    yield certificates.in_force(claim, policy)
    yield certificates.not_revoked(claim, policy)
    yield certificates.chain_is_known(claim, policy)
    if signer is not None:
        owner = OrganizationCertificate(
            facts=facts, kind=signer.kind, inn=signer.inn, ogrn=signer.ogrn, field=claim.field
        )
        yield certificates.of_organization(owner, policy)


def status_now(context: Context, facts: CertificateFacts) -> CertificateStatus:
    """How a certificate stands now; of one that is out of its own term nobody is asked.
    Unavailable."""
    if context.now < facts.not_before:
        return "not_yet_valid"
    if context.now > facts.not_after:
        return "expired"
    return context.portal.ports.signatures.status(facts, context.now)


def _status(context: Context, facts: CertificateFacts) -> CertificateStatus | None:
    try:
        return status_now(context, facts)
    except Unavailable:
        return None
