"""Defects of documents: what exactly becomes wrong in the files of a filing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.differences import name_of
from tests.world.spoiling import BOOK, DAY, KEYS, LEGAL, POLICY, changed_document, filed, spoiled
from world.documents import EICAR


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_expired_power_of_attorney_ended_after_its_issue_and_before_the_filing(
    index: int, key: int
) -> None:
    before = filed(index)
    document = changed_document(before, spoiled("poa_expired", before, key))
    assert document.valid_until is not None
    assert document.issued <= document.valid_until < DAY


def test_ordinary_power_of_attorney_says_so_on_its_page() -> None:
    document = changed_document(filed(0), spoiled("poa_wrong_kind", filed(0), 1))
    assert document.lines[0] == "Доверенность"
    assert document.file_name == "Доверенность.pdf"


def test_power_of_attorney_without_term_names_no_last_day() -> None:
    document = changed_document(filed(0), spoiled("poa_term_missing", filed(0), 1))
    assert len(document.lines) == 3


def test_any_document_but_that_of_authority_can_be_missing() -> None:
    before = filed(0)
    missing = {
        name_of(document)
        for key in range(100)
        for document in set(before.documents)
        - set(spoiled("document_missing", before, key).documents)
    }
    assert missing == {"charter", "registration_certificate", "tax_certificate", "egrul_extract"}


@settings(max_examples=10, deadline=None)
@given(LEGAL, KEYS, st.integers(1, 3))
def test_too_large_document_is_a_byte_over_the_limit_of_the_policy(
    index: int, key: int, megabytes: int
) -> None:
    policy = BOOK.policy({"DOC-01.max_mb": megabytes})
    before = filed(index)
    document = changed_document(before, spoiled("document_too_large", before, key, policy))
    assert len(document.content) == megabytes * 1_048_576 + 1
    assert document.content.startswith(b"%PDF-")


def test_too_large_document_by_the_book_is_a_byte_over_five_megabytes() -> None:
    document = changed_document(filed(0), spoiled("document_too_large", filed(0), 1))
    assert len(document.content) == 5_242_881


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_infected_document_holds_the_test_virus_and_is_still_a_pdf(index: int, key: int) -> None:
    before = filed(index)
    document = changed_document(before, spoiled("document_infected", before, key))
    assert EICAR in document.content
    assert document.content.startswith(b"%PDF-")


SIGNATURES = {
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG",
}


def test_wrong_format_is_a_real_file_of_another_format_under_its_own_extension() -> None:
    before = filed(0)
    seen = set()
    for key in range(100):
        document = changed_document(before, spoiled("document_wrong_format", before, key))
        extension = document.file_name.rpartition(".")[2]
        assert document.content.startswith(SIGNATURES.get(extension, b"<?xml"))
        seen.add(extension)
    assert seen == {"docx", "xlsx", "jpg", "png", "xml"}


def test_format_that_a_lenient_policy_admits_is_not_wrong() -> None:
    lenient = BOOK.policy({"DOC-01.formats": list(POLICY.texts("DOC-01.formats_lenient"))})
    formats = {
        changed_document(
            filed(0), spoiled("document_wrong_format", filed(0), key, lenient)
        ).file_format
        for key in range(100)
    }
    assert formats == {"xlsx", "png", "xml"}


def test_no_format_is_wrong_where_all_are_admitted() -> None:
    policy = BOOK.policy({"DOC-01.formats": ["pdf", "docx", "xlsx", "jpg", "png", "xml"]})
    with pytest.raises(ValueError, match=r"DOC-01\.formats"):
        spoiled("document_wrong_format", filed(0), 1, policy)
