"""Telling people of their role: what it lets them do, and where the instruction is (ROLE-16)."""

from typing import Final

from portal.accounts.account import Account
from portal.events import Event, publish
from portal.organizations.organization import Membership, Organization
from portal.organizations.own_role import role_title
from portal.organizations.rights import rights_of
from portal.ports.messenger import Letter
from portal.rules import roles
from portal.rules.roles import RoleNotice
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = ["INSTRUCTION", "tell_of_role"]

INSTRUCTION: Final = "/help/roles"
"""Where the portal explains what roles may do."""


def tell_of_role(
    context: Context, organization: Organization, member: Membership
) -> tuple[Violation, ...]:
    """Write to a member what they may from now on, and tell subscribers; what ROLE-16 says against
    it."""
    account = context.unit.get(Account, member.account)
    titles = {right.id: right.name.ru for right in context.portal.book.rights.values()}
    functions = sorted(titles[right] for right in rights_of(context, member))
    title = role_title(context, member.role)
    number = f"role/{member.id}/{context.now:%Y%m%d%H%M%S%f}/{member.version}"
    if account is not None:
        listed = "; ".join(functions) or "нет"
        context.send(
            Letter(
                id=number,
                channel="email",
                to=account.email,
                subject="Ваша роль в организации",
                text=(
                    f"{organization.requisites.full_name}: ваша роль — {title}. "
                    f"Функции: {listed}. Инструкция: {INSTRUCTION}."
                ),
            )
        )
    publish(
        context,
        Event(
            id=number,
            organization=organization.id,
            kind="data_change",
            subject=member.account,
            title="Роль изменена",
            text=f"Новая роль сотрудника: {title}",
            details={"account": member.account, "role": member.role},
            at=context.now,
        ),
    )
    claim = RoleNotice(functions=functions, instruction=INSTRUCTION, was_sent=account is not None)
    return roles.role_is_told(claim, context.policy)
