"""Chapter ID: the forms of identifiers, on both sides of every boundary."""

import pytest

from portal.rules import identifiers as rules
from portal.rules.identifiers import (
    BankDetails,
    FormRefusal,
    Kpp,
    PassportData,
    Requisites,
    Written,
)
from portal.rules.rule import RULES, Violation
from rulebook import Kind, load

BOOK = load()
POLICY = BOOK.policy()
LEGAL_INN, OGRN = "7715970401", "1257708239920"
PERSON_INN, OGRNIP = "540930590285", "304500116000157"
NUMBERS = (rules.legal_inn, rules.person_inn, rules.legal_ogrn, rules.ogrnip)


def broken(claim: Requisites) -> list[str]:
    """Rules and fields that requisites break, over the whole chapter."""
    checks = (*NUMBERS, rules.no_other_signs, rules.not_swapped)
    return [f"{each.rule} {each.field}" for check in checks for each in check(claim, POLICY)]


def legal(inn: str = LEGAL_INN, ogrn: str = OGRN) -> Requisites:
    return Requisites(kind="legal", inn=inn, ogrn=ogrn)


def proprietor(inn: str = PERSON_INN, ogrn: str = OGRNIP) -> Requisites:
    return Requisites(kind="sole_proprietor", inn=inn, ogrn=ogrn)


def reasons(violations: tuple[Violation, ...]) -> list[str]:
    return [each.reason.ru if each.reason else "" for each in violations]


@pytest.mark.parametrize("claim", [legal(), proprietor(), legal("", ""), proprietor("", "")])
def test_good_and_empty_numbers_break_nothing(claim: Requisites) -> None:
    assert broken(claim) == []


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (legal(inn="7715970402"), ["ID-01 inn"]),  # a typo in the check digit
        (legal(inn="771597040"), ["ID-01 inn"]),  # 9 digits
        (legal(inn="77159704011"), ["ID-01 inn"]),  # 11
        (legal(inn=PERSON_INN), ["ID-01 inn"]),  # a person's
        (legal(ogrn="1257708239921"), ["ID-03 ogrn"]),
        (legal(ogrn="125770823992"), ["ID-03 ogrn"]),  # 12 digits
        (legal(ogrn="12577082399200"), ["ID-03 ogrn"]),  # 14
        (proprietor(inn="540930590286"), ["ID-02 inn"]),
        (proprietor(inn="54093059028"), ["ID-02 inn"]),  # 11 digits
        (proprietor(inn="5409305902855"), ["ID-02 inn"]),  # 13
        (proprietor(ogrn="304500116000158"), ["ID-04 ogrn"]),
        (proprietor(ogrn="30450011600015"), ["ID-04 ogrn"]),  # 14 digits
        (proprietor(ogrn="3045001160001577"), ["ID-04 ogrn"]),  # 16
        (legal(inn="7715970402", ogrn="1257708239921"), ["ID-01 inn", "ID-03 ogrn"]),
        (legal(inn="77 15970401"), ["ID-07 inn"]),
        (legal(inn=" 7715970401"), ["ID-07 inn"]),
        (legal(inn="771597040١"), ["ID-07 inn"]),  # an Arabic digit
        (legal(ogrn="1-257708-239920"), ["ID-07 ogrn"]),
        (proprietor(inn="54093059028О"), ["ID-07 inn"]),  # the letter О
        (legal(inn=OGRN, ogrn=LEGAL_INN), ["ID-08 inn", "ID-08 ogrn"]),
        (proprietor(inn=OGRNIP, ogrn=PERSON_INN), ["ID-08 inn", "ID-08 ogrn"]),
        (legal(inn=OGRN), ["ID-01 inn"]),  # twice the same number is no swap
    ],
)
def test_one_mistake_breaks_one_rule(claim: Requisites, expected: list[str]) -> None:
    assert broken(claim) == expected


def test_the_reason_tells_a_wrong_length_from_a_wrong_check_digit() -> None:
    assert reasons(rules.legal_inn(legal(inn="771597040"), POLICY)) == ["знаков 9, а нужно 10"]
    assert reasons(rules.legal_inn(legal(inn="7715970402"), POLICY)) == [
        "контрольный разряд не сходится"
    ]
    assert reasons(rules.no_other_signs(legal(inn="77-15 97"), POLICY)) == ["лишние знаки: « » «-»"]


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("legal", "771501001", None),
        ("legal", "7715AB001", None),
        ("legal", "", None),
        ("legal", "77150100", "знаков 8, а нужно 9"),
        ("legal", "7715010011", "знаков 10, а нужно 9"),
        ("sole_proprietor", "", None),
        ("sole_proprietor", "771501001", "у ИП нет КПП"),
    ],
)
def test_only_a_legal_entity_has_a_kpp_of_nine_signs(
    kind: Kind, text: str, reason: str | None
) -> None:
    found = rules.kpp(Kpp(kind=kind, text=text), POLICY)
    assert reasons(found) == ([] if reason is None else [reason])


@pytest.mark.parametrize(
    ("rule", "good", "wrong"),
    [
        ("ID-06", ["82285721716", ""], ["82285721717", "8228572171", "822-857-217 16"]),
        (
            "ID-09",
            ["+79699678493", ""],
            ["89699678493", "+7969967849", "+796996784931", "+7 969 967-84-93", "+380501234567"],
        ),
        (
            "ID-10",
            ["kim@post.test", "почта@пример.рф", ""],
            ["kim", "kim@", "@post.test", "kim post@post.test", "kim@post..test"],
        ),
        (
            "ID-11",
            ["24.02.1953", "29.02.2024", ""],
            ["1953-02-24", "29.02.2023", "31.04.1990", "1.2.1990", "24.02.53", "24.02.1953 "],
        ),
        ("ID-12", ["2025-07-24", ""], ["24.07.2025", "2025-13-01", "2025-02-30", "2025-7-24"]),
        (
            "ID-13",
            ["Савельев Ким Харлампович", "Салтыков-Щедрин Михаил", "Оглы Мамед Али оглы", ""],
            [
                "Савельев",
                "Савельев К. Х.",
                "Савельев К Харлампович",
                "савельев ким",
                "Saveliev Kim",
            ],
        ),
    ],
)
def test_a_text_has_the_form_of_its_field(rule: str, good: list[str], wrong: list[str]) -> None:
    for text in good:
        assert RULES[rule](Written(field="f", text=text), POLICY) == ()
    for text in wrong:
        found = RULES[rule](Written(field="f", text=text), POLICY)
        assert [(each.rule, each.field) for each in found] == [(rule, "f")], text


def passport(**parts: str) -> PassportData:
    good = {"series": "5098", "number": "707945", "issued": "02.04.1998", "issued_by": "УВД"}
    return PassportData(
        **{name: Written(field=name, text=text) for name, text in {**good, **parts}.items()}
    )


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ({}, []),
        ({"series": "509"}, ["series"]),
        ({"series": "50985"}, ["series"]),
        ({"number": "70794"}, ["number"]),
        ({"issued": "1998-04-02"}, ["issued"]),
        ({"issued_by": " "}, ["issued_by"]),
        ({"series": "", "number": "", "issued": "", "issued_by": ""}, list("1234")),
    ],
)
def test_a_passport_has_four_parts_each_in_its_form(
    parts: dict[str, str], fields: list[str]
) -> None:
    found = [each.field for each in rules.passport_data(passport(**parts), POLICY)]
    assert found == (["series", "number", "issued", "issued_by"] if len(fields) == 4 else fields)


BIK, ACCOUNT = "044525111", "40702810086282145241"


@pytest.mark.parametrize(
    ("bik", "account", "bank", "expected"),
    [
        (BIK, ACCOUNT, "АО «Россельхозбанк»", []),
        ("04452511", ACCOUNT, "Банк", ["bik знаков 8, а нужно 9"]),
        (BIK, "40702810186282145241", "Банк", ["account ключ счёта не подходит к БИК"]),
        (BIK, ACCOUNT[:-1], "Банк", ["account знаков 19, а нужно 20"]),
        (BIK, ACCOUNT + "0", "Банк", ["account знаков 21, а нужно 20"]),
        (BIK, ACCOUNT, "", ["bank "]),
    ],
)
def test_bank_details_agree_among_themselves(
    bik: str, account: str, bank: str, expected: list[str]
) -> None:
    claim = BankDetails(
        bik=Written(field="bik", text=bik),
        account=Written(field="account", text=account),
        bank=Written(field="bank", text=bank),
    )
    found = rules.bank_details(claim, POLICY)
    told = [f"{each.field} {each.reason.ru if each.reason else ''}" for each in found]
    assert told == expected


def test_a_refusal_that_keeps_an_error_back_is_found() -> None:
    inn, phone = Violation("ID-01", "inn"), Violation("ID-09", "phone")
    told_all = FormRefusal(told=[inn, phone], found=[phone, inn, phone])
    assert rules.every_error_at_once(told_all, POLICY) == ()
    only_first = FormRefusal(told=[inn], found=[inn, phone, phone])
    assert rules.every_error_at_once(only_first, POLICY) == (Violation("ID-16", "phone"),)


def test_every_rule_of_the_chapter_is_written() -> None:
    chapter = {each.id for each in BOOK.rules.values() if each.chapter == "ID"}
    assert {each for each in RULES if each.startswith("ID-")} == chapter
