"""Several defects at once: none is lost, whatever the order they are named in."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.ru import inn as tax_number

from rulebook import KINDS, Kind
from tests.world.spoiling import (
    BOOK,
    CHANGES,
    KEYS,
    LEGAL,
    POLICY,
    applicable,
    digits,
    filed,
    next_of,
    places_that_differ,
    spoiled,
    spoiled_by_all,
)
from world.country import World
from world.dates import LAST_DAY, WORLD_DATE
from world.defects import apply_all
from world.documents import EICAR
from world.filings import filing_of
from world.records import Organization

# Pairs of which one changes what the other has written: docs/defects.md says which goes first.
ORDERED = {
    frozenset(pair)
    for pair in (
        ("inn_of_other_org", "inn_typo"),
        ("inn_of_other_org", "spaces_in_requisites"),
        ("inn_of_other_org", "inn_ogrn_swapped"),
        ("inn_typo", "inn_ogrn_swapped"),
        ("ogrn_typo", "inn_ogrn_swapped"),
        ("spaces_in_requisites", "inn_ogrn_swapped"),
        ("cert_expired", "cert_revoked"),
    )
}


@settings(max_examples=10, deadline=None)
@given(LEGAL, KEYS)
def test_two_mistakes_in_different_fields_may_be_made_in_either_order(index: int, key: int) -> None:
    before = filed(index)
    for first, second in itertools.combinations(CHANGES, 2):
        if frozenset((first, second)) not in ORDERED:
            one_way = spoiled(second, spoiled(first, before, key), key)
            assert one_way == spoiled(first, spoiled(second, before, key), key), (first, second)


@settings(max_examples=20, deadline=None)
@given(LEGAL, KEYS, st.lists(st.sampled_from(list(CHANGES)), unique=True))
def test_several_mistakes_are_the_same_in_whatever_order_they_are_named(
    index: int, key: int, defects: list[str]
) -> None:
    there = spoiled_by_all(defects, filed(index), key)
    back = spoiled_by_all(defects[::-1], filed(index), key)
    assert there == back


@settings(max_examples=15, deadline=None)
@given(LEGAL, KEYS)
def test_no_mistake_of_all_at_once_is_lost(index: int, key: int) -> None:
    before = filed(index)
    everything = spoiled_by_all(list(CHANGES), before, key)
    for left_out in CHANGES:
        if left_out != "poa_expired":  # without a term nothing expires
            rest = [defect for defect in CHANGES if defect != left_out]
            assert spoiled_by_all(rest, before, key) != everything, left_out


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_mistyped_and_spaced_inn_has_both_mistakes(index: int, key: int) -> None:
    before = filed(index)
    both = spoiled_by_all(["spaces_in_requisites", "inn_typo"], before, key).form
    typed = digits(both.inn)
    assert places_that_differ(before.form.inn, typed) == 1
    assert not tax_number.is_valid(typed)
    assert (both.inn != typed) != (both.ogrn != before.form.ogrn)


def test_mistyped_inn_goes_mistyped_into_the_field_of_ogrn() -> None:
    before = filed(0)
    both = spoiled_by_all(["inn_ogrn_swapped", "inn_typo"], before, 5).form
    assert both.inn == before.form.ogrn
    assert both.ogrn == spoiled("inn_typo", before, 5).form.inn


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_power_of_attorney_without_term_cannot_expire(index: int, key: int) -> None:
    before = filed(index)
    without = spoiled("poa_term_missing", before, key)
    assert spoiled("poa_expired", without, key) == without
    assert spoiled_by_all(["poa_expired", "poa_term_missing"], before, key) == without


@settings(max_examples=20, deadline=None)
@given(LEGAL, KEYS)
def test_a_document_may_be_too_large_infected_and_of_a_wrong_format(index: int, key: int) -> None:
    before = filed(index)
    defects = ["document_infected", "document_too_large", "document_wrong_format"]
    after = spoiled_by_all([*defects, "document_missing"], before, key)
    assert len(after.documents) == len(before.documents) - 1
    contents = [document.content for document in after.documents]
    assert sum(EICAR in content for content in contents) == 1
    assert sum(len(content) == 5_242_881 for content in contents) == 1
    assert sum(not content.startswith(b"%PDF-") for content in contents) == 1


def test_no_mistakes_leave_the_filing_as_it_is() -> None:
    assert spoiled_by_all([], filed(0), 1) == filed(0)


def test_one_inapplicable_mistake_among_several_is_refused() -> None:
    with pytest.raises(ValueError, match="capital_missing"):
        spoiled_by_all(["inn_typo", "capital_missing"], filed(1), 1)


def test_mended_mistake_leaves_the_others_as_they_were() -> None:
    before = filed(0)
    mended = spoiled_by_all(["snils_typo"], before, 9)
    both = spoiled_by_all(["snils_typo", "ogrn_typo"], before, 9)
    assert replace(both.form, ogrn=before.form.ogrn) == mended.form


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", range(5))
def test_organization_registered_the_day_before_makes_every_mistake(kind: Kind, key: int) -> None:
    class YoungCountry(World):
        def organization(self, index: int) -> Organization:
            return replace(super().organization(index), registered=LAST_DAY)

    country = YoungCountry(2026)
    before = filing_of(country, next_of(kind, 0), WORLD_DATE)
    defects = [BOOK.defects[defect] for defect in applicable(kind) if defect != "poa_term_missing"]
    after = apply_all(defects, before, world=country, policy=POLICY, key=key)
    assert after.certificate.not_after == after.certificate.revoked_on == LAST_DAY
    assert after.subject.organization.closed in {WORLD_DATE, None}
    terms = [document.valid_until for document in after.documents if document.valid_until]
    assert terms == ([LAST_DAY] if kind == "legal" else [])
