"""Tasks of letters that have gone are deleted several at a time; no letter is lost by that."""

import pytest

from portal.ports.store import Conflict, Store
from portal.store.unit import Unit
from portal.tasks import Task
from tests.portal.probe_acts import install
from tests.portal.wiring import Stand, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store, monkeypatch: pytest.MonkeyPatch) -> Stand:
    install(monkeypatch)
    return portal_with(store=store)


def kept(stand: Stand) -> list[str]:
    return [each.id for each in stand.store.up_to(Task.KIND, "due", "9999", 1_000)]


def post(stand: Stand, *names: str) -> None:
    for name in names:
        assert stand.act("post", name=name, text="1").state == "posted"


def test_letters_that_have_gone_are_forgotten_together_and_not_sent_again(stand: Stand) -> None:
    post(stand, "a", "b")
    assert kept(stand) == ["send_letter/a", "send_letter/b"]
    assert stand.portal.tick() == 0
    assert kept(stand) == []
    assert stand.messenger.attempts == ["a", "b"]


def test_fewer_than_sixty_four_are_kept_without_a_tick(stand: Stand) -> None:
    names = [f"{number:03}" for number in range(65)]
    post(stand, *names[:63])
    assert len(kept(stand)) == 63
    post(stand, names[63])
    assert kept(stand) == []
    post(stand, names[64])
    assert kept(stand) == ["send_letter/064"]


def test_portal_that_is_left_forgets_what_has_gone(stand: Stand) -> None:
    post(stand, "a")
    stand.portal.forget_sent_letters()
    assert kept(stand) == []


def test_letter_of_a_portal_that_was_killed_is_sent_again_by_the_next_one(stand: Stand) -> None:
    post(stand, "a")
    successor = portal_with(store=stand.store)
    assert successor.portal.tick() == 1
    assert successor.messenger.attempts == ["a"]
    assert kept(stand) == []


def test_what_another_portal_has_done_meanwhile_keeps_no_other_letter(stand: Stand) -> None:
    post(stand, "a")
    portal_with(store=stand.store).portal.tick()
    post(stand, "b", "c")
    assert stand.portal.tick() == 0
    assert kept(stand) == []
    assert stand.messenger.attempts == ["a", "b", "c"]


def test_letter_of_an_id_that_has_gone_before_goes_again(stand: Stand) -> None:
    post(stand, "a", "a")
    assert stand.messenger.attempts == ["a", "a"]
    stand.messenger.refusing.add("email")
    post(stand, "a")
    stand.messenger.refusing.clear()
    assert stand.portal.tick() == 1
    assert stand.messenger.attempts == ["a"] * 4
    assert kept(stand) == []


def test_letter_that_did_not_go_waits_among_those_that_have_gone(stand: Stand) -> None:
    post(stand, "a")
    stand.messenger.refusing.add("email")
    post(stand, "b")
    stand.messenger.refusing.clear()
    post(stand, "c")
    assert stand.portal.next_due() == stand.clock.now()
    assert stand.portal.tick() == 1
    assert stand.messenger.attempts == ["a", "b", "c", "b"]


def test_use_case_that_fails_to_commit_keeps_its_letter_from_nobody(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.messenger.refusing.add("email")
    post(stand, "a")
    stand.messenger.refusing.clear()
    commit = Unit.commit

    def overtaken(unit: Unit) -> None:
        raise Conflict("task")

    monkeypatch.setattr(Unit, "commit", overtaken)
    with pytest.raises(Conflict):
        stand.act("post", name="a", text="2")
    monkeypatch.setattr(Unit, "commit", commit)
    assert stand.portal.tick() == 1
    assert stand.messenger.sent_to("a@b.test") == ["1"]
