"""From index to number and back, for every kind of number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from world import identifiers
from world.numbering import (
    FIRST_PASSPORT_YEAR,
    MOST_ORGANIZATIONS,
    MOST_PEOPLE,
    Numbering,
)
from world.regions import OFFICES, REGIONS, Region

NUMBERING = Numbering(1)
PEOPLE = st.integers(0, MOST_PEOPLE - 1)
ORGANIZATIONS = st.integers(0, MOST_ORGANIZATIONS - 1)


@given(ORGANIZATIONS, st.integers(2002, 2025), st.sampled_from(list(REGIONS)))
def test_numbers_of_an_organization_lead_back_to_it(index: int, year: int, region: str) -> None:
    inn = NUMBERING.legal_inn(index)
    ogrn = NUMBERING.ogrn(index, year, region)
    ogrnip = NUMBERING.ogrnip(index, year, region)
    assert identifiers.is_valid_legal_inn(inn)
    assert identifiers.is_valid_ogrn(ogrn)
    assert identifiers.is_valid_ogrnip(ogrnip)
    assert ogrn[1:5] == ogrnip[1:5] == f"{year % 100:02}{region}"
    assert NUMBERING.organization_of_inn(inn) == index
    assert NUMBERING.organization_of_ogrn(ogrn) == index
    assert NUMBERING.organization_of_ogrn(ogrnip) == index


@given(PEOPLE)
def test_numbers_of_a_person_lead_back_to_them(index: int) -> None:
    region = NUMBERING.home_region(index)
    inn, snils, phone = (
        NUMBERING.person_inn(index),
        NUMBERING.snils(index),
        NUMBERING.phone(index),
    )
    year, number = NUMBERING.passport(index)
    assert identifiers.is_valid_person_inn(inn)
    assert identifiers.is_valid_snils(snils)
    assert identifiers.is_valid_phone(phone)
    assert FIRST_PASSPORT_YEAR <= year <= 2025
    assert inn[:2] == region.code
    assert NUMBERING.person_of_inn(inn) == index
    assert NUMBERING.person_of_snils(snils) == index
    assert NUMBERING.person_of_phone(phone) == index
    assert NUMBERING.person_of_passport(f"{region.okato}{year % 100:02}", number) == index


@pytest.mark.parametrize("region", REGIONS.values(), ids=lambda region: region.code)
def test_no_region_has_more_people_than_passports(region: Region) -> None:
    # A million ИНН per tax office, a million passports per year of print from 1997 to 2025.
    assert region.inspections <= 2025 - 1997 + 1


def test_everybody_has_an_inn() -> None:
    assert len(OFFICES) * 99_999 >= 2 * MOST_ORGANIZATIONS
    assert len(OFFICES) * 999_999 >= 2 * MOST_PEOPLE


@pytest.mark.parametrize(
    "inn",
    [
        "7707083894",  # the check digit
        identifiers.legal_inn("779900001"),  # no such office
        identifiers.legal_inn("990100001"),  # no such region
        identifiers.legal_inn("770100000"),  # serials begin with 1
        "500100732259",  # a person's
        "",
    ],
)
def test_inn_that_no_legal_entity_can_have_leads_nowhere(inn: str) -> None:
    assert NUMBERING.organization_of_inn(inn) is None


@pytest.mark.parametrize(
    "inn",
    [identifiers.person_inn("7799000001"), identifiers.person_inn("7701000000"), "7707083893"],
)
def test_inn_that_no_person_can_have_leads_nowhere(inn: str) -> None:
    assert NUMBERING.person_of_inn(inn) is None


@pytest.mark.parametrize(
    ("series", "number"),
    [
        ("4596", "000001"),  # printed before there were such passports
        ("4526", "000001"),  # not printed yet
        ("0299", "000001"),  # no region begins with 02
        ("4510", "000000"),
        ("451", "000001"),
        ("4510", "00001"),
        ("٤٥١٠", "000001"),
    ],
)
def test_passport_that_nobody_can_have_leads_nowhere(series: str, number: str) -> None:
    assert NUMBERING.person_of_passport(series, number) is None


@pytest.mark.parametrize("snils", ["00100199865", "00100199800", "11223344596", "1122334459"])
def test_snils_without_a_right_check_number_leads_nowhere(snils: str) -> None:
    assert NUMBERING.person_of_snils(snils) is None


@pytest.mark.parametrize("phone", ["+74951234567", "+79701234567", "89161234567", "+7916123456"])
def test_phone_that_is_not_mobile_leads_nowhere(phone: str) -> None:
    assert NUMBERING.person_of_phone(phone) is None


@pytest.mark.parametrize("ogrn", ["1027700132196", "2027700132195", "102770013219", ""])
def test_malformed_ogrn_leads_nowhere(ogrn: str) -> None:
    assert NUMBERING.organization_of_ogrn(ogrn) is None


def test_another_country_numbers_differently() -> None:
    assert Numbering(2).legal_inn(0) != NUMBERING.legal_inn(0)
    assert Numbering(2).snils(0) != NUMBERING.snils(0)
