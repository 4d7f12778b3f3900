"""Chapter BND: adding and binding an organization, at both sides of every boundary."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.ports.signatures import CertificateFacts
from portal.rules import binding
from portal.rules.binding_claims import (
    BIND_RIGHTS,
    BindingRefusal,
    BindingStanding,
    CertificateMatch,
    Division,
    EnteredCode,
    FailedBindings,
    FullRights,
    HeadFacts,
    HeadRequest,
    KnownOrganization,
    MistakenBinding,
    NewOrganization,
    Ownership,
    Profile,
    RegisterLookup,
    RequisitesCheck,
    RequisitesConfirmation,
    StatedRole,
    Way,
)
from portal.rules.rule import Violation
from rulebook import Kind, Text
from tests.portal.fakes import MovedClock, SetSignatures
from tests.portal.filings import LEGAL, SOLE, application_of, changed, filing
from tests.portal.findings import BOOK, found

T0 = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
POLICY = BOOK.policy()


def fields(rule: Any, claim: Any, **overrides: Any) -> list[str]:
    return [field for field, _ in found(rule, claim, **overrides)]


def certificate(**facts: Any) -> CertificateFacts:
    known = {"legal_inn": "7707083893", "ogrn": "1027700132195", "inn": "500100732259"}
    return SetSignatures().issue(MovedClock(), "ООО «Ромашка»", **{**known, **facts})


def test_only_what_the_portal_has_not_is_added() -> None:
    assert not fields(binding.absent_from_portal, NewOrganization(present=False))
    assert fields(binding.absent_from_portal, NewOrganization(present=True)) == ["ogrn"]


@pytest.mark.parametrize(
    ("level", "kind", "enough"),
    [
        ("by_kind", "legal", ["signature", "head"]),
        ("by_kind", "sole_proprietor", ["sms", "signature", "head"]),
        ("sms", "legal", ["sms", "signature", "head"]),
        ("signature", "sole_proprietor", ["signature", "head"]),
        ("head", "legal", ["signature", "head"]),
    ],
)
def test_what_confirms_a_binding_is_said_by_the_policy(
    level: str, kind: Kind, enough: list[Way]
) -> None:
    ways: tuple[Way, ...] = ("sms", "signature", "head")
    accepted = [
        way
        for way in ways
        if not fields(
            binding.known_to_portal,
            KnownOrganization(present=True, kind=kind, way=way),
            **{"BND.confirmation": level},
        )
    ]
    assert accepted == enough


def test_what_the_portal_has_not_is_not_bound() -> None:
    claim = KnownOrganization(present=False, kind="legal", way="sms")
    assert found(binding.known_to_portal, claim) == [("number", "на портале не найдена")]


@pytest.mark.parametrize(
    ("owner", "expected"), [(None, []), ("mine", []), ("another", ["organization"])]
)
def test_what_is_bound_to_another_account_stays_there(
    owner: str | None, expected: list[str]
) -> None:
    assert fields(binding.one_owner, Ownership(owner=owner, account="mine")) == expected


def test_a_code_confirms_or_is_wrong_for_a_reason() -> None:
    assert not fields(binding.code_entered, EnteredCode(wrong=None))
    wrong = EnteredCode(wrong=Text("код неверен", "the code is wrong"))
    assert found(binding.code_entered, wrong) == [("code", "код неверен")]


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, []),
        ({"common_name": "ооо  «Ромашка»"}, []),
        ({"legal_inn": "7736050003"}, ["в сертификате другой ИНН"]),
        ({"legal_inn": None}, ["в сертификате другой ИНН"]),
        ({"ogrn": "1027700070518"}, ["в сертификате другой ОГРН"]),
        ({"common_name": "ООО «Лютик»"}, ["в сертификате другое название"]),
    ],
)
def test_a_certificate_is_compared_with_the_numbers_and_the_name(
    facts: dict[str, Any], reasons: list[str]
) -> None:
    claim = CertificateMatch(
        facts=certificate(**facts),
        kind="legal",
        inn="7707083893",
        ogrn="1027700132195",
        names=["ООО «Ромашка»"],
    )
    assert [reason for _, reason in found(binding.certificate_fits, claim)] == reasons
    nameless = replace(claim, names=())
    known = [each for each in reasons if "название" not in each]
    assert [reason for _, reason in found(binding.certificate_fits, nameless)] == known
    unsigned = replace(claim, facts=None)
    assert found(binding.certificate_fits, unsigned) == [("signature", "подписи нет")]


@pytest.mark.parametrize(
    ("ogrnip", "expected"),
    [(None, []), ("304500116000157", []), ("304500116000158", ["signature"])],
)
def test_a_sole_proprietor_signs_with_their_own(ogrnip: str | None, expected: list[str]) -> None:
    claim = CertificateMatch(
        facts=certificate(legal_inn=None, ogrn=None, ogrnip=ogrnip),
        kind="sole_proprietor",
        inn="500100732259",
        ogrn="304500116000157",
        names=(),
    )
    assert fields(binding.certificate_fits, claim) == expected


ASKED = HeadRequest(
    email="head@firm.test",
    phone="+79160000001",
    own_contacts=["me@mail.test", "+79160000002"],
    sent=T0,
    now=T0,
)


@pytest.mark.parametrize(
    ("later", "is_late"),
    [
        (dt.timedelta(0), False),
        (dt.timedelta(hours=72) - TICK, False),
        (dt.timedelta(hours=72), True),
    ],
)
def test_the_head_answers_within_seventy_two_hours(later: dt.timedelta, is_late: bool) -> None:
    claim = replace(ASKED, now=T0 + later)
    expected = [("", "срок истёк 05.02.2026 10:00")] if is_late else []
    assert found(binding.head_answers, claim) == expected
    assert not found(binding.head_answers, replace(claim, answered=True))


def test_the_term_of_the_head_is_the_policys() -> None:
    claim = replace(ASKED, now=T0 + dt.timedelta(hours=1))
    assert fields(binding.head_answers, claim, **{"BND-06.head_confirm_ttl_h": 1}) == [""]
    assert binding.request_end(T0, POLICY) == T0 + dt.timedelta(hours=72)


def test_the_request_goes_to_contacts_that_are_not_ones_own() -> None:
    claim = replace(ASKED, sent=None, email=" ", phone="+79160000002")
    assert found(binding.head_answers, claim) == [
        ("head_email", "контакт не указан"),
        ("head_phone", "это ваш контакт"),
    ]
    assert fields(binding.head_answers, replace(ASKED, email="ME@mail.test")) == ["head_email"]


FULL = dict.fromkeys(
    (*("full_name", "inn", "ogrn", "kpp", "legal_address"), *("bank", "bik", "account", "email")),
    "есть",
)


@pytest.mark.parametrize("missing", sorted(FULL))
def test_a_profile_without_any_requisite_is_not_complete(missing: str) -> None:
    claim = Profile(kind="legal", active=True, fields=FULL)
    assert not fields(binding.profile_complete, claim)
    spoiled = replace(claim, fields={**FULL, missing: " "})
    assert fields(binding.profile_complete, spoiled) == [missing]


def test_an_inactive_account_is_not_bound_and_a_proprietor_needs_no_bank() -> None:
    few = {"full_name": "ИП", "inn": "1", "ogrn": "2", "email": "a@b.test"}
    claim = Profile(kind="sole_proprietor", active=True, fields=few)
    assert not fields(binding.profile_complete, claim)
    assert fields(binding.profile_complete, replace(claim, active=False)) == ["organization"]


@pytest.mark.parametrize("lacking", BIND_RIGHTS)
def test_each_right_of_the_full_set_is_needed(lacking: str) -> None:
    assert not fields(binding.full_rights, FullRights(rights=BIND_RIGHTS))
    some = FullRights(rights=[each for each in BIND_RIGHTS if each != lacking])
    assert fields(binding.full_rights, some) == [f"rights.{lacking}"]


def test_the_head_alone_has_the_full_set_by_role() -> None:
    by_role = {
        role: fields(binding.full_rights, FullRights(rights=BOOK.rights_of(role)))
        for role in BOOK.roles
    }
    assert [role for role, lacking in by_role.items() if not lacking] == ["head"]
    assert not fields(binding.full_rights, FullRights(rights=None))


GOOD_HEAD = HeadFacts(person="match", fields=(), snils="", passport="valid")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"snils": "11223344595"}, []),
        ({"person": None, "passport": None}, []),
        ({"person": "not_found"}, ["head_inn"]),
        ({"person": "mismatch", "fields": ("birth_date",)}, ["head_birth_date"]),
        ({"person": "mismatch", "fields": ("last_name",)}, ["head_name"]),
        ({"person": "mismatch"}, ["head_name"]),
        ({"snils": "11223344596"}, ["head_snils"]),
        ({"passport": "lost"}, ["passport_number"]),
        ({"passport": "expired"}, ["passport_number"]),
        ({"passport": "invalid"}, ["passport_number"]),
        ({"passport": "not_found"}, ["passport_number"]),
        ({"passport": "mismatch"}, ["passport_number"]),
    ],
)
def test_the_head_is_known_to_the_tax_service_and_the_passport_is_good(
    answers: dict[str, Any], expected: list[str]
) -> None:
    assert fields(binding.head_is_confirmed, replace(GOOD_HEAD, **answers)) == expected


def test_a_refusal_that_keeps_an_error_back_is_found() -> None:
    errors = [Violation("BND-13", "ogrn"), Violation("BND-16", "account")]
    told = BindingRefusal(found=errors, told=errors)
    assert not fields(binding.every_error_is_told, told)
    half = BindingRefusal(found=errors, told=errors[:1])
    assert fields(binding.every_error_is_told, half) == ["account"]


@pytest.mark.parametrize(
    ("in_row", "later", "is_locked"),
    [
        (4, dt.timedelta(0), False),
        (5, dt.timedelta(0), True),
        (6, dt.timedelta(0), True),
        (5, dt.timedelta(minutes=30) - TICK, True),
        (5, dt.timedelta(minutes=30), False),
    ],
)
def test_five_wrong_attempts_lock_for_half_an_hour(
    in_row: int, later: dt.timedelta, is_locked: bool
) -> None:
    claim = FailedBindings(in_row=in_row, last=T0, now=T0 + later)
    expected = [("", "до 10:30:00")] if is_locked else []
    assert found(binding.not_locked, claim) == expected


def test_the_lock_is_the_policys() -> None:
    claim = FailedBindings(in_row=1, last=T0, now=T0 + dt.timedelta(minutes=59))
    assert not fields(binding.not_locked, claim)
    strict = {"BND-11.max_failed_bindings": 1, "BND-11.lock_min": 60}
    assert fields(binding.not_locked, claim, **strict) == [""]
    assert not fields(binding.not_locked, FailedBindings(in_row=0, last=None, now=T0))


@pytest.mark.parametrize(
    ("codes", "code", "address", "expected"),
    [
        (["773601001"], "", "", []),
        ([], "", "", []),
        (["773601001", "500101001"], "500101001", "Химки", []),
        (["773601001", "500101001"], "773601001", "Москва", []),
        (["773601001", "500101001"], "", "Химки", ["branch_code"]),
        (["773601001", "500101001"], "500101001", " ", ["branch_address"]),
        (["773601001", "500101001"], "780101001", "Химки", ["branch_code"]),
        (["773601001", "500101001"], "", "", ["branch_code", "branch_address"]),
    ],
)
def test_of_several_divisions_one_is_named(
    codes: list[str], code: str, address: str, expected: list[str]
) -> None:
    claim = Division(codes=codes, branch_code=code, branch_address=address)
    assert fields(binding.division_named, claim) == expected


@pytest.mark.parametrize(("present", "expected"), [(True, []), (None, []), (False, ["ogrn"])])
def test_what_the_register_has_not_is_not_there(present: bool | None, expected: list[str]) -> None:
    assert fields(binding.in_register, RegisterLookup(present=present)) == expected


LEGAL_SET = (
    *("ogrn", "inn", "kpp", "legal_address", "bank", "bik", "account", "phone", "email"),
    *("head_name", "head_appointed", "contact_name", "contact_phone"),
)


@pytest.mark.parametrize("missing", LEGAL_SET)
def test_the_lack_of_any_requisite_is_named(missing: str) -> None:
    good = application_of(filing(LEGAL[0]))
    assert not fields(binding.full_set, good)
    assert fields(binding.full_set, changed(good, **{missing: ""})) == [missing]


def test_a_proprietor_has_no_kpp_and_needs_no_bank() -> None:
    good = changed(application_of(filing(SOLE[0])), kpp="", bank="", bik="", account="")
    assert not fields(binding.full_set, good)
    assert fields(binding.full_set, changed(good, contact_name="", inn="")) == [
        "inn",
        "contact_name",
    ]


@pytest.mark.parametrize(
    ("role", "head_inn", "documented", "expected"),
    [
        ("head", "500100732259", False, []),
        ("head", "7707083893", False, [("role", "не подтверждено")]),
        ("head", None, False, [("role", "не подтверждено")]),
        ("head", None, True, []),
        ("rep", "500100732259", False, [("role", "не подтверждено")]),
        ("rep", None, True, []),
        ("", "500100732259", True, [("role", "роль не указана")]),
    ],
)
def test_a_role_is_stated_and_shown_by_the_register_or_a_document(
    role: str, head_inn: str | None, documented: bool, expected: list[tuple[str, str]]
) -> None:
    claim = StatedRole(role=role, inn="500100732259", head_inn=head_inn, documented=documented)
    assert found(binding.role_confirmed, claim) == expected


@pytest.mark.parametrize(
    ("account", "given", "known", "expected"),
    [
        (True, "г. Москва", "г. Москва", []),
        (True, "Г.  москва", "г. Москва", []),
        (None, None, None, []),
        (None, "г. Москва", None, []),
        (False, "г. Москва", "г. Москва", ["account"]),
        (True, "г. Тверь", "г. Москва", ["legal_address"]),
        (False, "г. Тверь", "г. Москва", ["account", "legal_address"]),
    ],
)
def test_account_and_address_are_those_of_the_registers(
    account: bool | None, given: str | None, known: str | None, expected: list[str]
) -> None:
    claim = RequisitesCheck(account_is_known=account, address=given, register_address=known)
    assert fields(binding.account_and_address, claim) == expected


@pytest.mark.parametrize(
    ("answered", "way", "expected"),
    [
        (True, "sms", []),
        (True, "signature", []),
        (False, "signature", []),
        (False, "sms", ["confirmation"]),
        (False, "head", ["confirmation"]),
    ],
)
def test_while_registers_are_silent_a_signature_remains(
    answered: bool, way: Way, expected: list[str]
) -> None:
    claim = RequisitesConfirmation(answered=answered, way=way)
    assert fields(binding.requisites_confirmed, claim) == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (BindingStanding(bound=True, title="Привязана", listed=True, wants_service=True), []),
        (BindingStanding(bound=False), []),
        (BindingStanding(bound=False, wants_service=True), ["organization"]),
        (BindingStanding(bound=True, title="Активна", listed=True), ["status"]),
        (BindingStanding(bound=True, title="Привязана"), ["my_organizations"]),
    ],
)
def test_what_is_bound_is_listed_and_opens_services(
    standing: BindingStanding, expected: list[str]
) -> None:
    assert fields(binding.bound_before_services, standing) == expected


def test_a_mistake_is_named_until_it_is_corrected() -> None:
    assert not fields(binding.no_mistake, MistakenBinding(wrong=()))
    assert fields(binding.no_mistake, MistakenBinding(wrong=("inn", "full_name"))) == [
        "inn",
        "full_name",
    ]
