"""The cabinet of a verified organization is activated (ACT-01 to ACT-03)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from portal.accounts.account import Account
from portal.accounts.legal_force import with_legal_force
from portal.accounts.one_time_codes import (
    CodeWanted,
    TypedCode,
    code_outcome,
    send_code_to,
    wrong_code,
)
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import Admitted, ForOrganization, Run, in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.messenger import Channel, Letter
from portal.registration.registration import Registration
from portal.rules import activation as rules
from portal.rules import identifiers
from portal.rules.activation import Activation, AfterActivation, ChecksSoFar
from portal.rules.identifiers import Requisites, Written
from portal.rules.rights import EDIT_ORGANIZATION
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused, use_case
from portal.verification.verification import Verification
from rulebook import Text

__all__ = [
    "ActivationForm",
    "OfOrganization",
    "activate_cabinet",
    "request_activation_code",
]

F = TypeVar("F", bound=ForOrganization)

_NO_CODE: Final = Text("код не введён", "no code was entered")


@dataclass(frozen=True, kw_only=True)
class OfOrganization(CodeWanted):
    """The organization whose cabinet is to be activated, and how the code is to come."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class ActivationForm(TypedCode):
    """What ACT-01 asks for; the phone is the organization's or one's own."""

    organization: str
    inn: str
    ogrn: str
    phone: str
    terms_accepted: bool = False


def for_activators(run: Admitted[F]) -> Run[F]:
    """Let the decorated act be done only by whoever has registered the organization, or may change
    its data."""
    return in_organization(EDIT_ORGANIZATION, also=_is_applicant)(run)


def _is_applicant(context: Context, organization: Organization) -> bool:
    filed = context.unit.get(Registration, organization.id)
    return filed is not None and filed.account == context.actor.account


@use_case(OfOrganization)
@for_activators
def request_activation_code(context: Context, form: OfOrganization, found: Organization) -> Outcome:
    """Send a code to the person who activates."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    early = _too_early(context, found)
    if early is not None:
        return early
    in_vain = send_code_to(context, _purpose(context, found), account, form.channel)
    return code_outcome(in_vain, form.channel)


@use_case(ActivationForm)
@with_legal_force()
@for_activators
def activate_cabinet(context: Context, form: ActivationForm, found: Organization) -> Outcome:
    """Activate it: employees come in from now on, and everybody who belongs to it is told."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    early = _too_early(context, found)
    if early is not None:
        return early
    violations = list(every(_wrong(context, found, account, form)))
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    state = ORGANIZATION_STATES.after(found.state, "activate")
    context.unit.put(replace(found, state=state, activated_at=context.now))
    context.note("activate_cabinet", found.id, state)
    told = tuple(_tell(context, found))
    done = AfterActivation(active=state == "active", told=told)
    return Outcome(
        state=state,
        data={"organization": found.id, "title": ORGANIZATION_STATES.titles[state]},
        violations=rules.opened_for_employees(done, context.policy),
    )


# --- inside ---------------------------------------------------------------------------------------


def _too_early(context: Context, organization: Organization) -> Outcome | None:
    """ACT-02 while the checks go on; a cabinet that is active or closed is not activated either."""
    verification = context.unit.get(Verification, organization.id)
    states = {} if verification is None else verification.both.states
    if organization.state in ("registered", "verifying", "remarks", "verified"):
        found = rules.after_checks(ChecksSoFar(states=states), context.policy)
        if found:
            return refused(found, "state", organization.state)
    if organization.state == "verified":
        return None
    return Outcome(state=organization.state, refusal="state")


def _wrong(
    context: Context, organization: Organization, account: Account, form: ActivationForm
) -> Iterator[tuple[Violation, ...]]:
    """Every wrong field at once; a right code is used up only if nothing else is wrong."""
    of_form = list(every(_misspelt(context, organization, form)))
    yield tuple(of_form)
    misspelt = {each.field for each in of_form}
    requisites = organization.requisites
    claim = Activation(
        inn=requisites.inn if "inn" in misspelt else form.inn,
        ogrn=requisites.ogrn if "ogrn" in misspelt else form.ogrn,
        phone=account.phone if "phone" in misspelt else form.phone,
        known_inn=requisites.inn,
        known_ogrn=requisites.ogrn,
        phones=(account.phone, requisites.phone),
        wrong_code=None if form.code else _NO_CODE,
        terms_accepted=form.terms_accepted,
    )
    found = rules.activation_form(claim, context.policy)
    if not found and not of_form:
        entered = wrong_code(context, _purpose(context, organization), form.code)
        found = rules.activation_form(replace(claim, wrong_code=entered), context.policy)
    yield found


def _misspelt(
    context: Context, organization: Organization, form: ActivationForm
) -> Iterator[tuple[Violation, ...]]:
    typed = Requisites(kind=organization.kind, inn=form.inn, ogrn=form.ogrn)
    for rule in (
        identifiers.legal_inn,
        identifiers.person_inn,
        identifiers.legal_ogrn,
        identifiers.ogrnip,
        identifiers.no_other_signs,
        identifiers.not_swapped,
    ):
        yield rule(typed, context.policy)
    yield identifiers.phone(Written(field="phone", text=form.phone), context.policy)


def _tell(context: Context, organization: Organization) -> Iterator[Channel]:
    """By SMS and by mail; through which channels."""
    name = organization.requisites.full_name
    text = f"Кабинет активирован: {name}. Доступ сотрудникам открыт."
    channels: set[Channel] = set()
    for member in members_of(context, organization.id):
        account = context.unit.get(Account, member.account)
        if account is None:
            continue
        contacts: tuple[tuple[Channel, str], ...] = (
            ("sms", account.phone),
            ("email", account.email),
        )
        for channel, to in contacts:
            channels.add(channel)
            context.send(
                Letter(
                    id=f"activated/{organization.id}/{to}",
                    channel=channel,
                    to=to,
                    text=text,
                    subject="Кабинет активирован" if channel == "email" else "",
                )
            )
    yield from sorted(channels)


def _purpose(context: Context, organization: Organization) -> str:
    return f"activation/{organization.id}/{context.actor.account}"
