"""Values that a form begins with: those of the profile, and what the registers hold (APP-14)."""

from portal.applications.kinds import ApplicationKind
from portal.organizations.organization import Organization
from portal.ports.registers import RegisterRecord
from portal.ports.unavailable import Unavailable
from portal.use_case import Context

__all__ = ["known_values"]


def known_values(
    context: Context, organization: Organization, kind: ApplicationKind
) -> tuple[dict[str, str], bool]:
    """Values by field, and whether the register has answered: while it is silent the profile alone
    is asked, and what is wrong in it is found later, by the agency."""
    answered, record = True, None
    try:
        number = organization.requisites.ogrn
        record = context.portal.ports.registers.find(organization.kind, number)
    except Unavailable:
        answered = False
    of_register = {} if record is None else _held(record)
    values = {}
    for each in kind.fields:
        of_profile = getattr(organization.requisites, each.known_as, None) or ""
        text = of_register.get(each.known_as, of_profile)
        if each.known_as and text:
            values[each.name] = text
    return values, answered


def _held(record: RegisterRecord) -> dict[str, str]:
    """What a register says, by the profile's names of it."""
    held = {
        "full_name": record.full_name,
        "inn": record.inn,
        "ogrn": record.ogrn,
        "kpp": record.kpp or "",
        "legal_address": record.address,
        "head_name": record.head_name,
        "head_position": record.head_position,
    }
    return {name: text for name, text in held.items() if text}
