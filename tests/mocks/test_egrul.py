"""ЕГРЮЛ: what its extracts say, how it refuses, how it goes wrong, how it tells of changes."""

import datetime as dt
from typing import Any

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.xml import parsed
from mocks.egrul.service import REGISTER
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import (
    UL,
    all_at,
    at,
    change,
    code,
    extract,
    legal_request,
    new_country,
    one,
    organizations,
    plan,
    request,
    response,
    text_at,
)
from world import identifiers
from world.records import Founder

DAY_US = 86_400_000_000


@pytest.fixture
def country() -> Country:
    return new_country()


def rejection(country: Country, document: str) -> tuple[int, str | None, str | None]:
    """HTTP status, reason code and reason of a request that is refused."""
    answer = ask(country, "POST", "/egrul/smev", document)
    root = parsed(answer.body)
    assert etree.QName(root).localname == "RequestRejected"
    return (
        answer.status,
        root.findtext("{*}RejectionReasonCode"),
        root.findtext("{*}RejectionReasonDescription"),
    )


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


# --- requests -------------------------------------------------------------------------------------


def test_unknown_numbers_are_answered_with_code_01(country: Country) -> None:
    nobody = identifiers.legal_inn("990112345")
    answer = ask(country, "POST", "/egrul/smev", legal_request(f"<ИННЮЛ>{nobody}</ИННЮЛ>", "номер"))
    assert answer.status == 200
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ns1:FNSVipULResponse xmlns:ns1="{UL}" '
        'xmlns:fnst="urn://x-artefacts-fns/vipul-types/4.0.6" ИдДок="номер">'
        "<ns1:КодОбр>01</ns1:КодОбр></ns1:FNSVipULResponse>"
    )


def test_a_sole_proprietor_is_not_in_it_under_any_number(country: Country) -> None:
    record = one(country, "sole_proprietor")
    for number in (record.inn, record.ogrn):
        answer = ask(country, "GET", f"/egrul/v1/organizations/{number}")
        assert (answer.status, b"bad-number" in answer.body) == (422, True)
        for name in ("ОГРН", "ИННЮЛ"):
            document = legal_request(f"<{name}>{number}</{name}>")
            assert rejection(country, document)[:2] == (400, "FAILURE")


INN = "<ИННЮЛ>7707083893</ИННЮЛ>"
OGRN = "<ОГРН>1027700132195</ОГРН>"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<a/>", "xml-wrong-root"),
        ("<FNSVipULRequest ИдДок='1'/>", "xml-wrong-root"),
        (f"<FNSVipULResponse xmlns='{UL}' ИдДок='1'/>", "xml-wrong-root"),
        (f"<FNSVipULRequest xmlns='{UL}'/>", "xml-invalid: FNSVipULRequest/@ИдДок"),
        (f"<FNSVipULRequest xmlns='{UL}' ИдДок='1'/>", "xml-invalid: FNSVipULRequest"),
        (legal_request(""), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request(OGRN + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request(INN + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("<ИНН>7707083893</ИНН>"), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("текст" + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("<ИННЮЛ><b/></ИННЮЛ>"), "xml-invalid: FNSVipULRequest/ЗапросЮЛ/ИННЮЛ"),
        (legal_request(INN, ""), "xml-invalid: FNSVipULRequest/@ИдДок"),
        (legal_request(INN, "и" * 37), "xml-invalid: FNSVipULRequest/@ИдДок"),
        (legal_request(INN).replace("ИдДок", "Ид='1' ИдДок"), "xml-invalid: FNSVipULRequest/@Ид"),
        (legal_request(INN).replace("3893", "3894"), "bad-check-digit"),
        (legal_request(OGRN).replace("2195", "2196"), "bad-check-digit"),
        (legal_request(OGRN).replace("2195", "219"), "bad-check-digit"),
        (legal_request(OGRN).replace(">1027", "> 1027"), "bad-check-digit"),
        ("<!DOCTYPE a><a/>", "xml-doctype"),
        ("не XML", "xml-malformed"),
    ],
    ids=str,
)
def test_wrong_requests_are_rejected_with_their_reason(
    country: Country, document: str, expected: str
) -> None:
    status, reason, description = rejection(country, document)
    unknown = expected == "xml-wrong-root"
    assert (status, reason) == (400, "UNKNOWN_REQUEST_DESCRIPTION" if unknown else "FAILURE")
    assert description is not None
    assert description.startswith(f"{expected}:")


def test_the_longest_id_a_case_number_and_comments_are_accepted(country: Country) -> None:
    record = one(country, "legal")
    number = f"<!-- кто --><ОГРН>{record.ogrn}</ОГРН>"
    document = legal_request(number, "и" * 36).replace("ИдДок", "НомерДела='А40-1/2026' ИдДок")
    found = parsed(ask(country, "POST", "/egrul/smev", document).body)
    assert at(found, "СвЮЛ")["ОГРН"] == record.ogrn


# --- JSON -----------------------------------------------------------------------------------------


def test_json_says_what_the_record_says(country: Country) -> None:
    record = next(organizations(country, lambda each: len(each.branches) == 1))
    head = country.world.person(record.head.person)
    branch = record.branches[0]
    found = ask_json(country, "GET", f"/egrul/v1/organizations/{record.inn}")
    assert found == {
        "ogrn": record.ogrn,
        "inn": record.inn,
        "kpp": record.kpp,
        "full_name": record.full_name,
        "short_name": record.short_name,
        "standing": record.standing,
        "registered": record.registered.isoformat(),
        "closed": record.closed and record.closed.isoformat(),
        "address": {
            "text": str(record.address),
            "postal_code": record.address.postal_code,
            "region": record.address.region,
        },
        "tax_office": {"code": record.inn[:4], "name": found["tax_office"]["name"]},
        "head": {
            "name": str(head.name),
            "inn": head.inn,
            "position": record.head.position,
            "since": record.head.since.isoformat(),
        },
        "capital_kopecks": record.capital_kopecks,
        "founders": [
            {
                "name": str(country.world.person(founder.person).name),
                "inn": country.world.person(founder.person).inn,
                "share_kopecks": founder.share_kopecks,
            }
            for founder in record.founders
        ],
        "branches": [
            {
                "number": 1,
                "name": branch.name,
                "kpp": branch.kpp,
                "address": {
                    "text": str(branch.address),
                    "postal_code": branch.address.postal_code,
                    "region": branch.address.region,
                },
            }
        ],
        "activities": found["activities"],
        "as_of": "2026-02-02",
    }
    assert [each["code"] for each in found["activities"]] == list(record.okved)
    assert ask_json(country, "GET", f"/egrul/v1/organizations/{record.ogrn}") == found


@pytest.mark.parametrize(
    ("number", "status", "error"),
    [
        (identifiers.legal_inn("990112345"), 404, "no-such-organization"),
        (identifiers.ogrn("126990000001"), 404, "no-such-organization"),
        ("7707083894", 422, "bad-number"),
        ("770708389", 422, "bad-number"),
        ("abc", 422, "bad-number"),
    ],
)
def test_json_refuses_unknown_and_wrong_numbers(
    country: Country, number: str, status: int, error: str
) -> None:
    answer = ask(country, "GET", f"/egrul/v1/organizations/{number}")
    assert answer.status == status
    assert f'"error":"{error}"' in answer.body.decode()


# --- faults ---------------------------------------------------------------------------------------


def test_stale_register_answers_with_the_record_before_its_last_change(country: Country) -> None:
    record = one(country, "legal")
    change(country, record, full_name="ПЕРВОЕ")
    second = change(country, record, full_name="ВТОРОЕ")
    url = f"/egrul/v1/organizations/{record.inn}"
    plan(country, "egrul", "stale", times=2)
    assert ask_json(country, "GET", url)["full_name"] == "ПЕРВОЕ"
    assert at(extract(country, second), "СвНаимЮЛ")["НаимЮЛПолн"] == "ПЕРВОЕ"
    assert ask_json(country, "GET", url)["full_name"] == "ВТОРОЕ"


def test_a_change_that_changes_nothing_leaves_the_history(country: Country) -> None:
    record = one(country, "legal")
    changed = change(country, record, full_name="НОВОЕ")
    before = ask(country, "POST", "/egrul/smev", request(changed)).body
    again = change(country, record, full_name="НОВОЕ")
    assert ask(country, "POST", "/egrul/smev", request(again)).body == before


def test_stale_extract_has_the_entries_of_its_time(country: Country) -> None:
    record = one(country, "legal")
    first = change(country, record, full_name="ПЕРВОЕ")
    before = ask(country, "POST", "/egrul/smev", request(first)).body
    second = change(country, record, full_name="ВТОРОЕ")
    plan(country, "egrul", "stale")
    assert ask(country, "POST", "/egrul/smev", request(second)).body == before


def test_stale_register_still_answers_what_never_changed(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "stale")
    assert at(extract(country, record), "СвНаимЮЛ")["НаимЮЛПолн"] == record.full_name
    assert country.tenant().faults.hits["f"] == 0


def test_falsely_refused_organization_is_not_found_once(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "false_refusal", times=1)
    assert [code(country, record), code(country, record)] == ["01", None]


def test_withheld_data_are_refused_with_code_53(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "withheld")
    assert code(country, record) == "53"
    answer = ask(country, "GET", f"/egrul/v1/organizations/{record.inn}")
    assert (answer.status, b'"error":"withheld"' in answer.body) == (403, True)


def test_own_faults_are_told_in_the_journal(country: Country) -> None:
    plan(country, "egrul", "false_refusal")
    code(country, one(country, "legal"))
    (entry,) = country.tenant().journal.find()
    assert entry.faults == ("f",)


# --- changes --------------------------------------------------------------------------------------


def changes(country: Country, query: str = "") -> Any:
    return ask_json(country, "GET", f"/egrul/v1/changes{query}")


def test_a_change_is_told_with_its_fields_and_time(country: Country) -> None:
    record = one(country, "legal")
    assert changes(country) == {"events": [], "next": 0, "oldest": 1}
    country.tenant().advance(DAY_US)
    change(country, record, full_name="НОВОЕ", address={"house": "д. 1000"})
    assert changes(country) == {
        "events": [
            {
                "number": 1,
                "id": f"{record.ogrn}-1",
                "at": "2026-02-03T10:00:00.000+03:00",
                "ogrn": record.ogrn,
                "inn": record.inn,
                "fields": ["full_name", "address"],
            }
        ],
        "next": 1,
        "oldest": 1,
    }


def test_changes_are_read_on_from_where_one_stopped(country: Country) -> None:
    record = one(country, "legal")
    for name in ("А", "Б", "В"):
        change(country, record, full_name=name)
    first = changes(country, "?limit=2")
    assert [event["number"] for event in first["events"]] == [1, 2]
    rest = changes(country, f"?after={first['next']}&limit=2")
    assert [event["number"] for event in rest["events"]] == [3]
    assert changes(country, "?after=3") == {"events": [], "next": 3, "oldest": 1}


def test_what_changes_nothing_and_proprietors_are_not_told(country: Country) -> None:
    record = one(country, "legal")
    change(country, record, full_name=record.full_name)
    change(country, one(country, "sole_proprietor"), email="new@mail.test")
    assert changes(country)["events"] == []


@pytest.mark.parametrize(
    ("kind", "ids"), [("loss", []), ("duplicate", ["1", "1", "2", "2"]), ("reorder", ["1", "2"])]
)
def test_faults_of_messages_reach_the_changes(country: Country, kind: str, ids: list[str]) -> None:
    record = one(country, "legal")
    plan(country, "egrul", kind)
    for name in ("А", "Б"):
        change(country, record, full_name=name)
    told = [event["id"].partition("-")[2] for event in changes(country)["events"]]
    assert told == ids


def test_a_change_that_is_overtaken_comes_second(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "reorder", times=1)
    for name in ("А", "Б"):
        change(country, record, full_name=name)
    told = [event["id"].partition("-")[2] for event in changes(country)["events"]]
    assert told == ["2", "1"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=", "limit=0", "limit=1001"])
def test_wrong_places_in_the_changes_are_refused(country: Country, query: str) -> None:
    answer = ask(country, "GET", f"/egrul/v1/changes?{query}")
    assert (answer.status, b'"error":"bad-cursor"' in answer.body) == (400, True)


def test_another_tenant_knows_nothing_of_a_change(country: Country) -> None:
    other = country.create_tenant("other")
    record = one(country, "legal")
    change(country, record, full_name="НОВОЕ")
    assert ask_json(country, "GET", "/other/egrul/v1/changes")["events"] == []
    found = ask_json(country, "GET", f"/other/egrul/v1/organizations/{record.inn}")
    assert found["full_name"] == record.full_name
    assert other.records.organization(record.index) == record
