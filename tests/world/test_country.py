"""The country as a whole: records found by index and number, the same in a country of any size."""

import datetime as dt
import doctest
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.kinds import Kind, Tier
from world import draws
from world.country import World
from world.population import Population
from world.records import (
    Address,
    BankAccount,
    Founder,
    FullName,
    Head,
    Organization,
    Passport,
    Person,
    Standing,
)

SMALL = 1_000
COUNTRY = World(1)
VILLAGE = World(1, organizations=SMALL, people=SMALL)
FIRST_ONES = range(300)


@contextmanager
def counted_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the country asks for draws and permutations."""
    calls: Counter[str] = Counter()

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls[name] += 1
            return function(*args)

        return call

    with monkeypatch.context() as patch:
        for name in ("permute", "unpermute", "uniform", "combine"):
            patch.setattr(draws, name, counting(name, getattr(draws, name)))
        yield calls


def test_first_organization_of_country_1_never_changes() -> None:
    assert COUNTRY.organization(0) == Organization(
        index=0,
        kind="legal",
        tier="small",
        standing="active",
        inn="7715970401",
        ogrn="1257708239920",
        kpp="771501001",
        full_name='ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "ТЕХНОТЕХ"',
        short_name='ООО "ТЕХНОТЕХ"',
        registered=dt.date(2025, 7, 24),
        closed=None,
        address=Address(
            postal_code="107435",
            region="77",
            region_name="г. Москва",
            locality="г. Москва",
            street="ул. Шахтерская",
            house="д. 139",
            flat="оф. 19",
        ),
        head=Head(
            person=0,
            position="Генеральный директор",
            since=dt.date(2025, 7, 24),
        ),
        capital_kopecks=1000000,
        founders=(
            Founder(
                person=0,
                share_kopecks=1000000,
            ),
        ),
        branches=(),
        okved=("49.41", "33.12"),
        account=BankAccount(
            number="40702810086282145241",
            bik="044525111",
            correspondent="30101810200000000111",
            bank="АО «Россельхозбанк»",
        ),
        phone="+74957142016",
        email="info@tekhnotekh-0.test",
    )


def test_first_person_of_country_1_never_changes() -> None:
    assert COUNTRY.person(0) == Person(
        index=0,
        name=FullName(
            last="Савельев",
            first="Ким",
            patronymic="Харлампович",
        ),
        gender="male",
        birth_date=dt.date(1953, 2, 24),
        birth_place="г. Новосибирск",
        inn="540930590285",
        snils="82285721716",
        passport=Passport(
            series="5098",
            number="707945",
            issued=dt.date(1998, 4, 2),
            issued_by="УВД по Новосибирской области",
            department="540-146",
            restriction=None,
        ),
        address=Address(
            postal_code="630795",
            region="54",
            region_name="Новосибирская область",
            locality="г. Новосибирск",
            street="ул. Черноморская",
            house="д. 74",
            flat="кв. 117",
        ),
        phone="+79699678493",
        email="kim.savelev.0@post.test",
    )


@pytest.mark.parametrize("index", [*range(50), SMALL - 1])
def test_record_is_the_same_in_a_small_country_and_in_a_large_one(index: int) -> None:
    assert VILLAGE.organization(index) == COUNTRY.organization(index)
    assert VILLAGE.person(index) == COUNTRY.person(index)


def test_other_seed_is_another_country() -> None:
    other = World(2)
    assert other.organization(0).inn != COUNTRY.organization(0).inn
    assert other.person(0).name != COUNTRY.person(0).name


@settings(max_examples=60)
@given(st.integers(0, 9_999_999))
def test_every_organization_is_found_by_its_numbers(index: int) -> None:
    organization = COUNTRY.organization(index)
    assert COUNTRY.organization_by_inn(organization.inn) == organization
    assert COUNTRY.organization_by_ogrn(organization.ogrn) == organization


@settings(max_examples=60)
@given(st.integers(0, 9_999_999))
def test_every_person_is_found_by_their_numbers(index: int) -> None:
    person = COUNTRY.person(index)
    assert COUNTRY.person_by_inn(person.inn) == person
    assert COUNTRY.person_by_snils(person.snils) == person
    assert COUNTRY.person_by_phone(person.phone) == person
    passport = person.passport
    assert COUNTRY.person_by_passport(passport.series, passport.number) == person


def test_number_of_an_organization_beyond_the_country_is_nobodys() -> None:
    beyond = COUNTRY.organization(SMALL)
    assert VILLAGE.organization_by_inn(beyond.inn) is None
    assert VILLAGE.organization_by_ogrn(beyond.ogrn) is None
    person = COUNTRY.person(SMALL)
    assert VILLAGE.person_by_inn(person.inn) is None
    assert VILLAGE.person_by_snils(person.snils) is None
    assert VILLAGE.person_by_phone(person.phone) is None
    assert VILLAGE.person_by_passport(person.passport.series, person.passport.number) is None


def test_person_who_does_not_trade_has_no_organization_of_12_digits() -> None:
    legal = next(i for i in FIRST_ONES if COUNTRY.organization(i).kind == "legal")
    inn = COUNTRY.person(legal).inn
    assert COUNTRY.organization_by_inn(inn) is None
    assert COUNTRY.person_by_inn(inn) is not None


def test_ogrn_of_another_year_or_region_is_nobodys() -> None:
    legal = next(COUNTRY.organization(i) for i in FIRST_ONES if i % 2 == 0)
    payload = legal.ogrn[:-1]
    for place, digit in ((2, "9"), (4, "9")):
        other = payload[:place] + digit + payload[place + 1 :]
        for check in "0123456789":
            assert COUNTRY.organization_by_ogrn(other + check) is None


@pytest.mark.parametrize("index", [-1, SMALL, 10**30])
def test_index_outside_of_the_country_is_an_index_error(index: int) -> None:
    for ask in (
        VILLAGE.organization,
        VILLAGE.person,
        VILLAGE.organizations_headed_by,
        VILLAGE.employer_of,
        VILLAGE.employees_of,
    ):
        with pytest.raises(IndexError, match="expected an index from 0 to 999"):
            ask(index)


@pytest.mark.parametrize(
    ("organizations", "people"), [(0, 10), (10_000_001, 20_000_000), (10, 9), (10, 100_000_001)]
)
def test_country_that_cannot_be_numbered_or_headed_is_a_value_error(
    organizations: int, people: int
) -> None:
    with pytest.raises(ValueError, match="expected"):
        World(organizations=organizations, people=people)


@pytest.mark.parametrize(
    "shares",
    [
        {"kinds": {"legal": 0.5}},
        {"kinds": {"legal": 1.5, "sole_proprietor": -0.5}},
        {"kinds": {"legal": float("nan")}},
        {"standing": {}},
        {"restrictions": {"lost": 1.1}},
        {"restrictions": {"lost": 0.5, "expired": -0.1}},
    ],
)
def test_shares_that_do_not_sum_to_one_are_a_value_error(shares: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected shares that sum to 1"):
        World(**shares)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_is_a_word_of_64_bits(seed: int) -> None:
    with pytest.raises(ValueError, match="seed: expected 0 to 18446744073709551615"):
        World(seed)
    assert World(2**64 - 1).organization(0).index == 0


def test_threads_see_the_same_country() -> None:
    numbers = [COUNTRY.organization(i).inn for i in FIRST_ONES]
    fresh = World(1)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(fresh.organization_by_inn, inn) for inn in numbers * 4]
    expected = [COUNTRY.organization(i) for i in FIRST_ONES] * 4
    assert [answer.result() for answer in asked] == expected


def test_country_of_one_and_the_largest_one_have_their_last_records() -> None:
    assert World(organizations=1, people=1).organization(0).head.person == 0
    last = World(people=100_000_000).person(99_999_999)
    assert World(people=100_000_000).person_by_snils(last.snils) == last


def test_kinds_and_tiers_are_those_of_the_population_of_the_model() -> None:
    kinds: dict[Kind, float] = {"legal": 0.3, "sole_proprietor": 0.7}
    tiers: dict[Tier, float] = {"small": 0.2, "medium": 0.5, "large": 0.3}
    world = World(7, organizations=SMALL, kinds=kinds, tiers=tiers)
    model = Population(7, 50, kinds, tiers)
    for index in range(50):
        organization = world.organization(index)
        assert organization.kind == model.kind(index)
        assert organization.tier == model.tier(index)


@pytest.mark.parametrize("standing", ["active", "liquidating", "liquidated", "unreliable"])
def test_standing_with_the_whole_share_is_everyones(standing: Standing) -> None:
    world = World(3, organizations=SMALL, standing={standing: 1.0})
    assert {world.organization(i).standing for i in range(100)} == {standing}


def test_standing_of_a_few_changes_nothing_else_about_the_rest() -> None:
    good = World(1, organizations=SMALL, standing={"active": 1.0})
    same = [i for i in FIRST_ONES if VILLAGE.organization(i).standing == "active"]
    assert len(same) > 200
    assert [good.organization(i) for i in same] == [VILLAGE.organization(i) for i in same]


def test_lookup_among_ten_million_does_the_work_of_a_lookup_among_a_thousand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organization, person = COUNTRY.organization(5), COUNTRY.person(5)
    work = []
    for size in (SMALL, 10_000_000):
        world = World(1, organizations=size, people=size)
        with counted_draws(monkeypatch) as calls:
            assert world.organization_by_inn(organization.inn) == organization
            assert world.organization_by_ogrn(organization.ogrn) == organization
            assert world.person_by_snils(person.snils) == person
            assert world.organizations_headed_by(5) is not None
            world.employer_of(5)
            world.employees_of(5)
        work.append(calls)
    assert work[0] == work[1]
    assert work[0]["unpermute"] == 3


def test_memory_does_not_grow_with_the_country_nor_with_what_was_looked_up() -> None:
    tracemalloc.start()
    try:
        world = World(5)
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
        for index in range(5_000):
            assert world.person_by_snils(world.person(index * 1999).snils) is not None
        # Five thousand records would take 8 MB; only the last thousand are kept.
        assert tracemalloc.get_traced_memory()[0] < 4_000_000
    finally:
        tracemalloc.stop()


def test_examples_of_the_page_run() -> None:
    page = Path(__file__).resolve().parents[2] / "docs/country.md"
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8").failed == 0


def test_an_identity_is_that_of_the_whole_record() -> None:
    world = World(1, organizations=100, people=100)
    assert all(world.identity(i) == world.person(i).identity for i in range(100))
    with pytest.raises(IndexError):
        world.identity(100)
