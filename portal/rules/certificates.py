"""Chapter CERT: what a certificate must be, whose, where its key lies, and what it opens.

One mistake is named once: a file that is no certificate breaks CERT-05 and nothing besides, a
certificate that was good when it was bound and has expired since breaks CERT-12, not CERT-02.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from portal.rules.certificate_claims import (
    ORDER_STEPS,
    CabinetCertificate,
    CertificateOrder,
    ClientClock,
    Expiring,
    FileContent,
    KeyAccess,
    KeyAlgorithmClaim,
    Management,
    OrganizationCertificate,
    PinEntry,
    PresentedCertificate,
    Reminded,
    Replacement,
    SignInFile,
    Trial,
    UnknownStatus,
    Upload,
)
from portal.rules.rights import MANAGE_CERTIFICATES
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.certificate_profiles import ALGORITHMS

__all__ = [
    "accredited",
    "chain_is_known",
    "clock_agrees",
    "due_reminders",
    "every_step_is_done",
    "in_force",
    "key_is_at_hand",
    "known_algorithm",
    "manager",
    "not_expired_since",
    "not_revoked",
    "of_organization",
    "open_file",
    "owed_reminders",
    "pin",
    "reminded",
    "reminder_days",
    "replacement",
    "sign_in_file",
    "status_is_known",
    "trial_made",
]


_DELIVERIES: Final = ("token", "file")
_HELD: Final[dict[FileContent, Text]] = {
    "pkcs12": Text("контейнер с закрытым ключом", "a container with the private key"),
    "private_key": Text("в файле закрытый ключ", "the file has a private key"),
    "pkcs7": Text("это PKCS#7, а нужен сертификат .cer", "PKCS#7 instead of a .cer certificate"),
    "other": Text("это не сертификат X.509", "not an X.509 certificate"),
}


# --- a certificate at a moment --------------------------------------------------------------------


@rule("CERT-01")
def accredited(claim: PresentedCertificate, policy: Policy) -> Iterator[Found]:
    """The issuer stands in the register of accredited authorities."""
    if claim.status == "not_accredited":
        yield Found(claim.field, Text(f"центр: {claim.facts.issuer}", claim.facts.issuer))


@rule("CERT-02")
def in_force(claim: PresentedCertificate, policy: Policy) -> Iterator[Found]:
    """From `not_before` to `not_after`, both included; those above it likewise."""
    if claim.at < claim.facts.not_before:
        yield Found(claim.field, Text("ещё не начал действовать", "not valid yet"))
    elif claim.at > claim.facts.not_after:
        yield Found(claim.field, Text("срок истёк", "expired"))
    elif claim.status in ("expired", "not_yet_valid"):
        yield Found(
            claim.field,
            Text("не действует сертификат издателя", "the issuer's certificate is not in force"),
        )


@rule("CERT-03")
def not_revoked(claim: PresentedCertificate, policy: Policy) -> Iterator[Found]:
    """Neither revoked nor on hold."""
    if claim.status == "revoked":
        yield Found(claim.field)
    elif claim.status == "on_hold":
        yield Found(claim.field, Text("действие приостановлено", "it is on hold"))


@rule("CERT-17")
def chain_is_known(claim: PresentedCertificate, policy: Policy) -> Iterator[Found]:
    """The chain leads to a root that is known."""
    if claim.status == "unknown_root":
        yield Found(claim.field)


@rule("CERT-08")
def status_is_known(claim: PresentedCertificate | UnknownStatus, policy: Policy) -> Iterator[Found]:
    """There is an answer about the status; until then «later» is said, which is no refusal."""
    if isinstance(claim, UnknownStatus) or claim.status is None:
        yield Found(claim.field)


@rule("CERT-04")
def of_organization(claim: OrganizationCertificate, policy: Policy) -> Iterator[Found]:
    """A legal entity's bears its ИНН and ОГРН; a sole proprietor's is that person's, and of their
    ОГРНИП if it names one."""
    facts = claim.facts
    if claim.kind == "legal":
        fits = facts.legal_inn == claim.inn and facts.ogrn == claim.ogrn
    else:
        fits = facts.inn == claim.inn and facts.ogrnip in (None, claim.ogrn)
        fits = fits and facts.legal_inn is None
    if not fits:
        yield Found(claim.field)


@rule("CERT-07")
def known_algorithm(claim: KeyAlgorithmClaim, policy: Policy) -> Iterator[Found]:
    """RSA, ECC or ГОСТ."""
    if claim.algorithm not in ALGORITHMS:
        yield Found(claim.field)


# --- files ----------------------------------------------------------------------------------------


@rule("CERT-05")
def open_file(claim: Upload, policy: Policy) -> Iterator[Found]:
    """An open certificate; of anything else nothing is kept."""
    if claim.content != "certificate":
        yield Found(claim.field, _HELD[claim.content])
        if claim.kept:
            yield Found(claim.field, Text("файл сохранён", "the file was kept"))


@rule("CERT-06")
def sign_in_file(claim: SignInFile, policy: Policy) -> Iterator[Found]:
    """PKCS#12 or PKCS#7."""
    if claim.content not in ("pkcs12", "pkcs7"):
        yield Found(claim.field)


# --- keys -----------------------------------------------------------------------------------------


@rule("CERT-09")
def pin(claim: PinEntry, policy: Policy) -> Iterator[Found]:
    """The PIN is right, and was not wrong so often that the carrier is locked."""
    limit = policy.count("CERT-09.max_pin_attempts")
    left = limit - claim.failed_before - (not claim.is_right)
    if claim.failed_before >= limit or left <= 0:
        yield Found(claim.field, Text("носитель заблокирован", "the carrier is locked"))
    elif not claim.is_right:
        yield Found(claim.field, Text(f"осталось попыток: {left}", f"attempts left: {left}"))


@rule("CERT-10")
def clock_agrees(claim: ClientClock, policy: Policy) -> Iterator[Found]:
    """The signer's clock differs by no more than the tolerance, either way."""
    if claim.signing_time is None:
        return
    ahead = claim.signing_time - claim.at
    if abs(ahead) > dt.timedelta(seconds=policy.number("CERT-10.max_clock_skew_s")):
        seconds = int(abs(ahead).total_seconds())
        late = ahead < dt.timedelta()
        yield Found(
            claim.field,
            Text(
                f"часы {'отстают' if late else 'спешат'} на {seconds} с",
                f"the clock is {seconds} s {'slow' if late else 'fast'}",
            ),
        )


@rule("CERT-16")
def key_is_at_hand(claim: KeyAccess, policy: Policy) -> Iterator[Found]:
    """The key lies on a carrier that is admitted, could be used, and is the signer's own."""
    if claim.carrier not in policy.texts("CERT-16.carriers"):
        yield Found("carrier")
    if not claim.available:
        yield Found("key", Text("invalid token", "invalid token"))
    elif claim.owner_inn is not None and claim.owner_inn != claim.signer_inn:
        yield Found("key", Text("это ключ другого человека", "this is another person's key"))


# --- in the cabinet -------------------------------------------------------------------------------


@rule("CERT-11")
def reminded(claim: Reminded | Expiring, policy: Policy) -> Iterator[Found]:
    """Every reminder that was due since the certificate was bound has been sent; whoever looks at
    one that ends soon is warned."""
    if isinstance(claim, Reminded):
        for days in owed_reminders(claim, policy):
            yield Found("certificate", Text(f"за {days} дн.", f"{days} days before"))
    elif claim.at <= claim.not_after <= claim.at + dt.timedelta(days=_earliest(policy)):
        left = (claim.not_after - claim.at).days
        yield Found(claim.field, Text(f"осталось дней: {left}", f"days left: {left}"))


@rule("CERT-12")
def not_expired_since(claim: CabinetCertificate, policy: Policy) -> Iterator[Found]:
    """A bound certificate opens nothing after its end."""
    if claim.at > claim.not_after:
        yield Found(claim.field)


@rule("CERT-13")
def every_step_is_done(claim: CertificateOrder, policy: Policy) -> Iterator[Found]:
    """A certificate is issued after every step; a sole proprietor has no founding documents."""
    for step in ORDER_STEPS:
        is_needed = step != "founding_documents" or claim.kind == "legal"
        if is_needed and step not in claim.done:
            yield Found(step)
    if claim.delivery not in _DELIVERIES:
        yield Found("delivery")


@rule("CERT-14")
def trial_made(claim: Trial, policy: Policy) -> Iterator[Found]:
    """A bound certificate works once a trial signature was made with it."""
    if not claim.made:
        yield Found(claim.field)


@rule("CERT-15")
def replacement(claim: Replacement, policy: Policy) -> Iterator[Found]:
    """A certificate is replaced by a code and a signed trial request."""
    if not claim.code_confirmed:
        yield Found("code")
    if not claim.trial_made:
        yield Found("signature")


@rule("CERT-18")
def manager(claim: Management, policy: Policy) -> Iterator[Found]:
    """Who manages certificates has the right to."""
    if MANAGE_CERTIFICATES not in claim.rights:
        yield Found("")


# --- terms ----------------------------------------------------------------------------------------


def reminder_days(policy: Policy) -> tuple[int, ...]:
    """How many days before the end reminders go (CERT-11), the earliest first."""
    return tuple(sorted(set(policy.counts("CERT-11.remind_days_before")), reverse=True))


def _earliest(policy: Policy) -> int:
    return max(reminder_days(policy), default=-1)


def due_reminders(
    not_after: dt.datetime, bound_at: dt.datetime, policy: Policy
) -> dict[int, dt.datetime]:
    """When each reminder is due; those that were due before the certificate was bound are not."""
    moments = {days: not_after - dt.timedelta(days=days) for days in reminder_days(policy)}
    return {days: moment for days, moment in moments.items() if moment >= bound_at}


def owed_reminders(claim: Reminded, policy: Policy) -> list[int]:
    """The reminders that are due by now and have not been sent, by their days before the end."""
    due = due_reminders(claim.not_after, claim.bound_at, policy)
    return [days for days, moment in due.items() if moment <= claim.now and days not in claim.sent]
