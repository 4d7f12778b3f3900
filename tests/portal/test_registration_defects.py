"""Every mistake of an applicant in the form, the papers or the register breaks exactly the rule
that the rule book names for it, and a good filing breaks none."""

from collections.abc import Iterator

import pytest

from portal.documents.file_kind import kind_of
from portal.registration.application_check import (
    comparison_violations,
    form_violations,
    number_to_ask,
)
from portal.rules import documents, registration
from portal.rules.documents import FileClaim
from portal.rules.registration import Authority, AuthorityPaper, InnConfirmation, PaperSet
from rulebook import Defect, load
from tests.portal.filings import COUNTRY, LEGAL, SOLE, application_of, filing, record_of
from world.defects import apply, apply_all
from world.documents import EICAR, Document
from world.filings import Filing

BOOK = load()
POLICY = BOOK.policy()
CHAPTERS = ("ID", "REG", "DOC")  # the other chapters have tests of their own
FILE_RULES = (
    documents.for_registration,
    documents.not_renamed,
    documents.no_virus,
    documents.size_limits,
)


def broken_by(filed: Filing) -> set[str]:
    """The rules of chapters ID, REG and DOC that a filing breaks, told to a register that knows the
    country and its subject."""
    form = application_of(filed)
    known = record_of(filed.subject.organization)
    number = number_to_ask(form)
    record = known if number in (known.ogrn, known.inn) else None
    found = [*form_violations(form, POLICY), *comparison_violations(form, record, POLICY)]
    confirmed = InnConfirmation(application=form, record=record, confirmed=True)
    found += registration.prefilled_from_register(confirmed, POLICY)
    authority = Authority(
        applicant_inn=filed.subject.applicant.inn,
        head_inn=None if record is None else record.head_inn,
        papers=_papers(filed),
        on=filed.as_of,
    )
    found += registration.representative_may(authority, POLICY)
    attached = PaperSet(
        kind=filed.kind,
        attached=[document.kind for document in filed.documents],
        needs_authority=not authority.is_shown_otherwise,
    )
    found += registration.set_of_papers(attached, POLICY)
    for document in filed.documents:
        claim = _file(document)
        found += [each for rule in FILE_RULES for each in rule(claim, POLICY)]
    return {each.rule for each in found}


def _papers(filed: Filing) -> list[AuthorityPaper]:
    of_authority = {*registration.AUTHORITY_PAPERS, "power_of_attorney"}
    return [
        AuthorityPaper(kind=each.kind, valid_until=each.valid_until)
        for each in filed.documents
        if each.kind in of_authority
    ]


def _file(document: Document) -> FileClaim:
    content = document.content
    return FileClaim(
        context="registration",
        file_name=document.file_name,
        file_format=kind_of(content),
        size=len(content),
        virus="EICAR-Test-File" if EICAR in content else None,
    )


def expected_of(defect: Defect, filed: Filing) -> set[str]:
    rule = defect.caught_by_kind.get(filed.kind, defect.caught_by)
    return {rule} if rule.partition("-")[0] in CHAPTERS else set()


@pytest.mark.parametrize("index", [*LEGAL, *SOLE])
def test_a_good_filing_breaks_no_rule(index: int) -> None:
    assert broken_by(filing(index)) == set()


def mistakes() -> Iterator[tuple[str, int]]:
    for defect in BOOK.defects.values():
        yield from ((defect.id, index) for index in LEGAL if "legal" in defect.kinds)
        yield from ((defect.id, index) for index in SOLE if "sole_proprietor" in defect.kinds)


@pytest.mark.parametrize(("name", "index"), list(mistakes()))
def test_each_mistake_breaks_exactly_its_rule(name: str, index: int) -> None:
    good, defect = filing(index), BOOK.defects[name]
    for key in range(4):
        wrong = apply(defect, good, world=COUNTRY, policy=POLICY, key=key)
        assert broken_by(wrong) == expected_of(defect, good), key


@pytest.mark.parametrize("index", [LEGAL[0], SOLE[0]])
def test_all_mistakes_of_one_filing_are_named_at_once(index: int) -> None:
    good = filing(index)
    together = (
        "phone_without_code",
        "email_invalid",
        "snils_typo",
        "required_field_missing",
        "terms_not_accepted",
        "document_infected",
        "org_liquidated",
    )
    defects = [BOOK.defects[name] for name in together]
    wrong = apply_all(defects, good, world=COUNTRY, policy=POLICY, key=1)
    expected = set().union(*(expected_of(defect, good) for defect in defects))
    assert (
        broken_by(wrong)
        == expected
        == {
            "ID-09",
            "ID-10",
            "ID-06",
            "REG-01",
            "REG-12",
            "DOC-07",
            "REG-06",
        }
    )
