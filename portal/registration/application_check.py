"""Everything that is wrong with an application for registration, at once (ID-16)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from portal.accounts.account import Account
from portal.accounts.legal_force import Backing
from portal.certificates.signature_check import SignerOf, checked_signature, waits_for_status
from portal.documents.stored_document import StoredDocument, document_seen
from portal.documents.upload_document import file_violations
from portal.organizations.form_check import FormFields
from portal.organizations.form_check import form_violations as identifier_violations
from portal.ports.registers import RegisterRecord
from portal.ports.signatures import CertificateFacts
from portal.ports.unavailable import Unavailable
from portal.registration.authority import authority_is_confirmed
from portal.registration.corporate_email import email_is_confirmed
from portal.registration.inn_confirmation import inn_is_confirmed
from portal.registration.registration import application_in
from portal.registration.signed_text import application_text, signature_bytes
from portal.rules import certificates, identifiers, registration
from portal.rules.documents import FileClaim
from portal.rules.identifiers import Written
from portal.rules.registration import (
    Application,
    Authority,
    AuthorityPaper,
    CabinetOpening,
    Compared,
    CorporateEmail,
    InnConfirmation,
    PaperSet,
    Signed,
)
from portal.rules.rule import Violation, every
from portal.use_case import Context, Refusal
from rulebook import Policy
from world.identifiers import (
    is_valid_legal_inn,
    is_valid_ogrn,
    is_valid_ogrnip,
    is_valid_person_inn,
)

__all__ = [
    "Checked",
    "SignedApplication",
    "check_application",
    "comparison_violations",
    "form_violations",
    "number_to_ask",
    "numbers_of",
    "papers_of",
    "signed_text",
]

_TYPED: Final = tuple(each.name for each in fields(FormFields))
_OF_AUTHORITY: Final = frozenset({*registration.AUTHORITY_PAPERS, "power_of_attorney"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedApplication(Application):
    """An application as it is sent: ids of uploaded documents, and for a legal entity a CMS
    signature (Base64) over `registration_text`."""

    documents: tuple[str, ...] = ()
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What is wrong with an application, the register's record (None: it has none, or is `silent`),
    the certificate it is signed with, the ids of its documents."""

    violations: tuple[Violation, ...]
    record: RegisterRecord | None
    silent: Unavailable | None
    certificate: CertificateFacts | None
    papers: tuple[str, ...]

    @property
    def refusal(self) -> Refusal:
        """What the violations amount to: «later» if the certificate's status alone is missing."""
        return "later" if waits_for_status(self.violations) else "wrong"


def backing_of(context: Context, form: SignedApplication) -> Backing:
    """What stands behind an application: a legal entity's has to be signed (REG-10)."""
    return "signature" if form.kind == "legal" else "sign_in"


def check_application(
    context: Context, account: Account, form: SignedApplication, number: str | None = None
) -> Checked:
    """Check `form` by all rules of chapters ID, REG, DOC and CERT that it can break.

    The register is asked about `number`, if it is known whose application this is. While it is
    silent, what needs its answer is left to the comparison that follows (VER-09).
    """
    papers = papers_of(context, form)
    record, silent = _asked(context, form, number or number_to_ask(form))
    certificate, of_signature = _signature(context, account, form, papers, record)
    found = (
        tuple(form_violations(form, context.policy)),
        () if silent else tuple(comparison_violations(form, record, context.policy)),
        tuple(_confirmations(context, account, form, record)),
        tuple(_paper_violations(context, account, form, papers, record)),
        of_signature,
    )
    return Checked(
        violations=tuple(every(found)),
        record=record,
        silent=silent,
        certificate=certificate,
        papers=tuple(paper.id for paper in papers),
    )


def form_violations(form: Application, policy: Policy) -> Iterator[Violation]:
    """What breaks the rules that need nothing but the form (ID, REG-01, REG-12)."""
    typed = FormFields(**{name: getattr(form, name) for name in _TYPED})
    yield from identifier_violations(typed, policy)
    yield from registration.required_fields(form, policy)
    yield from registration.terms_accepted(form, policy)


def comparison_violations(
    form: Application, record: RegisterRecord | None, policy: Policy
) -> Iterator[Violation]:
    """What of the form the register does not bear out (REG-02 to REG-06)."""
    compared = Compared(application=form, record=record)
    for rule in (
        registration.one_record,
        registration.literal_name,
        registration.legal_address,
        registration.capital,
        registration.is_active,
    ):
        yield from rule(compared, policy)


def number_to_ask(form: Application) -> str | None:
    """The number to ask the register about: ОГРН, or ИНН if the ОГРН has a wrong form; None if
    neither has a right one."""
    is_inn, is_ogrn = _have_right_forms(form)
    if is_ogrn:
        return form.ogrn
    return form.inn if is_inn else None


def numbers_of(form: Application, record: RegisterRecord | None) -> tuple[str, str] | None:
    """ИНН and ОГРН of the organization that is meant: by the register, or as typed if both have a
    right form; None otherwise: whose signature is expected is unknown then, and what is wrong with
    the numbers is told without it."""
    if record is not None:
        return record.inn, record.ogrn
    return (form.inn, form.ogrn) if all(_have_right_forms(form)) else None


def papers_of(context: Context, form: SignedApplication) -> list[StoredDocument]:
    """The attached documents that the actor has, in their order."""
    found = (document_seen(context, each) for each in dict.fromkeys(form.documents))
    return [each for each in found if each is not None]


def signed_text(form: SignedApplication, papers: list[StoredDocument]) -> bytes:
    """What the signature of the application is over."""
    listed = [{"document": each.id, "sha256": each.digest} for each in papers]
    return application_text(application_in(form), listed)


# --- inside ---------------------------------------------------------------------------------------


def _have_right_forms(form: Application) -> tuple[bool, bool]:
    """Whether ИНН and ОГРН of the form have the right ones."""
    if form.kind == "legal":
        return is_valid_legal_inn(form.inn), is_valid_ogrn(form.ogrn)
    return is_valid_person_inn(form.inn), is_valid_ogrnip(form.ogrn)


def _asked(
    context: Context, form: Application, number: str | None
) -> tuple[RegisterRecord | None, Unavailable | None]:
    if number is None:
        return None, None
    try:
        return context.portal.ports.registers.find(form.kind, number), None
    except Unavailable as silent:
        return None, silent


def _confirmations(
    context: Context, account: Account, form: Application, record: RegisterRecord | None
) -> Iterator[Violation]:
    """Codes and links that have to come before (REG-09, REG-13, REG-14)."""
    confirmed = inn_is_confirmed(context, account.id, form.inn)
    if form.kind == "legal":
        of_inn = InnConfirmation(application=form, record=record, confirmed=confirmed)
        yield from registration.prefilled_from_register(of_inn, context.policy)
        owned = email_is_confirmed(context, account.id, form.email)
        mail = CorporateEmail(email=form.email, confirmed=owned)
        if not identifiers.email(Written(field="email", text=form.email), context.policy):
            yield from registration.corporate_email(mail, context.policy)
    elif is_valid_person_inn(form.inn):
        code = CabinetOpening(code_entered=confirmed)
        yield from registration.sole_proprietor_at_once(code, context.policy)


def _paper_violations(
    context: Context,
    account: Account,
    form: Application,
    papers: list[StoredDocument],
    record: RegisterRecord | None,
) -> Iterator[Violation]:
    """Authority, the set of documents, and each of them (REG-07, REG-08, DOC)."""
    for paper in papers:
        claim = FileClaim(
            context="registration",
            file_name=paper.file_name,
            file_format=paper.file_format,
            size=paper.size,
            virus="заблокирован" if paper.status == "blocked" else None,
            field=f"documents.{paper.document_type}",
        )
        yield from file_violations(context, claim)
    authority = Authority(
        applicant_inn=account.inn,
        head_inn=None if record is None else record.head_inn,
        papers=_authority_papers(papers),
        on=context.now.date(),
        confirmed_by_code=authority_is_confirmed(context, account.id, form.ogrn),
    )
    yield from registration.representative_may(authority, context.policy)
    attached = PaperSet(
        kind=form.kind,
        attached=[paper.document_type for paper in papers],
        needs_authority=record is not None and not authority.is_shown_otherwise,
    )
    yield from registration.set_of_papers(attached, context.policy)


def _authority_papers(papers: list[StoredDocument]) -> list[AuthorityPaper]:
    return [
        AuthorityPaper(kind=each.document_type, valid_until=each.valid_until)
        for each in papers
        if each.document_type in _OF_AUTHORITY
    ]


def _signature(
    context: Context,
    account: Account,
    form: SignedApplication,
    papers: list[StoredDocument],
    record: RegisterRecord | None,
) -> tuple[CertificateFacts | None, tuple[Violation, ...]]:
    """The certificate of the signature that a legal entity's application has to have, and what is
    wrong with it (REG-10, SIG-06, CERT)."""
    if form.kind != "legal":
        return None, ()
    numbers = numbers_of(form, record)
    inn, ogrn = numbers or (form.inn, form.ogrn)
    people = {account.inn} if record is None else {account.inn, record.head_inn}
    if not form.signature:
        unsigned = Signed(inn=inn, ogrn=ogrn, people=people, certificate=None)
        return None, registration.signed_by_organization(unsigned, context.policy)
    text = signed_text(form, papers)
    signer = None if numbers is None else SignerOf(kind=form.kind, inn=inn, ogrn=ogrn)
    checked = checked_signature(context, signature_bytes(form.signature), text, signer)
    if checked.facts is None or signer is None:
        return None, checked.violations
    facts = checked.facts.certificate
    signed = Signed(inn=inn, ogrn=ogrn, people=people, certificate=facts)
    strangers = registration.signed_by_organization(signed, context.policy)
    others = [  # a stranger's certificate is named once
        each
        for each in checked.violations
        if not strangers or each.rule != certificates.of_organization.id
    ]
    return facts, (*strangers, *others)
