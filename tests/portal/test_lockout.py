"""Failures in a row lock a login, then block the account (AUTH-03, AUTH-14)."""

import pytest

from portal.ports.store import Store
from portal.use_case import Actor
from tests.portal.people import (
    KIM,
    OTHER,
    account_of,
    actor_with,
    known,
    organization_of,
    signed_in,
)
from tests.portal.signing_in import attempt, fail
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


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
