"""Another head: the administrator names them, a code to their phone confirms the role, and the
former head signs no more from that moment on (HEAD-01, HEAD-02, HEAD-04)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.account import Account
from portal.accounts.legal_force import with_legal_force
from portal.accounts.one_time_codes import TypedCode, send_code, wrong_code
from portal.accounts.sign_up import full_name_of
from portal.activation.head_link import send_activation_letter
from portal.certificates.signature_check import refused_or_later
from portal.head_change.appointment import Appointment, HeadForm, check_head
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import join, members_of, membership_of
from portal.organizations.organization import Membership, Organization
from portal.organizations.rights import rights_of
from portal.organizations.versions import change_organization
from portal.ports.messenger import Letter
from portal.rules import head_change as rules
from portal.rules.head_change import FormerHead, NewHead
from portal.rules.rights import MANAGE_USERS, SIGN
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["HeadRoleCode", "appoint_head", "confirm_head"]

_FORMER: Final = "emp"
"""What a former head is until somebody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class HeadRoleCode(TypedCode):
    """The code that has come to the phone of the new head."""

    organization: str


@use_case(HeadForm)
@with_legal_force()
@in_organization(MANAGE_USERS)
def appoint_head(context: Context, form: HeadForm, found: Organization) -> Outcome:
    """Name a new head; a code goes to their phone. Naming another before it is entered makes the
    one before void."""
    if _is_head(context, found, form.inn):
        return Outcome(state="head", refusal="state")
    checked = check_head(context, found, form)
    if checked.violations:
        return noted_refusal(context, found.id, refused_or_later(checked.violations))
    if checked.waits:
        return Outcome(state="later", refusal="later")
    before = context.unit.get(Appointment, found.id)
    context.unit.put(
        Appointment(
            id=found.id,
            version=0 if before is None else before.version,
            full_name=form.full_name,
            inn=form.inn,
            birth_date=form.birth_date,
            phone=form.phone,
            email=form.email,
            position=form.position,
            snils=form.snils,
            appointed_by=context.actor.account or "",
            at=context.now,
        )
    )
    in_vain = send_code(context, _purpose(found), "sms", form.phone)
    if in_vain:
        return refused(in_vain, "state")
    context.note("appoint_head", found.id, "code_sent")
    return Outcome(state="code_sent", data={"organization": found.id})


@use_case(HeadRoleCode)
@with_legal_force()
@in_organization(MANAGE_USERS)
def confirm_head(context: Context, form: HeadRoleCode, found: Organization) -> Outcome:
    """Confirm the role: at this moment the new head is head, and the former one is not."""
    appointment = context.unit.get(Appointment, found.id)
    if appointment is None:
        return Outcome(state=found.state, refusal="state")
    claim = NewHead(
        full_name=appointment.full_name,
        inn=appointment.inn,
        phone=appointment.phone,
        email=appointment.email,
        wrong_code=wrong_code(context, _purpose(found), form.code),
    )
    violations = rules.head_is_named(claim, context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    account, is_new = _account(context, appointment)
    former = list(_deposed(context, found, account))
    left = tuple(every(_left(context, each) for each in former))
    join(context, account.id, found.id, "head", signature_confirmed=False)
    is_owners = found.owner in {each.account for each in former}
    changed = change_organization(
        context,
        found,
        replace(
            found,
            owner=account.id if is_owners else found.owner,
            requisites=replace(
                found.requisites,
                head_name=appointment.full_name,
                head_inn=appointment.inn,
                head_position=appointment.position,
                head_appointed=f"{context.now:%d.%m.%Y}",
            ),
        ),
        "confirm_head",
    )
    context.unit.delete(appointment)
    if is_new:
        send_activation_letter(context, account, changed)
    _tell(context, changed, account, former)
    context.note("confirm_head", found.id, "changed", former=[each.account for each in former])
    return Outcome(
        state="changed", data={"organization": found.id, "head": account.id}, violations=left
    )


# --- inside ---------------------------------------------------------------------------------------


def _is_head(context: Context, organization: Organization, inn: str) -> bool:
    account = context.unit.one(Account, "inn", inn)
    member = None if account is None else membership_of(context, account.id, organization.id)
    return member is not None and member.role == "head"


def _account(context: Context, appointment: Appointment) -> tuple[Account, bool]:
    """The person's account, or a new one that its letter activates (ACT-04); whether it is new."""
    known = context.unit.one(Account, "inn", appointment.inn)
    if known is not None:
        return known, False
    made = Account(
        id=context.portal.ports.entropy.token("account"),
        inn=appointment.inn,
        name=full_name_of(appointment.full_name),
        birth_date=dt.datetime.strptime(appointment.birth_date, "%d.%m.%Y").date(),
        phone=appointment.phone,
        email=appointment.email,
        snils=appointment.snils,
        phone_confirmed=True,
    )
    return context.unit.put(made), True


def _deposed(
    context: Context, organization: Organization, new_head: Account
) -> Iterator[Membership]:
    """Whoever was head, as they are from now on."""
    for member in members_of(context, organization.id):
        if member.role == "head" and member.account != new_head.id:
            yield context.unit.put(
                replace(
                    member,
                    role=_FORMER,
                    extra_rights=tuple(each for each in member.extra_rights if each != SIGN),
                    signature_confirmed=True,
                    headed_until=context.now,
                )
            )


def _left(context: Context, former: Membership) -> tuple[Violation, ...]:
    claim = FormerHead(rights=rights_of(context, former))
    return rules.former_head_signs_no_more(claim, context.policy)


def _tell(
    context: Context, organization: Organization, head: Account, former: list[Membership]
) -> None:
    name = organization.requisites.full_name
    known = (context.unit.get(Account, each.account) for each in former)
    letters = [(head, f"Вы — руководитель: {name}. Подтвердите подпись при первом входе.")]
    letters += [(each, f"Вы больше не руководитель: {name}.") for each in known if each]
    for account, text in letters:
        context.send(
            Letter(
                id=f"head/{organization.id}/{account.id}/{context.now:%Y%m%d%H%M%S}",
                channel="email",
                to=account.email,
                subject="Смена руководителя",
                text=text,
            )
        )


def _purpose(organization: Organization) -> str:
    return f"new head/{organization.id}"
