"""Defects: each makes its own concrete mistake and touches nothing else."""

import datetime as dt
import doctest
import itertools
import re
from dataclasses import replace
from fnmatch import fnmatch
from functools import partial

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.ru import inn as tax_number
from stdnum.ru import ogrn as registration_number

from rulebook import KINDS, Kind, Policy, load
from tests.world.check_digits import account_key_agrees, ogrnip_agrees, snils_agrees
from tests.world.defects_page import PAGE, written_anew
from tests.world.differences import differences, name_of
from world.attributes import Attributes
from world.country import World
from world.dates import LAST_DAY, WORLD_DATE
from world.defects import MISTAKES, apply, apply_all
from world.defects.occasion import Occasion
from world.documents import EICAR, Document
from world.filings import Filing, filing_of
from world.records import Organization

BOOK = load()
POLICY = BOOK.policy()
COUNTRY = World(2026)
DAY = dt.date(2026, 4, 20)


def next_of(kind: Kind, index: int) -> int:
    return next(i for i in itertools.count(index) if COUNTRY.population.kind(i) == kind)


INDICES = st.integers(0, COUNTRY.organizations - 1_000)  # nobody's next is so far away
LEGAL = INDICES.map(partial(next_of, "legal"))
SOLE = INDICES.map(partial(next_of, "sole_proprietor"))
KEYS = st.integers(0, 2**64 - 1)

# What each defect may change: all the paths of one row change, and nothing else does.
CHANGES: dict[str, list[set[str]]] = {
    "inn_typo": [{"form.inn"}],
    "ogrn_typo": [{"form.ogrn"}],
    "spaces_in_requisites": [{"form.inn"}, {"form.ogrn"}],
    "inn_ogrn_swapped": [{"form.inn", "form.ogrn"}],
    "inn_of_other_org": [{"form.inn"}],
    "name_abbreviated": [{"form.full_name"}],
    "address_outdated": [{"form.legal_address"}],
    "capital_missing": [{"form.capital"}],
    "org_liquidated": [
        {"subject.organization.standing"},
        {"subject.organization.standing", "subject.organization.closed"},
    ],
    "poa_expired": [{"documents.authority.valid_until"}],
    "poa_wrong_kind": [{"documents.authority.kind", "documents.authority.file_name"}],
    "document_missing": [
        {"documents.charter.*"},
        {"documents.*_certificate.*"},
        {"documents.egrul_extract.*"},
    ],
    "document_wrong_format": [{"documents.*.file_format", "documents.*.file_name"}],
    "document_too_large": [{"documents.*.size"}],
    "document_infected": [{"documents.*.comment"}],
    "phone_without_code": [{"form.phone"}, {"form.head_phone"}, {"form.contact_phone"}],
    "email_invalid": [{"form.email"}, {"form.head_email"}],
    "cert_expired": [{"certificate.not_before", "certificate.not_after"}],
    "cert_revoked": [{"certificate.revoked_on"}],
    "cert_not_accredited": [{"certificate.authority.*"}],
    "cert_personal": [
        {
            "certificate.subject.common_name",
            "certificate.subject.legal_inn",
            "certificate.subject.ogrn",
        }
    ],
    "snils_typo": [{"form.head_snils"}],
    "passport_restricted": [
        {"subject.applicant.passport.restriction", "subject.passport_restricted_on"}
    ],
    "account_unconfirmed": [{"subject.account_confirmed_on"}],
    "required_field_missing": [
        {f"form.head_{name}"} for name in ("name", "birth_date", "inn", "position")
    ],
    "founding_date_format": [{"form.founding_date"}],
    "bank_account_mismatch": [{"form.account"}],
    "poa_term_missing": [{"documents.authority.valid_until"}],
    "terms_not_accepted": [{"form.terms_accepted"}],
    "cert_container_pfx": [{"certificate.file"}],
    "clock_skew": [{"environment.clock_skew_s"}],
    "employee_data_mismatch": [
        {"employee.full_name"},
        {"employee.inn"},
        {"employee.position"},
    ],
}


def filed(index: int) -> Filing:
    return filing_of(COUNTRY, index, DAY)


def spoiled(defect: str, filing: Filing, key: int, policy: Policy = POLICY) -> Filing:
    return apply(BOOK.defects[defect], filing, world=COUNTRY, policy=policy, key=key)


def spoiled_by_all(defects: list[str], filing: Filing, key: int) -> Filing:
    entries = [BOOK.defects[defect] for defect in defects]
    return apply_all(entries, filing, world=COUNTRY, policy=POLICY, key=key)


def applicable(kind: Kind) -> list[str]:
    return [each.id for each in BOOK.defects.values() if kind in each.kinds]


def changed_document(before: Filing, after: Filing) -> Document:
    (document,) = set(after.documents) - set(before.documents)
    return document


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def places_that_differ(before: str, after: str) -> int:
    return sum(a != b for a, b in zip(before, after, strict=True))


# --- every defect ---------------------------------------------------------------------------------


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
    before = filed(0)
    seen = {frozenset(differences(before, spoiled(defect, before, key))) for key in range(100)}
    assert len(seen) >= len(CHANGES[defect])


# --- the form -------------------------------------------------------------------------------------


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


# --- documents ------------------------------------------------------------------------------------


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


# --- certificate, subject, environment ------------------------------------------------------------


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS, st.dates(DAY, dt.date(2030, 1, 1)))
def test_expired_certificate_ended_before_the_day_of_the_filing(
    index: int, key: int, day: dt.date
) -> None:
    before = filing_of(COUNTRY, index, day)
    certificate = spoiled("cert_expired", before, key).certificate
    registered = before.subject.organization.registered
    assert registered <= certificate.not_before <= certificate.not_after < day


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_revocation_is_known_by_the_filing_and_inside_the_validity(index: int, key: int) -> None:
    certificate = spoiled("cert_revoked", filed(index), key).certificate
    assert certificate.revoked_on is not None
    assert certificate.not_before <= certificate.revoked_on <= min(DAY, certificate.not_after)


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_expired_and_revoked_certificate_was_revoked_while_valid(index: int, key: int) -> None:
    both = spoiled_by_all(["cert_revoked", "cert_expired"], filed(index), key).certificate
    other_way = spoiled("cert_expired", spoiled("cert_revoked", filed(index), key), key).certificate
    for certificate in (both, other_way):
        assert certificate.revoked_on is not None
        assert certificate.not_before <= certificate.revoked_on <= certificate.not_after < DAY


def test_unaccredited_authority_is_not_one_of_the_register() -> None:
    authority = spoiled("cert_not_accredited", filed(0), 1).certificate.authority
    assert not authority.accredited
    assert authority.id not in {filed(index).certificate.authority.id for index in range(50)}


def test_personal_certificate_is_the_signers_own() -> None:
    subject = spoiled("cert_personal", filed(0), 1).certificate.subject
    applicant = filed(0).subject.applicant
    assert subject.common_name == str(applicant.name)
    assert (subject.inn, subject.snils) == (applicant.inn, applicant.snils)
    assert (subject.legal_inn, subject.ogrn) == (None, None)


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_organization_is_closed_after_its_registration_or_unreliable(index: int, key: int) -> None:
    organization = spoiled("org_liquidated", filed(index), key).subject.organization
    if organization.standing == "liquidated":
        assert organization.closed is not None
        assert organization.registered < organization.closed <= DAY
    else:
        assert (organization.standing, organization.kind) == ("unreliable", "legal")
        assert organization.closed is None


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_passport_is_restricted_after_its_issue(index: int, key: int) -> None:
    subject = spoiled("passport_restricted", filed(index), key).subject
    assert subject.applicant.passport.restriction in {"lost", "expired", "invalid"}
    assert subject.passport_restricted_on is not None
    assert subject.applicant.passport.issued < subject.passport_restricted_on <= DAY


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


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS, st.integers(0, 10_000))
def test_clock_is_off_by_more_than_the_tolerance_of_the_policy(
    index: int, key: int, tolerance: int
) -> None:
    policy = BOOK.policy({"CERT-10.max_clock_skew_s": tolerance})
    skew = spoiled("clock_skew", filed(index), key, policy).environment.clock_skew_s
    assert tolerance < abs(skew) <= tolerance + 3600


class Extreme(Attributes):
    """Draws that all have the least or the greatest value."""

    def __init__(self, value: float) -> None:
        self.value = value

    def unit(self, attribute: str, k: int = 0) -> float:
        return self.value


def spoiled_in_extreme(defect: str, filing: Filing, value: float) -> Filing:
    occasion = Occasion(filing=filing, world=COUNTRY, policy=POLICY, chance=Extreme(value))
    return MISTAKES[defect](filing, occasion)


def test_least_and_greatest_skew_are_a_second_and_an_hour_beyond_the_tolerance() -> None:
    skews = [
        spoiled_in_extreme("clock_skew", filed(0), value).environment.clock_skew_s
        for value in (1e-9, 1 - 1e-9)
    ]
    assert skews == [301, -3900]


def test_other_account_is_the_next_one_to_the_one_before() -> None:
    accounts = [
        spoiled_in_extreme("bank_account_mismatch", filed(0), value).form.account
        for value in (1e-9, 1 - 1e-9)
    ]
    assert filed(0).form.account == "40702810598183729203"
    assert [account[9:] for account in accounts] == ["98183729204", "98183729202"]


def test_expired_certificate_had_the_usual_term_and_ended_up_to_sixty_days_ago() -> None:
    certificates = [
        spoiled_in_extreme("cert_expired", filed(0), value).certificate
        for value in (1e-9, 1 - 1e-9)
    ]
    validity = [(each.not_before, each.not_after) for each in certificates]
    assert validity == [
        (dt.date(2024, 11, 20), dt.date(2026, 2, 19)),
        (dt.date(2025, 1, 18), dt.date(2026, 4, 19)),
    ]


def test_clock_is_fast_or_slow() -> None:
    skews = [spoiled("clock_skew", filed(0), key).environment.clock_skew_s for key in range(50)]
    assert min(skews) < -300
    assert max(skews) > 300


# --- several at once ------------------------------------------------------------------------------

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


# --- the page -------------------------------------------------------------------------------------


def test_table_of_the_page_shows_what_really_becomes_wrong() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written_anew(page), "python -m tests.world.defects_page writes it anew"


def test_examples_of_the_page_run() -> None:
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0
