"""The extract about a sole proprietor: СвИП of FNSVipIPResponse.

Letter case is that of the record. ЕГРИП has no mark of an untrue address, and a state only for
farms: a proprietor who closes down is in it without one until the end. Codes of entries: 21211 and
23200 are from a public answer, the others are assumptions after them.
"""

import datetime as dt
from typing import Final

from lxml import etree

from mocks.extracts import sections
from mocks.extracts.addresses import add_place
from mocks.extracts.entries import EntryKind, EntryKinds, EntryLog
from mocks.extracts.form import Form, fit
from mocks.extracts.register import PersonOf
from world import identifiers
from world.records import Identity, Organization

__all__ = ["FORM", "KINDS", "add_extract", "entry_number"]

FORM: Final = Form(
    message="urn://x-artefacts-fns-vipip-tosmv-ru/311-15/4.0.5",
    types="urn://x-artefacts-fns/vipip-types/4.0.5",
    root="FNSVipIPResponse",
    entry="ГРНИПДата",
    number="ГРНИП",
)

KINDS: Final = EntryKinds(
    registered=EntryKind(
        "21211",
        "(Р21001) Регистрация физического лица в качестве индивидуального предпринимателя",
        (
            "Р21001 Заявление о регистрации физического лица в качестве ИП",
            "Документ, удостоверяющий личность гражданина России",
            "Документ об уплате государственной пошлины",
        ),
    ),
    taxed=EntryKind("23200", "Внесение сведений об учете в налоговом органе"),
    insured=EntryKind("23300", "Внесение сведений о регистрации в Пенсионном фонде"),
    changed=EntryKind(
        "22411",
        "(Р24001) Изменение сведений об индивидуальном предпринимателе",
        ("Р24001 Заявление об изменении сведений об индивидуальном предпринимателе",),
    ),
    standing={
        "liquidated": EntryKind(
            "26211",
            "(Р26001) Прекращение деятельности в качестве индивидуального предпринимателя",
            ("Р26001 Заявление о прекращении деятельности",),
        )
    },
)

_GRNIP_SIGN: Final = "4"  # of an entry other than a registration
_GRNIP_SERIALS: Final = 10**9

_PROPRIETOR: Final = ("1", "Индивидуальный предприниматель")  # and not the head of a farm
_RUSSIAN: Final = {"ВидГражд": "1", "ОКСМ": "643", "НаимСтран": "Россия"}
_SEX: Final = {"male": "1", "female": "2"}
_BY_OWN_DECISION: Final = (  # СИППД
    "201",
    "Индивидуальный предприниматель прекратил деятельность в связи с принятием им соответствующего "
    "решения",
)


def entry_number(year: str, region: str, serial: int) -> str:
    """A ГРНИП from year and region of two digits and any number."""
    return identifiers.ogrnip(f"{_GRNIP_SIGN}{year}{region}{serial % _GRNIP_SERIALS:09}")


def add_extract(
    response: etree._Element,
    organization: Organization,
    log: EntryLog,
    person_of: PersonOf,
    on: dt.date,
) -> None:
    """Add what the register says of the proprietor on that day."""
    since = organization.registered.isoformat()
    kind, kind_name = _PROPRIETOR
    extract = FORM.add(
        response,
        "СвИП",
        {
            "ДатаВып": on.isoformat(),
            "ОГРНИП": organization.ogrn,
            "ДатаОГРНИП": since,
            "ИННФЛ": organization.inn,
            "КодВидИП": kind,
            "НаимВидИП": kind_name,
        },
    )
    _add_person(extract, person_of(organization.head.person), log)
    FORM.add_entry(FORM.add(extract, "СвГражд", _RUSSIAN), log.registration)
    address = FORM.add(extract, "СвАдрМЖ")
    place = FORM.add(address, "АдресРФ", {"КодРегион": organization.address.region})
    add_place(FORM, place, organization.address)
    FORM.add_entry(address, log.of("address"))
    sections.add_email(FORM, extract, organization, log)
    FORM.add(extract, "СвРегИП", {"ОГРНИП": organization.ogrn, "ДатаОГРНИП": since})
    sections.add_registrar(FORM, extract, organization, log)
    if organization.standing == "liquidated":
        _add_end(extract, organization, log)
    numbers = {"ИННФЛ": organization.inn}
    sections.add_tax_registration(FORM, extract, organization, numbers, log)
    sections.add_insurer(FORM, extract, organization, log)
    sections.add_activities(FORM, extract, organization, log)
    sections.add_entries(FORM, extract, "СвЗапЕГРИП", organization, log)


def _add_person(extract: etree._Element, person: Identity, log: EntryLog) -> None:
    section = FORM.add(extract, "СвФЛ", {"Пол": _SEX[person.gender]})
    name = {
        "Фамилия": fit(person.name.last, 60) or None,
        "Имя": fit(person.name.first, 60) or None,
        "Отчество": fit(person.name.patronymic or "", 60) or None,
    }
    FORM.add(section, "ФИОРус", name)
    FORM.add_entry(section, log.of("head"))


def _add_end(extract: etree._Element, organization: Organization, log: EntryLog) -> None:
    entry = log.of("standing")
    section = FORM.add(extract, "СвПрекращ")
    code, name = _BY_OWN_DECISION
    closed = (organization.closed or entry.on).isoformat()
    end = {"КодСтатус": code, "НаимСтатус": name, "ДатаПрекращ": closed}
    FORM.add(section, "СвСтатус", end)
    FORM.add_entry(section, entry)
