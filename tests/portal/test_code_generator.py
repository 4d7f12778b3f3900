"""A generator of codes as second factor (AUTH-04, AUTH-05): codes are those of RFC 6238."""

import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal.accounts.code_generator import CodeGenerator
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.fakes import MovedClock
from tests.portal.people import HOME, KIM, PASSWORD, account_of, code_sent_to, keep, known
from tests.portal.wiring import Stand, broken, journal, portal_with

RFC_SEED = b"12345678901234567890".hex()
RFC_MOMENT = dt.datetime.fromtimestamp(2_000_000_000, dt.UTC)
RFC_CODE = "279037"
"""RFC 6238, appendix B: the last six digits of the code at that time, the 21st second of a step."""


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store, clock=MovedClock(dt.datetime(2033, 5, 18, 6)))


def actor(stand: Stand) -> Actor:
    """Signed in with the second factor switched on."""
    return Actor(account=known(stand, second_factor=True), session="s")


def with_generator(stand: Stand) -> Actor:
    made = actor(stand)
    keep(
        stand,
        CodeGenerator(id=str(made.account), seed=RFC_SEED, added=stand.clock.now(), confirmed=True),
    )
    return made


def entered(stand: Stand, code: str) -> Outcome:
    begun = stand.act("sign_in", HOME, login=KIM.phone, password=PASSWORD)
    assert broken(begun) == ["AUTH-04 code"]
    return stand.act("enter_sign_in_code", HOME, sign_in=begun.data["sign_in"], code=code)


def code_now(stand: Stand, secret: str) -> str:
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return totp.generate(int(stand.clock.now().timestamp())).decode()


# --- a sign-in


def test_a_code_of_the_generator_is_a_second_factor(stand: Stand) -> None:
    with_generator(stand)
    stand.clock.move_to(RFC_MOMENT)
    assert entered(stand, RFC_CODE).state == "signed_in"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-51, ["AUTH-05 code"]),  # two steps early
        (-50, []),  # the first second of the step before
        (39, []),  # the last second of the step after
        (40, ["AUTH-05 code"]),  # two steps late
    ],
)
def test_a_clock_may_be_one_step_ahead_or_behind(
    stand: Stand, seconds: int, expected: list[str]
) -> None:
    with_generator(stand)
    stand.clock.move_to(RFC_MOMENT + dt.timedelta(seconds=seconds))
    assert broken(entered(stand, RFC_CODE)) == expected


def test_a_code_is_taken_once(stand: Stand) -> None:
    with_generator(stand)
    stand.clock.move_to(RFC_MOMENT)
    assert entered(stand, RFC_CODE).state == "signed_in"
    again = entered(stand, RFC_CODE)
    assert (again.refusal, broken(again)) == ("wrong", ["AUTH-05 code"])


def test_the_code_that_was_sent_counts_as_well(stand: Stand) -> None:
    with_generator(stand)
    begun = stand.act("sign_in", HOME, login=KIM.phone, password=PASSWORD)
    code = code_sent_to(stand, KIM.phone)
    found = stand.act("enter_sign_in_code", HOME, sign_in=begun.data["sign_in"], code=code)
    assert found.state == "signed_in"


def test_three_wrong_codes_end_the_sign_in_whatever_they_were_meant_for(stand: Stand) -> None:
    with_generator(stand)
    stand.clock.move_to(RFC_MOMENT)
    begun = stand.act("sign_in", HOME, login=KIM.phone, password=PASSWORD)
    form = {"sign_in": begun.data["sign_in"], "code": "0"}
    told = [stand.act("enter_sign_in_code", HOME, **form) for _ in range(3)]
    assert [broken(each) for each in told] == [["AUTH-05 code"]] * 3
    late = stand.act("enter_sign_in_code", HOME, **{**form, "code": RFC_CODE})
    assert late.refusal == "absent"


# --- added and removed


def test_a_generator_counts_once_a_code_of_it_was_entered(stand: Stand) -> None:
    who = actor(stand)
    added = stand.act("add_code_generator", who, password=PASSWORD)
    secret = added.data["secret"]
    assert len(base64.b32decode(secret)) == 20
    assert added.data["address"] == (
        f"otpauth://totp/Poligon%3A{KIM.email.replace('@', '%40')}?secret={secret}"
        "&issuer=Poligon&algorithm=SHA1&digits=6&period=30"
    )
    code = code_now(stand, secret)
    assert broken(entered(stand, code)) == ["AUTH-05 code"]
    assert stand.read("my_account", who).data["code_generator"] is False
    assert stand.act("confirm_code_generator", who, code=code).state == "on"
    assert stand.read("my_account", who).data["code_generator"] is True
    assert broken(entered(stand, code)) == ["AUTH-05 code"]  # the one that confirmed is taken
    stand.clock.move(dt.timedelta(seconds=30))
    assert entered(stand, code_now(stand, secret)).state == "signed_in"
    noted = journal(stand, str(who.account))
    assert [each for each in noted if each[0].endswith("code_generator")] == [
        ("add_code_generator", "shown"),
        ("confirm_code_generator", "on"),
    ]


def test_wrong_codes_do_not_confirm_and_run_out(stand: Stand) -> None:
    who = actor(stand)
    secret = stand.act("add_code_generator", who, password=PASSWORD).data["secret"]
    told = [stand.act("confirm_code_generator", who, code="no") for _ in range(3)]
    assert [broken(each) for each in told] == [["AUTH-05 code"]] * 3
    right = stand.act("confirm_code_generator", who, code=code_now(stand, secret))
    assert broken(right) == ["AUTH-05 code"]
    anew = stand.act("add_code_generator", who, password=PASSWORD).data["secret"]
    assert anew != secret
    assert stand.act("confirm_code_generator", who, code=code_now(stand, anew)).state == "on"


def test_the_password_adds_and_removes_and_guessing_it_locks(stand: Stand) -> None:
    who = with_generator(stand)
    assert stand.act("add_code_generator", who, password=PASSWORD).refusal == "state"
    wrong = [stand.act("remove_code_generator", who, password="no") for _ in range(5)]
    assert [broken(each) for each in wrong] == [["AUTH-02"]] * 5
    locked = stand.act("remove_code_generator", who, password=PASSWORD)
    assert (locked.refusal, broken(locked)) == ("forbidden", ["AUTH-03"])
    stand.clock.move(dt.timedelta(minutes=30))
    assert stand.act("remove_code_generator", who, password=PASSWORD).state == "off"
    assert stand.act("remove_code_generator", who, password=PASSWORD).refusal == "absent"
    stand.clock.move_to(RFC_MOMENT)
    assert broken(entered(stand, RFC_CODE)) == ["AUTH-05 code"]


def test_without_a_generator_there_is_nothing_to_confirm(stand: Stand) -> None:
    who = actor(stand)
    assert stand.act("confirm_code_generator", who, code="123456").refusal == "absent"
    assert account_of(stand, str(who.account)).second_factor


def test_the_secret_is_shown_once_and_is_in_no_journal(stand: Stand) -> None:
    who = actor(stand)
    first = stand.act("add_code_generator", who, key="k", password=PASSWORD).data["secret"]
    second = stand.act("add_code_generator", who, key="k", password=PASSWORD).data["secret"]
    assert first != second
    lines = b"".join(line.body for line in stand.store.journal(str(who.account)))
    kept = Unit(stand.store).get(CodeGenerator, str(who.account))
    assert kept is not None
    for each in (first, second, kept.seed):
        assert each.encode() not in lines
