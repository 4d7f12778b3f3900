"""Defects: each can be made, changes its own fields and touches nothing else."""

import doctest
from fnmatch import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook import KINDS, Kind
from tests.world.defects_page import PAGE, written_anew
from tests.world.differences import differences
from tests.world.spoiling import (
    BOOK,
    CHANGES,
    COUNTRY,
    DAY,
    KEYS,
    LEGAL,
    POLICY,
    SOLE,
    applicable,
    filed,
    spoiled,
)
from world.country import World
from world.defects import MISTAKES, apply
from world.filings import filing_of

# --- every defect ---------------------------------------------------------------------------------
YOUNG = 453_259  # registered on the very day from which its certificate is valid


def test_every_defect_of_the_rule_book_can_be_made_and_no_other() -> None:
    assert set(MISTAKES) == set(BOOK.defects) == set(CHANGES)


@pytest.mark.parametrize("defect", CHANGES)
def test_defect_sits_where_the_rule_book_says(defect: str) -> None:
    parts = {path.partition(".")[0] for row in CHANGES[defect] for path in row}
    # The entry of an employee is a form of its own.
    where = {"employee": "form"}
    assert {where.get(part, part) for part in parts} == {BOOK.defects[defect].where}


@pytest.mark.parametrize(
    ("defect", "kind"), [(defect, kind) for kind in KINDS for defect in applicable(kind)]
)
@settings(max_examples=12, deadline=None)
@given(data=st.data(), key=KEYS)
def test_defect_changes_its_own_fields_and_no_other(
    defect: str, kind: Kind, data: st.DataObject, key: int
) -> None:
    before = filed(data.draw(LEGAL if kind == "legal" else SOLE))
    changed = differences(before, spoiled(defect, before, key))
    rows = [
        row
        for row in CHANGES[defect]
        if all(any(fnmatch(path, pattern) for pattern in row) for path in changed)
        and all(any(fnmatch(path, pattern) for path in changed) for pattern in row)
    ]
    assert len(rows) == 1, changed
    # One document at a time.
    documents = {path.split(".")[1] for path in changed if path.startswith("documents.")}
    assert len(documents) == (1 if BOOK.defects[defect].where == "documents" else 0)


@pytest.mark.parametrize(
    "defect", [each.id for each in BOOK.defects.values() if each.kinds != KINDS]
)
def test_defect_that_a_sole_proprietor_cannot_have_is_refused(defect: str) -> None:
    sole = filed(1)
    assert sole.kind == "sole_proprietor"
    with pytest.raises(ValueError, match=f"{defect} does not apply to the kind sole_proprietor"):
        spoiled(defect, sole, 1)


@pytest.mark.parametrize("defect", CHANGES)
def test_the_same_key_makes_the_same_mistake(defect: str) -> None:
    elsewhere = World(COUNTRY.seed)
    entry = BOOK.defects[defect]
    assert spoiled(defect, filed(0), 7) == apply(
        entry, filing_of(elsewhere, 0, DAY), world=elsewhere, policy=POLICY, key=7
    )


@pytest.mark.parametrize("defect", [name for name, rows in CHANGES.items() if len(rows) > 1])
def test_every_way_of_a_mistake_comes_under_some_key(defect: str) -> None:
    filings = [filed(0), *([filed(YOUNG)] if defect == "cert_expired" else [])]
    seen = {
        frozenset(differences(before, spoiled(defect, before, key)))
        for before in filings
        for key in range(100)
    }
    assert len(seen) >= len(CHANGES[defect])


# --- the page -------------------------------------------------------------------------------------


def test_table_of_the_page_shows_what_really_becomes_wrong() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written_anew(page), "python -m tests.world.defects_page writes it anew"


def test_examples_of_the_page_run() -> None:
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0
