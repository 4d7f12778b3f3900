"""МВД: the passport check, simplified identification, the list of invalid passports."""

import bz2
import json
from typing import Any

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.mvd import passports
from mocks.mvd.service import service
from tests.mocks.asking import ask
from world.records import Person

COUNTRY = Country([service])
NAMESPACE = "urn://mincomsvyaz/esia/uprid/1.2.0"
LIST = "/mvd/upload/expired-passports/list_of_expired_passports.csv"


@pytest.fixture
def mvd() -> Country:
    COUNTRY.reset_tenant("main")
    return COUNTRY


def fail(country: Country, kind: str, **fields: object) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "mvd", "kind": kind, **fields}
    country.tenant().plan_fault(Fault.model_validate(fault))


def holder(country: Country, restriction: str | None = None) -> Person:
    """Person 7, whose passport is as one says."""
    return country.tenant().records.change_person(7, {"passport": {"restriction": restriction}})


def check(country: Country, of: Person, **changes: object) -> Any:
    asked = {
        "series": of.passport.series,
        "number": of.passport.number,
        "issued": of.passport.issued.isoformat(),
        "last_name": of.name.last,
        "first_name": of.name.first,
        "patronymic": of.name.patronymic,
        "birth_date": of.birth_date.isoformat(),
    }
    answer = ask(country, "POST", "/mvd/v1/passport-checks", {**asked, **changes})
    return json.loads(answer.body)


def request_of(of: Person, namespace: str = NAMESPACE, **changes: str | None) -> bytes:
    values = {
        "RoutingCode": "TESIA",
        "passportSeries": of.passport.series,
        "passportNumber": of.passport.number,
        "lastName": of.name.last,
        "firstName": of.name.first,
        "middleName": of.name.patronymic or "",
        "snils": f"{of.snils[:3]}-{of.snils[3:6]}-{of.snils[6:9]} {of.snils[9:]}",
        **changes,
    }
    root = etree.Element(f"{{{namespace}}}ESIADataVerifyRequest", nsmap={"tns": namespace})
    for name, value in values.items():
        if value is not None:
            etree.SubElement(root, f"{{{namespace}}}{name}").text = value
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def status(country: Country, body: bytes, namespace: str = NAMESPACE) -> str | None:
    answer = ask(country, "POST", "/mvd/v1/uprid", body)
    assert answer.status == 200, answer.body.decode()
    return etree.fromstring(answer.body).findtext(f"{{{namespace}}}status")


def refusal(country: Country, body: bytes) -> tuple[int, str, str | None]:
    answer = ask(country, "POST", "/mvd/v1/uprid", body)
    problem = json.loads(answer.body)
    return answer.status, problem["error"], problem.get("field")


def test_the_holders_passport_is_valid(mvd: Country) -> None:
    someone = holder(mvd)
    assert check(mvd, someone) == {"result": "valid", "message": "Паспорт действителен"}
    assert check(mvd, someone, last_name=someone.name.last.lower())["result"] == "valid"


def test_case_spaces_and_yo_do_not_count_in_a_name(mvd: Country) -> None:
    someone = mvd.tenant().records.change_person(7, {"name": {"last": "Алёшин Пётр"}})
    assert check(mvd, someone, last_name="АЛЕШИН  ПЕТР")["result"] == "valid"
    assert check(mvd, someone, last_name="АлешинПетр")["fields"] == ["last_name"]


@pytest.mark.parametrize(
    ("restriction", "message"),
    [
        ("lost", "Паспорт числится утраченным"),
        ("expired", "Срок действия паспорта истёк"),
        ("invalid", "Паспорт признан недействительным"),
    ],
)
def test_a_restriction_is_named(mvd: Country, restriction: str, message: str) -> None:
    someone = holder(mvd, restriction)
    assert check(mvd, someone) == {"result": restriction, "message": message}
    assert status(mvd, request_of(someone)) == "INVALID"


def test_a_passport_of_nobody_is_not_found_and_what_is_not_the_holders_is_named(
    mvd: Country,
) -> None:
    someone = holder(mvd)
    assert check(mvd, someone, series="0000", number="000000") == {
        "result": "not_found",
        "message": "Паспорт с такими серией и номером не выдавался",
    }
    assert check(mvd, someone, issued="1901-01-01", birth_date="1901-01-01") == {
        "result": "mismatch",
        "message": "Сведения о владельце не совпадают",
        "fields": ["issued", "birth_date"],
    }
    assert check(mvd, someone, series="12 3")["error"] == "invalid"


def test_while_the_base_is_updated_nothing_is_told(mvd: Country) -> None:
    fail(mvd, "base_update")
    answer = ask(mvd, "POST", "/mvd/v1/uprid", request_of(holder(mvd)))
    assert (answer.status, answer.header("Retry-After")) == (503, "600")
    assert check(mvd, holder(mvd))["error"] == "base-update"


def test_a_good_passport_is_falsely_refused_once(mvd: Country) -> None:
    someone = holder(mvd)
    fail(mvd, "false_refusal", times=1)
    assert [check(mvd, someone)["result"] for _ in range(2)] == ["invalid", "valid"]


def test_simplified_identification_answers_in_the_namespace_of_the_request(mvd: Country) -> None:
    someone = holder(mvd)
    answer = ask(mvd, "POST", "/mvd/v1/uprid", request_of(someone))
    root = etree.fromstring(answer.body)
    request_id = root.findtext(f"{{{NAMESPACE}}}requestId")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<tns:ESIADataVerifyResponse xmlns:tns="{NAMESPACE}"><tns:status>VALID</tns:status>'
        f"<tns:requestId>{request_id}</tns:requestId></tns:ESIADataVerifyResponse>"
    )
    later = NAMESPACE.replace("1.2.0", "1.4.2")
    assert status(mvd, request_of(someone, later), later) == "VALID"


@pytest.mark.parametrize(
    "changes",
    [
        {"passportNumber": "000000"},
        {"lastName": "Другой"},
        {"middleName": "Другович"},
        {"snils": "112-233-445 95"},
        {"snils": None, "inn": "500100732259"},
    ],
)
def test_whoever_is_not_the_holder_is_invalid(mvd: Country, changes: dict[str, str]) -> None:
    assert status(mvd, request_of(holder(mvd), **changes)) == "INVALID"


def test_an_inn_identifies_as_well_as_a_snils(mvd: Country) -> None:
    someone = holder(mvd)
    assert status(mvd, request_of(someone, snils=None, inn=someone.inn)) == "VALID"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"snils": None}, (422, "missing-element", "snils")),
        ({"passportSeries": None}, (422, "missing-element", "passportSeries")),
        ({"passportSeries": "12345"}, (422, "bad-value", "passportSeries")),
        ({"snils": "11223344595"}, (422, "bad-value", "snils")),
        ({"snils": "112-233-445 96"}, (422, "bad-value", "snils")),
        ({"inn": "500100732250"}, (422, "bad-value", "inn")),
        ({"phone": "1"}, (422, "unexpected-element", "phone")),
    ],
)
def test_a_request_out_of_form_names_the_element(
    mvd: Country, changes: dict[str, str], refused: tuple[int, str, str]
) -> None:
    assert refusal(mvd, request_of(holder(mvd), **changes)) == refused


def test_hostile_and_foreign_xml_is_refused(mvd: Country) -> None:
    someone = holder(mvd)
    assert refusal(mvd, b"<!DOCTYPE a []><a/>") == (400, "xml-doctype", None)
    assert refusal(mvd, b"<a>") == (400, "xml-malformed", None)
    assert refusal(mvd, b"<a/>") == (422, "wrong-root", None)
    assert refusal(mvd, request_of(someone, "urn://other")) == (422, "wrong-root", None)


def test_the_list_has_the_restricted_passports_that_the_tenant_knows(mvd: Country) -> None:
    records = mvd.tenant().records
    restricted = next(
        person for person in map(records.person, range(8, 2000)) if person.passport.restriction
    )
    someone = holder(mvd)
    check(mvd, someone)
    assert ask(mvd, "GET", LIST).body.decode() == "PASSP_SERIES,PASSP_NUMBER\n"
    holder(mvd, "lost")
    check(mvd, restricted)
    rows = sorted(
        f"{person.passport.series},{person.passport.number}" for person in (someone, restricted)
    )
    expected = "\n".join(["PASSP_SERIES,PASSP_NUMBER", *rows, ""])
    answer = ask(mvd, "GET", LIST)
    assert (answer.media_type, answer.body.decode()) == ("text/csv; charset=utf-8", expected)
    packed = ask(mvd, "GET", f"{LIST}.bz2")
    assert (packed.media_type, bz2.decompress(packed.body).decode()) == (
        "application/x-bzip2",
        expected,
    )


def test_a_stale_list_is_that_of_the_last_download(mvd: Country) -> None:
    before = ask(mvd, "GET", LIST).body
    holder(mvd, "lost")
    fail(mvd, "stale_list", times=1)
    assert ask(mvd, "GET", LIST).body == before
    assert ask(mvd, "GET", LIST).body.count(b"\n") == 2


def test_the_list_remembers_the_latest_who_were_asked_about(
    mvd: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passports, "_MOST_KNOWN", 1)
    records = mvd.tenant().records
    people = [p for p in map(records.person, range(8, 2000)) if p.passport.restriction][:2]
    for someone in people:
        check(mvd, someone)
    known = f"{people[1].passport.series},{people[1].passport.number}"
    assert ask(mvd, "GET", LIST).body.decode() == f"PASSP_SERIES,PASSP_NUMBER\n{known}\n"


def test_equal_seeds_give_equal_bytes(mvd: Country) -> None:
    body = request_of(holder(mvd))
    answers = [ask(country, "POST", "/mvd/v1/uprid", body) for country in (mvd, Country([service]))]
    assert answers[0] == answers[1]
