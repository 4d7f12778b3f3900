"""The ports to ФНС, Росстандарт, ЕМИАС, ЕАИС and Росреестр against the country's services."""

from collections.abc import Iterator

import pytest
import requests

from portal.ports.agencies import Agencies, AgencyEntry, AgencyName, AgencyQuestion, AgencyRefused
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports
from world.records import Organization


@pytest.fixture(name="country", scope="module")
def _country() -> Iterator[CountryPorts]:
    with country_ports("fns", "rosstandart", "emias", "eais", "rosreestr") as ports:
        yield ports


def question(organization: Organization, month: str = "2026-01") -> AgencyQuestion:
    return AgencyQuestion(inn=organization.inn, month=month)


def says(country: CountryPorts, name: AgencyName, index: int = 1) -> list[AgencyEntry]:
    agencies: Agencies = country.ports.agencies
    return list(agencies.agency(name).says(question(country.organization(index))))


def test_fns_tells_settlements_by_taxes(country: CountryPorts) -> None:
    found = says(country, "fns")
    assert [(each.kind, each.title, each.state) for each in found] == [
        ("settlement", "НДС", "settled"),
        ("settlement", "Налог на прибыль", "settled"),
        ("settlement", "Страховые взносы", "settled"),
    ]
    assert found[0].details["debt_kopecks"] == "0"


def test_rosreestr_tells_what_is_owned(country: CountryPorts) -> None:
    assert [(each.kind, each.title, each.state) for each in says(country, "rosreestr")] == [
        ("property", "Здание, Челябинская область, г. Магнитогорск, уч. 1", "Собственность")
    ]


def test_emias_tells_the_report_of_a_month_that_is_over(country: CountryPorts) -> None:
    found = says(country, "emias")
    assert [(each.kind, each.title) for each in found] == [
        ("medical_report", "Медицинский отчёт за 2026-01")
    ]
    asked = question(country.organization(1), "2026-02")
    with pytest.raises(AgencyRefused, match="не сформирован"):
        country.ports.agencies.agency("emias").says(asked)


def test_rosstandart_tells_certificates_and_expertises(country: CountryPorts) -> None:
    organization = country.organization(1)
    body = {
        "request_id": "portal-1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "product": "Чайник электрический",
        "regulation": "ТР ТС 004/2011",
        "years": 3,
    }
    address = f"{country.tenant.url}/rosstandart/v1/expertises"
    assert requests.post(address, json=body, timeout=60).status_code == 201
    found = says(country, "rosstandart")
    assert [(each.kind, each.title, each.state) for each in found] == [
        ("expertise", "Чайник электрический", "in_examination")
    ]
    known = (each for index in range(200) for each in says(country, "rosstandart", index))
    certified = next(each for each in known if each.kind == "certificate")
    assert certified.details["kind"] in ("certificate", "declaration")


def test_eais_gives_access_once_and_answers_with_it(country: CountryPorts) -> None:
    agencies, organization = country.ports.agencies, country.organization(2)
    numbers = (organization.inn, organization.ogrn, organization.kpp)
    with pytest.raises(AgencyRefused, match="не подключён"):
        agencies.agency("eais").says(question(organization))
    access = agencies.connect("connect-2", *numbers)
    asked = AgencyQuestion(inn=organization.inn, month="2026-01", access=access)
    found = agencies.agency("eais").says(asked)
    assert [(each.kind, each.state) for each in found][:1] == [("participant", "active")]
    assert found[0].details["inn"] == organization.inn
    with pytest.raises(AgencyRefused, match="уже подключён"):
        agencies.connect("connect-2", *numbers)


def test_a_wrong_number_is_refused_and_silence_is_none(country: CountryPorts) -> None:
    with pytest.raises(AgencyRefused):
        country.ports.agencies.agency("fns").says(AgencyQuestion(inn="1", month="2026-01"))
    country.fails("emias", "error", status=503, match={"path": "/*"})
    with pytest.raises(Unavailable):
        says(country, "emias")
