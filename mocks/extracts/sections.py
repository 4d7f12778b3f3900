"""Sections of extracts that legal entities and sole proprietors have alike."""

from typing import Final

from lxml import etree

from mocks.extracts.entries import EntryLog
from mocks.extracts.form import Attributes, Form, fit
from mocks.extracts.offices import insurer_number, pension_office, tax_office, tax_office_code
from world.activities import ACTIVITIES
from world.records import Organization

__all__ = [
    "activity_name",
    "add_activities",
    "add_email",
    "add_entries",
    "add_insurer",
    "add_registrar",
    "add_tax_registration",
]

_OKVED: Final = "2014"  # edition of ОКВЭД: ОК 029-2014
_EMAIL_LENGTH: Final = 50


def activity_name(code: str) -> str:
    """The name of an activity; of one that the country does not have, its code."""
    return ACTIVITIES.get(code, f"Деятельность {code}")


def add_email(
    form: Form, parent: etree._Element, organization: Organization, log: EntryLog
) -> None:
    """СвАдрЭлПочты, unless the address is too long for it."""
    if 0 < len(organization.email) <= _EMAIL_LENGTH:
        email = {"E-mail": fit(organization.email, _EMAIL_LENGTH)}
        section = form.add(parent, "СвАдрЭлПочты", email)
        form.add_entry(section, log.of("email"))


def add_registrar(
    form: Form, parent: etree._Element, organization: Organization, log: EntryLog
) -> None:
    """СвРегОрг: the inspection that keeps the registration papers."""
    section = form.add(parent, "СвРегОрг", _office(organization))
    form.add_entry(section, log.registration)


def add_tax_registration(
    form: Form,
    parent: etree._Element,
    organization: Organization,
    numbers: Attributes,
    log: EntryLog,
) -> None:
    """СвУчетНО: the inspection that taxes it, and its `numbers` there."""
    since = log.registration.on.isoformat()
    section = form.add(parent, "СвУчетНО", {**numbers, "ДатаПостУч": since})
    form.add(section, "СвНО", _office(organization))
    form.add_entry(section, log.of("inn", "kpp"))


def add_insurer(
    form: Form, parent: etree._Element, organization: Organization, log: EntryLog
) -> None:
    """СвРегПФ: registration as an insurer in the Pension Fund."""
    number = insurer_number(organization)
    code, name = pension_office(number)
    entry = log.of("insurer")
    attributes = {"РегНомПФ": number, "ДатаРег": entry.on.isoformat()}
    section = form.add(parent, "СвРегПФ", attributes)
    form.add(section, "СвОргПФ", {"КодПФ": code, "НаимПФ": name})
    form.add_entry(section, entry)


def add_activities(
    form: Form, parent: etree._Element, organization: Organization, log: EntryLog
) -> None:
    """СвОКВЭД: the main activity first."""
    section = form.add(parent, "СвОКВЭД")
    for place, code in enumerate(organization.okved):
        attributes = {
            "КодОКВЭД": code,
            "НаимОКВЭД": activity_name(code),
            "ПрВерсОКВЭД": _OKVED,
        }
        activity = form.add(section, "СвОКВЭДДоп" if place else "СвОКВЭДОсн", attributes)
        form.add_entry(activity, log.of("okved"), typed=True)


def add_entries(
    form: Form, parent: etree._Element, name: str, organization: Organization, log: EntryLog
) -> None:
    """Every entry of the register about it, in the order of their dates."""
    for entry in log.entries:
        attributes = {
            "ИдЗап": entry.number,
            form.number: entry.number,
            "ДатаЗап": entry.on.isoformat(),
        }
        element = form.add(parent, name, attributes)
        form.add(element, "ВидЗап", {"КодСПВЗ": entry.kind.code, "НаимВидЗап": entry.kind.name})
        form.add(element, "СвРегОрг", _office(organization))
        for paper in entry.kind.papers:
            form.add(form.add(element, "СведПредДок"), "НаимДок").text = paper


def _office(organization: Organization) -> Attributes:
    code = tax_office_code(organization)
    return {"КодНО": code, "НаимНО": tax_office(code)}
