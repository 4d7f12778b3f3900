"""Organizations: every record passes its own checks and those of independent libraries, and agrees
with the people and the banks of the country."""

import datetime as dt

import phonenumbers
import pytest
import stdnum.ru.inn
import stdnum.ru.ogrn
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from world import identifiers
from world.activities import ACTIVITIES
from world.banks import BANKS
from world.country import World
from world.dates import LAST_DAY, anniversary
from world.legal_forms import LEGAL_FORMS
from world.organizations import block_of
from world.records import Organization
from world.regions import REGIONS

COUNTRY = World(1)
LEGAL = World(4, kinds={"legal": 1.0})
PROPRIETORS = World(4, kinds={"sole_proprietor": 1.0})
LARGE = World(4, kinds={"legal": 1.0}, tiers={"large": 1.0})
INDICES = st.integers(0, 9_999_999)
SAMPLE = [COUNTRY.organization(i) for i in range(2_000)]


@settings(max_examples=100)
@given(INDICES.map(LEGAL.organization))
def test_numbers_of_a_legal_entity_are_right_and_of_its_region(organization: Organization) -> None:
    region = REGIONS[organization.address.region]
    assert identifiers.is_valid_legal_inn(organization.inn)
    assert stdnum.ru.inn.validate(organization.inn) == organization.inn
    assert identifiers.is_valid_ogrn(organization.ogrn)
    assert stdnum.ru.ogrn.validate(organization.ogrn) == organization.ogrn
    assert organization.kpp is not None
    assert identifiers.is_valid_kpp(organization.kpp)
    assert organization.kpp == f"{organization.inn[:4]}01001"
    assert organization.inn[:2] == organization.ogrn[3:5] == region.code
    assert organization.ogrn[1:3] == f"{organization.registered.year % 100:02}"
    assert organization.phone.startswith(f"+7{region.area}")
    assert organization.email.endswith(".test")


@settings(max_examples=100)
@given(INDICES.map(PROPRIETORS.organization))
def test_sole_proprietor_is_the_person(organization: Organization) -> None:
    person = PROPRIETORS.person(organization.head.person)
    assert (organization.inn, organization.address) == (person.inn, person.address)
    assert (organization.phone, organization.email) == (person.phone, person.email)
    assert organization.full_name == f"Индивидуальный предприниматель {person.name}"
    assert organization.short_name.startswith(f"ИП {person.name.last} {person.name.first[0]}.")
    assert identifiers.is_valid_ogrnip(organization.ogrn)
    assert organization.ogrn[3:5] == organization.inn[:2]
    assert organization.ogrn[1:3] == f"{organization.registered.year % 100:02}"
    assert organization.registered >= dt.date(2004, 1, 1)
    assert organization.head.since == organization.registered
    empty = (organization.kpp, organization.capital_kopecks)
    assert empty == (None, None)
    assert (organization.founders, organization.branches) == ((), ())


@settings(max_examples=100)
@given(INDICES.map(COUNTRY.organization))
def test_account_fits_the_bank_and_the_bank_serves_the_region(organization: Organization) -> None:
    account = organization.account
    bank = BANKS[account.bik]
    balance = "40702" if organization.kind == "legal" else "40802"
    assert identifiers.is_valid_settlement_account(account.number, account.bik)
    assert identifiers.is_valid_correspondent_account(account.correspondent, account.bik)
    assert (account.bank, account.correspondent) == (bank.name, bank.correspondent)
    assert account.number.startswith(f"{balance}810")
    assert organization.address.region in bank.regions


@settings(max_examples=100)
@given(INDICES.map(COUNTRY.organization))
def test_phone_and_mail_are_accepted_by_independent_libraries(organization: Organization) -> None:
    assert identifiers.is_valid_phone(organization.phone)
    assert phonenumbers.is_valid_number(phonenumbers.parse(organization.phone))
    mail = validate_email(organization.email, test_environment=True, check_deliverability=False)
    assert mail.normalized == organization.email


@settings(max_examples=100)
@given(INDICES.map(COUNTRY.organization))
def test_head_and_founders_were_adults_when_it_was_registered(organization: Organization) -> None:
    head = organization.head
    for index in (head.person, *(founder.person for founder in organization.founders)):
        adult_since = anniversary(COUNTRY.person(index).birth_date, 18)
        assert adult_since <= organization.registered <= LAST_DAY
    assert organization.registered <= head.since <= (organization.closed or LAST_DAY)


@settings(max_examples=100)
@given(INDICES.map(LEGAL.organization))
def test_shares_of_different_founders_make_up_the_whole_capital(organization: Organization) -> None:
    form = LEGAL_FORMS[organization.short_name.split()[0]]
    capital = organization.capital_kopecks
    assert capital is not None
    assert capital >= form.least_capital_roubles * 100
    assert sum(founder.share_kopecks for founder in organization.founders) == capital
    assert all(founder.share_kopecks > 0 for founder in organization.founders)
    people = [founder.person for founder in organization.founders]
    assert len(people) == len(set(people))
    assert set(people) <= set(block_of(organization.index))


@pytest.mark.parametrize(("form", "least"), [("ООО", 10_000), ("АО", 10_000), ("ПАО", 100_000)])
def test_least_charter_capital_is_the_laws(form: str, least: int) -> None:
    # 14-ФЗ, art. 14 (1); 208-ФЗ, art. 26
    assert LEGAL_FORMS[form].least_capital_roubles == least


def test_names_of_legal_entities_are_in_the_style_of_the_register() -> None:
    full = {o.full_name.partition(' "')[0] for o in SAMPLE if o.kind == "legal"}
    assert full >= {"ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ", "АКЦИОНЕРНОЕ ОБЩЕСТВО"}
    for o in SAMPLE:
        if o.kind == "legal":
            assert o.full_name == o.full_name.upper()
            assert o.full_name.partition(' "')[2] == o.short_name.partition(' "')[2] != ""


def test_branches_have_numbers_kpp_and_addresses_of_their_own() -> None:
    for index in range(200):
        branches = LARGE.organization(index).branches
        assert 1 <= len(branches) <= 5
        assert [branch.number for branch in branches] == list(range(1, len(branches) + 1))
        assert len({branch.kpp for branch in branches}) == len(branches)
        for branch in branches:
            assert identifiers.is_valid_kpp(branch.kpp)
            assert branch.kpp[:2] == branch.address.region
            assert branch.kpp[4:6] == "43"


def test_small_business_has_no_branches() -> None:
    assert {o.branches for o in SAMPLE if o.tier == "small"} == {()}


def test_activities_are_known_and_different() -> None:
    for organization in SAMPLE:
        assert 1 <= len(organization.okved) <= 5
        assert len(set(organization.okved)) == len(organization.okved)
        assert set(organization.okved) <= set(ACTIVITIES)


def test_only_liquidated_ones_have_a_closing_date_not_before_registration() -> None:
    for organization in SAMPLE:
        assert (organization.closed is not None) == (organization.standing == "liquidated")
        if organization.closed is not None:
            assert organization.registered <= organization.closed <= LAST_DAY


def test_standings_have_their_documented_shares() -> None:
    standings = [organization.standing for organization in SAMPLE]
    assert standings.count("active") / len(SAMPLE) == pytest.approx(0.90, abs=0.03)
    assert standings.count("liquidated") / len(SAMPLE) == pytest.approx(0.06, abs=0.025)
    assert standings.count("unreliable") / len(SAMPLE) == pytest.approx(0.03, abs=0.02)
    assert standings.count("liquidating") / len(SAMPLE) == pytest.approx(0.01, abs=0.01)


def test_everyone_is_asked_for_what_they_head_and_names_it_exactly() -> None:
    headed = {
        person: [o.index for o in COUNTRY.organizations_headed_by(person)] for person in range(256)
    }
    expected: dict[int, list[int]] = {person: [] for person in range(256)}
    for organization in SAMPLE[:256]:
        expected[organization.head.person].append(organization.index)
    assert headed == expected


def test_numbers_of_two_thousand_organizations_are_all_different() -> None:
    for numbers in ([o.inn for o in SAMPLE], [o.ogrn for o in SAMPLE]):
        assert len(set(numbers)) == len(SAMPLE)
