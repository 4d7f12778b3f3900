"""Regions and banks: their data against independent sources and against each other."""

import phonenumbers
import pytest
from phonenumbers import geocoder

from world import identifiers
from world.banks import BANKS, Bank, banks_of
from world.regions import OFFICES, REGIONS, Region, region_of_okato

# What the phone library calls otherwise: codes of Moscow and its surroundings are given out in
# both, and some names are written in another order.
PHONE_NAMES = {
    "07": "Республика Кабардино-Балкарская",
    "09": "Республика Карачаево-Черкесская",
    "14": "Республика Саха /Якутия/",
    "15": "Республика Северная Осетия - Алания",
    "18": "Республика Удмуртская",
    "20": "Республика Чеченская",
    "21": "Чувашская Республика - Чувашия",
    "42": "Кемеровская обл.",
    "50": "г. Москва",
    "66": "Свердловская обл",
    "77": "Московская обл.",
    "79": "Еврейская автономная обл.",
    "87": "Чукотский АО",
}

by_code = pytest.mark.parametrize("region", REGIONS.values(), ids=lambda region: region.code)


@by_code
def test_city_phones_are_of_the_region(region: Region) -> None:
    number = phonenumbers.parse(f"+7{region.area}{'2345678'[: 10 - len(region.area)]}")
    expected = PHONE_NAMES.get(region.code, region.name.replace(" область", " обл."))
    assert phonenumbers.is_valid_number(number)
    assert geocoder.description_for_number(number, "ru") == expected


@by_code
def test_region_has_a_passport_series_of_its_own_and_banks(region: Region) -> None:
    assert region_of_okato(region.okato) is region
    assert len(banks_of(region.code)) >= 6


@by_code
def test_postal_codes_of_cities_have_three_digits_to_begin_with(region: Region) -> None:
    assert region.cities
    for city in region.cities:
        assert city.postal
        assert all(len(p) == 3 and p.isdigit() and p[0] in "1234567" for p in city.postal)


def test_offices_have_codes_of_their_own() -> None:
    codes = [office.code for office in OFFICES]
    assert len(set(codes)) == len(codes)
    assert codes[0] == "0101"
    assert sum(code.startswith("77") for code in codes) == 28


@pytest.mark.parametrize("bank", BANKS.values(), ids=lambda bank: bank.bik)
def test_correspondent_account_of_a_bank_has_its_key(bank: Bank) -> None:
    assert identifiers.is_valid_bik(bank.bik)
    assert identifiers.is_valid_correspondent_account(bank.correspondent, bank.bik)
    assert set(bank.regions) <= set(REGIONS)


def test_every_region_has_a_branch_of_the_savings_bank() -> None:
    for code in REGIONS:
        assert sum("Сбербанк" in bank.name for bank in banks_of(code)) == 1
