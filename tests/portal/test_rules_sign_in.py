"""Chapter AUTH: each rule accepts the good and names the wrong, on both sides of each boundary."""

import datetime as dt
from dataclasses import replace
from typing import Literal

import pytest

from portal.ports.messenger import Channel
from portal.rules import sign_in as rules
from portal.rules.rule import RULES, Violation
from portal.rules.sign_in import (
    ActionLevel,
    Activity,
    BankAnswered,
    CabinetEntry,
    ChallengeAnswer,
    CodeEntry,
    CodeRequest,
    DeviceStanding,
    EsiaAnswered,
    Failures,
    FirstSignIn,
    LoginKind,
    LoginPair,
    OpenSessions,
    QrConfirmation,
    SecondFactor,
    SecondFactorMeans,
    SignInPlace,
    TypedLogin,
)
from rulebook import load

BOOK = load()
POLICY = BOOK.policy()
NOW = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def told(violations: tuple[Violation, ...]) -> list[str]:
    """«field: reason» of each."""
    return [f"{each.field}: {each.reason.ru}" if each.reason else each.field for each in violations]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kim@post.test", "email"),
        ("+79699678493", "phone"),
        ("540930590285", "person_inn"),
        ("7715970401", "legal_inn"),
        ("1257708239920", "ogrn"),
        ("304500116000157", "ogrn"),
        ("AB-123456", "code"),
        ("ab-123456", None),
        ("AB-12345", None),
        ("7715970402", None),
        ("kim", None),
        ("", None),
    ],
)
def test_a_login_is_recognised_by_its_form(text: str, kind: LoginKind | None) -> None:
    assert rules.login_kind(text) == kind
    expected = (Violation("AUTH-01", "login"),) if kind is None else ()
    assert rules.login_recognised(TypedLogin(text=text), POLICY) == expected


def test_a_wrong_pair_is_refused_without_a_field_or_a_reason() -> None:
    assert rules.pair_matches(LoginPair(matches=True), POLICY) == ()
    assert rules.pair_matches(LoginPair(matches=False), POLICY) == (Violation("AUTH-02", ""),)


@pytest.mark.parametrize(
    ("in_row", "since_last", "is_locked"),
    [
        (4, dt.timedelta(), False),
        (5, dt.timedelta(), True),
        (5, dt.timedelta(minutes=30) - MICROSECOND, True),
        (5, dt.timedelta(minutes=30), False),
        (6, dt.timedelta(), False),  # the first failure after the lock
        (9, dt.timedelta(), False),
        (10, dt.timedelta(), True),
    ],
)
def test_five_failures_in_a_row_lock_for_half_an_hour(
    in_row: int, since_last: dt.timedelta, is_locked: bool
) -> None:
    claim = Failures(in_row=in_row, last=NOW - since_last, now=NOW)
    found = rules.not_locked(claim, POLICY)
    assert [each.rule for each in found] == (["AUTH-03"] if is_locked else [])


def test_a_lock_names_its_end() -> None:
    claim = Failures(in_row=5, last=NOW, now=NOW)
    assert told(rules.not_locked(claim, POLICY)) == [": до 10:30:00"]
    assert rules.not_locked(Failures(in_row=0, last=None, now=NOW), POLICY) == ()


@pytest.mark.parametrize(
    ("target", "switched_on", "given", "is_enough"),
    [
        ("person", False, None, True),
        ("person", True, None, False),
        ("person", True, "email", True),
        ("organization", False, None, False),
        ("organization", False, "sms", True),
        ("organization", False, "app", True),
        ("organization", False, "generator", True),
        ("organization", False, "signature", True),
    ],
)
def test_an_organizations_cabinet_takes_a_second_factor(
    target: Literal["person", "organization"],
    switched_on: bool,
    given: SecondFactorMeans | None,
    is_enough: bool,
) -> None:
    claim = SecondFactor(target=target, switched_on=switched_on, given=given)
    found = rules.second_factor_given(claim, POLICY)
    assert found == (() if is_enough else (Violation("AUTH-04", "code"),))


def test_whom_a_second_factor_is_demanded_of_is_the_policys() -> None:
    policy = BOOK.policy({"AUTH-04.required_for": ["organization", "person"]})
    claim = SecondFactor(target="person", switched_on=False, given=None)
    assert [each.rule for each in rules.second_factor_given(claim, policy)] == ["AUTH-04"]


ENTRY = CodeEntry(sent=NOW, now=NOW + seconds(60), used=False, failures=0, matches=True)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (ENTRY, []),
        (replace(ENTRY, now=NOW + seconds(300) - MICROSECOND), []),
        (replace(ENTRY, now=NOW + seconds(300)), ["code: код истёк"]),
        (replace(ENTRY, used=True), ["code: код уже использован"]),
        (replace(ENTRY, failures=2), []),
        (replace(ENTRY, failures=3), ["code: попытки кончились"]),
        (replace(ENTRY, matches=False), ["code: код неверен, попыток: 2"]),
        (replace(ENTRY, matches=False, failures=2), ["code: код неверен, попыток: 0"]),
        (replace(ENTRY, matches=False, failures=3), ["code: попытки кончились"]),
    ],
)
def test_a_code_works_once_for_five_minutes_and_three_attempts(
    claim: CodeEntry, expected: list[str]
) -> None:
    assert told(rules.code_is_live(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("channel", "last_channel", "since", "expected"),
    [
        ("sms", None, None, []),
        ("sms", "sms", seconds(0), ["channel: через 60 с"]),
        ("sms", "sms", seconds(60) - MICROSECOND, ["channel: через 1 с"]),
        ("sms", "sms", seconds(60), []),
        ("email", "sms", seconds(1), []),  # another channel: at once
        ("email", "email", seconds(1), ["channel: через 59 с"]),
        ("sms", "email", seconds(1), ["channel: через 59 с"]),
    ],
)
def test_another_code_comes_after_a_minute_or_by_email_at_once(
    channel: Channel,
    last_channel: Channel | None,
    since: dt.timedelta | None,
    expected: list[str],
) -> None:
    last_sent = None if since is None else NOW - since
    claim = CodeRequest(channel=channel, last_channel=last_channel, last_sent=last_sent, now=NOW)
    assert told(rules.code_requested_in_turn(claim, POLICY)) == expected


ANSWER = ChallengeAnswer(issued=NOW, now=NOW + seconds(30), used=False, wrong=None, known=True)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (ANSWER, []),
        (replace(ANSWER, now=NOW + seconds(300) - MICROSECOND), []),
        (replace(ANSWER, now=NOW + seconds(300)), ["challenge: запрос истёк"]),
        (replace(ANSWER, used=True), ["challenge: запрос уже использован"]),
        (replace(ANSWER, wrong="Подпись неверна"), ["signature: Подпись неверна"]),
        (replace(ANSWER, known=False), ["signature: сертификат не привязан"]),
    ],
)
def test_a_challenge_is_signed_once_in_time_by_a_bound_certificate(
    claim: ChallengeAnswer, expected: list[str]
) -> None:
    assert told(rules.challenge_signed(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("age", "used", "expected"),
    [
        (seconds(120) - MICROSECOND, False, []),
        (seconds(120), False, ["qr: код истёк"]),
        (seconds(0), True, ["qr: код уже использован"]),
    ],
)
def test_a_qr_code_is_confirmed_once_within_two_minutes(
    age: dt.timedelta, used: bool, expected: list[str]
) -> None:
    claim = QrConfirmation(shown=NOW - age, now=NOW, used=used)
    assert told(rules.qr_is_live(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("customer", "confirmed", "known", "expected"),
    [
        (True, True, True, []),
        (False, False, False, ["hint: банк не знает такого клиента"]),
        (True, False, False, ["hint: клиент не подтвердил вход"]),
        (True, True, False, ["hint: у клиента нет записи"]),
    ],
)
def test_the_bank_vouches_for_a_customer_who_has_confirmed(
    customer: bool, confirmed: bool, known: bool, expected: list[str]
) -> None:
    claim = BankAnswered(customer=customer, confirmed=confirmed, known=known)
    assert told(rules.bank_vouches(claim, POLICY)) == expected


CAME_BACK = EsiaAnswered(accepted=True, state_matches=True, fresh=True, role="person", known=True)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (CAME_BACK, []),
        (replace(CAME_BACK, role="organization"), []),
        (replace(CAME_BACK, state_matches=False), ["state: ответ не на этот запрос"]),
        (replace(CAME_BACK, fresh=False), ["state: ответ устарел"]),
        (replace(CAME_BACK, accepted=False), ["code: ЕСИА отклонила код"]),
        (replace(CAME_BACK, role=None), ["role: роль не выбрана"]),
        (replace(CAME_BACK, known=False), ["code: записи с такими сведениями нет"]),
    ],
)
def test_esia_is_believed_with_a_fresh_answer_and_a_role(
    claim: EsiaAnswered, expected: list[str]
) -> None:
    assert told(rules.esia_vouches(claim, POLICY)) == expected


@pytest.mark.parametrize(("most", "already", "fits"), [(5, 4, True), (5, 5, False), (1, 1, False)])
def test_an_organization_has_so_many_sessions(most: int, already: int, fits: bool) -> None:
    policy = BOOK.policy({"AUTH-11.max_sessions_per_org": most})
    found = rules.session_to_spare(OpenSessions(open=already), policy)
    assert found == (() if fits else (Violation("AUTH-11", "organization"),))


USUAL = SignInPlace(device_known=True, region_usual=True)
STRANGE = SignInPlace(device_known=False, region_usual=False)


def test_a_strange_device_and_a_strange_region_are_each_told_of() -> None:
    assert rules.place_is_usual(USUAL, POLICY) == ()
    assert told(rules.place_is_usual(replace(USUAL, device_known=False), POLICY)) == ["device"]
    assert told(rules.place_is_usual(replace(USUAL, region_usual=False), POLICY)) == ["region"]
    assert told(rules.place_is_usual(STRANGE, POLICY)) == ["device", "region"]


def test_a_removed_device_is_not_trusted() -> None:
    assert rules.device_trusted(DeviceStanding(removed=False), POLICY) == ()
    assert told(rules.device_trusted(DeviceStanding(removed=True), POLICY)) == ["device"]


@pytest.mark.parametrize(
    ("failures", "place", "blocked", "is_suspicious"),
    [
        (0, STRANGE, False, False),
        (9, USUAL, False, False),
        (10, USUAL, False, True),
        (4, STRANGE, False, False),
        (5, STRANGE, False, True),
        (5, replace(STRANGE, region_usual=True), False, False),
        (0, USUAL, True, True),
    ],
)
def test_two_locks_or_a_strange_place_after_one_are_suspicious(
    failures: int, place: SignInPlace, blocked: bool, is_suspicious: bool
) -> None:
    claim = Activity(failures=failures, place=place, blocked=blocked)
    found = rules.activity_unsuspicious(claim, POLICY)
    assert found == ((Violation("AUTH-14", "account"),) if is_suspicious else ())


def test_a_cabinet_opens_with_confirmed_data() -> None:
    assert rules.cabinet_open(CabinetEntry(data_confirmed=True), POLICY) == ()
    assert told(rules.cabinet_open(CabinetEntry(data_confirmed=False), POLICY)) == ["organization"]


@pytest.mark.parametrize(
    ("method", "significant", "is_enough"),
    [
        ("signature", True, True),
        ("bank", True, True),
        ("password_code", True, False),
        ("qr", True, False),
        ("esia", True, False),
        ("password", True, False),
        ("", True, False),
        ("password", False, True),
    ],
)
def test_significant_actions_take_a_signature_or_the_bank(
    method: str, significant: bool, is_enough: bool
) -> None:
    claim = ActionLevel(method=method, significant=significant)
    found = rules.level_is_enough(claim, POLICY)
    assert found == (() if is_enough else (Violation("AUTH-16", "session"),))


@pytest.mark.parametrize(
    ("first", "code_given", "is_enough"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_the_first_sign_in_takes_a_code(first: bool, code_given: bool, is_enough: bool) -> None:
    found = rules.first_sign_in_by_code(FirstSignIn(first=first, code_given=code_given), POLICY)
    assert found == (() if is_enough else (Violation("AUTH-17", "code"),))


def test_every_rule_of_the_chapter_is_written() -> None:
    chapter = {each.id for each in BOOK.rules.values() if each.chapter == "AUTH"}
    assert {each for each in RULES if each.startswith("AUTH-")} == chapter
