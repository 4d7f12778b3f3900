"""An organization is unbound: twice confirmed, with nothing left open (UNB-01 to UNB-04)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydantic import Base64Bytes

from portal.accounts.account import Account
from portal.accounts.legal_force import Backing, with_legal_force
from portal.accounts.lockout import count_failure, lock_of
from portal.accounts.one_time_codes import (
    CodeWanted,
    TypedCode,
    code_outcome,
    send_code_to,
    wrong_code,
)
from portal.accounts.session import Session, close_session
from portal.api_keys.revocation import revoke_all_keys
from portal.applications.application import OPEN, applications_of
from portal.binding.binding import BINDING_STATES, Binding
from portal.certificates.order import OrderedCertificate
from portal.certificates.signature_check import checked_signature
from portal.employees.employee import dismiss_all
from portal.head_change.appointment import Appointment
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.messenger import Letter
from portal.registration.signed_text import signature_bytes
from portal.rules import unbinding as rules
from portal.rules.reasons import ANOTHERS_SIGNATURE
from portal.rules.rule import Violation, every
from portal.rules.unbinding import OpenApplications, UnbindingConfirmation, Unbound
from portal.unbinding.biometry import BiometricSample, wrong_sample
from portal.unbinding.unbinder import for_unbinders
from portal.use_case import Context, Outcome, refused, secret, use_case, view
from portal.webhooks.removal import remove_all_receivers
from rulebook import Text

__all__ = [
    "Unbinding",
    "UnbindingCode",
    "UnbindingTextQuery",
    "request_unbinding_code",
    "unbind_organization",
    "unbinding_to_sign",
]

_FINISHED: Final = ("issued", "refused", "lapsed")  # orders of certificates
_UNDECIDED: Final = ("registered", "verifying", "remarks")  # organizations


@dataclass(frozen=True, kw_only=True)
class UnbindingCode(CodeWanted):
    """The organization to be unbound, and how the code is to come."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class UnbindingTextQuery:
    """The organization to be unbound."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class Unbinding(TypedCode):
    """The password and the second confirmation: `sms` takes the `code` that has come, `token` a CMS
    signature (Base64) over `unbinding_to_sign` by one's own key, `biometry` a sample of face or
    voice for the `challenge` of `begin_biometric_unbinding`."""

    organization: str
    password: str = secret()
    second: str
    signature: str = ""
    challenge: str = ""
    face: Base64Bytes = b""
    voice: Base64Bytes = b""


@use_case(UnbindingCode)
@for_unbinders
def request_unbinding_code(
    context: Context, form: UnbindingCode, found: Organization, account: Account
) -> Outcome:
    """Send a code to whoever may unbind."""
    in_vain = send_code_to(context, _purpose(context, found), account, form.channel)
    return code_outcome(in_vain, form.channel)


@view(UnbindingTextQuery)
@in_organization()
def unbinding_to_sign(context: Context, query: UnbindingTextQuery, found: Organization) -> Outcome:
    """What the signature of an unbinding has to be over: UTF-8, nothing added."""
    return Outcome(state="shown", data={"text": _text(found)})


def _backing(context: Context, form: Unbinding) -> Backing:
    return "signature" if form.second == "token" else "sign_in"


@use_case(Unbinding)
@with_legal_force(_backing)
@for_unbinders
def unbind_organization(
    context: Context, form: Unbinding, found: Organization, account: Account
) -> Outcome:
    """Unbind: nobody acts for the organization any more, and it can only be bound anew."""
    if found.state == "unbound":
        return Outcome(state=found.state, refusal="state")
    locked = lock_of(context, account, "")
    if locked:
        return refused(locked, "forbidden")
    unfinished = OpenApplications(titles=list(_unfinished(context, found)))
    in_the_way = rules.no_open_applications(unfinished, context.policy)
    if in_the_way:
        return noted_refusal(context, found.id, refused(in_the_way, "state", found.state))
    violations = tuple(every(_unconfirmed(context, found, account, form)))
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    return _unbound(context, found, account)


# --- inside ---------------------------------------------------------------------------------------


def _unfinished(context: Context, organization: Organization) -> Iterator[str]:
    """Titles of what was filed and is not decided; Unavailable."""
    if organization.state in _UNDECIDED:
        yield "Регистрация организации"
    for order in context.unit.find(OrderedCertificate, "organization", organization.id):
        told = context.portal.ports.authority.view(order.number)
        if told.state not in _FINISHED:
            yield f"Выпуск сертификата {order.number}"
    for application in applications_of(context, organization.id):
        if application.state in OPEN:
            yield application.title


def _unconfirmed(
    context: Context, organization: Organization, account: Account, form: Unbinding
) -> Iterator[tuple[Violation, ...]]:
    """UNB-02; a right code is used up only with the right password."""
    is_right = context.portal.ports.passwords.verify(account.password, form.password)
    if not is_right:
        count_failure(context, account, "")
    wrong: Text | None = None
    if form.second == "sms" and is_right:
        wrong = wrong_code(context, _purpose(context, organization), form.code)
    elif form.second == "token":
        content = _text(organization).encode()
        checked = checked_signature(context, signature_bytes(form.signature), content, None)
        yield checked.violations
        if checked.facts is not None and checked.facts.certificate.inn != account.inn:
            wrong = ANOTHERS_SIGNATURE
    elif form.second == "biometry" and is_right:
        sample = BiometricSample(challenge=form.challenge, face=form.face, voice=form.voice)
        wrong = wrong_sample(context, account, sample)
    claim = UnbindingConfirmation(password_is_right=is_right, second=form.second, wrong=wrong)
    yield rules.twice_confirmed(claim, context.policy)


def _unbound(context: Context, organization: Organization, account: Account) -> Outcome:
    state = ORGANIZATION_STATES.after(organization.state, "unbind")
    gone = context.unit.put(replace(organization, state=state, owner=None, services=()))
    for member in members_of(context, gone.id):
        context.unit.delete(member)
    dismiss_all(context, gone.id)
    remove_all_receivers(context, gone.id)
    revoke_all_keys(context, gone.id)
    for session in _sessions(context, gone):
        close_session(context, session, "sign_out")
    for binding in context.unit.find(Binding, "organization", gone.id):
        if binding.state == "bound":
            after = BINDING_STATES.after(binding.state, "unbind")
            context.unit.put(replace(binding, state=after))
    appointment = context.unit.get(Appointment, gone.id)
    if appointment is not None:
        context.unit.delete(appointment)
    context.note("unbind_organization", gone.id, state)
    context.send(
        Letter(
            id=f"unbound/{gone.id}/{context.now:%Y%m%d%H%M%S}",
            channel="email",
            to=account.email,
            subject="Организация откреплена",
            text=f"{gone.requisites.full_name}. {context.portal.book.rule('UNB-04').message.ru}",
        )
    )
    left = Unbound(
        owner=gone.owner,
        members=len(members_of(context, gone.id)),
        sessions=len(_sessions(context, gone)),
    )
    return Outcome(
        state=state,
        data={"organization": gone.id, "title": ORGANIZATION_STATES.titles[state]},
        violations=rules.closed_after_unbinding(left, context.policy),
    )


def _sessions(context: Context, organization: Organization) -> list[Session]:
    found = context.unit.find(Session, "organization", organization.id)
    return [each for each in found if each.is_open(context.now)]


def _text(organization: Organization) -> str:
    return f"Открепление организации: ОГРН {organization.requisites.ogrn}"


def _purpose(context: Context, organization: Organization) -> str:
    return f"unbinding/{organization.id}/{context.actor.account}"
