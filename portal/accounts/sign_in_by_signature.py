"""Sign-in by a signature over a one-time challenge (AUTH-07), and raising the level of a session
that was opened otherwise (AUTH-16)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.admission import admit
from portal.accounts.attempts import Attempt, attempt_of, begin_attempt, use_up
from portal.accounts.session import Session, level_of
from portal.certificates.signature_check import holders_violations, verified
from portal.noted_refusal import noted_refusal
from portal.ports.signatures import CertificateFacts, WrongSignature
from portal.registration.signed_text import signature_bytes
from portal.rules.rule import Violation
from portal.rules.sign_in import ChallengeAnswer, challenge_signed
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "BeginSignature",
    "SignedChallenge",
    "account_of_certificate",
    "answered_challenge",
    "begin_signature_sign_in",
    "challenge_text",
    "raise_level",
    "sign_in_by_signature",
]


@dataclass(frozen=True, kw_only=True)
class BeginSignature:
    """A challenge is wanted; `organization` is the ОГРН whose cabinet is to be entered."""

    organization: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedChallenge:
    """The challenge and a detached CMS signature over its text, in base64."""

    challenge: str
    signature: str


@use_case(BeginSignature, signed_in=False, remembered=False, during_maintenance=True)
def begin_signature_sign_in(context: Context, form: BeginSignature) -> Outcome:
    """Give a challenge to sign, once."""
    attempt = begin_attempt(context, "signature", organization=form.organization)
    return Outcome(
        state="challenge", data={"challenge": attempt.id, "text": challenge_text(attempt)}
    )


@use_case(SignedChallenge, signed_in=False, remembered=False, during_maintenance=True)
def sign_in_by_signature(context: Context, form: SignedChallenge) -> Outcome:
    """Come in by a signed challenge; a certificate of one organization opens no other's cabinet."""
    attempt = attempt_of(context, "signature", form.challenge)
    if attempt is None:
        return refused([], "absent")
    certificate, found = answered_challenge(context, attempt, form.signature)
    account = None if certificate is None else account_of_certificate(context, certificate)
    use_up(context, attempt)
    if found or account is None:
        refusal = refused(found, "unauthenticated")
        if account is None:
            return refusal
        return noted_refusal(context, account.id, refusal, action="sign_in")
    return admit(context, account, attempt.organization, "signature")


@use_case(SignedChallenge)
def raise_level(context: Context, form: SignedChallenge) -> Outcome:
    """Let the session in which one acts count as one opened by signature (AUTH-16)."""
    session = context.unit.get(Session, context.actor.session or "")
    attempt = attempt_of(context, "signature", form.challenge)
    if attempt is None or session is None:
        return refused([], "absent")
    certificate, found = answered_challenge(context, attempt, form.signature)
    account = None if certificate is None else account_of_certificate(context, certificate)
    use_up(context, attempt)
    if found:
        return noted_refusal(context, context.actor.account or "", refused(found))
    if account is None or account.id != context.actor.account:
        return refused([], "forbidden")
    context.unit.put(replace(session, method="signature"))
    context.note("raise_level", account.id, "raised", method="signature")
    level = level_of("signature", context.policy.texts("AUTH-16.high"))
    return Outcome(state="raised", data={"level": level})


def challenge_text(attempt: Attempt) -> str:
    """What is signed: what it is for, and the challenge itself."""
    return f"Вход на портал, запрос {attempt.id}"


def answered_challenge(
    context: Context, attempt: Attempt, signature: str
) -> tuple[CertificateFacts | None, tuple[Violation, ...]]:
    """The certificate of a signed challenge, what AUTH-07 says against the answer and the rules of
    certificates against it; Unavailable."""
    certificate, wrong = _verified(context, attempt, signature)
    of_certificate: tuple[Violation, ...] = ()
    if certificate is not None and not attempt.used:
        of_certificate = holders_violations(context, certificate, "signature")
    claim = ChallengeAnswer(
        issued=attempt.started,
        now=context.now,
        used=attempt.used,
        wrong=wrong,
        known=certificate is not None and _is_for(context, certificate, attempt.organization),
    )
    return certificate, (*challenge_signed(claim, context.policy), *of_certificate)


def account_of_certificate(context: Context, certificate: CertificateFacts) -> Account | None:
    """The account of the person whom a certificate names by ИНН or СНИЛС."""
    if certificate.inn is not None:
        found = context.unit.one(Account, "inn", certificate.inn)
        if found is not None:
            return found
    if certificate.snils is not None:
        return context.unit.one(Account, "snils", certificate.snils)
    return None


def _is_for(context: Context, certificate: CertificateFacts, ogrn: str | None) -> bool:
    """Whether a certificate is that of an account, and of no other organization than this."""
    if account_of_certificate(context, certificate) is None:
        return False
    named = certificate.ogrn or certificate.ogrnip
    return ogrn is None or named is None or named == ogrn


def _verified(
    context: Context, attempt: Attempt, signature: str
) -> tuple[CertificateFacts | None, str | None]:
    """The certificate, or what is wrong with the signature."""
    content = challenge_text(attempt).encode()
    try:
        return verified(context, signature_bytes(signature), content).certificate, None
    except WrongSignature as wrong:
        return None, str(wrong)
