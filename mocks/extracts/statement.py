"""The extract that people read: its lines, for a PDF file."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from mocks.extracts.form import roubles
from mocks.extracts.offices import tax_office, tax_office_code
from mocks.extracts.register import PersonOf
from mocks.extracts.sections import activity_name
from rulebook.kinds import Kind
from world.records import Organization, Standing

__all__ = ["russian_date", "statement"]

_TITLES: Final[dict[Kind, str]] = {
    "legal": "ВЫПИСКА из Единого государственного реестра юридических лиц",
    "sole_proprietor": "ВЫПИСКА из Единого государственного реестра индивидуальных "
    "предпринимателей",
}
_STANDINGS: Final[dict[Standing, str]] = {
    "active": "действует",
    "liquidating": "находится в стадии ликвидации",
    "liquidated": "деятельность прекращена",
    "unreliable": "сведения об адресе недостоверны",
}


def statement(organization: Organization, person_of: PersonOf, on: dt.date) -> list[str]:
    """The extract about `organization` made on that day, line by line."""
    return [
        _TITLES[organization.kind],
        f"Дата формирования: {russian_date(on)}",
        "",
        *(f"{name}: {value}" for name, value in _facts(organization, person_of) if value),
    ]


def russian_date(day: dt.date) -> str:
    """DD.MM.YYYY."""
    return f"{day:%d.%m.%Y}"


def _facts(organization: Organization, person_of: PersonOf) -> Iterator[tuple[str, str | None]]:
    legal = organization.kind == "legal"
    yield "Полное наименование", organization.full_name
    yield "Сокращённое наименование", organization.short_name if legal else None
    yield "ОГРН" if legal else "ОГРНИП", organization.ogrn
    yield "Дата регистрации", russian_date(organization.registered)
    yield "ИНН", organization.inn
    yield "КПП", organization.kpp
    yield "Налоговый орган", tax_office(tax_office_code(organization))
    yield "Состояние", _STANDINGS[organization.standing]
    closed = organization.closed
    yield "Дата прекращения", None if closed is None else russian_date(closed)
    yield "Адрес", str(organization.address) if legal else organization.address.region_name
    if legal:
        yield from _people(organization, person_of)
    for code in organization.okved:
        yield "Вид деятельности", f"{code} {activity_name(code)}"
    for branch in organization.branches:
        yield "Филиал", f"{branch.name}, КПП {branch.kpp}, {branch.address}"


def _people(organization: Organization, person_of: PersonOf) -> Iterator[tuple[str, str | None]]:
    if organization.capital_kopecks is not None:
        yield "Уставный капитал", f"{roubles(organization.capital_kopecks)} руб."
    head = person_of(organization.head.person)
    yield organization.head.position, f"{head.name}, ИНН {head.inn}"
    for founder in organization.founders:
        person = person_of(founder.person)
        share = f"{roubles(founder.share_kopecks)} руб."
        yield "Учредитель", f"{person.name}, ИНН {person.inn}, доля {share}"
