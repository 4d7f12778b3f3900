"""Who applies: an organization named by its numbers, known to the registries."""

from typing import Final

from mocks.core.http import Refusal
from mocks.core.register import Numbered
from mocks.core.service import Call
from world.identifiers import (
    is_valid_legal_inn,
    is_valid_ogrn,
    is_valid_ogrnip,
    is_valid_person_inn,
)
from world.records import Organization, Standing

__all__ = [
    "STANDINGS",
    "Submission",
    "asked_organization",
    "check_numbers",
    "in_force",
    "organization_of",
    "standing_of",
]

STANDINGS: Final[dict[Standing, str]] = {
    "active": "действует",
    "liquidating": "находится в стадии ликвидации",
    "liquidated": "прекратила деятельность",
    "unreliable": "действует, сведения об адресе недостоверны",
}


class Submission(Numbered):
    """What every application to an agency names: the sender's number of it, the applicant."""

    inn: str
    ogrn: str


def organization_of(call: Call, inn: str, ogrn: str | None = None) -> Organization:
    """The organization of `inn`, which must have `ogrn` if given.

    Refusal 422 for wrong check digits or numbers of different organizations, 404 if nobody has the
    ИНН.
    """
    check_numbers(inn, ogrn)
    organization = call.tenant.records.organization_by_inn(inn)
    if organization is None:
        raise Refusal(404, "no-such-organization", f"ИНН {inn} нет в реестрах", field="inn")
    if ogrn not in (None, organization.ogrn):
        message = f"ОГРН {ogrn} не принадлежит организации с ИНН {inn}"
        raise Refusal(422, "ogrn-mismatch", message, field="ogrn")
    return organization


def check_numbers(inn: str, ogrn: str | None = None) -> None:
    """Refusal 422 for wrong check digits (ID-01 to ID-04)."""
    if not (is_valid_legal_inn(inn) or is_valid_person_inn(inn)):
        message = "ИНН: ожидается 10 или 12 цифр с верным контрольным разрядом"
        raise Refusal(422, "bad-inn", message, field="inn")
    if ogrn is not None and not (is_valid_ogrn(ogrn) or is_valid_ogrnip(ogrn)):
        message = "ОГРН: ожидается 13 или 15 цифр с верным контрольным разрядом"
        raise Refusal(422, "bad-ogrn", message, field="ogrn")


def asked_organization(call: Call) -> Organization:
    """The organization of query parameter `inn`; Refusal 400 if there is none, else as above."""
    inn = call.request.parameter("inn")
    if inn is None:
        raise Refusal(400, "no-inn", "Нужен параметр inn", field="inn")
    return organization_of(call, inn)


def in_force(organization: Organization) -> bool:
    """Whether it may acquire rights: neither closed nor being closed (REG-06)."""
    return organization.standing in ("active", "unreliable")


def standing_of(organization: Organization | None) -> str:
    """What people read about its standing; None is an organization of no registry."""
    return "нет в реестрах" if organization is None else STANDINGS[organization.standing]
