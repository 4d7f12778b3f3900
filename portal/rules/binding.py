"""Chapter BND: an organization is tied to the account of a person.

What a form's own rule (chapter ID) names is not named here once more.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from portal.ports.people_registers import PassportVerdict
from portal.rules.accounts import PASSPORT_REASONS
from portal.rules.binding_claims import (
    BIND_RIGHTS,
    BOUND_TITLE,
    BindingRefusal,
    BindingStanding,
    CertificateMatch,
    Division,
    EnteredCode,
    FailedBindings,
    FullRights,
    HeadFacts,
    HeadRequest,
    KnownOrganization,
    MistakenBinding,
    NewOrganization,
    Ownership,
    Profile,
    RegisterLookup,
    RequisitesCheck,
    RequisitesConfirmation,
    StatedRole,
    Way,
)
from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.registration import Application
from portal.rules.rule import Found, rule
from rulebook import Kind, Policy, Text
from world.identifiers import is_valid_snils

__all__ = [
    "absent_from_portal",
    "account_and_address",
    "bound_before_services",
    "certificate_fits",
    "code_entered",
    "division_named",
    "every_error_is_told",
    "full_rights",
    "full_set",
    "head_answers",
    "head_is_confirmed",
    "in_register",
    "known_to_portal",
    "lock_end",
    "no_mistake",
    "not_locked",
    "one_owner",
    "profile_complete",
    "request_end",
    "requisites_confirmed",
    "role_confirmed",
    "ways_enough",
]

_PROFILE: Final[dict[Kind, tuple[str, ...]]] = {
    "legal": (
        *("full_name", "inn", "ogrn", "kpp", "legal_address"),
        *("bank", "bik", "account", "email"),
    ),
    "sole_proprietor": ("full_name", "inn", "ogrn", "email"),
}
_FULL_SET: Final[dict[Kind, tuple[str, ...]]] = {
    "legal": (
        *("ogrn", "inn", "kpp", "legal_address", "bank", "bik", "account", "phone", "email"),
        *("head_name", "head_appointed", "contact_name", "contact_phone"),
    ),
    "sole_proprietor": (
        *("ogrn", "inn", "phone", "email", "head_name", "contact_name", "contact_phone"),
    ),
}
_PASSPORT_REASONS: Final[Mapping[PassportVerdict, Text]] = MappingProxyType(
    {**PASSPORT_REASONS, "mismatch": Text("паспорт другого лица", "the passport is another's")}
)
_ENOUGH: Final[dict[str, tuple[Way, ...]]] = {
    "sms": ("sms", "signature", "head"),
    "signature": ("signature", "head"),
    "head": ("signature", "head"),
}
_UNCONFIRMED: Final = Text("не подтверждено", "not confirmed")


def ways_enough(kind: Kind, policy: Policy) -> tuple[Way, ...]:
    """Ways of confirmation that are enough for a kind of organization (BND.confirmation): a
    signature and the head stand for each other, and for a code."""
    return _ENOUGH[policy.choice("BND.confirmation", kind)]


def lock_end(claim: FailedBindings, policy: Policy) -> dt.datetime | None:
    """When the lock that these attempts have brought ends; None if they have brought none."""
    if claim.last is None or claim.in_row < policy.count("BND-11.max_failed_bindings"):
        return None
    return claim.last + dt.timedelta(minutes=policy.number("BND-11.lock_min"))


def request_end(sent: dt.datetime, policy: Policy) -> dt.datetime:
    """When a request to the head that went then is too old (BND-06)."""
    return sent + dt.timedelta(hours=policy.number("BND-06.head_confirm_ttl_h"))


# --- adding and binding ---------------------------------------------------------------------------


@rule("BND-01")
def absent_from_portal(claim: NewOrganization, policy: Policy) -> Iterator[Found]:
    """Only an organization that the portal has not is added."""
    if claim.present:
        yield Found("ogrn", Text("уже есть на портале", "it is on the portal already"))


@rule("BND-02")
def known_to_portal(claim: KnownOrganization, policy: Policy) -> Iterator[Found]:
    """Only an organization that the portal has is bound, confirmed by enough."""
    if not claim.present:
        yield Found("number", Text("на портале не найдена", "not found on the portal"))
    elif claim.way not in ways_enough(claim.kind, policy):
        reason = Text(
            "нужна подпись или подтверждение руководителя",
            "a signature or the head's confirmation is needed",
        )
        yield Found("confirmation", reason)


@rule("BND-03")
def one_owner(claim: Ownership, policy: Policy) -> Iterator[Found]:
    """What is bound to one account is not bound to another."""
    if claim.owner not in (None, claim.account):
        yield Found("organization")


@rule("BND-07")
def profile_complete(claim: Profile, policy: Policy) -> Iterator[Found]:
    """The organization's account is active and its profile filled in."""
    if not claim.active:
        yield Found("organization", Text("учётная запись не активна", "the account is not active"))
    for field in _PROFILE[claim.kind]:
        if not claim.fields.get(field, "").strip():
            yield Found(field, NOT_FILLED_IN)


@rule("BND-10")
def every_error_is_told(claim: BindingRefusal, policy: Policy) -> Iterator[Found]:
    """A refusal names everything that was found."""
    for kept_back in dict.fromkeys(claim.found):
        if kept_back not in claim.told:
            yield Found(kept_back.field)


@rule("BND-11")
def not_locked(claim: FailedBindings, policy: Policy) -> Iterator[Found]:
    """After so many wrong attempts in a row there is none for a term."""
    end = lock_end(claim, policy)
    if end is not None and claim.now < end:
        yield Found("", Text(f"до {end:%H:%M:%S}", f"until {end:%H:%M:%S}"))


@rule("BND-12")
def division_named(claim: Division, policy: Policy) -> Iterator[Found]:
    """One of several divisions is named by its code and address."""
    if len(claim.codes) < 2:
        return
    if not claim.branch_code.strip():
        yield Found("branch_code", Text("не указан", "missing"))
    elif claim.branch_code not in claim.codes:
        yield Found("branch_code", Text("такого подразделения нет", "there is no such division"))
    if not claim.branch_address.strip():
        yield Found("branch_address", Text("не указан", "missing"))


@rule("BND-14")
def full_set(claim: Application, policy: Policy) -> Iterator[Found]:
    """Everything that is needed of the kind is filled in."""
    for field in _FULL_SET[claim.kind]:
        if not getattr(claim, field).strip():
            yield Found(field)


# --- the right to it ------------------------------------------------------------------------------


@rule("BND-04")
def code_entered(claim: EnteredCode, policy: Policy) -> Iterator[Found]:
    """The code that was sent is entered."""
    if claim.wrong is not None:
        yield Found("code", claim.wrong)


@rule("BND-05")
def certificate_fits(claim: CertificateMatch, policy: Policy) -> Iterator[Found]:
    """The certificate bears the organization's ИНН, ОГРН and name; a sole proprietor's, the
    person's ИНН, and the ОГРНИП if any."""
    facts = claim.facts
    if facts is None:
        yield Found("signature", Text("подписи нет", "there is no signature"))
        return
    if claim.kind == "sole_proprietor":
        inn, ogrn_fits = facts.inn, facts.ogrnip in (None, claim.ogrn)
    else:
        inn, ogrn_fits = facts.legal_inn, facts.ogrn == claim.ogrn
    if inn != claim.inn:
        yield Found("signature", Text("в сертификате другой ИНН", "the INN differs"))
    if not ogrn_fits:
        yield Found("signature", Text("в сертификате другой ОГРН", "the OGRN differs"))
    names = {_plain(each) for each in claim.names}
    if names and _plain(facts.common_name or "") not in names:
        yield Found("signature", Text("в сертификате другое название", "the name differs"))


@rule("BND-06")
def head_answers(claim: HeadRequest, policy: Policy) -> Iterator[Found]:
    """A request goes to contacts of the head and is answered in its term."""
    for field, contact in (("head_email", claim.email), ("head_phone", claim.phone)):
        if not contact.strip():
            yield Found(field, Text("контакт не указан", "no contact is given"))
        elif contact.casefold() in {each.casefold() for each in claim.own_contacts}:
            yield Found(field, Text("это ваш контакт", "the contact is your own"))
    if claim.sent is not None and not claim.answered:
        end = request_end(claim.sent, policy)
        if claim.now >= end:
            yield Found("", Text(f"срок истёк {end:%d.%m.%Y %H:%M}", "the request is too old"))


@rule("BND-08")
def full_rights(claim: FullRights, policy: Policy) -> Iterator[Found]:
    """Only a holder of the full set of rights binds."""
    if claim.rights is None:
        return
    for right in BIND_RIGHTS:
        if right not in claim.rights:
            yield Found(f"rights.{right}")


@rule("BND-15")
def role_confirmed(claim: StatedRole, policy: Policy) -> Iterator[Found]:
    """The role is stated, and the register or a document shows it."""
    if not claim.role:
        yield Found("role", Text("роль не указана", "the role is not stated"))
    elif not claim.documented and (claim.role != "head" or claim.inn != claim.head_inn):
        yield Found("role", _UNCONFIRMED)


# --- registers ------------------------------------------------------------------------------------


@rule("BND-09")
def head_is_confirmed(claim: HeadFacts, policy: Policy) -> Iterator[Found]:
    """ФНС knows the head by that name and birth date, the СНИЛС adds up, the passport is good."""
    if claim.person == "not_found":
        yield Found("head_inn", Text("ФНС такого лица не знает", "unknown to the tax service"))
    elif claim.person == "mismatch":
        for field in claim.fields or ("head_name",):
            yield Found(_head_field(field), Text("не совпало с ФНС", "differs from the FNS"))
    if claim.snils and not is_valid_snils(claim.snils):
        yield Found("head_snils", Text("контрольное число неверно", "the check number is wrong"))
    if claim.passport is not None and claim.passport in _PASSPORT_REASONS:
        yield Found("passport_number", _PASSPORT_REASONS[claim.passport])


@rule("BND-13")
def in_register(claim: RegisterLookup, policy: Policy) -> Iterator[Found]:
    """The register has the organization."""
    if claim.present is False:
        yield Found("ogrn")


@rule("BND-16")
def account_and_address(claim: RequisitesCheck, policy: Policy) -> Iterator[Found]:
    """The settlement account is the organization's, the address the register's; case, spaces and
    «ё» do not count."""
    if claim.account_is_known is False:
        yield Found("account", Text("ФНС не знает этого счёта", "the FNS does not know it"))
    given, known = claim.address, claim.register_address
    if given and known is not None and _plain(given) != _plain(known):
        yield Found("legal_address", Text(f"в реестре: {known}", f"in the register: {known}"))


@rule("BND-17")
def requisites_confirmed(claim: RequisitesConfirmation, policy: Policy) -> Iterator[Found]:
    """Registers that answer confirm the requisites; otherwise a signature alone does."""
    if not claim.answered and claim.way != "signature":
        yield Found("confirmation")


# --- what follows ---------------------------------------------------------------------------------


@rule("BND-18")
def bound_before_services(claim: BindingStanding, policy: Policy) -> Iterator[Found]:
    """What is bound is called so and listed; before, services for it are closed."""
    if not claim.bound:
        if claim.wants_service:
            yield Found("organization")
        return
    if claim.title != BOUND_TITLE:
        yield Found("status")
    if not claim.listed:
        yield Found("my_organizations")


@rule("BND-19")
def no_mistake(claim: MistakenBinding, policy: Policy) -> Iterator[Found]:
    """Until what is wrong is corrected, nobody comes in for the organization."""
    for field in claim.wrong:
        yield Found(field)


# --- inside ---------------------------------------------------------------------------------------


def _head_field(field: str) -> str:
    return "head_birth_date" if field == "birth_date" else "head_name"


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
