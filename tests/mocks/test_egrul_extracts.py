"""ЕГРЮЛ: what its extracts and their entries say."""

import datetime as dt

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.egrul.service import REGISTER
from tests.mocks.asking import ask
from tests.mocks.registers import (
    UL,
    all_at,
    at,
    change,
    extract,
    legal_request,
    new_country,
    one,
    organizations,
    request,
    response,
    text_at,
)
from world.records import Founder

DAY_US = 86_400_000_000


@pytest.fixture
def country() -> Country:
    return new_country()


# --- extracts -------------------------------------------------------------------------------------


def test_extract_is_of_the_record_and_of_the_day(country: Country) -> None:
    record = one(country, "legal")
    country.tenant().advance(3 * DAY_US)  # from 2 February 2026
    found = response(country, record)
    assert (found.tag, dict(found.attrib.items())) == (f"{{{UL}}}FNSVipULResponse", {"ИдДок": "1"})
    assert at(found, "СвЮЛ") == {
        "ДатаВып": "2026-02-05",
        "ОГРН": record.ogrn,
        "ДатаОГРН": record.registered.isoformat(),
        "ИНН": record.inn,
        "КПП": record.kpp,
        "СпрОПФ": "ОКОПФ",
        "КодОПФ": "12300",
    }
    assert at(found, "СвЮЛ/СвНаимЮЛ") == {
        "НаимЮЛПолн": record.full_name,
        "НаимЮЛСокр": record.short_name,
    }


def test_both_numbers_lead_to_the_same_extract(country: Country) -> None:
    record = one(country, "legal")
    by_inn = legal_request(f"<ИННЮЛ>{record.inn}</ИННЮЛ>")
    assert (
        ask(country, "POST", "/egrul/smev", by_inn).body
        == ask(country, "POST", "/egrul/smev", request(record)).body
    )


def test_address_is_told_in_parts_with_their_types(country: Country) -> None:
    address = {
        "postal_code": "143400",
        "region": "50",
        "region_name": "Московская область",
        "locality": "г. Химки",
        "street": "ул. Зелёная",
        "house": "д. 7",
        "flat": "оф. 12",
    }
    changed = change(country, one(country, "legal"), address=address)
    found = extract(country, changed)
    assert at(found, "СвАдресЮЛ/АдресРФ") == {
        "Индекс": "143400",
        "КодРегион": "50",
        "Дом": "д. 7",
        "Кварт": "оф. 12",
    }
    assert at(found, "СвАдресЮЛ/АдресРФ/Регион") == {
        "ТипРегион": "область",
        "НаимРегион": "Московская",
    }
    assert at(found, "СвАдресЮЛ/АдресРФ/Город") == {"ТипГород": "город", "НаимГород": "Химки"}
    assert at(found, "СвАдресЮЛ/АдресРФ/Улица") == {"ТипУлица": "улица", "НаимУлица": "Зелёная"}


def test_a_city_that_is_a_region_is_told_once(country: Country) -> None:
    moscow = {"region": "77", "region_name": "г. Москва", "locality": "г. Москва"}
    found = extract(country, change(country, one(country, "legal"), address=moscow))
    region = {"ТипРегион": "город", "НаимРегион": "Москва"}
    assert at(found, "СвАдресЮЛ/АдресРФ/Регион") == region
    assert all_at(found, "СвАдресЮЛ/АдресРФ/Город") == []


@pytest.mark.parametrize(
    ("name", "type_", "rest"),
    [
        ("Республика Саха (Якутия)", "Республика", "Саха (Якутия)"),
        ("Чеченская Республика", "Республика", "Чеченская"),
        ("Еврейская автономная область", "автономная область", "Еврейская"),
        ("Чукотский автономный округ", "автономный округ", "Чукотский"),
        ("Кемеровская область — Кузбасс", "область — Кузбасс", "Кемеровская"),
        ("Пермский край", "край", "Пермский"),
    ],
)
def test_regions_of_every_type(country: Country, name: str, type_: str, rest: str) -> None:
    address = {"region_name": name}
    found = extract(country, change(country, one(country, "legal"), address=address))
    region = {"ТипРегион": type_, "НаимРегион": rest}
    assert at(found, "СвАдресЮЛ/АдресРФ/Регион") == region


def test_unreliable_address_is_marked(country: Country) -> None:
    found = extract(country, one(country, "legal", "unreliable"))
    assert at(found, "СвАдресЮЛ/СвНедАдресЮЛ") == {
        "ПризнНедАдресЮЛ": "2",
        "ТекстНедАдресЮЛ": "сведения недостоверны (результаты проверки достоверности содержащихся "
        "в ЕГРЮЛ сведений о юридическом лице)",
    }
    codes = [kind["КодСПВЗ"] for kind in all_at(found, "СвЗапЕГРЮЛ/ВидЗап")]
    assert codes.count("17023") == 1  # as the schema says


def test_active_organization_has_neither_state_nor_mark_nor_end(country: Country) -> None:
    found = extract(country, one(country, "legal"))
    for path in ("СвСтатус", "СвПрекрЮЛ", "СвАдресЮЛ/СвНедАдресЮЛ"):
        assert all_at(found, path) == []


def test_organization_in_liquidation_has_a_state(country: Country) -> None:
    found = extract(country, one(country, "legal", "liquidating"))
    state = {"КодСтатусЮЛ": "101", "НаимСтатусЮЛ": "Находится в стадии ликвидации"}
    assert at(found, "СвСтатус/СвСтатус") == state
    assert all_at(found, "СвПрекрЮЛ") == []


def test_liquidated_organization_is_answered_with_its_closing_date(country: Country) -> None:
    record = one(country, "legal", "liquidated")
    assert record.closed is not None
    found = extract(country, record)
    assert at(found, "СвПрекрЮЛ") == {"ДатаПрекрЮЛ": record.closed.isoformat()}
    assert at(found, "СвПрекрЮЛ/ГРНДата")["ДатаЗаписи"] == record.closed.isoformat()
    assert all_at(found, "СвЗапЕГРЮЛ")[-1]["ДатаЗап"] == record.closed.isoformat()


def test_organization_that_a_test_liquidates_is_closed_on_that_day(country: Country) -> None:
    country.tenant().advance(DAY_US)
    found = extract(country, change(country, one(country, "legal"), standing="liquidated"))
    assert at(found, "СвПрекрЮЛ") == {"ДатаПрекрЮЛ": "2026-02-03"}


def test_head_is_told_with_position_name_and_inn(country: Country) -> None:
    head = {"person": 7, "position": "Управляющий", "since": "2026-01-20"}
    found = extract(country, change(country, one(country, "legal"), head=head))
    person = country.world.person(7)
    assert at(found, "СведДолжнФЛ/СвФЛ") == {
        "Фамилия": person.name.last,
        "Имя": person.name.first,
        "Отчество": person.name.patronymic,
        "ИННФЛ": person.inn,
    }
    assert at(found, "СведДолжнФЛ/СвДолжн") == {
        "ВидДолжн": "02",
        "НаимВидДолжн": "Руководитель юридического лица",
        "НаимДолжн": "Управляющий",
    }


def test_shares_are_percentages_where_they_end_and_fractions_elsewhere(country: Country) -> None:
    founders = [Founder(person=p, share_kopecks=s) for p, s in ((1, 1_500), (2, 1_000), (3, 500))]
    given = [{"person": each.person, "share_kopecks": each.share_kopecks} for each in founders]
    changed = change(country, one(country, "legal"), capital_kopecks=3_000, founders=given)
    found = extract(country, changed)
    assert at(found, "СвУстКап") == {"НаимВидКап": "УСТАВНЫЙ КАПИТАЛ", "СумКап": "30.00"}
    share = "СвУчредит/УчрФЛ/ДоляУстКап"
    assert [s["НоминСтоим"] for s in all_at(found, share)] == ["15.00", "10.00", "5.00"]
    assert text_at(found, f"{share}/РазмерДоли/Процент") == "50"
    assert all_at(found, f"{share}/РазмерДоли/ДробПрост") == [
        {"Числит": "1", "Знаменат": "3"},
        {"Числит": "1", "Знаменат": "6"},
    ]


def test_branches_have_names_addresses_and_registrations(country: Country) -> None:
    record = next(organizations(country, lambda each: len(each.branches) > 1))
    found = extract(country, record)
    path = "СвПодразд/СвФилиал"
    names = [name["НаимПолн"] for name in all_at(found, f"{path}/СвНаим")]
    assert names == [branch.name for branch in record.branches]
    kpps = [given["КПП"] for given in all_at(found, f"{path}/СвУчетНОФилиал")]
    assert kpps == [branch.kpp for branch in record.branches]
    codes = [place["КодРегион"] for place in all_at(found, f"{path}/АдрМНРФ")]
    assert codes == [branch.address.region for branch in record.branches]


def test_main_activity_is_told_before_the_others(country: Country) -> None:
    changed = change(country, one(country, "legal"), okved=["62.01", "96.02", "47.11.1"])
    found = extract(country, changed)
    main = at(found, "СвОКВЭД/СвОКВЭДОсн")
    assert main == {
        "КодОКВЭД": "62.01",
        "НаимОКВЭД": "Разработка компьютерного программного обеспечения",
        "ПрВерсОКВЭД": "2014",
    }
    others = [given["КодОКВЭД"] for given in all_at(found, "СвОКВЭД/СвОКВЭДДоп")]
    assert others == ["96.02", "47.11.1"]


# --- entries --------------------------------------------------------------------------------------


def test_entries_begin_with_the_registration_whose_number_is_the_ogrn(country: Country) -> None:
    record = one(country, "legal", "liquidated")
    entries = all_at(extract(country, record), "СвЗапЕГРЮЛ")
    day = record.registered.isoformat()
    assert entries[0] == {"ИдЗап": record.ogrn, "ГРН": record.ogrn, "ДатаЗап": day}
    assert [e["ДатаЗап"] for e in entries] == sorted(e["ДатаЗап"] for e in entries)


def test_numbers_of_entries_have_sign_year_region_and_check_digit(country: Country) -> None:
    record = one(country, "legal", "liquidated")
    later = all_at(extract(country, record), "СвЗапЕГРЮЛ")[1:]
    assert later
    for entry in later:
        number, day = entry["ГРН"], dt.date.fromisoformat(entry["ДатаЗап"])
        assert number[:5] == f"2{day:%y}{record.ogrn[3:5]}"
        assert len(number) == 13
        assert int(number[:-1]) % 11 % 10 == int(number[-1])


def test_a_change_is_an_entry_that_what_it_changed_refers_to(country: Country) -> None:
    record = one(country, "legal")
    before = all_at(extract(country, record), "СвЗапЕГРЮЛ")
    country.tenant().advance(DAY_US)
    found = extract(country, change(country, record, full_name="НОВОЕ", okved=["62.01"]))
    *earlier, entry = all_at(found, "СвЗапЕГРЮЛ")
    assert earlier == before
    assert entry["ДатаЗап"] == "2026-02-03"
    reference = {"ГРН": entry["ГРН"], "ДатаЗаписи": "2026-02-03"}
    assert at(found, "СвНаимЮЛ/ГРНДата") == reference
    assert at(found, "СвОКВЭД/СвОКВЭДОсн/ГРНДата") == reference
    assert at(found, "СвАдресЮЛ/АдресРФ/ГРНДата")["ГРН"] == record.ogrn


def test_restored_records_have_no_history(country: Country) -> None:
    record = one(country, "legal")
    before = ask(country, "POST", "/egrul/smev", request(record)).body
    change(country, record, full_name="НОВОЕ")
    country.tenant().records.restore()
    assert ask(country, "POST", "/egrul/smev", request(record)).body == before


def test_the_response_is_a_function_of_the_record_and_the_day(country: Country) -> None:
    record = one(country, "legal", "unreliable")
    made = REGISTER.response("1", record, country.world.identity, dt.date(2026, 2, 2))
    answered = response(country, record)
    assert etree.tostring(made, method="c14n") == etree.tostring(answered, method="c14n")


def test_a_change_that_changes_nothing_leaves_the_history(country: Country) -> None:
    record = one(country, "legal")
    changed = change(country, record, full_name="НОВОЕ")
    before = ask(country, "POST", "/egrul/smev", request(changed)).body
    again = change(country, record, full_name="НОВОЕ")
    assert ask(country, "POST", "/egrul/smev", request(again)).body == before
