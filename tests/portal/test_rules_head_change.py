"""Chapter HEAD: who the new head is, what their account is made of, who signs."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import head_change
from portal.rules.head_change import FormerHead, HeadAccount, HeadSignature, NewHead
from rulebook import Text
from tests.portal.findings import BOOK, found

NEW = NewHead(
    full_name="Петрова Анна Игоревна",
    inn="500100732259",
    phone="+79160000001",
    email="petrova@firm.test",
)
ACCOUNT = HeadAccount(
    inn_confirmed=True,
    birth_date="01.02.1980",
    position="Генеральный директор",
    snils="112-233-445 95",
    passport_series="4510",
    passport_number="123456",
    passport_issued="01.02.2010",
    passport_issued_by="ОВД «Арбат»",
    has_order=True,
    wrong_certificate=None,
    consent=True,
)


def fields(rule: Any, claim: Any) -> list[str]:
    return [field for field, _ in found(rule, claim)]


@pytest.mark.parametrize("missing", ["full_name", "inn", "phone", "email"])
def test_name_number_and_contacts_of_a_new_head_are_needed(missing: str) -> None:
    assert not fields(head_change.head_is_named, NEW)
    without: dict[str, Any] = {missing: " "}
    assert fields(head_change.head_is_named, replace(NEW, **without)) == [missing]


def test_the_role_is_confirmed_by_the_code() -> None:
    wrong = replace(NEW, wrong_code=Text("код неверен", "the code is wrong"))
    assert found(head_change.head_is_named, wrong) == [("code", "код неверен")]


def test_a_former_head_has_not_the_right_to_sign() -> None:
    assert not fields(head_change.former_head_signs_no_more, FormerHead(rights=()))
    for role in BOOK.roles:
        expected = ["signature"] if role == "head" else []
        claim = FormerHead(rights=BOOK.rights_of(role))
        assert fields(head_change.former_head_signs_no_more, claim) == expected
    signing = FormerHead(rights=(), signs=True)
    assert fields(head_change.former_head_signs_no_more, signing) == ["signature"]


@pytest.mark.parametrize(("confirmed", "expected"), [(True, []), (False, ["signature"])])
def test_a_new_head_signs_after_showing_their_signature(
    confirmed: bool, expected: list[str]
) -> None:
    claim = HeadSignature(confirmed=confirmed)
    assert fields(head_change.signature_is_confirmed, claim) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"inn_confirmed": False}, ["organization"]),
        ({"birth_date": ""}, ["birth_date"]),
        ({"position": ""}, ["position"]),
        ({"snils": ""}, ["snils"]),
        ({"passport_series": ""}, ["passport_series"]),
        ({"passport_number": ""}, ["passport_number"]),
        ({"passport_issued": ""}, ["passport_issued"]),
        ({"passport_issued_by": ""}, ["passport_issued_by"]),
        ({"has_order": False}, ["documents.appointment_order"]),
        ({"wrong_certificate": Text("нет", "none")}, ["certificate"]),
        ({"consent": False}, ["consent"]),
        ({"position": " ", "consent": False}, ["position", "consent"]),
    ],
)
def test_the_account_of_a_head_lacks_nothing(changes: dict[str, Any], expected: list[str]) -> None:
    assert fields(head_change.head_account, replace(ACCOUNT, **changes)) == expected
