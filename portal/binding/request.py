"""What is asked for when an organization is added or bound, and everything that stands against it
but for its requisites: role, rights, division, way of confirmation, signature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.accounts.account import Account
from portal.binding.binding import binding_text
from portal.certificates.signature_check import checked_signature
from portal.documents.stored_document import StoredDocument, document_seen
from portal.organizations.membership import membership_of
from portal.organizations.rights import rights_of
from portal.ports.messenger import Channel
from portal.ports.registers import RegisterRecord
from portal.registration.signed_text import signature_bytes
from portal.rules import binding as rules
from portal.rules import registration
from portal.rules.binding_claims import (
    BIND_RIGHTS,
    CertificateMatch,
    Division,
    FullRights,
    HeadRequest,
    KnownOrganization,
    RequisitesConfirmation,
    StatedRole,
    Way,
)
from portal.rules.registration import MANAGEMENT_POWER, Authority, AuthorityPaper
from portal.rules.rule import Violation
from portal.use_case import Context
from rulebook import Kind
from world.documents import DocumentKind

__all__ = ["Asked", "extra_rights", "papers_of", "request_violations", "way_of"]

_OF_HEAD: Final[tuple[DocumentKind, ...]] = ("appointment_order", "meeting_minutes")
_OF_OTHERS: Final[tuple[DocumentKind, ...]] = (MANAGEMENT_POWER, "representation_regulations")
_SHOWN_BY: Final[Mapping[str, tuple[DocumentKind, ...]]] = MappingProxyType({"head": _OF_HEAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, from whichever form: the organization as far as its numbers are right (`inn` and
    `ogrn` None otherwise), the names that its certificate may bear, the head by the register, and
    what was typed. `answered` is whether the registers were asked with success."""

    account: Account
    kind: Kind
    inn: str | None
    ogrn: str | None
    names: tuple[str, ...]
    organization: str | None
    record: RegisterRecord | None
    head_inn: str | None
    answered: bool
    role: str
    way: Way
    documents: tuple[str, ...]
    signature: str
    branch_code: str
    branch_address: str
    head_email: str
    head_phone: str
    code_by: Channel = "sms"


def way_of(context: Context, kind: Kind, chosen: Way | None) -> Way:
    """The way of confirmation that was chosen, or else the first that is enough."""
    return chosen or rules.ways_enough(kind, context.policy)[0]


def request_violations(context: Context, asked: Asked) -> Iterator[Violation]:
    """What stands against a request, requisites aside."""
    policy = context.policy
    known = KnownOrganization(present=True, kind=asked.kind, way=asked.way)
    yield from rules.known_to_portal(known, policy)
    confirmation = RequisitesConfirmation(answered=asked.answered, way=asked.way)
    yield from rules.requisites_confirmed(confirmation, policy)
    division = Division(
        codes=_divisions(asked.record),
        branch_code=asked.branch_code,
        branch_address=asked.branch_address,
    )
    yield from rules.division_named(division, policy)
    yield from _role_violations(context, asked)
    if asked.way == "head":
        yield from _contact_violations(context, asked)
    if asked.way == "signature":
        yield from _signature_violations(context, asked)


def extra_rights(context: Context, asked: Asked) -> tuple[str, ...]:
    """Rights beyond those of the role that a power of attorney to manage gives (BND-08)."""
    return BIND_RIGHTS if _is_shown(context, asked, (MANAGEMENT_POWER,)) else ()


def papers_of(context: Context, documents: tuple[str, ...]) -> list[StoredDocument]:
    """The attached documents that the actor may have, in their order."""
    found = (document_seen(context, each) for each in dict.fromkeys(documents))
    return [each for each in found if each is not None]


def _divisions(record: RegisterRecord | None) -> tuple[str, ...]:
    if record is None or not record.branches:
        return ()
    return (record.kpp or "", *record.branches)


def _role_violations(context: Context, asked: Asked) -> Iterator[Violation]:
    """BND-15, and BND-08 for a role that is confirmed."""
    role = asked.role if asked.role in context.portal.book.roles else ""
    member = membership_of(context, asked.account.id, asked.organization or "")
    held = member is not None and member.role == role
    stated = StatedRole(
        role=role,
        inn=asked.account.inn,
        head_inn=asked.head_inn,
        documented=held or _is_shown(context, asked, _SHOWN_BY.get(role, _OF_OTHERS)),
    )
    unconfirmed = rules.role_confirmed(stated, context.policy)
    yield from unconfirmed
    rights = None
    if not unconfirmed:
        of_role = context.portal.book.rights_of(role)
        rights = {*of_role, *rights_of(context, member), *extra_rights(context, asked)}
    yield from rules.full_rights(FullRights(rights=rights), context.policy)


def _is_shown(context: Context, asked: Asked, kinds: tuple[DocumentKind, ...]) -> bool:
    """Whether a document of one of those kinds is attached that is fit today (REG-07)."""
    papers = [
        AuthorityPaper(kind=each.document_type, valid_until=each.valid_until)
        for each in papers_of(context, asked.documents)
        if each.document_type in kinds and each.status != "blocked"
    ]
    claim = Authority(
        applicant_inn=asked.account.inn, head_inn="", papers=papers, on=context.now.date()
    )
    return not registration.representative_may(claim, context.policy)


def _contact_violations(context: Context, asked: Asked) -> tuple[Violation, ...]:
    is_head = asked.account.inn == asked.head_inn
    claim = HeadRequest(
        email=asked.head_email,
        phone=asked.head_phone,
        own_contacts=() if is_head else (asked.account.email, asked.account.phone),
        sent=None,
        now=context.now,
    )
    return rules.head_answers(claim, context.policy)


def _signature_violations(context: Context, asked: Asked) -> Iterator[Violation]:
    """BND-05 and all that a signature has to be (SIG-06, CERT); of mistyped numbers chapter ID
    tells."""
    inn, ogrn = asked.inn, asked.ogrn
    if inn is None or ogrn is None:
        return
    facts = None
    broken: tuple[Violation, ...] = ()
    if asked.signature:
        text = binding_text(ogrn, asked.account.inn)
        checked = checked_signature(context, signature_bytes(asked.signature), text, None)
        broken = checked.violations
        if checked.facts is None:
            yield from broken
            return
        facts = checked.facts.certificate
    match = CertificateMatch(facts=facts, kind=asked.kind, inn=inn, ogrn=ogrn, names=asked.names)
    yield from rules.certificate_fits(match, context.policy)
    yield from broken
