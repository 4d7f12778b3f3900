"""Chapter REG: each rule accepting and refusing, at both sides of its boundaries."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.ports.registers import Standing
from portal.ports.signatures import CertificateFacts
from portal.rules import registration
from portal.rules.registration import (
    Authority,
    AuthorityPaper,
    AuthorityProof,
    CabinetOpening,
    Compared,
    CorporateEmail,
    EarlierApplication,
    InnConfirmation,
    PaperSet,
    Reflected,
    Signed,
)
from portal.rules.rule import Violation
from rulebook import load
from tests.portal.filings import LEGAL, SOLE, application_of, changed, filing, record_of

POLICY = load().policy()
FILED = filing(LEGAL[0])
FORM = application_of(FILED)
RECORD = record_of(FILED.subject.organization)
SOLE_FORM = application_of(filing(SOLE[0]))
SOLE_RECORD = record_of(filing(SOLE[0]).subject.organization)


def fields(found: tuple[Violation, ...]) -> list[str]:
    return [each.field for each in found]


def reasons(found: tuple[Violation, ...]) -> list[str]:
    return [each.reason.ru for each in found if each.reason]


# --- REG-01, REG-12, REG-13


@pytest.mark.parametrize("form", [FORM, SOLE_FORM], ids=["legal", "sole"])
def test_a_full_form_lacks_nothing(form: registration.Application) -> None:
    assert registration.required_fields(form, POLICY) == ()


@pytest.mark.parametrize(
    "field",
    [
        *("full_name", "inn", "ogrn", "kpp", "legal_address", "phone", "email", "head_name"),
        *("head_birth_date", "head_inn", "head_position", "head_phone", "head_email"),
        *("contact_name", "contact_phone"),
    ],
)
def test_an_empty_field_is_named(field: str) -> None:
    for blank in ("", "  "):
        found = registration.required_fields(changed(FORM, **{field: blank}), POLICY)
        assert found == (Violation("REG-01", field),)


@pytest.mark.parametrize("field", ["actual_address", "site", "founding_date", "head_snils", "bik"])
def test_what_is_not_required_may_be_empty(field: str) -> None:
    assert registration.required_fields(changed(FORM, **{field: ""}), POLICY) == ()


def test_a_passport_that_is_not_given_at_all_is_named_whole() -> None:
    parts = ["passport_series", "passport_number", "passport_issued", "passport_issued_by"]
    found = registration.required_fields(changed(FORM, **dict.fromkeys(parts, "")), POLICY)
    assert fields(found) == parts
    assert registration.required_fields(changed(FORM, passport_series=""), POLICY) == ()


def test_terms_are_accepted_or_nothing_is_filed() -> None:
    assert registration.terms_accepted(FORM, POLICY) == ()
    refused = registration.terms_accepted(changed(FORM, terms_accepted=False), POLICY)
    assert refused == (Violation("REG-12", "terms_accepted"),)


@pytest.mark.parametrize(
    ("email", "confirmed", "expected"),
    [("a@b.test", True, []), ("a@b.test", False, ["email"]), ("", False, [])],
)
def test_corporate_mail_is_confirmed_by_whoever_reads_it(
    email: str, confirmed: bool, expected: list[str]
) -> None:
    found = registration.corporate_email(CorporateEmail(email=email, confirmed=confirmed), POLICY)
    assert fields(found) == expected


# --- REG-02 to REG-06


def compared(**changes: Any) -> Compared:
    return Compared(application=changed(FORM, **changes), record=RECORD)


def test_a_filing_agrees_with_the_register() -> None:
    for form, record in ((FORM, RECORD), (SOLE_FORM, SOLE_RECORD)):
        claim = Compared(application=form, record=record)
        for rule in (
            registration.one_record,
            registration.literal_name,
            registration.legal_address,
            registration.capital,
            registration.is_active,
        ):
            assert rule(claim, POLICY) == ()


def test_numbers_of_two_records_are_refused_with_the_reason() -> None:
    other = application_of(filing(LEGAL[1]))
    found = registration.one_record(compared(inn=other.inn), POLICY)
    assert [(each.rule, each.field) for each in found] == [("REG-02", "inn")]
    assert reasons(found) == ["в реестре у этого ОГРН другой ИНН"]


def test_numbers_that_no_record_has_are_refused_with_the_reason() -> None:
    found = registration.one_record(Compared(application=FORM, record=None), POLICY)
    assert fields(found) == ["ogrn"]
    assert reasons(found) == ["в реестре не найден"]


def test_a_number_of_a_wrong_form_is_not_looked_for() -> None:
    claim = Compared(application=changed(FORM, inn="123"), record=None)
    assert registration.one_record(claim, POLICY) == ()


@pytest.mark.parametrize(
    ("spelling", "is_refused"),
    [
        (RECORD.full_name, False),
        (RECORD.short_name, True),
        (RECORD.full_name.capitalize(), True),
        (RECORD.full_name + " ", True),
        (RECORD.full_name.replace('"', "«", 1), True),
        ("", False),
    ],
)
def test_a_name_is_compared_sign_by_sign(spelling: str, is_refused: bool) -> None:
    found = registration.literal_name(compared(full_name=spelling), POLICY)
    assert fields(found) == (["full_name"] if is_refused else [])


@pytest.mark.parametrize(
    ("spelling", "is_refused"),
    [
        (RECORD.address, False),
        (RECORD.address.upper(), False),
        (RECORD.address.replace(", ", ",  "), False),
        (RECORD.address.replace("д. ", "д. 1"), True),
        ("", False),
    ],
)
def test_an_address_is_compared_as_registers_compare_texts(spelling: str, is_refused: bool) -> None:
    found = registration.legal_address(compared(legal_address=spelling), POLICY)
    assert fields(found) == (["legal_address"] if is_refused else [])


@pytest.mark.parametrize(
    ("capital", "reason"),
    [
        ("10000", None),
        ("10000,00", None),
        ("10000.5", "отличается от реестра"),
        ("0,01", "отличается от реестра"),
        ("0", "равен нулю"),
        ("0,00", "равен нулю"),
        ("", "не указан"),
        ("10 000", "это не сумма в рублях"),
        ("-10000", "это не сумма в рублях"),
    ],
)
def test_capital_is_above_zero_and_that_of_the_register(capital: str, reason: str | None) -> None:
    record = replace(RECORD, capital_kopecks=1_000_000)
    claim = Compared(application=changed(FORM, capital=capital), record=record)
    assert reasons(registration.capital(claim, POLICY)) == ([] if reason is None else [reason])


def test_a_sole_proprietor_has_no_capital() -> None:
    claim = Compared(application=SOLE_FORM, record=SOLE_RECORD)
    assert (SOLE_FORM.capital, registration.capital(claim, POLICY)) == ("", ())


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        ("active", []),
        ("liquidating", []),
        ("liquidated", ["деятельность прекращена"]),
        ("unreliable", ["запись недостоверна"]),
    ],
)
def test_an_organization_that_is_no_more_is_refused(standing: Standing, reason: list[str]) -> None:
    claim = Compared(application=FORM, record=replace(RECORD, standing=standing))
    assert reasons(registration.is_active(claim, POLICY)) == reason


# --- REG-07, REG-08


def authority(*papers: AuthorityPaper, **changes: Any) -> Authority:
    known = Authority(
        applicant_inn="1", head_inn="2", papers=papers, on=dt.date(2026, 4, 20), **changes
    )
    return known


TODAY, YESTERDAY = dt.date(2026, 4, 20), dt.date(2026, 4, 19)


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (AuthorityPaper(kind="management_power_of_attorney", valid_until=TODAY), []),
        (
            AuthorityPaper(kind="management_power_of_attorney", valid_until=YESTERDAY),
            ["срок истёк 19.04.2026"],
        ),
        (AuthorityPaper(kind="management_power_of_attorney", valid_until=None), ["срок не указан"]),
        (
            AuthorityPaper(kind="power_of_attorney", valid_until=TODAY),
            ["доверенность не того вида"],
        ),
        (AuthorityPaper(kind="appointment_order", valid_until=None), []),
        (AuthorityPaper(kind="meeting_minutes", valid_until=None), []),
        (AuthorityPaper(kind="representation_regulations", valid_until=None), []),
        (
            AuthorityPaper(kind="representation_regulations", valid_until=YESTERDAY),
            ["срок истёк 19.04.2026"],
        ),
    ],
)
def test_a_paper_shows_authority_through_its_last_day(
    paper: AuthorityPaper, reason: list[str]
) -> None:
    assert reasons(registration.representative_may(authority(paper), POLICY)) == reason


def test_one_fitting_paper_is_enough() -> None:
    papers = (
        AuthorityPaper(kind="power_of_attorney", valid_until=TODAY),
        AuthorityPaper(kind="meeting_minutes", valid_until=None),
    )
    assert registration.representative_may(authority(*papers), POLICY) == ()


def test_without_a_paper_only_the_head_and_who_has_the_tax_services_code_may() -> None:
    found = registration.representative_may(authority(), POLICY)
    assert found[0].rule == "REG-07"
    assert reasons(found) == ["нет документа о полномочиях"]
    head = replace(authority(), applicant_inn="2")
    assert registration.representative_may(head, POLICY) == ()
    assert registration.representative_may(authority(confirmed_by_code=True), POLICY) == ()


def test_everything_that_lacks_in_the_set_is_named() -> None:
    whole = [*registration.REQUIRED_PAPERS, "power_of_attorney"]
    claim = PaperSet(kind="legal", attached=whole, needs_authority=True)
    assert registration.set_of_papers(claim, POLICY) == ()
    bare = replace(claim, attached=["charter"])
    assert reasons(registration.set_of_papers(bare, POLICY)) == [
        "Свидетельство о государственной регистрации",
        "Свидетельство о постановке на налоговый учёт",
        "Выписка из ЕГРЮЛ",
        "документ о полномочиях",
    ]


def test_neither_the_head_nor_a_sole_proprietor_needs_a_paper_of_authority() -> None:
    head = PaperSet(kind="legal", attached=registration.REQUIRED_PAPERS, needs_authority=False)
    assert registration.set_of_papers(head, POLICY) == ()
    sole = PaperSet(kind="sole_proprietor", attached=[], needs_authority=True)
    assert registration.set_of_papers(sole, POLICY) == ()


# --- REG-09 to REG-11


@pytest.mark.parametrize(
    ("code_entered", "is_open", "expected"),
    [
        (True, None, []),
        (True, True, []),
        (False, None, ["код из СМС не введён"]),
        (True, False, ["кабинет не открыт"]),
    ],
)
def test_a_sole_proprietor_has_the_cabinet_as_soon_as_the_code_is_entered(
    code_entered: bool, is_open: bool | None, expected: list[str]
) -> None:
    claim = CabinetOpening(code_entered=code_entered, is_open=is_open)
    assert reasons(registration.sole_proprietor_at_once(claim, POLICY)) == expected


def signed(**facts: Any) -> Signed:
    certificate = CertificateFacts(
        **{
            "fingerprint": "f",
            "serial": "1",
            "common_name": "Иван",
            "inn": None,
            "legal_inn": None,
            "ogrn": None,
            "ogrnip": None,
            "snils": None,
            "issuer": "УЦ",
            "algorithm": "gost",
            "not_before": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            "not_after": dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
            "der": b"",
            **facts,
        }
    )
    return Signed(inn=FORM.inn, ogrn=FORM.ogrn, people=["111", "222"], certificate=certificate)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"legal_inn": FORM.inn, "ogrn": FORM.ogrn, "inn": "999"}, []),
        ({"inn": "222"}, []),
        ({"inn": "999"}, ["чужая подпись"]),
        ({"legal_inn": FORM.inn, "ogrn": "1", "inn": "999"}, ["чужая подпись"]),
    ],
)
def test_an_application_is_signed_by_the_organization_or_who_acts_for_it(
    facts: dict[str, str], reason: list[str]
) -> None:
    assert reasons(registration.signed_by_organization(signed(**facts), POLICY)) == reason


def test_without_a_signature_that_fits_the_application_is_refused() -> None:
    none = replace(signed(), certificate=None)
    assert reasons(registration.signed_by_organization(none, POLICY)) == ["подписи нет"]
    altered = replace(none, why="хеш не совпадает")
    assert reasons(registration.signed_by_organization(altered, POLICY)) == ["хеш не совпадает"]


def test_a_second_application_waits_until_the_first_is_decided() -> None:
    rule = registration.no_second_application
    assert rule(EarlierApplication(undecided=False), POLICY) == ()
    assert rule(EarlierApplication(undecided=True), POLICY) == (Violation("REG-11", "ogrn"),)


# --- REG-14 to REG-16


@pytest.mark.parametrize(
    ("changes", "confirmed", "expected"),
    [
        ({}, True, []),
        ({}, False, ["inn"]),
        ({"inn": "123"}, False, []),
        ({"kpp": "770101001"}, True, ["kpp"]),
        ({"head_name": "Иванов Иван Иванович"}, True, ["head_name"]),
        ({"head_name": RECORD.head_name.upper()}, True, []),
        ({"head_name": ""}, True, []),
        ({"head_inn": "1"}, True, []),
        ({"head_inn": "500100732259"}, True, ["head_inn"]),
        ({"head_position": "Сторож"}, True, ["head_position"]),
    ],
)
def test_an_inn_is_confirmed_and_what_the_register_has_filled_in_is_left(
    changes: dict[str, str], confirmed: bool, expected: list[str]
) -> None:
    claim = InnConfirmation(
        application=changed(FORM, **changes), record=RECORD, confirmed=confirmed
    )
    assert fields(registration.prefilled_from_register(claim, POLICY)) == expected


def test_an_inn_is_confirmed_even_while_the_register_is_silent() -> None:
    claim = InnConfirmation(application=FORM, record=None, confirmed=False)
    assert fields(registration.prefilled_from_register(claim, POLICY)) == ["inn"]


def test_a_change_of_the_register_is_in_the_profile_and_told() -> None:
    record = {"legal_address": "Новый", "head_name": "Иванов"}
    done = Reflected(record=record, profile={**record, "phone": "1"}, told=["email"])
    assert registration.register_changes_arrive(done, POLICY) == ()
    half = Reflected(record=record, profile={"legal_address": "Новый"}, told=[])
    assert fields(registration.register_changes_arrive(half, POLICY)) == ["head_name", "notice"]


@pytest.mark.parametrize(
    ("by_signature", "by_code", "expected"),
    [(True, False, []), (False, True, []), (True, True, []), (False, False, ["code"])],
)
def test_authority_is_proved_by_a_signature_or_a_code(
    by_signature: bool, by_code: bool, expected: list[str]
) -> None:
    claim = AuthorityProof(by_signature=by_signature, by_code=by_code)
    assert fields(registration.authority_is_proved(claim, POLICY)) == expected
