"""Bound certificates come to their end: reminders, expiry, replacement by another."""

import datetime as dt

import pytest

from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import Cabinet, encoded, kept
from tests.portal.wiring import Stand, broken, journal, portal_with

SECOND = dt.timedelta(seconds=1)


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="cabinet")
def _cabinet(stand: Stand) -> Cabinet:
    return Cabinet(stand)


# --- terms (CERT-11, CERT-12)


def letters(stand: Stand) -> list[str]:
    return [
        each.split(" Сертификат «")[0] for each in stand.messenger.sent_to("office@romashka.test")
    ]


def test_reminders_come_at_their_very_seconds_and_the_end_closes_the_certificate(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    certificate = cabinet.active(actor, facts)
    story = []
    for days in (30, 14, 7, 1, 0):
        for seconds in (-1, 0, 1):
            moment = facts.not_after - dt.timedelta(days=days) + seconds * SECOND
            stand.clock.move_to(moment)
            stand.portal.tick()
            story.append((days, seconds, len(letters(stand)), cabinet.states(actor)[certificate]))
    assert story == [
        (30, -1, 0, "active"),
        (30, 0, 1, "active"),
        (30, 1, 1, "active"),
        (14, -1, 1, "active"),
        (14, 0, 2, "active"),
        (14, 1, 2, "active"),
        (7, -1, 2, "active"),
        (7, 0, 3, "active"),
        (7, 1, 3, "active"),
        (1, -1, 3, "active"),
        (1, 0, 4, "active"),
        (1, 1, 4, "active"),
        (0, -1, 4, "active"),
        (0, 0, 4, "active"),
        (0, 1, 5, "expired"),
    ]
    told = letters(stand)
    assert [each[:40] for each in told] == [
        *["Срок сертификата скоро закончится. Закаж"] * 4,
        "Срок сертификата истёк: вход по подписи ",
    ]
    assert stand.messenger.sent_to("500100732259@mail.test") == stand.messenger.sent_to(
        "office@romashka.test"
    )


def test_after_a_long_outage_one_letter_stands_for_all_reminders(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    cabinet.active(actor, facts)
    stand.clock.move_to(facts.not_after - dt.timedelta(days=5))
    stand.portal.tick()
    assert len(letters(stand)) == 1
    assert kept(stand, cabinet)[0].reminded == (30, 14, 7)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, []), (0, ["CERT-11 items.0"])],
)
def test_the_cabinet_warns_from_thirty_days_before_the_end(
    stand: Stand, cabinet: Cabinet, seconds: int, expected: list[str]
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    cabinet.active(actor, facts)
    stand.clock.move_to(facts.not_after - dt.timedelta(days=30) + seconds * SECOND)
    assert broken(stand.read("certificate_warnings", actor)) == expected


def test_an_expired_certificate_is_told_as_such(stand: Stand, cabinet: Cabinet) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    cabinet.active(actor, facts)
    stand.clock.move_to(facts.not_after + SECOND)
    assert broken(stand.read("certificate_warnings", actor)) == ["CERT-12 items.0"]
    stand.portal.tick()
    assert broken(stand.read("certificate_warnings", actor)) == ["CERT-12 items.0"]


# --- replacement (CERT-15)


def replaced(stand: Stand, cabinet: Cabinet, actor: Actor) -> tuple[str, Outcome, str]:
    """The old certificate, the new one's outcome, and a signature over its trial request."""
    old, facts = cabinet.active(actor), cabinet.certificate()
    outcome = stand.act("replace_certificate", actor, certificate=old, content=encoded(facts.der))
    return old, outcome, cabinet.signed(outcome.data["challenge"], facts)


def code_of(stand: Stand) -> str:
    return stand.messenger.sent_to("+70100732259")[-1].split(": ")[1][:6]


def test_a_replacement_takes_a_code_and_a_trial_and_then_the_old_one_is_gone(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor = cabinet.member()
    old, outcome, signed = replaced(stand, cabinet, actor)
    new = outcome.data["certificate"]
    assert cabinet.states(actor) == {old: "active", new: "bound"}
    assert stand.act("send_replacement_code", actor, certificate=new).state == "code_sent"
    confirmed = stand.act(
        "confirm_replacement", actor, certificate=new, signature=signed, code=code_of(stand)
    )
    assert confirmed.state == "active"
    assert cabinet.states(actor) == {new: "active"}
    assert journal(stand, cabinet.id)[-2:] == [
        ("replace_certificate", "replaced"),
        ("trial_signature", "active"),
    ]


def test_neither_code_nor_trial_alone_replaces(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    old, outcome, signed = replaced(stand, cabinet, actor)
    new = outcome.data["certificate"]
    stand.act("send_replacement_code", actor, certificate=new)
    attempts = [
        stand.act("confirm_replacement", actor, certificate=new, **given)
        for given in (
            {},
            {"code": code_of(stand)},
            {"signature": signed},
            {"signature": signed, "code": "999999"},
            {"signature": cabinet.signed("другое", cabinet.certificate()), "code": code_of(stand)},
        )
    ]
    assert [broken(each) for each in attempts] == [
        ["CERT-15 code", "CERT-15 signature"],
        ["CERT-15 signature"],
        ["CERT-15 code"],
        ["AUTH-05 code"],
        ["SIG-06 signature"],
    ]
    assert broken(stand.act("trial_signature", actor, certificate=new, signature=signed)) == [
        "CERT-15 code"
    ]
    assert cabinet.states(actor) == {old: "active", new: "bound"}


def test_a_code_of_replacement_is_for_managers_and_for_new_certificates(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, accountant = cabinet.member(), cabinet.member("acc", "500100732260")
    old, outcome, _ = replaced(stand, cabinet, actor)
    new = outcome.data["certificate"]
    asked = [
        stand.act("send_replacement_code", accountant, certificate=new),
        stand.act("confirm_replacement", accountant, certificate=new),
        stand.act("send_replacement_code", actor, certificate=old),
        stand.act("send_replacement_code", actor, certificate=new),
        stand.act("send_replacement_code", actor, certificate=new),
    ]
    assert [(each.refusal, broken(each)) for each in asked] == [
        ("forbidden", ["CERT-18"]),
        ("forbidden", ["CERT-18"]),
        ("state", []),
        (None, []),
        ("state", ["AUTH-06 channel"]),
    ]


def test_a_new_certificate_restores_what_the_end_of_the_old_one_closed(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    cabinet.active(actor, facts)
    stand.clock.move_to(facts.not_after + SECOND)
    stand.portal.tick()
    fresh = cabinet.active(actor, cabinet.certificate())
    assert cabinet.states(actor)[fresh] == "active"
