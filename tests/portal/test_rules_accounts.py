"""Chapter ACC: each rule accepts the good and names the wrong, on both sides of each boundary."""

import datetime as dt
from dataclasses import replace
from typing import Literal

import pytest

from portal.ports.people_registers import PassportVerdict
from portal.rules import accounts as rules
from portal.rules.accounts import (
    WAYS,
    AccountAccess,
    AccountForm,
    AccountStanding,
    AutomaticCheck,
    Discrepancies,
    IdentityProof,
    Occupied,
    PassportAnswer,
    UnderReview,
)
from portal.rules.rule import RULES, Violation
from rulebook import Text, load
from world.calendar import Calendar

BOOK = load()
POLICY = BOOK.policy()
CALENDAR = Calendar(start=dt.datetime(2026, 2, 2))
MICROSECOND = dt.timedelta(microseconds=1)

FORM = AccountForm(
    name="Савельев Ким Харлампович",
    birth_date="24.02.1953",
    inn="540930590285",
    phone="+79699678493",
    email="kim@post.test",
)
CHECKED = AutomaticCheck(
    snils="82285721716",
    fns="match",
    fns_differs=(),
    passport="valid",
    passport_differs=(),
    phone_confirmed=True,
    lasts=dt.timedelta(minutes=5),
    late_told=False,
)


def told(violations: tuple[Violation, ...]) -> list[str]:
    """«field: reason» of each."""
    return [f"{each.field}: {each.reason.ru}" if each.reason else each.field for each in violations]


def local(*reading: int) -> dt.datetime:
    return CALENDAR.local(CALENDAR.instant(dt.datetime(*reading)))  # type: ignore[arg-type]


def test_every_field_of_the_form_is_asked_for_at_once() -> None:
    assert rules.form_is_full(FORM, POLICY) == ()
    empty = AccountForm(name="", birth_date=" ", inn="", phone="", email="\t")
    assert told(rules.form_is_full(empty, POLICY)) == [
        "name",
        "birth_date",
        "inn",
        "phone",
        "email",
    ]


@pytest.mark.parametrize("field", ["name", "birth_date", "inn", "phone", "email"])
def test_one_field_left_empty_is_named(field: str) -> None:
    claim = replace(FORM, **{field: ""})
    assert rules.form_is_full(claim, POLICY) == (Violation("ACC-01", field),)


@pytest.mark.parametrize(
    ("activated", "phone", "email", "wants", "is_open"),
    [
        (False, False, False, "sign_in", False),
        (False, True, True, "function", False),  # confirmed contacts do not replace the code
        (True, False, False, "sign_in", True),
        (True, False, False, "function", False),
        (True, True, False, "function", True),
        (True, False, True, "function", True),
    ],
)
def test_an_account_opens_by_its_code_and_functions_by_a_confirmed_contact(
    activated: bool, phone: bool, email: bool, wants: Literal["sign_in", "function"], is_open: bool
) -> None:
    claim = AccountAccess(
        activated=activated, phone_confirmed=phone, email_confirmed=email, wants=wants
    )
    found = rules.activated_and_reachable(claim, POLICY)
    assert [each.rule for each in found] == ([] if is_open else ["ACC-02"])


def test_six_ways_confirm_the_identity_and_no_other() -> None:
    for way in WAYS:
        assert rules.identity_proved(IdentityProof(way=way), POLICY) == ()
    assert len(WAYS) == 6
    assert told(rules.identity_proved(IdentityProof(way="friend"), POLICY)) == [
        "way: такого способа нет"
    ]


def test_a_way_that_failed_names_its_reason() -> None:
    claim = IdentityProof(way="video", refused_for=Text("лицо не совпало", "another face"))
    assert told(rules.identity_proved(claim, POLICY)) == ["way: лицо не совпало"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (CHECKED, []),
        (replace(CHECKED, snils="82285721717"), ["snils"]),
        (replace(CHECKED, scan=False), ["passport_scan: нет скана паспорта"]),
        (replace(CHECKED, phone_confirmed=False), ["phone: телефон не подтверждён кодом"]),
        (replace(CHECKED, fns="not_found"), ["inn: ФНС не знает такого ИНН"]),
        (
            replace(CHECKED, fns="mismatch", fns_differs=("name", "birth_date")),
            ["name", "birth_date"],
        ),
        (
            replace(CHECKED, passport="mismatch", passport_differs=("passport_issued",)),
            ["passport_issued"],
        ),
        (replace(CHECKED, passport="lost"), []),  # that is ACC-08's
        (
            replace(CHECKED, fns=None, passport=None),
            ["inn: ответа ещё нет", "passport: ответа ещё нет"],
        ),
    ],
)
def test_the_automatic_check_names_what_does_not_agree(
    claim: AutomaticCheck, expected: list[str]
) -> None:
    assert told(rules.automatic_check(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("lasts", "late_told", "is_missed"),
    [
        (dt.timedelta(minutes=15), False, False),
        (dt.timedelta(minutes=15) + MICROSECOND, False, True),
        (dt.timedelta(hours=5), True, False),
    ],
)
def test_a_check_that_takes_longer_than_fifteen_minutes_is_spoken_of(
    lasts: dt.timedelta, late_told: bool, is_missed: bool
) -> None:
    claim = replace(CHECKED, passport=None, lasts=lasts, late_told=late_told)
    missed = "о задержке не сообщено" in str(told(rules.automatic_check(claim, POLICY)))
    assert missed is is_missed
    decided = replace(claim, passport="valid")
    assert rules.automatic_check(decided, POLICY) == ()


def test_the_promised_time_of_the_check_is_the_policys() -> None:
    policy = BOOK.policy({"ACC-04.duration_min": [1, 2]})
    claim = replace(CHECKED, passport=None, lasts=dt.timedelta(minutes=3))
    assert told(rules.automatic_check(claim, policy))[-1] == ": о задержке не сообщено"


def test_every_discrepancy_is_named_until_documents_are_there() -> None:
    fields = ("name", "passport_issued")
    assert rules.discrepancies_documented(Discrepancies(fields=(), documents=0), POLICY) == ()
    without = rules.discrepancies_documented(Discrepancies(fields=fields, documents=0), POLICY)
    assert told(without) == ["name", "passport_issued"]
    assert rules.discrepancies_documented(Discrepancies(fields=fields, documents=1), POLICY) == ()


def review(**changes: object) -> UnderReview:
    claim = UnderReview(
        subject="documents",
        received=local(2026, 2, 6, 11),  # a Friday
        decided=None,
        now=local(2026, 2, 6, 12),
        calendar=CALENDAR,
    )
    return replace(claim, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (review(), [": срок — 09.02.2026 23:59"]),
        (review(now=local(2026, 2, 10) - MICROSECOND), [": срок — 09.02.2026 23:59"]),
        (review(now=local(2026, 2, 10)), [": обещанный срок прошёл"]),
        (review(decided=local(2026, 2, 6, 12)), []),
        (
            review(subject="organization", now=local(2026, 2, 7, 11)),
            [": срок — 07.02.2026 11:00"],
        ),
        (
            review(subject="organization", now=local(2026, 2, 7, 11) + MICROSECOND),
            [": обещанный срок прошёл"],
        ),
    ],
)
def test_an_operator_has_a_working_day_and_for_an_organization_a_day(
    claim: UnderReview, expected: list[str]
) -> None:
    assert told(rules.reviewed_in_time(claim, POLICY)) == expected


@pytest.mark.parametrize("rule", ["ACC-07", "ACC-10"])
def test_only_a_confirmed_person_goes_on(rule: str) -> None:
    assert RULES[rule](AccountStanding(confirmed=True), POLICY) == ()
    assert RULES[rule](AccountStanding(confirmed=False), POLICY) == (Violation(rule, "account"),)


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (None, None),
        ("valid", None),
        ("mismatch", None),  # whose it is, is ACC-04's
        ("lost", "паспорт числится утраченным"),
        ("expired", "срок действия паспорта истёк"),
        ("invalid", "паспорт недействителен"),
        ("not_found", "паспорта нет в базе МВД"),
    ],
)
def test_a_bad_passport_is_refused_with_the_reason(
    verdict: PassportVerdict | None, reason: str | None
) -> None:
    found = told(rules.passport_is_good(PassportAnswer(verdict=verdict), POLICY))
    assert found == ([] if reason is None else [f"passport_number: {reason}"])


def test_a_phone_and_an_inn_are_one_accounts() -> None:
    assert rules.not_occupied(Occupied(phone=False, inn=False), POLICY) == ()
    assert told(rules.not_occupied(Occupied(phone=True, inn=False), POLICY)) == ["phone"]
    assert told(rules.not_occupied(Occupied(phone=True, inn=True), POLICY)) == ["phone", "inn"]


def test_every_rule_of_the_chapter_is_written() -> None:
    chapter = {each.id for each in BOOK.rules.values() if each.chapter == "ACC"}
    assert {each for each in RULES if each.startswith("ACC-")} == chapter
