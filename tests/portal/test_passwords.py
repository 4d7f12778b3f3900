"""Changing a password, recovering one by a code or through support (PWD-01 to PWD-06)."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Lock, Semaphore
from typing import Any

import pytest

from portal.accounts.argon2_passwords import Argon2Passwords
from portal.organizations.organization import Membership, membership_id
from portal.ports.store import Store
from portal.store.unit import Unit
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
    code_sent_to,
    keep,
    known,
    organization_of,
    signed_in,
    signed_up,
)
from tests.portal.wiring import CHEAP_PASSWORDS, Stand, broken, portal_with

NEW = "Qm4#vTzLkw9!"
OPERATOR = Actor(operator="Петрова")


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


# --- the hash


def test_a_hash_fits_its_password_alone_and_has_a_salt_of_its_own() -> None:
    one, other = CHEAP_PASSWORDS.hash("a"), CHEAP_PASSWORDS.hash("a")
    assert one != other
    assert CHEAP_PASSWORDS.verify(one, "a")
    assert not CHEAP_PASSWORDS.verify(one, "A")


@pytest.mark.parametrize("hashed", ["", "a", "$argon2id$"])
def test_what_is_no_hash_is_nobodys(hashed: str) -> None:
    for secret in ("", "a"):
        assert not CHEAP_PASSWORDS.verify(hashed, secret)


def test_the_parameters_are_argon2ids_and_those_of_rfc_9106() -> None:
    assert Argon2Passwords().hash("a").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


# --- changing


def test_a_changed_password_is_the_only_one_and_ends_sessions_elsewhere(stand: Stand) -> None:
    known(stand)
    here, there = signed_in(stand, KIM.phone), signed_in(stand, KIM.phone)
    actor = actor_with(stand, here)
    assert stand.act("change_password", actor, old=PASSWORD, password=NEW).state == "changed"
    assert actor_with(stand, here).account == "account-of-0"
    assert actor_with(stand, there).account is None
    assert signed_in(stand, KIM.phone, password=NEW).state == "signed_in"
    assert broken(signed_in(stand, KIM.phone)) == ["AUTH-02"]


def test_the_old_password_is_asked_for_and_guessing_it_locks(stand: Stand) -> None:
    actor = Actor(account=known(stand))
    for _ in range(5):
        wrong = stand.act("change_password", actor, old="wrong", password=NEW)
        assert broken(wrong) == ["AUTH-02"]
    right = stand.act("change_password", actor, old=PASSWORD, password=NEW)
    assert broken(right) == ["AUTH-03"]


@pytest.mark.parametrize(
    ("password", "of_organization", "expected"),
    [
        ("Zx7!mkp", False, ["PWD-01 password"]),
        ("Zx7!mkpR", False, []),
        ("Zx7!mkpR", True, ["PWD-02 password"]),  # shorter than 12
        ("Savelev!72mkVb", False, []),
        ("Savelev!72mkVb", True, ["PWD-02 password"]),
        ("Zx!mk-24021953Rv", True, ["PWD-02 password"]),
        (PASSWORD, False, []),
        (PASSWORD, True, ["PWD-02 password"]),  # the one before
        (NEW, True, []),
    ],
)
def test_the_strict_policy_is_for_people_of_organizations(
    stand: Stand, password: str, of_organization: bool, expected: list[str]
) -> None:
    account = known(stand)
    if of_organization:
        organization_of(stand, account)
    outcome = stand.act("change_password", Actor(account=account), old=PASSWORD, password=password)
    assert broken(outcome) == expected


# --- recovery


def request(stand: Stand, **changes: Any) -> str:
    form = {"inn": KIM.inn, "email": KIM.email, **changes}
    outcome = stand.act("request_recovery", **form)
    assert outcome.state == "code_sent"
    return str(outcome.data["channel"])


def recover(stand: Stand, code: str, **changes: Any) -> list[str]:
    form = {"inn": KIM.inn, "email": KIM.email, "password": NEW, "code": code, **changes}
    return broken(stand.act("recover_password", HOME, **form))


@pytest.mark.parametrize(("channel", "contact"), [("email", KIM.email), ("sms", KIM.phone)])
def test_a_code_to_a_linked_contact_gives_a_new_password(
    stand: Stand, channel: str, contact: str
) -> None:
    known(stand)
    inside = signed_in(stand, KIM.phone)
    assert request(stand, channel=channel) == channel
    assert recover(stand, code_sent_to(stand, contact)) == []
    assert signed_in(stand, KIM.phone, password=NEW).state == "signed_in"
    assert actor_with(stand, inside).account is None


def test_the_inn_of_ones_organization_does_as_well(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    inn = made.requisites.inn
    request(stand, inn=inn)
    assert recover(stand, code_sent_to(stand, KIM.email), inn=inn) == []


@pytest.mark.parametrize(
    ("inn", "email"), [(OTHER.inn, KIM.email), (KIM.inn, OTHER.email), (OTHER.inn, OTHER.email)]
)
def test_inn_and_email_of_different_accounts_send_nothing_and_do_not_tell(
    stand: Stand, inn: str, email: str
) -> None:
    known(stand)
    request(stand, inn=inn, email=email)
    assert stand.messenger.letters == {}
    assert recover(stand, "000001", inn=inn, email=email) == ["PWD-05"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"inn": "540930590286"}, ["ID-02 inn"]),
        ({"inn": "7715970402"}, ["ID-01 inn"]),
        ({"inn": "54 0930590285"}, ["ID-07 inn"]),
        ({"email": "kim"}, ["ID-10 email"]),
    ],
)
def test_numbers_and_addresses_out_of_form_are_told(
    stand: Stand, form: dict[str, Any], expected: list[str]
) -> None:
    outcome = stand.act("request_recovery", **{"inn": KIM.inn, "email": KIM.email, **form})
    assert broken(outcome) == expected


def test_a_wrong_code_and_a_late_one_give_nothing(stand: Stand) -> None:
    known(stand)
    request(stand)
    assert recover(stand, "999999") == ["PWD-05"]
    stand.after(seconds=300)
    assert recover(stand, code_sent_to(stand, KIM.email)) == ["PWD-05"]
    assert signed_in(stand, KIM.phone).state == "signed_in"


def test_a_code_recovers_once(stand: Stand) -> None:
    known(stand)
    request(stand)
    code = code_sent_to(stand, KIM.email)
    assert recover(stand, code) == []
    assert recover(stand, code, password=PASSWORD) == ["PWD-05"]


def test_a_weak_password_leaves_the_code_good(stand: Stand) -> None:
    organization_of(stand, known(stand))
    request(stand)
    code = code_sent_to(stand, KIM.email)
    assert set(recover(stand, code, password="short")) == {"PWD-01 password"}
    assert recover(stand, code, password="Savelev!72mkVb") == ["PWD-02 password"]
    assert recover(stand, code) == []


def test_who_fails_again_and_again_is_sent_to_support(stand: Stand) -> None:
    known(stand)
    request(stand)
    for _ in range(5):
        assert recover(stand, "999999") == ["PWD-05"]
    assert recover(stand, code_sent_to(stand, KIM.email)) == ["AUTH-03"]


def test_an_account_that_was_never_activated_is_not_recovered(stand: Stand) -> None:
    signed_up(stand)
    request(stand)
    assert recover(stand, code_sent_to(stand, KIM.email)) == ["PWD-05"]


def test_a_code_is_not_sent_again_within_a_minute_and_nobody_is_told(stand: Stand) -> None:
    known(stand)
    request(stand)
    request(stand)
    assert len(stand.messenger.sent_to(KIM.email)) == 1
    stand.after(seconds=60)
    request(stand)
    assert len(stand.messenger.sent_to(KIM.email)) == 2


# --- support


FORM: dict[str, Any] = {
    "inn": KIM.inn,
    "ogrn": "1257708239920",
    "phone": "+79000000001",
    "contact": "kim@new.test",
    "documents": ["Устав.pdf"],
}


@pytest.mark.parametrize("field", ["inn", "ogrn", "phone", "contact"])
def test_a_request_to_support_names_what_it_lacks(stand: Stand, field: str) -> None:
    outcome = stand.act("ask_support_for_access", **{**FORM, field: ""})
    assert broken(outcome) == [f"PWD-06 {field}"]


def test_a_request_without_anything_names_all(stand: Stand) -> None:
    empty: dict[str, Any] = {"inn": "", "ogrn": "", "phone": "", "contact": "", "documents": []}
    assert broken(stand.act("ask_support_for_access", **empty)) == [
        "PWD-06 inn",
        "PWD-06 ogrn",
        "PWD-06 phone",
        "PWD-06 contact",
        "PWD-06 documents",
    ]


def test_an_operator_gives_access_back_with_a_temporary_password(stand: Stand) -> None:
    account = known(stand, blocked_at=stand.clock.now())
    made = stand.act("ask_support_for_access", **FORM).data["request"]
    (shown,) = stand.read("access_requests", OPERATOR).data["requests"]
    assert (shown["request"], shown["contact"]) == (made, "kim@new.test")
    outcome = stand.act(
        "decide_access", OPERATOR, request=made, identity_verified=True, email="kim@new.test"
    )
    assert (outcome.state, outcome.data) == ("restored", {"account": account})
    assert stand.read("access_requests", OPERATOR).data["requests"] == []
    (letter,) = stand.messenger.sent_to("kim@new.test")
    found = re.search(r"пароль: (\S+)\. ", letter)
    assert found is not None
    temporary = found[1]
    begun = stand.act("sign_in", HOME, login=KIM.phone, password=temporary)
    assert broken(begun) == ["PWD-04 password"]
    inside = stand.act(
        "set_password_and_sign_in", HOME, sign_in=begun.data["sign_in"], password=NEW
    )
    assert inside.state == "signed_in"
    assert not account_of(stand, account).email_confirmed  # it is another than before


def test_who_is_not_who_they_say_gets_nothing(stand: Stand) -> None:
    known(stand)
    made = stand.act("ask_support_for_access", **FORM).data["request"]
    refusal = stand.act("decide_access", OPERATOR, request=made, identity_verified=False)
    assert refusal.state == "refused"
    again = stand.act("decide_access", OPERATOR, request=made, identity_verified=True)
    assert (again.refusal, again.state) == ("state", "refused")
    assert signed_in(stand, KIM.phone).state == "signed_in"


def test_the_owner_of_the_organization_is_meant_where_the_inn_is_its_own(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    form = {**FORM, "inn": made.requisites.inn, "ogrn": made.requisites.ogrn}
    request_id = stand.act("ask_support_for_access", **form).data["request"]
    outcome = stand.act("decide_access", OPERATOR, request=request_id, identity_verified=True)
    assert outcome.data == {"account": "account-of-0"}
    assert len(stand.messenger.sent_to(KIM.email)) == 1


@pytest.mark.parametrize("actor", [Actor(), Actor(account="account-of-0")])
def test_only_an_operator_decides_about_access(stand: Stand, actor: Actor) -> None:
    known(stand)
    made = stand.act("ask_support_for_access", **FORM).data["request"]
    outcome = stand.act("decide_access", actor, request=made, identity_verified=True)
    assert outcome.refusal == "forbidden"
    assert stand.read("access_requests", actor).refusal == "forbidden"


def test_a_request_about_nobody_gives_nobody_access(stand: Stand) -> None:
    made = stand.act("ask_support_for_access", **FORM).data["request"]
    outcome = stand.act("decide_access", OPERATOR, request=made, identity_verified=True)
    assert outcome.refusal == "absent"


def test_an_activated_account_recovers_its_password(stand: Stand) -> None:
    activated(stand)
    request(stand)
    assert recover(stand, code_sent_to(stand, KIM.email)) == []


# --- passwords of employees


def employee(stand: Stand, role: str = "head") -> tuple[Actor, str]:
    """Who acts for an organization in a role, and the account of a manager of it."""
    head, manager = known(stand), known(stand, OTHER)
    made = organization_of(stand, head, manager)
    membership = Unit(stand.store).get(Membership, membership_id(head, made.id))
    assert membership is not None
    keep(stand, replace(membership, role=role))
    return Actor(account=head, organization=made.id), manager


def begin_with(stand: Stand, password: str) -> Outcome:
    return stand.act("sign_in", HOME, login=OTHER.phone, password=password)


def test_the_portal_makes_an_employees_password_and_mails_it(stand: Stand) -> None:
    head, manager = employee(stand)
    inside = signed_in(stand, OTHER.phone)
    assert stand.act("set_employee_password", head, account=manager, password=None).state == "set"
    found = re.search(r"пароль: (\S+)\. ", stand.messenger.sent_to(OTHER.email)[-1])
    assert found is not None
    assert broken(begin_with(stand, found[1])) == ["PWD-04 password"]
    assert actor_with(stand, inside).account is None


def test_an_administrator_chooses_an_employees_password_by_the_policy(stand: Stand) -> None:
    head, manager = employee(stand, "admin")
    weak = stand.act("set_employee_password", head, account=manager, password="short")
    assert set(broken(weak)) == {"PWD-01 password"}
    assert stand.act("set_employee_password", head, account=manager, password=NEW).state == "set"
    assert broken(begin_with(stand, NEW)) == ["PWD-04 password"]
    assert stand.messenger.sent_to(OTHER.email) == []


@pytest.mark.parametrize("role", ["tech", "mgr", "acc", "oper", "rep", "emp"])
def test_who_does_not_manage_users_sets_nobodys_password(stand: Stand, role: str) -> None:
    actor, manager = employee(stand, role)
    outcome = stand.act("set_employee_password", actor, account=manager, password=NEW)
    assert outcome.refusal == "forbidden"
    assert begin_with(stand, PASSWORD).state == "signed_in"


def test_nobody_sets_the_password_of_who_is_not_their_employee(stand: Stand) -> None:
    head, _ = employee(stand)
    stranger = known(stand, COUNTRY.person(2))
    for account in (stranger, "nobody"):
        outcome = stand.act("set_employee_password", head, account=account, password=NEW)
        assert outcome.refusal == "absent"


def test_as_many_are_hashed_at_once_as_there_are_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    passwords = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)
    entered, go, inside = Semaphore(0), Event(), [0, 0]
    counting = Lock()

    class Slow:
        def hash(self, secret: str) -> str:
            with counting:
                inside[0] += 1
                inside[1] = max(inside)
            entered.release()
            go.wait()
            with counting:
                inside[0] -= 1
            return secret

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(4) as threads:
        hashed = [threads.submit(passwords.hash, str(n)) for n in range(4)]
        entered.acquire()
        entered.acquire()
        go.set()
        assert [each.result() for each in hashed] == ["0", "1", "2", "3"]
    assert inside == [0, 2]
