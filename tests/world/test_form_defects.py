"""Defects of the form: what exactly becomes wrong in its fields."""

import re

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from stdnum.ru import inn as tax_number
from stdnum.ru import ogrn as registration_number

from tests.world.check_digits import account_key_agrees, ogrnip_agrees, snils_agrees
from tests.world.differences import differences
from tests.world.spoiling import (
    BOOK,
    COUNTRY,
    DAY,
    KEYS,
    LEGAL,
    POLICY,
    SOLE,
    digits,
    filed,
    places_that_differ,
    spoiled,
    spoiled_in_extreme,
)
from world.country import World
from world.defects import apply
from world.filings import filing_of


@settings(deadline=None)
@given(LEGAL, SOLE, KEYS)
def test_mistyped_number_has_one_wrong_digit_and_a_wrong_check_digit(
    legal: int, sole: int, key: int
) -> None:
    for before in (filed(legal), filed(sole)):
        inn = spoiled("inn_typo", before, key).form.inn
        ogrn = spoiled("ogrn_typo", before, key).form.ogrn
        snils = spoiled("snils_typo", before, key).form.head_snils
        assert places_that_differ(before.form.inn, inn) == 1
        assert places_that_differ(before.form.ogrn, ogrn) == 1
        assert places_that_differ(before.form.head_snils, snils) == 1
        assert not tax_number.is_valid(inn)
        assert not registration_number.is_valid(ogrn)
        assert not ogrnip_agrees(ogrn)
        assert ogrn[0] == before.form.ogrn[0]
        assert not snils_agrees(snils)
        assert int(snils[:9]) > 1_001_998  # below it a number needs no check number


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_spaced_requisite_keeps_its_digits(index: int, key: int) -> None:
    before, after = filed(index), spoiled("spaces_in_requisites", filed(index), key)
    ((was, now),) = differences(before, after).values()
    assert re.fullmatch(r"\d{2,4}([ -]\d{1,4})+", str(now))
    assert digits(str(now)) == was


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_swapped_numbers_are_each_well_formed(index: int, key: int) -> None:
    form = spoiled("inn_ogrn_swapped", filed(index), key).form
    assert tax_number.is_valid(form.ogrn)
    assert registration_number.is_valid(form.inn)


@settings(deadline=None)
@given(LEGAL, SOLE, KEYS)
def test_inn_of_another_organization_is_one_of_the_same_kind(
    legal: int, sole: int, key: int
) -> None:
    for index in (legal, sole):
        before = filed(index)
        inn = spoiled("inn_of_other_org", before, key).form.inn
        other = COUNTRY.organization_by_inn(inn)
        assert other is not None
        assert other.index != index
        assert other.kind == before.kind
        assert len(inn) == len(before.form.inn)


def test_country_of_one_organization_has_no_other_inn() -> None:
    country = World(3, organizations=1, people=1, kinds={"legal": 1.0})
    entry = BOOK.defects["inn_of_other_org"]
    with pytest.raises(ValueError, match="no other organization of the kind legal"):
        apply(entry, filing_of(country, 0, DAY), world=country, policy=POLICY, key=1)


def test_abbreviated_name_is_the_one_people_use() -> None:
    before = filed(0)
    assert before.form.full_name == ('ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "МАГИСТРАЛЬАУДИТ"')
    assert spoiled("name_abbreviated", before, 1).form.full_name == 'ООО "МАГИСТРАЛЬАУДИТ"'


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_former_address_is_an_address_of_the_country(index: int, key: int) -> None:
    address = spoiled("address_outdated", filed(index), key).form.legal_address
    assert re.fullmatch(r"\d{6}, .+, ул\. .+, д\. \d+, оф\. \d+", address)
    assert address != filed(index).form.legal_address


def test_capital_is_left_empty_or_zero() -> None:
    capitals = {spoiled("capital_missing", filed(0), key).form.capital for key in range(50)}
    assert capitals == {"", "0"}


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_phone_without_code_keeps_its_ten_digits(index: int, key: int) -> None:
    ((was, now),) = differences(
        filed(index), spoiled("phone_without_code", filed(index), key)
    ).values()
    assert re.fullmatch(r"8?\d{10}", str(now))
    assert str(now)[-10:] == str(was).removeprefix("+7")


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_misspelt_email_is_refused_by_an_independent_library(index: int, key: int) -> None:
    ((_, now),) = differences(filed(index), spoiled("email_invalid", filed(index), key)).values()
    with pytest.raises(EmailNotValidError):
        validate_email(str(now), test_environment=True)


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_founding_date_is_the_same_day_with_dots(index: int, key: int) -> None:
    year, month, day = filed(index).form.founding_date.split("-")
    form = spoiled("founding_date_format", filed(index), key).form
    assert form.founding_date == f"{day}.{month}.{year}"


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_mismatched_account_is_another_one_of_the_bank_with_a_right_key(
    index: int, key: int
) -> None:
    own, form = filed(index).form, spoiled("bank_account_mismatch", filed(index), key).form
    assert account_key_agrees(form.account, form.bik)
    assert form.account[:8] == own.account[:8]  # balance account and currency
    assert form.account[-7:] != own.account[-7:]


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_mismatched_employee_is_well_formed_and_not_the_one_of_the_contract(
    index: int, key: int
) -> None:
    before = filed(index)
    entry = spoiled("employee_data_mismatch", before, key).employee
    person = COUNTRY.person(entry.employment.person)
    if entry.inn != person.inn:
        assert COUNTRY.person_by_inn(entry.inn) is not None
    elif entry.full_name != str(person.name):
        assert entry.full_name.split()[1:] == str(person.name).split()[1:]
    else:
        assert entry.position == before.subject.organization.head.position


def test_other_account_is_the_next_one_to_the_one_before() -> None:
    accounts = [
        spoiled_in_extreme("bank_account_mismatch", filed(0), value).form.account
        for value in (1e-9, 1 - 1e-9)
    ]
    assert filed(0).form.account == "40702810598183729203"
    assert [account[9:] for account in accounts] == ["98183729204", "98183729202"]
