"""Changes of a register reach the profiles of organizations by themselves (REG-15)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.organizations.organization import Membership, Organization, Requisites
from portal.organizations.versions import change_organization
from portal.ports.messenger import Channel, Letter
from portal.ports.registers import RegisterChange, RegisterRecord
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task
from rulebook import Kind

__all__ = [
    "WATCH_PAUSE",
    "ReadChanges",
    "profile_of",
    "reflected",
    "watch_registers",
    "watch_registers_from_now",
]

WATCH_PAUSE: Final = dt.timedelta(hours=1)
"""Between two questions for changes: an assumption."""

_TITLES: Final = {
    "full_name": "наименование",
    "kpp": "КПП",
    "legal_address": "юридический адрес",
    "head_name": "руководитель",
    "head_inn": "ИНН руководителя",
    "head_position": "должность руководителя",
    "standing": "статус",
}


@dataclass(frozen=True, kw_only=True)
class ReadChanges(Entity):
    """How far the changes of the register of a kind (its id) have been read."""

    KIND: ClassVar[str] = "read_changes"

    after: int


def watch_registers_from_now(context: Context, kind: Kind) -> None:
    """Plan the watch, unless it goes on already."""
    if context.unit.get(Task, f"watch_registers/{kind}") is None:
        schedule(context.unit, "watch_registers", kind, context.now + WATCH_PAUSE)


@task
def watch_registers(context: Context, planned: Task) -> None:
    """Take in what has changed since the last time; Unavailable plans it again."""
    kind: Kind = "legal" if planned.subject == "legal" else "sole_proprietor"
    read = context.unit.get(ReadChanges, kind) or ReadChanges(id=kind, after=0)
    port = context.portal.ports.registers
    changes = port.changes(kind, read.after)
    latest = {change.ogrn: change for change in changes}
    for change in latest.values():
        organization = context.unit.one(Organization, "ogrn", change.ogrn)
        record = None if organization is None else port.find(kind, change.ogrn)
        if organization is not None and record is not None:
            _reflect(context, organization, record, change)
    if changes:
        context.unit.put(replace(read, after=max(change.number for change in changes)))
    schedule(context.unit, planned.name, planned.subject, context.now + WATCH_PAUSE)


def reflected(record: RegisterRecord) -> dict[str, str]:
    """Fields of a profile that are the register's, by their names."""
    fields = {
        "full_name": record.full_name,
        "head_name": record.head_name,
        "head_inn": record.head_inn,
        "head_position": record.head_position,
        "standing": record.standing,
    }
    if record.kind == "legal":
        fields |= {"kpp": record.kpp or "", "legal_address": record.address}
    return fields


def profile_of(organization: Organization) -> dict[str, str]:
    """The same fields as the profile has them."""
    requisites = organization.requisites
    names = (name for name in _TITLES if name != "standing")
    return {
        **{name: getattr(requisites, name) or "" for name in names},
        "standing": organization.standing,
    }


def _reflect(
    context: Context, organization: Organization, record: RegisterRecord, change: RegisterChange
) -> None:
    profile = profile_of(organization)
    differing = [name for name, known in reflected(record).items() if profile[name] != known]
    if not differing:
        return
    legal = record.kind == "legal"
    before = organization.requisites
    requisites: Requisites = replace(
        before,
        full_name=record.full_name,
        kpp=record.kpp,
        legal_address=record.address if legal else before.legal_address,
        head_name=record.head_name,
        head_inn=record.head_inn,
        head_position=record.head_position,
    )
    changed = replace(organization, requisites=requisites, standing=record.standing)
    change_organization(context, organization, changed, "register_change")
    context.note("register_change", organization.id, "reflected", fields=differing)
    what = ", ".join(_TITLES[name] for name in differing)
    message = context.portal.book.rules["REG-15"].message.ru
    for phone, email in _contacts(context, organization):
        _tell(context, f"register/{organization.id}/{change.number}", phone, email, message, what)


def _contacts(context: Context, organization: Organization) -> list[tuple[str, str]]:
    """Phones and addresses of those who lead or represent it here, otherwise its own."""
    members = context.unit.find(Membership, "organization", organization.id)
    leading = (each.account for each in members if each.role in ("head", "rep"))
    found = (context.unit.get(Account, account) for account in leading)
    people = [(account.phone, account.email) for account in found if account is not None]
    return people or [(organization.requisites.phone, organization.requisites.email)]


def _tell(
    context: Context, letter_id: str, phone: str, email: str, message: str, what: str
) -> None:
    contacts: tuple[tuple[Channel, str], ...] = (("sms", phone), ("email", email))
    for channel, to in contacts:
        context.send(
            Letter(
                id=f"{letter_id}/{to}",
                channel=channel,
                to=to,
                text=f"{message} Изменилось: {what}.",
                subject="Изменение записи в реестре" if channel == "email" else "",
            )
        )
