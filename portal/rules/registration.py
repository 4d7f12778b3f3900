"""Chapter REG: registration of an organization.

What a form's own rule (chapter ID) names is not named here once more: a number of a wrong form is
not compared with a register, an empty field is REG-01's alone.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from portal.ports.registers import RegisterRecord, Standing
from portal.ports.signatures import CertificateFacts
from portal.rules.rule import Found, rule
from rulebook import Kind, Policy, Text
from world import identifiers
from world.documents import TITLES, DocumentKind

__all__ = [
    "AUTHORITY_PAPERS",
    "MANAGEMENT_POWER",
    "REQUIRED_PAPERS",
    "Application",
    "Authority",
    "AuthorityPaper",
    "AuthorityProof",
    "CabinetOpening",
    "Compared",
    "CorporateEmail",
    "EarlierApplication",
    "InnConfirmation",
    "PaperSet",
    "Reflected",
    "Registered",
    "Signed",
    "authority_is_proved",
    "capital",
    "corporate_email",
    "is_active",
    "kopecks",
    "legal_address",
    "literal_name",
    "no_second_application",
    "one_record",
    "prefilled_from_register",
    "register_changes_arrive",
    "representative_may",
    "required_fields",
    "set_of_papers",
    "signed_by_organization",
    "sole_proprietor_at_once",
    "terms_accepted",
]

REQUIRED_PAPERS: Final[tuple[DocumentKind, ...]] = (
    "charter",
    "registration_certificate",
    "tax_certificate",
    "egrul_extract",
)
"""The set of REG-08 but for the paper of authority, of which there are several kinds."""

MANAGEMENT_POWER: Final[DocumentKind] = "management_power_of_attorney"

AUTHORITY_PAPERS: Final[tuple[DocumentKind, ...]] = (
    MANAGEMENT_POWER,
    "appointment_order",
    "meeting_minutes",
    "representation_regulations",
)
"""What shows a representative's authority (REG-07); the first has to state a term."""

_ORDINARY: Final[DocumentKind] = "power_of_attorney"
_CLOSED: Final[dict[Standing, Text]] = {
    "liquidated": Text("деятельность прекращена", "it has ceased to exist"),
    "unreliable": Text("запись недостоверна", "the record is unreliable"),
}
_ROUBLES: Final = re.compile(r"(\d{1,15})(?:[.,](\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The fields of an application for registration as they were typed (REG-01, BND-14); an empty
    text is a field left empty. A sole proprietor has no КПП, capital and legal address.

    `insurer_number` and `employees` (insured people) are for ПФР, which compares what it is told.
    """

    kind: Kind
    full_name: str
    inn: str
    ogrn: str
    kpp: str = ""
    legal_address: str = ""
    actual_address: str = ""
    site: str = ""
    capital: str = ""
    founding_date: str = ""
    phone: str
    email: str
    bank: str = ""
    bik: str = ""
    account: str = ""
    head_name: str
    head_birth_date: str
    head_inn: str
    head_snils: str = ""
    head_position: str
    head_appointed: str = ""
    head_phone: str
    head_email: str
    passport_series: str
    passport_number: str
    passport_issued: str
    passport_issued_by: str
    contact_name: str
    contact_phone: str
    insurer_number: str = ""
    employees: str = ""
    terms_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An application and what the register holds under its ОГРН, or under its ИНН if the ОГРН has
    a wrong form; `record` is None if there is none."""

    application: Application
    record: RegisterRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the register holds of an organization that the portal has; None if it holds nothing."""

    record: RegisterRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InnConfirmation:
    """An application, the register's record, and whether a code has confirmed the ИНН."""

    application: Application
    record: RegisterRecord | None
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPaper:
    """A paper that shows authority, and the last day of its term if it states one."""

    kind: str
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who applies on the day `on`: their ИНН, that of the head by the register (None: not known),
    the papers shown, and whether the tax service has confirmed them by a code (REG-16)."""

    applicant_inn: str
    head_inn: str | None
    papers: Collection[AuthorityPaper]
    on: dt.date
    confirmed_by_code: bool = False

    @property
    def is_shown_otherwise(self) -> bool:
        """Whether no paper is needed."""
        return self.confirmed_by_code or self.applicant_inn == self.head_inn


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSet:
    """Types of the documents that are attached, and whether one of authority is needed."""

    kind: Kind
    attached: Collection[str]
    needs_authority: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CabinetOpening:
    """A sole proprietor's application that the register agrees with: whether the code was entered,
    and whether the cabinet is open (None: it is not said yet)."""

    code_entered: bool
    is_open: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A legal entity's numbers, the ИНН of people who may act for it, and the certificate of a
    signature that fits the application (None: there is none, or it does not fit: `why`)."""

    inn: str
    ogrn: str
    people: Collection[str]
    certificate: CertificateFacts | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierApplication:
    """Whether an application for the same organization waits for a decision."""

    undecided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateEmail:
    """A legal entity's address and whether its link has been followed."""

    email: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflected:
    """What a register says of an organization after a change and what its profile says, by field;
    the channels through which its owner was told."""

    record: dict[str, str]
    profile: dict[str, str]
    told: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityProof:
    """How a representative's authority was confirmed."""

    by_signature: bool
    by_code: bool


# --- the form -------------------------------------------------------------------------------------


@rule("REG-01")
def required_fields(claim: Application, policy: Policy) -> Iterator[Found]:
    """Every field that is required of the kind of applicant is filled in."""
    for field in _required(claim):
        if not getattr(claim, field).strip():
            yield Found(field)


@rule("REG-12")
def terms_accepted(claim: Application, policy: Policy) -> Iterator[Found]:
    """The terms of use are accepted."""
    if not claim.terms_accepted:
        yield Found("terms_accepted")


@rule("REG-13")
def corporate_email(claim: CorporateEmail, policy: Policy) -> Iterator[Found]:
    """Whoever applies reads the corporate mail."""
    if claim.email and not claim.confirmed:
        yield Found("email")


# --- the register ---------------------------------------------------------------------------------


@rule("REG-02")
def one_record(claim: Compared, policy: Policy) -> Iterator[Found]:
    """ИНН and ОГРН are those of one record."""
    application, record = claim.application, claim.record
    if not _is_well_formed(application):
        return
    if record is None:
        yield Found("ogrn", Text("в реестре не найден", "not found in the register"))
    elif record.inn != application.inn:
        other = Text("в реестре у этого ОГРН другой ИНН", "this OGRN has another INN")
        yield Found("inn", other)
    elif record.ogrn != application.ogrn:
        yield Found("ogrn", Text("в реестре у этого ИНН другой ОГРН", "this INN has another OGRN"))


@rule("REG-03")
def literal_name(claim: Compared, policy: Policy) -> Iterator[Found]:
    """The name is the register's, sign by sign."""
    given, record = claim.application.full_name, claim.record
    if record is not None and given.strip() and given != record.full_name:
        name = record.full_name
        yield Found("full_name", Text(f"в реестре: {name}", f"in the register: {name}"))


@rule("REG-04")
def legal_address(claim: Compared, policy: Policy) -> Iterator[Found]:
    """A legal entity's address is the register's; case, spaces and «ё» do not count."""
    given, record = claim.application.legal_address, claim.record
    if record is None or claim.application.kind != "legal" or not given.strip():
        return
    if _plain(given) != _plain(record.address):
        address = record.address
        yield Found("legal_address", Text(f"в реестре: {address}", f"in the register: {address}"))


@rule("REG-05")
def capital(claim: Compared, policy: Policy) -> Iterator[Found]:
    """A legal entity's capital is stated, above zero and the register's."""
    if claim.application.kind != "legal":
        return
    given = kopecks(claim.application.capital)
    if not claim.application.capital.strip():
        yield Found("capital", Text("не указан", "missing"))
    elif given is None:
        yield Found("capital", Text("это не сумма в рублях", "not an amount in roubles"))
    elif given == 0:
        yield Found("capital", Text("равен нулю", "zero"))
    elif claim.record is not None and given != claim.record.capital_kopecks:
        yield Found("capital", Text("отличается от реестра", "differs from the register"))


@rule("REG-06")
def is_active(claim: Compared | Registered, policy: Policy) -> Iterator[Found]:
    """The organization is neither liquidated nor is its record unreliable."""
    if claim.record is not None and claim.record.standing in _CLOSED:
        yield Found("ogrn", _CLOSED[claim.record.standing])


@rule("REG-14")
def prefilled_from_register(claim: InnConfirmation, policy: Policy) -> Iterator[Found]:
    """A legal entity's ИНН is confirmed by a code, and what the register has filled in is left.

    Name, address and capital have rules of their own.
    """
    application, record = claim.application, claim.record
    if application.kind != "legal" or not identifiers.is_valid_legal_inn(application.inn):
        return
    if not claim.confirmed:
        yield Found("inn", Text("ИНН не подтверждён кодом", "the INN is not confirmed by a code"))
    if record is None:
        return
    for field, known in (
        ("kpp", record.kpp or ""),
        ("head_name", record.head_name),
        ("head_inn", record.head_inn),
        ("head_position", record.head_position),
    ):
        given = getattr(application, field)
        is_misspelt = field == "head_inn" and not identifiers.is_valid_person_inn(given)  # ID-02
        if given.strip() and not is_misspelt and _plain(given) != _plain(known):
            yield Found(field, Text(f"в реестре: {known}", f"in the register: {known}"))


# --- authority, papers, signature -----------------------------------------------------------------


@rule("REG-07")
def representative_may(claim: Authority, policy: Policy) -> Iterator[Found]:
    """The head applies, or one whom a fitting paper or the tax service names.

    While neither the head nor a paper is known (no record, nothing attached), nothing is said.
    """
    if claim.is_shown_otherwise or any(
        _why_unfit(paper, claim.on) is None for paper in claim.papers
    ):
        return
    for paper in claim.papers:
        yield Found(f"documents.{paper.kind}", _why_unfit(paper, claim.on))
    if not claim.papers and claim.head_inn is not None:
        yield Found("documents", Text("нет документа о полномочиях", "no document of authority"))


@rule("REG-08")
def set_of_papers(claim: PaperSet, policy: Policy) -> Iterator[Found]:
    """A legal entity attaches the whole set; everything that lacks is named."""
    if claim.kind != "legal":
        return
    for paper in REQUIRED_PAPERS:
        if paper not in claim.attached:
            yield Found(f"documents.{paper}", Text(TITLES[paper], TITLES[paper]))
    of_authority = {*AUTHORITY_PAPERS, _ORDINARY}
    if claim.needs_authority and of_authority.isdisjoint(claim.attached):
        title = Text("документ о полномочиях", "document of authority")
        yield Found("documents.authority", title)


@rule("REG-09")
def sole_proprietor_at_once(claim: CabinetOpening, policy: Policy) -> Iterator[Found]:
    """A sole proprietor confirms with a code, and then has the cabinet at once."""
    if not claim.code_entered:
        yield Found("inn", Text("код из СМС не введён", "the SMS code was not entered"))
    elif claim.is_open is False:
        yield Found("", Text("кабинет не открыт", "the cabinet is not open"))


@rule("REG-10")
def signed_by_organization(claim: Signed, policy: Policy) -> Iterator[Found]:
    """The signature is the organization's or that of a person who may act for it."""
    signer = claim.certificate
    if signer is None:
        why = claim.why or "подписи нет"
        yield Found("signature", Text(why, claim.why or "there is no signature"))
        return
    of_organization = signer.legal_inn == claim.inn and signer.ogrn == claim.ogrn
    if not of_organization and signer.inn not in claim.people:
        yield Found("signature", Text("чужая подпись", "somebody else's signature"))


@rule("REG-11")
def no_second_application(claim: EarlierApplication, policy: Policy) -> Iterator[Found]:
    """While an application is undecided, there is no second for the same organization."""
    if claim.undecided:
        yield Found("ogrn")


@rule("REG-15")
def register_changes_arrive(claim: Reflected, policy: Policy) -> Iterator[Found]:
    """A change of the record is in the profile, and the owner was told of it."""
    for field, known in claim.record.items():
        if claim.profile.get(field) != known:
            yield Found(field)
    if not claim.told:
        yield Found("notice")


@rule("REG-16")
def authority_is_proved(claim: AuthorityProof, policy: Policy) -> Iterator[Found]:
    """A signature or a code of the tax service, one of the two, confirms authority."""
    if not claim.by_signature and not claim.by_code:
        yield Found("code")


# --- inside ---------------------------------------------------------------------------------------


def kopecks(roubles: str) -> int | None:
    """An amount as it is typed («10000», «10000,50»); None for anything else."""
    match = _ROUBLES.fullmatch(roubles.strip())
    if match is None:
        return None
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _required(claim: Application) -> Iterator[str]:
    yield from ("full_name", "inn", "ogrn")
    if claim.kind == "legal":
        yield from ("kpp", "legal_address")
    yield from ("phone", "email", "head_name", "head_birth_date")
    passport = ("passport_series", "passport_number", "passport_issued", "passport_issued_by")
    if not any(getattr(claim, part).strip() for part in passport):
        yield from passport  # of one that is filled in by half ID-14 names the rest
    yield from ("head_inn", "head_position", "head_phone", "head_email")
    yield from ("contact_name", "contact_phone")


def _is_well_formed(claim: Application) -> bool:
    if claim.kind == "legal":
        inn, ogrn = identifiers.is_valid_legal_inn, identifiers.is_valid_ogrn
    else:
        inn, ogrn = identifiers.is_valid_person_inn, identifiers.is_valid_ogrnip
    return inn(claim.inn) and ogrn(claim.ogrn)


def _why_unfit(paper: AuthorityPaper, on: dt.date) -> Text | None:
    if paper.kind not in AUTHORITY_PAPERS:
        return Text("доверенность не того вида", "a power of attorney of the wrong kind")
    if paper.valid_until is None:
        if paper.kind == MANAGEMENT_POWER:
            return Text("срок не указан", "no term is stated")
    elif paper.valid_until < on:
        last = paper.valid_until
        return Text(f"срок истёк {last:%d.%m.%Y}", f"it expired on {last.isoformat()}")
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
