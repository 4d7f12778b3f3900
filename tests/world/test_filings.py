"""Good filings: every rule that looks at the form, the papers or the registries accepts them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.ru import inn as tax_number
from stdnum.ru import ogrn as registration_number

from rulebook import load
from tests.world.check_digits import account_key_agrees, ogrnip_agrees, snils_agrees
from world.certificate_profiles import CARRIERS
from world.country import World
from world.dates import WORLD_DATE
from world.documents import Document
from world.filings import Filing, filing_of
from world.records import Organization

COUNTRY = World(2026)
DAY = dt.date(2026, 4, 20)
INDICES = st.integers(0, COUNTRY.organizations - 1)
DAYS = st.dates(WORLD_DATE, dt.date(2030, 12, 31))


def one_of_each_kind() -> Iterator[Filing]:
    filings = [filing_of(COUNTRY, index, DAY) for index in range(10)]
    yield next(filing for filing in filings if filing.kind == "legal")
    yield next(filing for filing in filings if filing.kind == "sole_proprietor")


LEGAL, SOLE = one_of_each_kind()


def paper(filing: Filing, kind: str) -> Document:
    return next(document for document in filing.documents if document.kind == kind)


@settings(deadline=None)
@given(INDICES, DAYS)
def test_numbers_of_a_good_form_have_right_check_digits(index: int, day: dt.date) -> None:
    filing = filing_of(COUNTRY, index, day)
    form = filing.form
    legal = filing.kind == "legal"
    assert (len(form.inn), len(form.ogrn)) == ((10, 13) if legal else (12, 15))
    assert tax_number.is_valid(form.inn)
    assert registration_number.is_valid(form.ogrn) if legal else ogrnip_agrees(form.ogrn)
    assert tax_number.is_valid(form.head_inn)
    assert len(form.head_inn) == 12
    assert snils_agrees(form.head_snils)
    assert account_key_agrees(form.account, form.bik)
    assert re.fullmatch(r"\d{9}", form.kpp) if legal else form.kpp == ""


@settings(deadline=None)
@given(INDICES)
def test_contacts_of_a_good_form_can_be_called_and_written_to(index: int) -> None:
    form = filing_of(COUNTRY, index, DAY).form
    for phone in (form.phone, form.head_phone, form.contact_phone):
        assert re.fullmatch(r"\+7\d{10}", phone)
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone))
    for email in (form.email, form.head_email):
        assert validate_email(email, test_environment=True).normalized == email


@settings(deadline=None)
@given(INDICES)
def test_dates_of_a_good_form_have_the_format_of_their_field(index: int) -> None:
    filing = filing_of(COUNTRY, index, DAY)
    form = filing.form
    for date in (form.head_birth_date, form.head_appointed, form.passport_issued):
        assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", date)
        assert dt.datetime.strptime(date, "%d.%m.%Y").date() < DAY
    if filing.kind == "legal":
        assert dt.date.fromisoformat(form.founding_date) == filing.subject.organization.registered


@settings(deadline=None)
@given(INDICES)
def test_a_good_form_says_what_the_country_knows(index: int) -> None:
    organization = COUNTRY.organization(index)
    head = COUNTRY.person(organization.head.person)
    form = filing_of(COUNTRY, index, DAY).form
    assert COUNTRY.organization_by_inn(form.inn) == organization
    assert COUNTRY.organization_by_ogrn(form.ogrn) == organization
    assert form.full_name == organization.full_name
    assert form.account == organization.account.number
    assert COUNTRY.person_by_snils(form.head_snils) == head
    assert COUNTRY.person_by_inn(form.head_inn) == head
    assert COUNTRY.person_by_passport(form.passport_series, form.passport_number) == head
    assert form.head_name == str(head.name)
    assert form.terms_accepted


def test_sole_proprietor_leaves_empty_what_only_legal_entities_have() -> None:
    empty = {name for name in SOLE.form.__slots__ if getattr(SOLE.form, name) == ""}
    assert empty == {"kpp", "legal_address", "capital", "founding_date"}
    assert [name for name in LEGAL.form.__slots__ if getattr(LEGAL.form, name) == ""] == []


def test_capital_is_typed_in_roubles() -> None:
    kopecks = LEGAL.subject.organization.capital_kopecks
    assert kopecks is not None
    assert kopecks >= 1_000_000
    assert LEGAL.form.capital == str(kopecks // 100)


@pytest.mark.parametrize(
    ("kopecks", "typed"), [(1_000_000, "10000"), (1_000_050, "10000,50"), (1_000_005, "10000,05")]
)
def test_capital_has_kopecks_only_if_there_are_any(kopecks: int, typed: str) -> None:
    class Country(World):
        def organization(self, index: int) -> Organization:
            return replace(super().organization(index), capital_kopecks=kopecks)

    index = LEGAL.subject.organization.index
    assert filing_of(Country(COUNTRY.seed), index, DAY).form.capital == typed


def test_legal_entity_files_the_whole_set_of_documents_as_pdf() -> None:
    assert [(each.kind, each.file_name) for each in LEGAL.documents] == [
        ("charter", "Устав.pdf"),
        ("registration_certificate", "Свидетельство о государственной регистрации.pdf"),
        ("tax_certificate", "Свидетельство о постановке на налоговый учёт.pdf"),
        ("egrul_extract", "Выписка из ЕГРЮЛ.pdf"),
        ("management_power_of_attorney", "Доверенность на управление.pdf"),
    ]
    assert all(each.content.startswith(b"%PDF-") for each in LEGAL.documents)


def test_sole_proprietor_files_passport_and_registry_record() -> None:
    assert [each.file_name for each in SOLE.documents] == ["Паспорт.pdf", "Лист записи ЕГРИП.pdf"]
    assert paper(SOLE, "passport").issued == SOLE.subject.applicant.passport.issued


@settings(deadline=None)
@given(INDICES, DAYS)
def test_papers_of_a_good_filing_are_in_force_on_its_day(index: int, day: dt.date) -> None:
    filing = filing_of(COUNTRY, index, day)
    assert all(document.issued < day for document in filing.documents)
    terms = [each.valid_until for each in filing.documents if each.valid_until is not None]
    assert len(terms) == (1 if filing.kind == "legal" else 0)
    assert all(term > day for term in terms)


@settings(deadline=None)
@given(INDICES, DAYS)
def test_certificate_of_a_good_filing_is_valid_and_names_organization_and_signer(
    index: int, day: dt.date
) -> None:
    filing = filing_of(COUNTRY, index, day)
    certificate, subject = filing.certificate, filing.certificate.subject
    assert certificate.not_before < day < certificate.not_after
    assert certificate.revoked_on is None
    assert certificate.authority.accredited
    assert certificate.file == "cer"
    assert int(certificate.serial, 16) > 0
    assert subject.ogrn == filing.form.ogrn
    assert subject.legal_inn == (filing.form.inn if filing.kind == "legal" else None)
    assert (subject.inn, subject.snils) == (
        filing.subject.applicant.inn,
        filing.subject.applicant.snils,
    )


def test_key_lies_on_a_carrier_that_the_rule_names() -> None:
    assert set(CARRIERS) == set(load().policy().texts("CERT-16.carriers"))


def test_representative_of_a_legal_entity_is_not_its_head_and_is_named_in_the_authority() -> None:
    applicant = LEGAL.subject.applicant
    assert applicant.index != LEGAL.subject.organization.head.person
    assert str(applicant.name) in paper(LEGAL, "management_power_of_attorney").holder
    assert LEGAL.form.contact_name == str(applicant.name)


def test_sole_proprietor_applies_in_person() -> None:
    assert SOLE.subject.applicant.index == SOLE.subject.organization.head.person


def test_good_filing_has_nothing_against_it_even_if_the_country_has() -> None:
    country = World(
        7,
        organizations=200,
        people=200,
        standing={"liquidated": 0.5, "unreliable": 0.5},
        restrictions={"lost": 1.0},
    )
    for index in range(200):
        subject = filing_of(country, index, DAY).subject
        assert (subject.organization.standing, subject.organization.closed) == ("active", None)
        assert subject.applicant.passport.restriction is None
        assert subject.passport_restricted_on is None
        assert subject.account_confirmed_on is not None
        assert subject.account_confirmed_on < DAY


@settings(deadline=None)
@given(INDICES)
def test_employee_is_typed_as_the_labour_contract_says(index: int) -> None:
    entry = filing_of(COUNTRY, index, DAY).employee
    contracts = COUNTRY.employees_of(index)
    person = COUNTRY.person(entry.employment.person)
    assert entry.employment in contracts or contracts == ()
    assert entry.employment.organization == index
    assert entry.employment.since < DAY
    assert (entry.full_name, entry.inn) == (str(person.name), person.inn)
    assert (entry.phone, entry.email) == (person.phone, person.email)
    assert (entry.position, entry.department) == (
        entry.employment.position,
        entry.employment.department,
    )


def test_the_only_person_of_a_country_can_file() -> None:
    country = World(3, organizations=1, people=1)
    assert filing_of(country, 0, DAY).employee.employment.person == 0


@settings(deadline=None)
@given(INDICES, st.integers(0, 2**63))
def test_the_same_filing_is_made_by_whoever_asks(index: int, seed: int) -> None:
    assert filing_of(World(seed), index, DAY) == filing_of(World(seed), index, DAY)


def test_another_country_files_another_thing() -> None:
    assert filing_of(World(1), 0, DAY) != filing_of(World(2), 0, DAY)


def test_nothing_is_filed_before_the_day_of_the_country() -> None:
    assert filing_of(COUNTRY, 0, WORLD_DATE).as_of == WORLD_DATE
    with pytest.raises(ValueError, match="2025-12-31"):
        filing_of(COUNTRY, 0, WORLD_DATE - dt.timedelta(days=1))


def test_nobody_files_for_an_organization_that_the_country_lacks() -> None:
    with pytest.raises(IndexError):
        filing_of(COUNTRY, COUNTRY.organizations, DAY)
