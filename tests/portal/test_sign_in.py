"""Sign-in by password and its second factor (AUTH-01 to AUTH-06, AUTH-17)."""

import pytest

from portal.accounts.account import Account
from portal.accounts.session import Session
from portal.ports.store import Store
from portal.use_case import Actor
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
from tests.portal.signing_in import attempt, fail
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


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


# --- second factor


def test_a_person_comes_in_by_password_alone(stand: Stand) -> None:
    known(stand)
    outcome = attempt(stand)
    assert (outcome.state, outcome.data["level"]) == ("signed_in", "basic")
    assert stand.messenger.letters == {}


def test_who_has_switched_the_second_factor_on_is_asked_for_it(stand: Stand) -> None:
    actor = Actor(account=known(stand))
    stand.act("choose_second_factor", actor, on=True, password=PASSWORD)
    outcome = attempt(stand)
    assert (outcome.state, broken(outcome)) == ("code_needed", ["AUTH-04 code"])
    stand.act("choose_second_factor", actor, on=False, password=PASSWORD)
    assert attempt(stand).state == "signed_in"


def test_a_stolen_session_does_not_switch_the_second_factor_off(stand: Stand) -> None:
    actor = Actor(account=known(stand))
    stand.act("choose_second_factor", actor, on=True, password=PASSWORD)
    guess = stand.act("choose_second_factor", actor, on=False, password="guess")
    assert broken(guess) == ["AUTH-02"]
    assert attempt(stand).state == "code_needed"


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
