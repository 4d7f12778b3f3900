"""Sign-in by password, its second factor, locks and blocks (AUTH-01 to AUTH-06, 11 to 17)."""

import json
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.accounts.session import Session, actor_of
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.people import (
    COUNTRY,
    HOME,
    KIM,
    OTHER,
    PASSWORD,
    account_of,
    activated,
    actor_with,
    change,
    code_sent_to,
    known,
    organization_of,
    signed_in,
    signed_up,
)
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


def attempt(stand: Stand, password: str = PASSWORD, login: str = KIM.phone) -> Outcome:
    return stand.act("sign_in", HOME, login=login, password=password)


def fail(stand: Stand, times: int, login: str = KIM.phone) -> list[list[str]]:
    return [broken(attempt(stand, "wrong", login)) for _ in range(times)]


# --- login and password


@pytest.mark.parametrize("login", [KIM.phone, KIM.email, KIM.email.upper(), KIM.inn, "AB-123456"])
def test_any_login_of_the_account_opens_it(stand: Stand, login: str) -> None:
    known(stand, login_code="AB-123456")
    assert signed_in(stand, login).state == "signed_in"


@pytest.mark.parametrize("login", ["kim", "", "7715970402", "+7 969 967-84-93"])
def test_what_is_no_login_by_its_form_is_told_so(stand: Stand, login: str) -> None:
    assert broken(attempt(stand, login=login)) == ["AUTH-01 login"]


def test_ogrn_and_inn_of_an_organization_open_its_owners_cabinet(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    for login in (made.requisites.ogrn, made.requisites.inn):
        outcome = signed_in(stand, login)
        assert (outcome.state, outcome.data["organization"]) == ("signed_in", made.id)


@pytest.mark.parametrize("password", [PASSWORD.lower(), PASSWORD.upper(), PASSWORD + " ", ""])
def test_the_password_is_compared_to_the_letter(stand: Stand, password: str) -> None:
    known(stand)
    assert broken(attempt(stand, password)) == ["AUTH-02"]


def test_a_wrong_pair_is_the_same_answer_whatever_is_wrong(stand: Stand) -> None:
    known(stand)
    organization_of(stand, known(stand, OTHER))
    answers = [
        attempt(stand, "wrong"),
        attempt(stand, login=COUNTRY.person(2).phone),
        attempt(stand, login=COUNTRY.person(2).email),
        attempt(stand, login=COUNTRY.organization(1).ogrn),
        attempt(stand, login="ZZ-000000"),
    ]
    assert len({repr(answer) for answer in answers}) == 1
    assert broken(answers[0]) == ["AUTH-02"]
    assert answers[0].refusal == "unauthenticated"


def test_an_account_before_its_code_lets_nobody_in(stand: Stand) -> None:
    signed_up(stand)
    assert broken(attempt(stand)) == ["ACC-02 account"]
    assert broken(attempt(stand, "wrong")) == ["AUTH-02"]


# --- lock


def test_the_fifth_failure_locks_for_half_an_hour_even_with_the_right_password(
    stand: Stand,
) -> None:
    known(stand)
    assert fail(stand, 5) == [["AUTH-02"]] * 5
    locked = attempt(stand)
    assert broken(locked) == ["AUTH-03"]
    assert locked.violations[0].reason is not None
    assert locked.violations[0].reason.ru == "до 10:30:00"
    stand.after(minutes=29, seconds=59.999999)
    assert broken(attempt(stand)) == ["AUTH-03"]
    stand.after(microseconds=1)
    assert attempt(stand).state == "signed_in"


def test_four_failures_lock_nothing_and_a_success_forgets_them(stand: Stand) -> None:
    known(stand)
    fail(stand, 4)
    assert attempt(stand).state == "signed_in"
    fail(stand, 4)
    assert attempt(stand).state == "signed_in"


def test_a_login_that_is_nobodys_is_locked_alike(stand: Stand) -> None:
    known(stand)
    assert fail(stand, 6, login=OTHER.phone) == fail(stand, 6)


def test_attempts_during_the_lock_do_not_lengthen_it(stand: Stand) -> None:
    known(stand)
    fail(stand, 5)
    stand.after(minutes=20)
    fail(stand, 3)
    stand.after(minutes=10)
    assert attempt(stand).state == "signed_in"


def test_failures_a_day_apart_are_not_in_a_row(stand: Stand) -> None:
    known(stand)
    fail(stand, 4)
    stand.after(days=1)
    fail(stand, 4)
    assert attempt(stand).state == "signed_in"


# --- block


def test_two_locks_in_a_row_block_the_account_and_tell_the_administrator(stand: Stand) -> None:
    head, manager = known(stand), known(stand, OTHER)
    organization_of(stand, head, manager)
    signed_in(stand, OTHER.phone)
    fail(stand, 5, login=OTHER.phone)
    stand.after(minutes=30)
    fail(stand, 4, login=OTHER.phone)
    assert account_of(stand, manager).blocked_at is None
    fail(stand, 1, login=OTHER.phone)
    assert account_of(stand, manager).blocked_at == stand.clock.now()
    alert = (
        f"Учётная запись заблокирована из-за подозрительной активности: {OTHER.name}. Проверьте её."
    )
    assert alert in stand.messenger.sent_to(KIM.email)
    assert alert in stand.messenger.sent_to(OTHER.email)


def test_a_blocked_account_is_told_of_only_to_who_has_the_password(stand: Stand) -> None:
    known(stand, blocked_at=stand.clock.now())
    assert broken(attempt(stand, "wrong")) == ["AUTH-02"]
    assert broken(attempt(stand)) == ["AUTH-14 account"]


def test_a_block_ends_every_session(stand: Stand) -> None:
    known(stand)
    inside = signed_in(stand, KIM.phone)
    fail(stand, 5)
    stand.after(minutes=30)
    fail(stand, 5)
    assert actor_with(stand, inside).account is None


@pytest.mark.parametrize(
    ("device", "region", "state"),
    [
        ("Firefox", "54", "signed_in"),
        ("Chrome", "54", "signed_in"),
        ("Firefox", "77", "signed_in"),
        ("Chrome", "77", "refused"),
    ],
)
def test_after_a_lock_a_strange_device_in_a_strange_region_blocks(
    stand: Stand, device: str, region: str, state: str
) -> None:
    account = known(stand)
    fail(stand, 5)
    stand.after(minutes=30)
    outcome = signed_in(stand, KIM.phone, Actor(device=device, region=region))
    assert outcome.state == state
    assert (account_of(stand, account).blocked_at is not None) == (state == "refused")


# --- second factor


def test_a_person_comes_in_by_password_alone(stand: Stand) -> None:
    known(stand)
    outcome = attempt(stand)
    assert (outcome.state, outcome.data["level"]) == ("signed_in", "basic")
    assert stand.messenger.letters == {}


def test_who_has_switched_the_second_factor_on_is_asked_for_it(stand: Stand) -> None:
    account = known(stand)
    stand.act("choose_second_factor", Actor(account=account), on=True)
    outcome = attempt(stand)
    assert (outcome.state, broken(outcome)) == ("code_needed", ["AUTH-04 code"])
    stand.act("choose_second_factor", Actor(account=account), on=False)
    assert attempt(stand).state == "signed_in"


def test_an_organizations_cabinet_takes_a_code(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    outcome = stand.act(
        "sign_in", HOME, login=KIM.phone, password=PASSWORD, organization=made.requisites.ogrn
    )
    assert (outcome.state, broken(outcome)) == ("code_needed", ["AUTH-04 code"])
    inside = stand.act(
        "enter_sign_in_code",
        HOME,
        sign_in=outcome.data["sign_in"],
        code=code_sent_to(stand, KIM.phone),
    )
    assert (inside.state, inside.data["organization"]) == ("signed_in", made.id)
    assert actor_with(stand, inside).signed_in_by == "password_code"


def test_the_first_sign_in_takes_a_code_and_the_second_none(stand: Stand) -> None:
    activated(stand)
    first = attempt(stand)
    assert (first.state, broken(first)) == ("code_needed", ["AUTH-17 code"])
    code = code_sent_to(stand, KIM.phone)
    entered = stand.act("enter_sign_in_code", HOME, sign_in=first.data["sign_in"], code=code)
    assert entered.state == "signed_in"
    assert attempt(stand).state == "signed_in"


def needing_code(stand: Stand) -> str:
    known(stand, second_factor=True)
    sign_in: str = attempt(stand).data["sign_in"]
    return sign_in


@pytest.mark.parametrize(("seconds", "state"), [(299.999999, "signed_in"), (300, "refused")])
def test_the_code_of_a_sign_in_lives_five_minutes(stand: Stand, seconds: float, state: str) -> None:
    sign_in, code = needing_code(stand), code_sent_to(stand, KIM.phone)
    stand.after(seconds=seconds)
    outcome = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert outcome.state == state
    assert broken(outcome) == ([] if state == "signed_in" else ["AUTH-05 code"])


def test_after_three_wrong_codes_the_sign_in_begins_anew(stand: Stand) -> None:
    sign_in, code = needing_code(stand), code_sent_to(stand, KIM.phone)
    for _ in range(3):
        wrong = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code="999999")
        assert broken(wrong) == ["AUTH-05 code"]
    outcome = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert outcome.refusal == "absent"


def test_a_code_is_used_once(stand: Stand) -> None:
    sign_in, code = needing_code(stand), code_sent_to(stand, KIM.phone)
    assert stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code).state == "signed_in"
    again = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert again.refusal == "absent"
    assert len(stand.store.find(Session.KIND, "account", "account-of-0")) == 1


def test_wrong_codes_are_failures_to_sign_in(stand: Stand) -> None:
    sign_in = needing_code(stand)
    fail(stand, 3)
    for _ in range(2):
        stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code="999999")
    code = code_sent_to(stand, KIM.phone)
    outcome = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert broken(outcome) == ["AUTH-03"]


def test_another_code_of_a_sign_in_comes_after_a_minute_or_by_email_at_once(stand: Stand) -> None:
    sign_in = needing_code(stand)
    assert broken(stand.act("resend_sign_in_code", sign_in=sign_in)) == ["AUTH-06 channel"]
    by_email = stand.act("resend_sign_in_code", sign_in=sign_in, channel="email")
    assert by_email.state == "code_sent"
    code = code_sent_to(stand, KIM.email)
    assert stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code).state == "signed_in"


def test_when_the_sms_gateway_is_down_the_code_comes_by_email(stand: Stand) -> None:
    stand.messenger.refusing.add("sms")
    sign_in = needing_code(stand)
    code = code_sent_to(stand, KIM.email)
    assert stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code).state == "signed_in"


def test_a_code_goes_by_itself_only_to_a_contact_that_is_confirmed(stand: Stand) -> None:
    known(stand, second_factor=True, email_confirmed=False)
    stand.messenger.refusing.add("sms")
    assert attempt(stand).data["channel"] == "sms"
    assert stand.messenger.letters == {}


def test_the_code_of_who_has_confirmed_only_the_email_comes_there(stand: Stand) -> None:
    known(stand, second_factor=True, phone_confirmed=False)
    assert attempt(stand).data["channel"] == "email"
    assert len(stand.messenger.sent_to(KIM.email)) == 1


def test_a_sign_in_is_confirmed_in_the_application_of_the_same_person(stand: Stand) -> None:
    sign_in = needing_code(stand)
    known(stand, OTHER)
    assert stand.act("continue_sign_in", HOME, sign_in=sign_in).state == "code_needed"
    stranger = Actor(account="account-of-1")
    assert stand.act("confirm_sign_in", stranger, sign_in=sign_in).refusal == "absent"
    assert stand.act("confirm_sign_in", Actor(account="account-of-0"), sign_in=sign_in).state == (
        "confirmed"
    )
    assert stand.act("continue_sign_in", HOME, sign_in=sign_in).state == "signed_in"


def test_a_sign_in_waits_a_quarter_of_an_hour(stand: Stand) -> None:
    sign_in = needing_code(stand)
    stand.after(minutes=15)
    for use_case, more in (
        ("enter_sign_in_code", {"code": "000001"}),
        ("resend_sign_in_code", {}),
        ("continue_sign_in", {}),
    ):
        assert stand.act(use_case, HOME, sign_in=sign_in, **more).refusal == "absent"


# --- cabinets


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("registered", ["AUTH-15 organization"]),
        ("verifying", ["AUTH-15 organization"]),
        ("remarks", ["AUTH-15 organization"]),
        ("unbound", ["AUTH-15 organization"]),
        ("verified", []),
        ("active", []),
    ],
)
def test_a_cabinet_opens_with_confirmed_data_alone(
    stand: Stand, state: Any, expected: list[str]
) -> None:
    made = organization_of(stand, known(stand), state=state)
    outcome = signed_in(stand, KIM.phone, organization=made.requisites.ogrn)
    assert broken(outcome) == expected
    assert signed_in(stand, KIM.phone).state == "signed_in"  # the personal account is open


def test_anothers_cabinet_is_as_if_it_were_not_there_and_leaves_a_line(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    stranger = known(stand, OTHER)
    for ogrn in (made.requisites.ogrn, COUNTRY.organization(1).ogrn):
        outcome = signed_in(stand, OTHER.phone, organization=ogrn)
        assert (outcome.refusal, outcome.violations) == ("absent", ())
    lines = [json.loads(line.body) for line in stand.store.journal(stranger)]
    assert [line["result"] for line in lines] == ["absent", "absent"]


@pytest.mark.parametrize("most", [1, 5])
def test_an_organization_has_so_many_sessions_at_a_time(store: Store, most: int) -> None:
    stand = portal_with(store=store, overrides={"AUTH-11.max_sessions_per_org": most})
    made = organization_of(stand, known(stand), known(stand, OTHER))
    ogrn = made.requisites.ogrn
    inside = [signed_in(stand, KIM.phone, organization=ogrn) for _ in range(most)]
    assert {outcome.state for outcome in inside} == {"signed_in"}
    over = signed_in(stand, OTHER.phone, organization=ogrn)
    assert broken(over) == ["AUTH-11 organization"]
    stand.act("sign_out", actor_with(stand, inside[0]))
    assert signed_in(stand, OTHER.phone, organization=ogrn).state == "signed_in"


def test_a_session_ends_after_twelve_hours_and_leaves_its_place(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    inside = [signed_in(stand, KIM.phone, organization=made.requisites.ogrn) for _ in range(5)]
    stand.after(hours=11, minutes=59)
    assert actor_with(stand, inside[0]).account == "account-of-0"
    stand.after(minutes=1)
    assert actor_with(stand, inside[0]).account is None
    assert signed_in(stand, KIM.phone, organization=made.requisites.ogrn).state == "signed_in"


# --- sessions and devices


def test_every_sign_in_records_when_from_where_and_how(stand: Stand) -> None:
    account = known(stand)
    outcome = signed_in(stand, KIM.phone)
    line = json.loads(stand.store.journal(account)[-1].body)
    assert [line[name] for name in ("at", "ip", "account", "action", "method")] == [
        "2026-02-02T10:00:00+03:00",
        "10.0.0.1",
        account,
        "sign_in",
        "password",
    ]
    (session,) = stand.read("my_sessions", actor_with(stand, outcome)).data["sessions"]
    assert (session["method"], session["ip"], session["region"]) == ("password", "10.0.0.1", "54")


@pytest.mark.parametrize(
    ("device", "region", "expected"),
    [
        ("Firefox", "54", []),
        ("Firefox", "", []),  # nobody can tell the region
        ("Chrome", "54", ["AUTH-12 device"]),
        ("Firefox", "77", ["AUTH-12 region"]),
        ("Chrome", "77", ["AUTH-12 device", "AUTH-12 region"]),
    ],
)
def test_a_strange_device_or_region_is_told_by_mail_and_phone(
    stand: Stand, device: str, region: str, expected: list[str]
) -> None:
    known(stand)
    outcome = signed_in(stand, KIM.phone, Actor(device=device, region=region))
    assert (outcome.state, broken(outcome)) == ("signed_in", expected)
    alert = stand.portal.book.rule("AUTH-12").message.ru
    for contact in (KIM.phone, KIM.email):
        assert stand.messenger.sent_to(contact) == ([alert] if expected else [])


def test_a_device_is_strange_once(stand: Stand) -> None:
    known(stand)
    chrome = Actor(device="Chrome", region="77")
    assert broken(signed_in(stand, KIM.phone, chrome)) == ["AUTH-12 device", "AUTH-12 region"]
    assert broken(signed_in(stand, KIM.phone, chrome)) == []


def test_a_removed_device_loses_its_sessions_and_is_told_why(stand: Stand) -> None:
    known(stand)
    chrome = Actor(device="Chrome", region="54")
    here, there = signed_in(stand, KIM.phone), signed_in(stand, KIM.phone, chrome)
    actor = actor_with(stand, here)
    devices = stand.read("my_devices", actor).data["devices"]
    assert sorted(device["name"] for device in devices) == ["Chrome", "Firefox"]
    chosen = next(device["device"] for device in devices if device["name"] == "Chrome")
    assert stand.act("remove_device", actor, device=chosen).data == {"sessions_closed": 1}
    token = there.data["token"]
    outside = actor_of(stand.portal, token, ip="10.0.0.1", device="Chrome", region="54")
    assert outside.actor.account is None
    assert [each.rule for each in outside.violations] == ["AUTH-13"]
    assert actor_with(stand, here).account == "account-of-0"
    left = stand.read("my_devices", actor).data["devices"]
    assert [device["name"] for device in left] == ["Firefox"]
    assert broken(signed_in(stand, KIM.phone, chrome)) == ["AUTH-12 device"]


def test_anothers_device_and_session_cannot_be_ended(stand: Stand) -> None:
    known(stand)
    stranger = Actor(account=known(stand, OTHER))
    mine = actor_with(stand, signed_in(stand, KIM.phone))
    (device,) = stand.read("my_devices", mine).data["devices"]
    assert stand.act("remove_device", stranger, device=device["device"]).refusal == "absent"
    assert stand.act("end_session_of_mine", stranger, session=mine.session).refusal == "absent"


def test_a_session_elsewhere_can_be_ended(stand: Stand) -> None:
    known(stand)
    here, there = signed_in(stand, KIM.phone), signed_in(stand, KIM.phone)
    ended = stand.act("end_session_of_mine", actor_with(stand, here), session=there.data["session"])
    assert ended.state == "signed_out"
    assert actor_with(stand, there).account is None


def test_a_token_that_was_never_given_is_nobodys(stand: Stand) -> None:
    outcome = Outcome(state="signed_in", data={"token": "0" * 32})
    assert actor_with(stand, outcome) == HOME


def test_the_token_is_not_in_the_store(stand: Stand) -> None:
    known(stand)
    outcome = signed_in(stand, KIM.phone)
    (session,) = stand.store.find(Session.KIND, "account", "account-of-0")
    assert outcome.data["token"].encode() not in session.body
    assert session.id != outcome.data["token"]


# --- passwords that are too old, or others'


@pytest.mark.parametrize(("days", "state"), [(89, "signed_in"), (90, "password_change_needed")])
def test_a_password_of_ninety_days_leads_only_to_its_change(
    stand: Stand, days: int, state: str
) -> None:
    account = known(stand)
    stand.after(days=days)
    outcome = attempt(stand)
    assert outcome.state == state
    if state == "signed_in":
        return
    assert broken(outcome) == ["PWD-03 password"]
    weak = stand.act(
        "set_password_and_sign_in", HOME, sign_in=outcome.data["sign_in"], password="short"
    )
    assert set(broken(weak)) == {"PWD-01 password"}
    new = "Qm4#vTzLkw9!"
    inside = stand.act(
        "set_password_and_sign_in", HOME, sign_in=outcome.data["sign_in"], password=new
    )
    assert inside.state == "signed_in"
    assert account_of(stand, account).password_set_at == stand.clock.now()
    assert attempt(stand, new).state == "signed_in"
    assert broken(attempt(stand)) == ["AUTH-02"]


def test_a_temporary_password_leads_only_to_ones_own(stand: Stand) -> None:
    account = known(stand, password_is_temporary=True)
    outcome = attempt(stand)
    assert (outcome.state, broken(outcome)) == ("password_change_needed", ["PWD-04 password"])
    inside = stand.act(
        "set_password_and_sign_in",
        HOME,
        sign_in=outcome.data["sign_in"],
        password="Qm4#vTzLkw9!",
    )
    assert inside.state == "signed_in"
    assert not account_of(stand, account).password_is_temporary


def test_the_code_comes_before_the_new_password(stand: Stand) -> None:
    known(stand, password_is_temporary=True, second_factor=True)
    outcome = attempt(stand)
    assert broken(outcome) == ["AUTH-04 code"]
    sign_in = outcome.data["sign_in"]
    early = stand.act("set_password_and_sign_in", HOME, sign_in=sign_in, password="Qm4#vTzLkw9!")
    assert early.refusal == "absent"
    code = code_sent_to(stand, KIM.phone)
    entered = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert broken(entered) == ["PWD-04 password"]


def test_two_accounts_of_one_email_are_told_apart_by_the_password(stand: Stand) -> None:
    known(stand)
    other = known(
        stand,
        OTHER,
        email=KIM.email,
        password=stand.portal.ports.passwords.hash("Qm4#vTzLkw9!"),
    )
    assert attempt(stand, "Qm4#vTzLkw9!", KIM.email).data["account"] == other
    assert attempt(stand, PASSWORD, KIM.email).data["account"] == "account-of-0"


def test_the_contact_to_which_a_code_came_counts_as_confirmed(stand: Stand) -> None:
    account = known(stand, signed_in_at=None, phone_confirmed=False, email_confirmed=False)
    assert signed_in(stand, KIM.phone).state == "signed_in"
    assert account_of(stand, account).phone_confirmed


def test_an_account_that_is_gone_is_signed_in_nowhere(stand: Stand) -> None:
    account = known(stand, second_factor=True)
    sign_in = attempt(stand).data["sign_in"]
    change(stand, account, blocked_at=stand.clock.now())
    code = code_sent_to(stand, KIM.phone)
    outcome = stand.act("enter_sign_in_code", HOME, sign_in=sign_in, code=code)
    assert broken(outcome) == ["AUTH-14 account"]
    assert stand.store.get(Account.KIND, account) is not None
