"""«Add» an organization that the portal has not, «Bind» one that it has (BND-01, BND-02)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.legal_force import Backing, with_legal_force
from portal.binding.binding import Addition, binding_text
from portal.binding.confirmation import begin_binding
from portal.binding.failed_bindings import count_wrong_binding, lock_of
from portal.binding.request import Asked, papers_of, request_violations, way_of
from portal.binding.requisites import (
    CheckedRequisites,
    check_addition,
    check_profile,
    organization_of,
)
from portal.noted_refusal import noted_refusal
from portal.ports.messenger import Channel
from portal.ports.registers import RegisterRecord
from portal.ports.unavailable import Unavailable
from portal.registration.application_check import numbers_of
from portal.registration.registration import application_in
from portal.rules import binding as rules
from portal.rules import identifiers
from portal.rules.binding_claims import (
    BindingRefusal,
    KnownOrganization,
    Ownership,
    RegisterLookup,
    Way,
)
from portal.rules.identifiers import Requisites
from portal.rules.registration import Application
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Kind, Tier

__all__ = [
    "AdditionForm",
    "BindingForm",
    "BindingTextQuery",
    "add_organization",
    "bind_organization",
    "binding_to_sign",
]

_LATER = frozenset({"BND-17", "CERT-08"})
_SOLE_LENGTHS = (12, 15)
_INN_LENGTHS = (10, 12)


@dataclass(frozen=True, kw_only=True)
class RightToBind:
    """One's role in the organization, how the right to it is confirmed (None: as the policy has
    it), by which channel a code is to come (`push`: in the application). `documents` are ids of
    uploaded ones, `signature` a CMS signature (Base64) over `binding_to_sign`."""

    role: str = ""
    confirmation: Way | None = None
    documents: tuple[str, ...] = ()
    signature: str = ""
    branch_code: str = ""
    branch_address: str = ""
    code_by: Channel = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionForm(Application, RightToBind):
    """Full details of an organization (BND-14), and the right to bind it."""

    tier: Tier = "small"


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingForm(RightToBind):
    """The ИНН or ОГРН of an organization of the portal, and the right to bind it. The head's
    contacts are needed for the head's confirmation."""

    number: str
    head_email: str = ""
    head_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingTextQuery:
    """The organization that is to be bound."""

    ogrn: str


@view(BindingTextQuery)
def binding_to_sign(context: Context, query: BindingTextQuery) -> Outcome:
    """What the signature of a binding has to be over: UTF-8, nothing added."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    text = binding_text(query.ogrn, account.inn)
    return Outcome(state="shown", data={"text": text.decode()})


def _backing_of_addition(context: Context, form: AdditionForm) -> Backing:
    way = way_of(context, form.kind, form.confirmation)
    return "signature" if way == "signature" else "sign_in"


@use_case(AdditionForm)
@with_legal_force(_backing_of_addition, ties_organization=True)
def add_organization(context: Context, form: AdditionForm) -> Outcome:
    """Add an organization by its full details; it is created once the right to it is confirmed."""
    account, closed = _who_binds(context)
    if account is None:
        return closed
    checked = check_addition(context, form)
    numbers = numbers_of(form, checked.record) or (None, None)
    asked = _asked(context, account, form, form.kind, numbers, checked, form.head_inn)
    closed_by = _refusal(context, asked, checked, checked.violations)
    if closed_by is not None:
        return closed_by
    addition = Addition(
        application=application_in(form),
        documents=tuple(each.id for each in papers_of(context, form.documents)),
        tier=form.tier,
        compared=checked.record is not None,
    )
    return begin_binding(context, asked, form.full_name, form.inn, form.ogrn, addition)


def _backing_of_binding(context: Context, form: BindingForm) -> Backing:
    known = organization_of(context, form.number)
    is_signed = known is not None and way_of(context, known.kind, form.confirmation) == "signature"
    return "signature" if is_signed else "sign_in"


@use_case(BindingForm)
@with_legal_force(_backing_of_binding, ties_organization=True)
def bind_organization(context: Context, form: BindingForm) -> Outcome:
    """Bind an organization of the portal by one of its numbers, once the right is confirmed."""
    account, closed = _who_binds(context)
    if account is None:
        return closed
    organization = organization_of(context, form.number)
    if organization is None:
        return _unknown(context, account, form)
    if organization.owner == account.id:
        return Outcome(state="bound", refusal="state", data={"organization": organization.id})
    checked = check_profile(context, organization)
    requisites = organization.requisites
    numbers = requisites.inn, requisites.ogrn
    asked = replace(
        _asked(context, account, form, organization.kind, numbers, checked, requisites.head_inn),
        organization=organization.id,
    )
    owned = Ownership(owner=organization.owner, account=account.id)
    found = [*rules.one_owner(owned, context.policy), *checked.violations]
    closed_by = _refusal(context, asked, checked, found)
    if closed_by is not None:
        return closed_by
    return begin_binding(
        context, asked, requisites.full_name, requisites.inn, requisites.ogrn, None
    )


# --- inside ---------------------------------------------------------------------------------------


def _asked(
    context: Context,
    account: Account,
    form: AdditionForm | BindingForm,
    kind: Kind,
    numbers: tuple[str | None, str | None],
    checked: CheckedRequisites,
    known_head: str,
) -> Asked:
    """What `form` asks for about the organization of those numbers (ИНН, ОГРН), which the portal
    has not yet; the head is the register's if it has told."""
    inn, ogrn = numbers
    return Asked(
        account=account,
        kind=kind,
        inn=inn,
        ogrn=ogrn,
        names=_names(kind, checked.record),
        organization=None,
        record=checked.record,
        head_inn=known_head if checked.record is None else checked.record.head_inn,
        answered=checked.answered,
        role=form.role,
        way=way_of(context, kind, form.confirmation),
        documents=form.documents,
        signature=form.signature,
        branch_code=form.branch_code,
        branch_address=form.branch_address,
        head_email=form.head_email,
        head_phone=form.head_phone,
        code_by=form.code_by,
    )


def _who_binds(context: Context) -> tuple[Account | None, Outcome]:
    """The account that binds, unless it is locked (BND-11): then, or without one, why not."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return None, Outcome(state="absent", refusal="absent")
    locked = lock_of(context, account.id)
    if locked:
        context.note("bind_organization", account.id, "locked", rule="BND-11")
        return None, refused(locked, "forbidden")
    return account, Outcome(state="open")


def _refusal(
    context: Context, asked: Asked, checked: CheckedRequisites, found: Iterable[Violation]
) -> Outcome | None:
    """Everything that stands against a request (BND-10); None if nothing does."""
    violations = tuple(every((tuple(found), tuple(request_violations(context, asked)))))
    if not violations:
        return Outcome(state="later", refusal="later") if checked.waits else None
    return _refused(context, asked.account, violations)


def _refused(context: Context, account: Account, violations: tuple[Violation, ...]) -> Outcome:
    """A refusal tells all; one that is not for what does not answer now counts (BND-11)."""
    told = BindingRefusal(found=violations, told=violations)
    violations = (*violations, *rules.every_error_is_told(told, context.policy))
    waits = _LATER.issuperset(each.rule for each in violations)
    if not waits:
        count_wrong_binding(context, account.id)
    outcome = refused(violations, "later" if waits else "wrong")
    return noted_refusal(context, account.id, outcome, action="bind_organization")


def _unknown(context: Context, account: Account, form: BindingForm) -> Outcome:
    """The portal has no such organization: the number is mistyped, the register has none either
    (BND-13), or it can be added (BND-02)."""
    number = form.number
    kind: Kind = "sole_proprietor" if len(number) in _SOLE_LENGTHS else "legal"
    is_inn = len(number) in _INN_LENGTHS
    typed = Requisites(
        kind=kind,
        inn=number if is_inn else "",
        ogrn="" if is_inn else number,
        inn_field="number",
        ogrn_field="number",
    )
    of_form = (
        identifiers.legal_inn,
        identifiers.person_inn,
        identifiers.legal_ogrn,
        identifiers.ogrnip,
        identifiers.no_other_signs,
    )
    misspelt = tuple(every(rule(typed, context.policy) for rule in of_form))
    if misspelt:
        return _refused(context, account, misspelt)
    try:
        present = context.portal.ports.registers.find(kind, number) is not None
    except Unavailable:
        present = True  # nothing is known against it
    missing = rules.in_register(RegisterLookup(present=present), context.policy)
    way = way_of(context, kind, form.confirmation)
    unknown = KnownOrganization(present=False, kind=kind, way=way)
    return _refused(context, account, missing or rules.known_to_portal(unknown, context.policy))


def _names(kind: Kind, record: RegisterRecord | None) -> tuple[str, ...]:
    """Names that a legal entity's certificate may bear; a sole proprietor's bears the person's."""
    if kind != "legal" or record is None:
        return ()
    return record.full_name, record.short_name
