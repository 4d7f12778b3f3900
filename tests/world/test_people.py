"""People: every record passes its own checks and those of independent libraries, and its parts
agree."""

import datetime as dt

import phonenumbers
import pytest
import stdnum.ru.inn
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from world import identifiers
from world.country import World
from world.dates import LAST_DAY, WORLD_DATE, anniversary
from world.names import latin
from world.records import PassportRestriction, Person
from world.regions import REGIONS

COUNTRY = World(1, people=100_000_000)
PEOPLE = st.integers(0, 99_999_999).map(COUNTRY.person)
SAMPLE = [World(2).person(i) for i in range(2_000)]


@settings(max_examples=150)
@given(PEOPLE)
def test_identifiers_pass_their_checks_and_those_of_independent_libraries(person: Person) -> None:
    assert identifiers.is_valid_person_inn(person.inn)
    assert stdnum.ru.inn.validate(person.inn) == person.inn
    assert identifiers.is_valid_snils(person.snils)
    assert identifiers.is_valid_passport_series(person.passport.series)
    assert identifiers.is_valid_passport_number(person.passport.number)
    assert identifiers.is_valid_department_code(person.passport.department)
    assert identifiers.is_valid_phone(person.phone)
    phone = phonenumbers.parse(person.phone)
    assert phonenumbers.is_valid_number(phone)
    assert phonenumbers.number_type(phone) == phonenumbers.PhoneNumberType.MOBILE
    address = validate_email(person.email, test_environment=True, check_deliverability=False)
    assert address.normalized == person.email


@settings(max_examples=150)
@given(PEOPLE)
def test_region_is_the_same_in_inn_passport_and_address(person: Person) -> None:
    region = REGIONS[person.inn[:2]]
    assert person.address.region == region.code
    assert person.address.region_name == region.name
    assert person.passport.series[:2] == region.okato
    assert person.passport.department[:2] == region.code
    assert person.passport.issued_by.endswith(f" по {region.dative}")
    cities = {city.full_name: city.postal for city in region.cities}
    assert person.address.postal_code[:3] in cities[person.address.locality]


@settings(max_examples=300)
@given(PEOPLE)
def test_passport_was_issued_for_the_age_and_still_holds(person: Person) -> None:
    issued, series = person.passport.issued, person.passport.series
    age = max(a for a in (14, 20, 45) if anniversary(person.birth_date, a) <= issued)
    # None of the birthdays that end a passport lies between its issue and the country's day.
    ends = [anniversary(person.birth_date, a) for a in (20, 45)]
    assert not any(issued < end < WORLD_DATE for end in ends)
    # Forms are printed in the year of the birthday, sixty days before the end of the next one.
    assert (issued.year - int(series[2:])) % 100 in (0, 1)
    replaced_soviet_one = age == 45 and issued < dt.date(2004, 3, 1)
    in_time = issued - anniversary(person.birth_date, age) <= dt.timedelta(days=60)
    assert in_time or replaced_soviet_one
    assert issued <= LAST_DAY


@settings(max_examples=150)
@given(PEOPLE)
def test_everybody_is_an_adult_and_none_is_older_than_a_hundred(person: Person) -> None:
    assert anniversary(person.birth_date, 18) < WORLD_DATE <= anniversary(person.birth_date, 100)


def test_passport_names_who_issued_passports_at_that_time() -> None:
    eras = [(dt.date(2006, 1, 1), "УВД"), (dt.date(2016, 6, 1), "УФМС России")]
    for person in SAMPLE:
        passport = person.passport
        issuer = next((name for end, name in eras if passport.issued < end), "УМВД России")
        assert passport.issued_by.startswith(f"{issuer} по ")


def test_names_agree_with_the_gender() -> None:
    for person in SAMPLE:
        if person.name.patronymic is not None:
            woman = person.name.patronymic.endswith("на")
            assert woman == (person.gender == "female")
        assert person.name.last.endswith("а") == (person.gender == "female")


def test_a_few_have_no_patronymic_and_a_few_no_good_passport() -> None:
    assert sum(p.name.patronymic is None for p in SAMPLE) == pytest.approx(20, abs=20)
    restricted = [p.passport.restriction for p in SAMPLE if p.passport.restriction is not None]
    assert len(restricted) == pytest.approx(20, abs=20)
    assert set(restricted) <= {"lost", "expired", "invalid"}


@pytest.mark.parametrize("restriction", ["lost", "expired", "invalid"])
def test_restriction_with_the_whole_share_is_everyones(restriction: PassportRestriction) -> None:
    world = World(1, restrictions={restriction: 1.0})
    assert {world.person(i).passport.restriction for i in range(50)} == {restriction}


def test_country_without_restrictions_has_good_passports_only() -> None:
    world = World(1, restrictions={})
    assert {world.person(i).passport.restriction for i in range(300)} == {None}


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (dt.date(2004, 2, 29), 18, dt.date(2022, 3, 1)),
        (dt.date(2004, 2, 29), 20, dt.date(2024, 2, 29)),
        (dt.date(1980, 12, 31), 45, dt.date(2025, 12, 31)),
    ],
)
def test_anniversary_of_29_february_is_1_march_in_other_years(
    day: dt.date, years: int, later: dt.date
) -> None:
    assert anniversary(day, years) == later


def test_letters_become_latin_as_in_passports() -> None:
    # Щукин, Юлия and Подъячев by ICAO Doc 9303.
    assert latin("Щукин Юлия Подъячев Семён") == "shchukin iuliia podieiachev semen"
