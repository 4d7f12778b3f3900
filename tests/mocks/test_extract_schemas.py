"""Every answer of ЕГРЮЛ and ЕГРИП is a document of the tax service's schemas."""

from collections import Counter

import pytest
from lxml import etree

from mocks.core.country import Country
from tests.mocks.registers import (
    change,
    legal_request,
    new_country,
    one,
    organizations,
    plan,
    proprietor_request,
    register_of,
    request,
    response,
    schema,
)
from world import identifiers
from world.records import Organization

SAMPLE = 2_000


@pytest.fixture(scope="module")
def country() -> Country:
    return new_country()


@pytest.fixture
def own_country() -> Country:
    return new_country()


def problems(register: str, document: etree._Element) -> list[str]:
    found = schema(register)
    found.validate(document)
    return [f"{error.line}: {error.message}" for error in found.error_log]  # type: ignore[attr-defined]


def problems_about(country: Country, organization: Organization) -> list[str]:
    return problems(register_of(organization), response(country, organization))


def sample(country: Country) -> list[Organization]:
    step = country.world.organizations // SAMPLE
    return [country.world.organization(index * step) for index in range(SAMPLE)]


def test_every_answer_about_2000_organizations_is_valid(country: Country) -> None:
    asked = sample(country)
    wrong = {each.ogrn: found for each in asked if (found := problems_about(country, each))}
    assert wrong == {}


def test_the_sample_has_every_kind_and_standing_and_branches(country: Country) -> None:
    asked = sample(country)
    assert set(Counter((each.kind, each.standing) for each in asked)) == {
        (kind, standing)
        for kind in ("legal", "sole_proprietor")
        for standing in ("active", "liquidating", "liquidated", "unreliable")
    }
    assert sum(bool(each.branches) for each in asked) > 20


@pytest.mark.parametrize(
    "fields",
    [
        {"standing": "liquidated"},
        {"standing": "liquidated", "closed": "2026-01-15"},
        {"standing": "unreliable"},
        {"standing": "liquidating"},
        {"full_name": "П" * 2_000, "short_name": ""},
        {"full_name": "ИМЯ\x00С\x1bЗНАКАМИ"},
        {"address": {"region_name": "Где-то", "locality": "с. Глубокое", "street": "Тупик"}},
        {"address": {"locality": "Глубокое", "street": "", "house": "", "flat": None}},
        {"address": {"postal_code": "нет"}},
        {"email": "а" * 60 + "@пример.рф"},
        {"email": ""},
        {"head": {"position": "Ликвидатор", "since": "2026-01-10"}},
        {"okved": ["62.01"]},
        {"okved": []},
        {"registered": "2026-02-01"},
        {"inn": identifiers.legal_inn("990112345")},
    ],
    ids=str,
)
def test_answers_about_a_changed_legal_entity_are_valid(
    own_country: Country, fields: dict[str, object]
) -> None:
    changed = change(own_country, one(own_country, "legal"), **fields)
    assert problems_about(own_country, changed) == []


@pytest.mark.parametrize("capital", [None, 0, 1, 100, 3_333_333, 10**15])
def test_shares_of_any_capital_are_valid(own_country: Country, capital: int | None) -> None:
    founded = next(organizations(own_country, lambda each: len(each.founders) == 3))
    changed = change(own_country, founded, capital_kopecks=capital)
    assert problems_about(own_country, changed) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"standing": "liquidated"},
        {"standing": "liquidated", "closed": "2026-01-15"},
        {"standing": "unreliable"},
        {"address": {"locality": "г. Дальний", "region_name": "г. Севастополь", "region": "92"}},
        {"inn": identifiers.person_inn("9901123456")},
    ],
    ids=str,
)
def test_answers_about_a_changed_sole_proprietor_are_valid(
    own_country: Country, fields: dict[str, object]
) -> None:
    changed = change(own_country, one(own_country, "sole_proprietor"), **fields)
    assert problems_about(own_country, changed) == []


def test_answers_about_added_organizations_are_valid(own_country: Country) -> None:
    records = own_country.tenant().records
    branched = next(organizations(own_country, lambda each: len(each.branches) > 1))
    legal = records.add_organization(
        branched.index,
        {"inn": identifiers.legal_inn("990112345"), "ogrn": identifiers.ogrn("126990000001")},
    )
    proprietor = records.add_organization(
        one(own_country, "sole_proprietor").index,
        {
            "inn": identifiers.person_inn("9901123456"),
            "ogrn": identifiers.ogrnip("32699000000001"),
        },
    )
    assert problems_about(own_country, legal) == []
    assert problems_about(own_country, proprietor) == []


@pytest.mark.parametrize("kind", ["false_refusal", "withheld"])
def test_answers_without_an_extract_are_valid(own_country: Country, kind: str) -> None:
    plan(own_country, "egrul", kind)
    plan(own_country, "egrip", kind, fault_id="other")
    assert problems_about(own_country, one(own_country, "legal")) == []
    assert problems_about(own_country, one(own_country, "sole_proprietor")) == []


def test_requests_of_these_tests_are_valid(country: Country) -> None:
    legal, proprietor = one(country, "legal"), one(country, "sole_proprietor")
    for register, document in (
        ("egrul", request(legal)),
        ("egrul", legal_request(f"<ИННЮЛ>{legal.inn}</ИННЮЛ>")),
        ("egrip", request(proprietor)),
        ("egrip", proprietor_request(f"<ИНН>{proprietor.inn}</ИНН>")),
    ):
        assert problems(register, etree.fromstring(document)) == []
