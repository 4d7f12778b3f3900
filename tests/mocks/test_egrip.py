"""ЕГРИП: what its extracts say of sole proprietors, how it refuses and goes wrong."""

import datetime as dt

import pytest

from mocks.core.country import Country
from mocks.core.xml import parsed
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import (
    IP,
    all_at,
    at,
    change,
    code,
    extract,
    new_country,
    one,
    plan,
    proprietor_request,
    response,
)
from world import identifiers


@pytest.fixture
def country() -> Country:
    return new_country()


def test_extract_is_of_the_proprietor_and_of_the_day(country: Country) -> None:
    record = one(country, "sole_proprietor")
    found = response(country, record)
    assert (found.tag, found.attrib.items()) == (f"{{{IP}}}FNSVipIPResponse", [("ИдДок", "1")])
    assert at(found, "СвИП") == {
        "ДатаВып": "2026-02-02",
        "ОГРНИП": record.ogrn,
        "ДатаОГРНИП": record.registered.isoformat(),
        "ИННФЛ": record.inn,
        "КодВидИП": "1",
        "НаимВидИП": "Индивидуальный предприниматель",
    }
    person = country.world.person(record.index)
    assert at(found, "СвИП/СвФЛ/ФИОРус") == {
        "Фамилия": person.name.last,
        "Имя": person.name.first,
        "Отчество": person.name.patronymic,
    }


def test_a_person_without_patronymic_has_none_in_the_extract(country: Country) -> None:
    record = one(country, "sole_proprietor")
    country.tenant().records.change_person(record.index, {"name": {"patronymic": None}})
    name = at(extract(country, record), "СвФЛ/ФИОРус")
    assert list(name) == ["Фамилия", "Имя"]


@pytest.mark.parametrize(("gender", "sign"), [("male", "1"), ("female", "2")])
def test_sex_is_told_by_its_sign(country: Country, gender: str, sign: str) -> None:
    record = one(country, "sole_proprietor")
    country.tenant().records.change_person(record.index, {"gender": gender})
    assert at(extract(country, record), "СвФЛ") == {"Пол": sign}


def test_of_the_home_only_region_and_locality_are_told(country: Country) -> None:
    address = {"region": "50", "region_name": "Московская область", "locality": "д. Новая"}
    found = extract(country, change(country, one(country, "sole_proprietor"), address=address))
    assert at(found, "СвАдрМЖ/АдресРФ") == {"КодРегион": "50"}
    (place,) = found.findall("{*}СвАдрМЖ/{*}АдресРФ")
    assert [dict(part.attrib.items()) for part in place] == [
        {"ТипРегион": "область", "НаимРегион": "Московская"},
        {"ТипНаселПункт": "деревня", "НаимНаселПункт": "Новая"},
    ]


def test_active_proprietor_has_no_end(country: Country) -> None:
    assert all_at(extract(country, one(country, "sole_proprietor")), "СвПрекращ") == []


def test_closed_proprietor_is_answered_with_the_closing_date(country: Country) -> None:
    record = one(country, "sole_proprietor", "liquidated")
    assert record.closed is not None
    found = extract(country, record)
    assert at(found, "СвПрекращ/СвСтатус") == {
        "КодСтатус": "201",
        "НаимСтатус": "Индивидуальный предприниматель прекратил деятельность в связи с принятием "
        "им соответствующего решения",
        "ДатаПрекращ": record.closed.isoformat(),
    }
    assert all_at(found, "СвЗапЕГРИП")[-1]["ДатаЗап"] == record.closed.isoformat()


@pytest.mark.parametrize("standing", ["unreliable", "liquidating"])
def test_states_that_the_register_does_not_have_leave_no_mark(
    country: Country, standing: str
) -> None:
    found = extract(country, one(country, "sole_proprietor", standing))
    assert all_at(found, "СвСтатус") == []
    assert len(all_at(found, "СвЗапЕГРИП")) == 3  # registration, taxes, insurance


def test_numbers_of_entries_have_sign_year_region_and_check_digit(country: Country) -> None:
    record = one(country, "sole_proprietor", "liquidated")
    first, *later = all_at(extract(country, record), "СвЗапЕГРИП")
    assert first["ГРНИП"] == record.ogrn
    assert later
    for entry in later:
        number, day = entry["ГРНИП"], dt.date.fromisoformat(entry["ДатаЗап"])
        assert number[:5] == f"4{day:%y}{record.ogrn[3:5]}"
        assert len(number) == 15
        assert int(number[:-1]) % 13 % 10 == int(number[-1])


def test_both_numbers_lead_to_the_same_extract(country: Country) -> None:
    record = one(country, "sole_proprietor")
    documents = (f"<ИНН>{record.inn}</ИНН>", f"<ОГРНИП>{record.ogrn}</ОГРНИП>")
    one_body, other_body = (
        ask(country, "POST", "/egrip/smev", proprietor_request(number)).body for number in documents
    )
    assert one_body == other_body


def test_a_person_who_is_no_proprietor_is_answered_with_code_01(country: Country) -> None:
    person = country.world.person(one(country, "legal").index)
    body = ask(country, "POST", "/egrip/smev", proprietor_request(f"<ИНН>{person.inn}</ИНН>")).body
    assert parsed(body).findtext("{*}КодОбр") == "01"


def test_a_legal_entity_is_not_in_it_under_any_number(country: Country) -> None:
    record = one(country, "legal")
    for name, number in (("ИНН", record.inn), ("ОГРНИП", record.ogrn)):
        answer = ask(country, "GET", f"/egrip/v1/organizations/{number}")
        assert (answer.status, b'"error":"bad-number"' in answer.body) == (422, True)
        asked = proprietor_request(f"<{name}>{number}</{name}>")
        assert ask(country, "POST", "/egrip/smev", asked).status == 400


def test_documents_of_the_other_register_are_of_an_unknown_kind(country: Country) -> None:
    asked = proprietor_request("<ОГРНИП>1</ОГРНИП>").replace(IP, IP.replace("vipip", "vipul"))
    rejected = parsed(ask(country, "POST", "/egrip/smev", asked).body)
    assert rejected.findtext("{*}RejectionReasonCode") == "UNKNOWN_REQUEST_DESCRIPTION"


def test_json_has_no_parts_of_a_legal_entity(country: Country) -> None:
    record = one(country, "sole_proprietor")
    found = ask_json(country, "GET", f"/egrip/v1/organizations/{record.ogrn}")
    assert (found["full_name"], found["standing"]) == (record.full_name, "active")
    none = [found[name] for name in ("kpp", "capital_kopecks", "founders", "branches")]
    assert none == [None, None, [], []]


def test_an_unknown_number_is_not_found(country: Country) -> None:
    nobody = identifiers.ogrnip("32699000000001")
    answer = ask(country, "GET", f"/egrip/v1/organizations/{nobody}")
    assert (answer.status, b'"error":"no-such-organization"' in answer.body) == (404, True)


def test_stale_register_answers_with_the_record_before_its_last_change(country: Country) -> None:
    record = change(country, one(country, "sole_proprietor"), okved=["62.01"])
    url = f"/egrip/v1/organizations/{record.inn}"
    change(country, record, okved=["96.02"])
    plan(country, "egrip", "stale", times=1)
    seen = [ask_json(country, "GET", url)["activities"][0]["code"] for _ in range(2)]
    assert seen == ["62.01", "96.02"]


@pytest.mark.parametrize(("kind", "expected"), [("false_refusal", "01"), ("withheld", "53")])
def test_an_existing_record_may_be_refused(country: Country, kind: str, expected: str) -> None:
    plan(country, "egrip", kind)
    assert code(country, one(country, "sole_proprietor")) == expected


def test_only_changes_of_proprietors_are_told(country: Country) -> None:
    record = one(country, "sole_proprietor")
    change(country, one(country, "legal"), email="new@mail.test")
    change(country, record, standing="liquidated")
    (event,) = ask_json(country, "GET", "/egrip/v1/changes")["events"]
    assert (event["ogrn"], event["fields"]) == (record.ogrn, ["standing"])
