"""Rules of chapter SVC on claims by hand."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import published_services as rules
from portal.rules.published_services import (
    CatalogueFilter,
    Offer,
    Publication,
    ServiceAuthor,
    ServiceDescription,
    ServiceState,
)
from portal.rules.rule import Violation
from rulebook import load

POLICY = load().policy()
WHOLE = ServiceDescription(
    name="Аудит",
    description="Проверка отчётности",
    price_kopecks=0,
    term_days=1,
    access=("legal", "sole_proprietor"),
    industry="69.20",
    responsible=("anna",),
    templates=("form",),
    members={"anna"},
    documents={"form"},
)


def places(violations: tuple[Violation, ...]) -> list[str]:
    return [f"{each.rule} {each.field}" for each in violations]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"name": " "}, ["SVC-01 name"]),
        ({"description": ""}, ["SVC-01 description"]),
        ({"price_kopecks": None}, ["SVC-01 price_kopecks"]),
        ({"price_kopecks": -1}, ["SVC-01 price_kopecks"]),
        ({"term_days": None}, ["SVC-01 term_days"]),
        ({"term_days": 0}, ["SVC-01 term_days"]),
        ({"access": ()}, ["SVC-01 access"]),
        ({"access": ("legal", "person")}, ["SVC-01 access"]),
        ({"industry": ""}, ["SVC-01 industry"]),
        ({"industry": "69"}, ["SVC-01 industry"]),
        ({"responsible": ()}, ["SVC-01 responsible"]),
        ({"responsible": ("anna", "boris")}, ["SVC-01 responsible"]),
        ({"templates": ()}, ["SVC-01 templates"]),
        ({"templates": ("another's",)}, ["SVC-01 templates"]),
        ({"name": "", "term_days": 0}, ["SVC-01 name", "SVC-01 term_days"]),
    ],
)
def test_everything_is_said_of_a_service(changes: dict[str, Any], expected: list[str]) -> None:
    assert places(rules.whole_and_tried(replace(WHOLE, **changes), POLICY)) == expected


@pytest.mark.parametrize(("tested", "expected"), [(True, []), (False, ["SVC-01 service"])])
def test_what_was_not_tested_is_not_published(tested: bool, expected: list[str]) -> None:
    assert places(rules.whole_and_tried(Publication(is_tested=tested), POLICY)) == expected


@pytest.mark.parametrize(
    ("state", "is_responsible", "rights", "expected"),
    [
        ("published", True, [], []),
        ("published", False, ["publish_services"], []),
        ("off", False, ["publish_services"], []),
        ("published", False, ["view_applications"], ["SVC-02 service"]),
        ("deleted", True, ["publish_services"], ["SVC-02 service"]),
    ],
)
def test_a_service_is_looked_after_by_those_in_charge_until_it_is_deleted(
    state: ServiceState, is_responsible: bool, rights: list[str], expected: list[str]
) -> None:
    claim = ServiceAuthor(state=state, is_responsible=is_responsible, rights=rights)
    assert places(rules.in_charge_of_what_there_is(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        ("published", "", []),
        ("published", "legal", []),
        ("published", "sole_proprietor", ["SVC-03 service"]),
        ("draft", "", ["SVC-03 service"]),
        ("tested", "", ["SVC-03 service"]),
        ("off", "", ["SVC-03 service"]),
        ("deleted", "", ["SVC-03 service"]),
        (None, "", ["SVC-03 service"]),
    ],
)
def test_only_what_is_published_is_there_and_for_whom_it_is(
    state: ServiceState | None, kind: str, expected: list[str]
) -> None:
    claim = Offer(state=state, access=("legal",), kind=kind)
    assert places(rules.offered_to_all_it_is_for(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("kind", "industry", "expected"),
    [
        ("", "", []),
        ("legal", "62.01", []),
        ("sole_proprietor", "62", []),
        ("person", "", ["SVC-03 kind"]),
        ("", "6", ["SVC-03 industry"]),
        ("", "62.02", ["SVC-03 industry"]),
        ("person", "0", ["SVC-03 kind", "SVC-03 industry"]),
    ],
)
def test_the_catalogue_is_filtered_by_kinds_and_industries_that_there_are(
    kind: str, industry: str, expected: list[str]
) -> None:
    claim = CatalogueFilter(kind=kind, industry=industry)
    assert places(rules.offered_to_all_it_is_for(claim, POLICY)) == expected
