"""The extract about a legal entity: СвЮЛ of FNSVipULResponse.

Letter case is that of the record (REG-03), where the tax service's own documents are in capitals.
Codes of entries: 17023 is from the schema; the others are assumptions after those of public answers
(21211 and 23200 of ЕГРИП, whose first digit is 2 instead of 1).
"""

import datetime as dt
from fractions import Fraction
from typing import Final

from lxml import etree

from mocks.extracts import sections
from mocks.extracts.addresses import add_address
from mocks.extracts.entries import Entry, EntryKind, EntryKinds, EntryLog
from mocks.extracts.form import Form, fit, roubles
from mocks.extracts.offices import tax_office, tax_office_code
from mocks.extracts.register import PersonOf
from world import identifiers
from world.legal_forms import LEGAL_FORMS
from world.records import Branch, Founder, Organization

__all__ = ["FORM", "KINDS", "add_extract", "entry_number"]

FORM: Final = Form(
    message="urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6",
    types="urn://x-artefacts-fns/vipul-types/4.0.6",
    root="FNSVipULResponse",
    entry="ГРНДата",
    number="ГРН",
)

KINDS: Final = EntryKinds(
    registered=EntryKind(
        "11201",
        "(Р11001) Создание юридического лица",
        (
            "Р11001 Заявление о создании юридического лица",
            "Устав юридического лица",
            "Решение о создании юридического лица",
            "Документ об уплате государственной пошлины",
        ),
    ),
    taxed=EntryKind("13200", "Внесение сведений об учете в налоговом органе"),
    insured=EntryKind("13300", "Внесение сведений о регистрации в Пенсионном фонде"),
    changed=EntryKind(
        "12401",
        "(Р13014) Изменение сведений о юридическом лице",
        ("Р13014 Заявление об изменении сведений о юридическом лице",),
    ),
    standing={
        "unreliable": EntryKind(
            "17023", "Внесение сведений о недостоверности сведений о юридическом лице"
        ),
        "liquidating": EntryKind(
            "15101",
            "(Р15016) Решение о ликвидации юридического лица",
            ("Р15016 Уведомление о ликвидации юридического лица",),
        ),
        "liquidated": EntryKind(
            "15201",
            "(Р15016) Прекращение юридического лица в связи с его ликвидацией",
            ("Р15016 Заявление в связи с завершением ликвидации", "Ликвидационный баланс"),
        ),
    },
)

_GRN_SIGN: Final = "2"  # of an entry other than a registration
_GRN_SERIALS: Final = 10**7

# Codes of the tax service's lists; all but the first two (public extracts) are assumptions within
# what the schema says of their values.
_CREATED: Final = ("01", "Создание юридического лица")  # СЮЛНД
_HEAD: Final = ("02", "Руководитель юридического лица")  # СКФЛЮЛ
_LIQUIDATING: Final = ("101", "Находится в стадии ликвидации")  # СЮЛСТ
_LIQUIDATED: Final = ("201", "Ликвидация юридического лица")  # СЮЛПД
_UNTRUE: Final = (
    "2",  # found by the tax service, not by a court
    "сведения недостоверны (результаты проверки достоверности содержащихся в ЕГРЮЛ сведений о "
    "юридическом лице)",
)
_OKOPF: Final = "ОКОПФ"
_FORMS: Final = {form.short_name: form for form in LEGAL_FORMS.values()}
_PERCENT_DIGITS: Final = 15  # after the point


def entry_number(year: str, region: str, serial: int) -> str:
    """A ГРН from year and region of two digits and any number."""
    return identifiers.ogrn(f"{_GRN_SIGN}{year}{region}{serial % _GRN_SERIALS:07}")


def add_extract(
    response: etree._Element,
    organization: Organization,
    log: EntryLog,
    person_of: PersonOf,
    on: dt.date,
) -> None:
    """Add what the register says of `organization` on that day."""
    form = _FORMS.get(organization.short_name.partition(" ")[0])
    extract = FORM.add(
        response,
        "СвЮЛ",
        {
            "ДатаВып": on.isoformat(),
            "ОГРН": organization.ogrn,
            "ДатаОГРН": organization.registered.isoformat(),
            "ИНН": organization.inn,
            "КПП": organization.kpp,
            "СпрОПФ": None if form is None else _OKOPF,
            "КодОПФ": None if form is None else form.okopf,
        },
    )
    _add_name(extract, organization, log)
    _add_address(extract, organization, log)
    sections.add_email(FORM, extract, organization, log)
    _add_creation(extract, organization, log)
    sections.add_registrar(FORM, extract, organization, log)
    _add_standing(extract, organization, log)
    numbers = {"ИНН": organization.inn, "КПП": organization.kpp}
    sections.add_tax_registration(FORM, extract, organization, numbers, log)
    sections.add_insurer(FORM, extract, organization, log)
    _add_capital(extract, organization, log)
    _add_head(extract, organization, log, person_of)
    _add_founders(extract, organization, log, person_of)
    sections.add_activities(FORM, extract, organization, log)
    _add_branches(extract, organization, log)
    sections.add_entries(FORM, extract, "СвЗапЕГРЮЛ", organization, log)


def _add_name(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    names = {
        "НаимЮЛПолн": fit(organization.full_name, 1000),
        "НаимЮЛСокр": fit(organization.short_name, 510) or None,
    }
    FORM.add_entry(FORM.add(extract, "СвНаимЮЛ", names), log.of("full_name", "short_name"))


def _add_address(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    section = FORM.add(extract, "СвАдресЮЛ")
    entry = log.of("address")
    add_address(FORM, section, "АдресРФ", organization.address, entry, typed=False)
    if organization.standing == "unreliable":
        sign, text = _UNTRUE
        mark = {"ПризнНедАдресЮЛ": sign, "ТекстНедАдресЮЛ": text}
        FORM.add_entry(FORM.add(section, "СвНедАдресЮЛ", mark), log.of("standing"))


def _add_creation(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    since = organization.registered.isoformat()
    section = FORM.add(extract, "СвОбрЮЛ", {"ОГРН": organization.ogrn, "ДатаОГРН": since})
    code, name = _CREATED
    FORM.add(section, "СпОбрЮЛ", {"КодСпОбрЮЛ": code, "НаимСпОбрЮЛ": name})
    FORM.add_entry(section, log.registration)


def _add_standing(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    entry = log.of("standing")
    if organization.standing == "liquidating":
        section = FORM.add(extract, "СвСтатус")
        code, name = _LIQUIDATING
        FORM.add(section, "СвСтатус", {"КодСтатусЮЛ": code, "НаимСтатусЮЛ": name})
        FORM.add_entry(section, entry)
    elif organization.standing == "liquidated":
        closed = (organization.closed or entry.on).isoformat()
        section = FORM.add(extract, "СвПрекрЮЛ", {"ДатаПрекрЮЛ": closed})
        code, name = _LIQUIDATED
        FORM.add(section, "СпПрекрЮЛ", {"КодСпПрекрЮЛ": code, "НаимСпПрекрЮЛ": name})
        office = tax_office_code(organization)
        FORM.add(section, "СвРегОрг", {"КодНО": office, "НаимНО": tax_office(office)})
        FORM.add_entry(section, entry)


def _add_capital(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    if organization.capital_kopecks is not None:
        amount = {
            "НаимВидКап": "УСТАВНЫЙ КАПИТАЛ",
            "СумКап": roubles(organization.capital_kopecks),
        }
        FORM.add_entry(FORM.add(extract, "СвУстКап", amount), log.of("capital_kopecks"))


def _add_head(
    extract: etree._Element, organization: Organization, log: EntryLog, person_of: PersonOf
) -> None:
    entry = log.of("head")
    section = FORM.add(extract, "СведДолжнФЛ")
    FORM.add_entry(section, entry, "Перв")
    _add_person(section, organization.head.person, entry, person_of)
    code, name = _HEAD
    post = {
        "ВидДолжн": code,
        "НаимВидДолжн": name,
        "НаимДолжн": fit(organization.head.position, 255),
    }
    FORM.add_entry(FORM.add(section, "СвДолжн", post), entry)


def _add_founders(
    extract: etree._Element, organization: Organization, log: EntryLog, person_of: PersonOf
) -> None:
    if not organization.founders:
        return
    section = FORM.add(extract, "СвУчредит")
    entry = log.of("founders")
    for founder in organization.founders:
        element = FORM.add(section, "УчрФЛ")
        FORM.add_entry(element, entry, "Перв")
        _add_person(element, founder.person, entry, person_of)
        nominal = {"НоминСтоим": roubles(founder.share_kopecks)}
        share = FORM.add(element, "ДоляУстКап", nominal)
        _add_size(share, founder, organization.capital_kopecks)
        FORM.add_entry(share, entry, typed=True)


def _add_size(share: etree._Element, founder: Founder, capital: int | None) -> None:
    """The share as a percentage, or as a fraction if that would not end."""
    if not capital or not 0 < founder.share_kopecks <= capital:
        return
    size = FORM.add(share, "РазмерДоли", typed=True)
    fraction = Fraction(founder.share_kopecks, capital)
    percent = fraction * 100
    if 10**_PERCENT_DIGITS % percent.denominator == 0:
        whole, rest = divmod(percent * 10**_PERCENT_DIGITS, 10**_PERCENT_DIGITS)
        digits = f"{whole}.{int(rest):0{_PERCENT_DIGITS}}".rstrip("0").rstrip(".")
        FORM.add(size, "Процент", typed=True).text = digits
    else:
        parts = {"Числит": str(fraction.numerator), "Знаменат": str(fraction.denominator)}
        FORM.add(size, "ДробПрост", parts, typed=True)


def _add_person(parent: etree._Element, index: int, entry: Entry, person_of: PersonOf) -> None:
    """СвФЛ: a full name and an ИНН."""
    person = person_of(index)
    attributes = {
        "Фамилия": fit(person.name.last, 60) or None,
        "Имя": fit(person.name.first, 60) or None,
        "Отчество": fit(person.name.patronymic or "", 60) or None,
        "ИННФЛ": person.inn,
    }
    element = FORM.add(parent, "СвФЛ", attributes)
    FORM.add_entry(element, entry, typed=True)


def _add_branches(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    if organization.branches:
        section = FORM.add(extract, "СвПодразд")
        for branch in organization.branches:
            _add_branch(section, branch, log.of("branches"))


def _add_branch(section: etree._Element, branch: Branch, entry: Entry) -> None:
    element = FORM.add(section, "СвФилиал")
    FORM.add_entry(element, entry, "Перв")
    name = FORM.add(element, "СвНаим", {"НаимПолн": fit(branch.name, 1000)})
    FORM.add_entry(name, entry, typed=True)
    add_address(FORM, element, "АдрМНРФ", branch.address, entry, typed=False)
    taxed = {"КПП": branch.kpp, "ДатаПостУч": entry.on.isoformat()}
    registration = FORM.add(element, "СвУчетНОФилиал", taxed)
    office = branch.kpp[:4]
    FORM.add(registration, "СвНО", {"КодНО": office, "НаимНО": tax_office(office)}, typed=True)
    FORM.add_entry(registration, entry, typed=True)
