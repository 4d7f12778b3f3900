"""Registries answer through СМЭВ: their documents, their time, their faults."""

from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.xml import parsed
from mocks.egrip.service import service as egrip
from mocks.egrul.service import service as egrul
from mocks.mvd.service import service as mvd
from mocks.smev.namespaces import MessageType
from mocks.smev.service import service as smev
from tests.mocks.agencies import active_legal, organization, plan
from tests.mocks.asking import ask
from tests.mocks.registers import IP, UL, legal_request, proprietor_request
from tests.mocks.smev_client import SECOND_US, SoapSystem, System, message_id, new_country
from tests.sim.tracing import scenario
from world.records import Organization, Person

MINUTE_US = 60 * SECOND_US
NOBODY = legal_request("<ИННЮЛ>9901123452</ИННЮЛ>", "33f0f745")
UPRID = "urn://mincomsvyaz/esia/uprid/1.2.0"
SCENARIO = """
stations: {egrul: {servers: 1, service: {constant: 3s}, queue_limit: 1, timeout: 30s}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
"""


@pytest.fixture
def country() -> Country:
    return new_country()


def slotted() -> Country:
    """A country whose ЕГРЮЛ answers one request in three seconds, and lets one more wait."""
    return Country([smev, egrul, egrip, mvd], scenario=scenario(SCENARIO, horizon="10d"))


def fault(country: Country, **fields: Any) -> None:
    country.tenant().plan_fault(Fault.model_validate({"id": "f", "service": "egrul", **fields}))


def by_ogrn(one: Organization) -> str:
    return legal_request(f"<ОГРН>{one.ogrn}</ОГРН>")


def uprid(person: Person, **changes: str) -> str:
    fields = {
        "RoutingCode": "TESIA",
        "passportSeries": person.passport.series,
        "passportNumber": person.passport.number,
        "lastName": person.name.last,
        "firstName": person.name.first,
        "middleName": person.name.patronymic or "",
        "inn": person.inn,
        **changes,
    }
    inside = "".join(f"<u:{name}>{value}</u:{name}>" for name, value in fields.items())
    return f'<u:ESIADataVerifyRequest xmlns:u="{UPRID}">{inside}</u:ESIADataVerifyRequest>'


# --- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", [System, SoapSystem])
def test_register_answers_with_its_document(country: Country, face: type[System]) -> None:
    consumer = face(country)
    consumer.request(1, NOBODY)
    answered = consumer.take("GetResponse", MessageType(UL, "FNSVipULResponse"))
    assert (answered["sender"], answered["original_message_id"]) == ("FNS001", message_id(1))
    assert answered["content"] == (
        f'<ns1:FNSVipULResponse xmlns:ns1="{UL}" ИдДок="33f0f745"><ns1:КодОбр>01</ns1:КодОбр>'
        "</ns1:FNSVipULResponse>"
    )


def test_extract_is_the_one_that_the_register_gives_by_itself(country: Country) -> None:
    one = active_legal(country)
    System(country).request(1, by_ogrn(one))
    answered = System(country).take("GetResponse", MessageType(UL, "FNSVipULRequest"))
    (through_smev,) = parsed(answered["content"].encode())
    (direct,) = parsed(ask(country, "POST", "/egrul/smev", by_ogrn(one)).body)
    assert sorted(through_smev.items()) == sorted(direct.items())
    assert [child.tag for child in through_smev] == [child.tag for child in direct]
    assert through_smev.get("ОГРН") == one.ogrn


def test_egrip_answers_too(country: Country) -> None:
    one = organization(country, lambda one: one.kind == "sole_proprietor")
    System(country).request(1, proprietor_request(f"<ОГРНИП>{one.ogrn}</ОГРНИП>"))
    answered = System(country).take("GetResponse", MessageType(IP, "FNSVipIPResponse"))
    assert parsed(answered["content"].encode())[0].get("ОГРНИП") == one.ogrn


@pytest.mark.parametrize(
    ("changes", "status"), [({}, "VALID"), ({"lastName": "Другой"}, "INVALID")]
)
def test_mvd_verifies_passports(country: Country, changes: dict[str, str], status: str) -> None:
    person = next(
        person
        for person in (country.world.person(index) for index in range(100))
        if person.passport.restriction is None
    )
    System(country).request(1, uprid(person, **changes))
    answered = System(country).take("GetResponse", MessageType(UPRID, "ESIADataVerifyResponse"))
    assert answered["sender"] == "MVDR01"
    assert parsed(answered["content"].encode())[0].text == status


@pytest.mark.parametrize("face", [System, SoapSystem])
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (legal_request("<ИННЮЛ>123</ИННЮЛ>"), "bad-check-digit"),
        (legal_request("<КПП>1</КПП>"), "xml-invalid"),
        (
            f'<ESIADataVerifyRequest xmlns="{UPRID}"><inn>1</inn></ESIADataVerifyRequest>',
            "bad-value",
        ),
    ],
)
def test_content_that_its_schema_does_not_allow_comes_back_rejected_by_smev(
    country: Country, face: type[System], content: str, error: str
) -> None:
    consumer = face(country)
    assert consumer.request(1, content)["status"] == "requestIsQueued"
    answered = consumer.take("GetResponse")
    assert answered["sender"] == "smev"
    processing = answered["processing"]
    assert processing["category"] == "requestIsRejectedBySmev"
    assert processing["details"] == (
        "Бизнес-данные сообщения не соответствуют схеме, зарегистрированной в СМЭВ. "
        f"MessageId = {message_id(1)}"
    )
    assert [text.partition(":")[0] for text in processing["errors"]] == [error]
    assert consumer.statuses() == [(message_id(1), "requestIsRejectedBySmev")]


# --- time -----------------------------------------------------------------------------------------


def test_without_a_scenario_the_answer_is_there_at_once(country: Country) -> None:
    System(country).request(1, NOBODY)
    assert System(country).get("GetResponse") is not None
    assert [entry.service for entry in country.tenant().journal] == ["smev", "egrul", "smev"]


def test_with_a_scenario_the_answer_takes_the_time_of_the_registers_station() -> None:
    country = slotted()
    consumer = System(country)
    consumer.request(1, NOBODY)
    consumer.request(2, NOBODY)
    arrivals = []
    for _ in range(6):
        country.tenant().advance(SECOND_US - 1)
        assert consumer.get("GetResponse") is None
        country.tenant().advance(1)
        response = consumer.get("GetResponse")
        if response is not None:
            arrivals.append((country.tenant().now_us // SECOND_US, response["original_message_id"]))
    assert arrivals == [(3, message_id(1)), (6, message_id(2))]


def test_request_that_finds_the_register_full_is_asked_again_after_half_an_hour() -> None:
    country = slotted()
    consumer = System(country)
    for number in (1, 2, 3):
        consumer.request(number, NOBODY)
    country.tenant().advance(30 * MINUTE_US + 3 * SECOND_US - 1)
    answered = [consumer.take("GetResponse")["original_message_id"] for _ in range(2)]
    assert answered == [message_id(1), message_id(2)]
    assert consumer.get("GetResponse") is None
    country.tenant().advance(1)
    assert consumer.take("GetResponse")["original_message_id"] == message_id(3)


def test_outage_of_the_register_holds_the_answer_back_until_its_end(country: Country) -> None:
    fault(country, kind="outage", **{"for": "2h"})
    System(country).request(1, NOBODY)
    country.tenant().advance(120 * MINUTE_US - 1)
    assert System(country).get("GetResponse") is None
    country.tenant().advance(1)
    assert System(country).take("GetResponse")["original_message_id"] == message_id(1)


def test_outage_that_begins_during_the_work_costs_half_an_hour_after_it() -> None:
    country = slotted()
    consumer = System(country)
    consumer.request(1, NOBODY)
    country.tenant().advance(SECOND_US)
    fault(country, kind="outage", **{"for": "10s"})
    country.tenant().advance(30 * MINUTE_US + 3 * SECOND_US - 1)
    assert consumer.get("GetResponse") is None
    country.tenant().advance(1)
    assert consumer.take("GetResponse")["original_message_id"] == message_id(1)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "error", "status": 503},
        {"kind": "timeout"},
        {"kind": "reset", "processed": True},
        {"kind": "truncated"},
        {"kind": "malformed"},
    ],
)
def test_register_that_fails_once_is_asked_again_and_answers(
    country: Country, fields: dict[str, Any]
) -> None:
    fault(country, times=1, **fields)
    System(country).request(1, NOBODY)
    country.tenant().advance(30 * MINUTE_US - 1)
    assert System(country).get("GetResponse") is None
    country.tenant().advance(1)
    assert System(country).take("GetResponse")["original_message_id"] == message_id(1)
    assert country.tenant().faults.hits["f"] == 1
    assert System(country).get("GetResponse") is None


def test_slow_register_answers_later() -> None:
    country = slotted()
    fault(country, kind="slow", factor=4)
    System(country).request(1, NOBODY)
    country.tenant().advance(12 * SECOND_US - 1)
    assert System(country).get("GetResponse") is None
    country.tenant().advance(1)
    assert System(country).get("GetResponse") is not None


@pytest.mark.parametrize(
    ("kind", "code"), [("false_refusal", "01"), ("withheld", "53"), ("stale", None)]
)
def test_faults_of_the_register_itself_reach_its_answers(
    country: Country, kind: str, code: str | None
) -> None:
    one = active_legal(country)
    tenant = country.tenant()
    tenant.records.change_organization(one.index, {"full_name": "ООО НОВОЕ"}, tenant.now_us)
    plan(country, "egrul", kind)
    System(country).request(1, by_ogrn(one))
    answered = parsed(System(country).take("GetResponse")["content"].encode())
    assert answered.findtext("{*}КодОбр") == code
    if code is None:
        name = answered.find(".//{*}СвНаимЮЛ")
        assert name is not None
        assert name.get("НаимЮЛПолн") == one.full_name


def test_request_whose_life_ends_in_the_register_comes_back_rejected() -> None:
    country = slotted()
    consumer = System(country)
    end = (country.tenant().clock.calendar.local(2 * SECOND_US)).isoformat()
    consumer.request(1, NOBODY, eol=end)
    consumer.request(2, NOBODY)
    country.tenant().advance(2 * SECOND_US)
    rejected = consumer.take("GetResponse")
    assert rejected["processing"]["details"] == "Превышено время жизни сообщения"
    country.tenant().advance(3 * SECOND_US)
    assert consumer.take("GetResponse")["original_message_id"] == message_id(2)
    country.tenant().advance(60 * MINUTE_US)
    assert consumer.get("GetResponse") is None


def test_mvd_that_updates_its_base_answers_afterwards(country: Country) -> None:
    plan(country, "mvd", "base_update", times=1)
    person = country.world.person(0)
    System(country).request(1, uprid(person))
    assert System(country).get("GetResponse") is None
    country.tenant().advance(30 * MINUTE_US)
    assert System(country).take("GetResponse")["sender"] == "MVDR01"
