"""Sign-in by signature, QR code, bank and ЕСИА (AUTH-07 to AUTH-10, AUTH-16)."""

import base64
import datetime as dt
from typing import Any

import pytest

from portal.ports.bank import BankCustomer
from portal.ports.esia import EsiaPerson
from portal.ports.signatures import CertificateFacts
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.people import (
    COUNTRY,
    HOME,
    KIM,
    OTHER,
    actor_with,
    known,
    organization_of,
    signed_in,
)
from tests.portal.wiring import Stand, broken, journal, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


def certificate(stand: Stand, **facts: Any) -> CertificateFacts:
    return stand.signatures.issue(stand.clock, **{"inn": KIM.inn, **facts})


def challenge(stand: Stand, organization: str | None = None) -> dict[str, str]:
    outcome = stand.act("begin_signature_sign_in", organization=organization)
    assert outcome.state == "challenge"
    return dict(outcome.data)


def answer(stand: Stand, given: dict[str, str], by: CertificateFacts) -> dict[str, str]:
    """The form with the challenge signed by the holder of a certificate."""
    message = stand.signatures.sign(given["text"].encode(), by)
    return {
        "challenge": given["challenge"],
        "signature": base64.b64encode(message).decode(),
    }


def by_signature(stand: Stand, by: CertificateFacts, organization: str | None = None) -> Outcome:
    form = answer(stand, challenge(stand, organization), by)
    return stand.act("sign_in_by_signature", HOME, **form)


def reason(outcome: Outcome) -> str:
    assert outcome.violations[0].reason is not None
    return outcome.violations[0].reason.ru


# --- signature


@pytest.mark.parametrize("facts", [{"inn": KIM.inn}, {"inn": None, "snils": KIM.snils}])
def test_a_signed_challenge_opens_the_account_of_the_holder(
    stand: Stand, facts: dict[str, Any]
) -> None:
    account = known(stand)
    outcome = by_signature(stand, certificate(stand, **facts))
    assert (outcome.state, outcome.data["account"], outcome.data["level"]) == (
        "signed_in",
        account,
        "high",
    )


def test_a_signature_is_the_second_factor_of_an_organizations_cabinet(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    ogrn = made.requisites.ogrn
    outcome = by_signature(stand, certificate(stand, ogrn=ogrn), ogrn)
    assert (outcome.state, outcome.data["organization"]) == ("signed_in", made.id)
    assert journal(stand, made.id) == [("sign_in", "signed_in")]


def test_a_certificate_of_one_organization_opens_no_other(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    foreign = certificate(stand, ogrn=COUNTRY.organization(1).ogrn)
    outcome = by_signature(stand, foreign, made.requisites.ogrn)
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-07 signature"],
        "сертификат не привязан",
    )


def test_a_challenge_works_once(stand: Stand) -> None:
    known(stand)
    form = answer(stand, challenge(stand), certificate(stand))
    assert stand.act("sign_in_by_signature", HOME, **form).state == "signed_in"
    again = stand.act("sign_in_by_signature", HOME, **form)
    assert (broken(again), reason(again)) == (["AUTH-07 challenge"], "запрос уже использован")


@pytest.mark.parametrize(("seconds", "state"), [(299.999999, "signed_in"), (300, "refused")])
def test_a_challenge_lives_five_minutes(stand: Stand, seconds: float, state: str) -> None:
    known(stand)
    form = answer(stand, challenge(stand), certificate(stand))
    stand.after(seconds=seconds)
    outcome = stand.act("sign_in_by_signature", HOME, **form)
    assert outcome.state == state
    assert broken(outcome) == ([] if state == "signed_in" else ["AUTH-07 challenge"])


def test_a_signature_over_another_challenge_is_refused(stand: Stand) -> None:
    known(stand)
    form = answer(stand, challenge(stand), certificate(stand))
    other = challenge(stand)["challenge"]
    outcome = stand.act("sign_in_by_signature", HOME, **{**form, "challenge": other})
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-07 signature"],
        "Подписанные данные изменены: хеш не совпадает",
    )


def test_what_is_no_base64_is_refused(stand: Stand) -> None:
    given = challenge(stand)["challenge"]
    outcome = stand.act("sign_in_by_signature", HOME, challenge=given, signature="№")
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-07 signature"],
        "Подпись или сертификат не разбирается",
    )


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ("revoked", "CERT-03"),
        ("on_hold", "CERT-03"),
        ("not_accredited", "CERT-01"),
        ("unknown_root", "CERT-17"),
    ],
)
def test_a_certificate_that_is_not_good_is_named(stand: Stand, status: Any, rule: str) -> None:
    known(stand)
    held = certificate(stand)
    stand.signatures.statuses[held.fingerprint] = status
    outcome = by_signature(stand, held)
    assert broken(outcome) == [f"{rule} signature"]
    assert outcome.refusal == "unauthenticated"


@pytest.mark.parametrize(("days", "expected"), [(365, []), (366, ["CERT-02 signature"])])
def test_a_certificate_signs_until_its_end(stand: Stand, days: int, expected: list[str]) -> None:
    known(stand)
    held = certificate(stand)
    stand.clock.move(dt.timedelta(days=days))
    assert broken(by_signature(stand, held)) == expected


def test_nobody_comes_in_by_the_certificate_of_a_stranger(stand: Stand) -> None:
    known(stand)
    outcome = by_signature(stand, certificate(stand, inn=OTHER.inn))
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-07 signature"],
        "сертификат не привязан",
    )


def test_while_the_status_is_not_known_nothing_is_refused(stand: Stand) -> None:
    known(stand)
    form = answer(stand, challenge(stand), certificate(stand))
    stand.signatures.down = True
    assert stand.act("sign_in_by_signature", HOME, **form).refusal == "later"
    stand.signatures.down = False
    assert stand.act("sign_in_by_signature", HOME, **form).state == "signed_in"


def test_an_unknown_challenge_is_absent(stand: Stand) -> None:
    outcome = stand.act("sign_in_by_signature", HOME, challenge="0" * 32, signature="")
    assert outcome.refusal == "absent"


# --- level


def test_a_signature_raises_the_level_of_the_session_in_which_one_is(stand: Stand) -> None:
    known(stand)
    inside = signed_in(stand, KIM.phone)
    assert inside.data["level"] == "basic"
    actor = actor_with(stand, inside)
    form = answer(stand, challenge(stand), certificate(stand))
    assert stand.act("raise_level", actor, **form).data == {"level": "high"}
    (session,) = stand.read("my_sessions", actor).data["sessions"]
    assert (session["method"], session["level"]) == ("signature", "high")
    assert actor_with(stand, inside).signed_in_by == "signature"


def test_anothers_signature_raises_nothing(stand: Stand) -> None:
    known(stand)
    known(stand, OTHER)
    actor = actor_with(stand, signed_in(stand, KIM.phone))
    form = answer(stand, challenge(stand), certificate(stand, inn=OTHER.inn))
    assert stand.act("raise_level", actor, **form).refusal == "forbidden"
    (session,) = stand.read("my_sessions", actor).data["sessions"]
    assert session["level"] == "basic"


# --- QR


def qr(stand: Stand, organization: str | None = None) -> str:
    shown: str = stand.act("begin_qr_sign_in", organization=organization).data["qr"]
    return shown


def test_a_qr_code_confirmed_in_the_application_opens_a_session_on_the_screen(
    stand: Stand,
) -> None:
    made = organization_of(stand, known(stand))
    shown = qr(stand, made.requisites.ogrn)
    assert stand.act("finish_qr_sign_in", HOME, qr=shown).state == "waiting"
    assert stand.act("confirm_qr", Actor(account="account-of-0"), qr=shown).state == "confirmed"
    outcome = stand.act("finish_qr_sign_in", HOME, qr=shown)
    assert (outcome.state, outcome.data["organization"], outcome.data["level"]) == (
        "signed_in",
        made.id,
        "basic",
    )


def test_a_qr_code_is_confirmed_once_and_opens_once(stand: Stand) -> None:
    shown, person = qr(stand), Actor(account=known(stand))
    stand.act("confirm_qr", person, qr=shown)
    again = stand.act("confirm_qr", person, qr=shown)
    assert (broken(again), reason(again)) == (["AUTH-08 qr"], "код уже использован")
    assert stand.act("finish_qr_sign_in", HOME, qr=shown).state == "signed_in"
    assert broken(stand.act("finish_qr_sign_in", HOME, qr=shown)) == ["AUTH-08 qr"]


@pytest.mark.parametrize(("seconds", "expected"), [(119.999999, []), (120, ["AUTH-08 qr"])])
def test_a_qr_code_lives_two_minutes(stand: Stand, seconds: float, expected: list[str]) -> None:
    shown, person = qr(stand), Actor(account=known(stand))
    stand.after(seconds=seconds)
    assert broken(stand.act("confirm_qr", person, qr=shown)) == expected
    assert broken(stand.act("finish_qr_sign_in", HOME, qr=shown)) == expected


def test_a_qr_code_that_was_never_shown_is_absent(stand: Stand) -> None:
    assert stand.act("finish_qr_sign_in", HOME, qr="0" * 32).refusal == "absent"
    assert stand.act("confirm_qr", Actor(account=known(stand)), qr="0").refusal == "absent"
    # A challenge is no QR code.
    assert stand.act("finish_qr_sign_in", HOME, qr=challenge(stand)["challenge"]).refusal == (
        "absent"
    )


# --- bank

HINT = "card:2200123456789012"


def customer(stand: Stand, **facts: str) -> None:
    of = COUNTRY.organization(0)
    known_to_bank = {
        "inn": of.inn,
        "ogrn": of.ogrn,
        "name": str(KIM.name).upper(),
        "phone": KIM.phone,
        **facts,
    }
    stand.bank.customers[HINT] = BankCustomer(**known_to_bank)


def ask_bank(stand: Stand) -> str:
    outcome = stand.act("begin_bank_sign_in", hint=HINT)
    assert outcome.state == "waiting"
    attempt: str = outcome.data["attempt"]
    return attempt


@pytest.mark.parametrize("for_organization", [False, True])
def test_a_customer_who_has_confirmed_comes_in_on_the_high_level(
    stand: Stand, for_organization: bool
) -> None:
    made = organization_of(stand, known(stand))
    customer(stand)
    form: dict[str, Any] = {"attempt": ask_bank(stand), "for_organization": for_organization}
    assert stand.act("finish_bank_sign_in", HOME, **form).state == "waiting"
    stand.bank.confirm()
    outcome = stand.act("finish_bank_sign_in", HOME, **form)
    assert (outcome.state, outcome.data["level"], outcome.data["organization"]) == (
        "signed_in",
        "high",
        made.id if for_organization else None,
    )
    assert stand.act("finish_bank_sign_in", HOME, **form).refusal == "absent"


def test_whom_the_bank_does_not_know_it_does_not_vouch_for(stand: Stand) -> None:
    outcome = stand.act("begin_bank_sign_in", hint=HINT)
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-09 hint"],
        "банк не знает такого клиента",
    )


def test_a_customer_who_declines_does_not_come_in(stand: Stand) -> None:
    known(stand)
    customer(stand)
    attempt = ask_bank(stand)
    stand.bank.decline()
    outcome = stand.act("finish_bank_sign_in", HOME, attempt=attempt)
    assert (broken(outcome), reason(outcome)) == (
        ["AUTH-09 hint"],
        "клиент не подтвердил вход",
    )


@pytest.mark.parametrize("facts", [{"phone": OTHER.phone}, {"name": str(OTHER.name)}])
def test_a_customer_without_an_account_here_does_not_come_in(
    stand: Stand, facts: dict[str, str]
) -> None:
    known(stand)
    customer(stand, **facts)
    attempt = ask_bank(stand)
    stand.bank.confirm()
    outcome = stand.act("finish_bank_sign_in", HOME, attempt=attempt)
    assert (broken(outcome), reason(outcome)) == (["AUTH-09 hint"], "у клиента нет записи")


def test_while_the_bank_is_silent_nothing_is_refused(stand: Stand) -> None:
    known(stand)
    customer(stand)
    attempt = ask_bank(stand)
    stand.bank.down = True
    assert stand.act("begin_bank_sign_in", hint=HINT).refusal == "later"
    assert stand.act("finish_bank_sign_in", HOME, attempt=attempt).refusal == "later"
    stand.bank.down = False
    stand.bank.confirm()
    assert stand.act("finish_bank_sign_in", HOME, attempt=attempt).state == "signed_in"


# --- ЕСИА


def came_back(stand: Stand, **facts: Any) -> None:
    person = {
        "snils": KIM.snils,
        "inn": KIM.inn,
        "trusted": True,
        "organization": None,
        "roles": (),
        **facts,
    }
    stand.esia.people["code"] = EsiaPerson(**person)


def to_esia(stand: Stand) -> str:
    outcome = stand.act("begin_esia_sign_in")
    state: str = outcome.data["state"]
    assert outcome.data["address"] == f"https://esia.test/aas/oauth2/v2/ac?state={state}"
    return state


def test_who_comes_back_from_esia_for_themselves_is_in(stand: Stand) -> None:
    account = known(stand)
    came_back(stand)
    outcome = stand.act(
        "finish_esia_sign_in", HOME, code="code", state=to_esia(stand), role="person"
    )
    assert (outcome.state, outcome.data["account"], outcome.data["level"]) == (
        "signed_in",
        account,
        "basic",
    )


def test_who_comes_back_for_an_organization_is_in_its_cabinet(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    came_back(stand, organization=made.requisites.ogrn)
    outcome = stand.act(
        "finish_esia_sign_in", HOME, code="code", state=to_esia(stand), role="organization"
    )
    assert (outcome.state, outcome.data["organization"]) == ("signed_in", made.id)


@pytest.mark.parametrize(
    ("facts", "form", "told"),
    [
        ({}, {"role": None}, "роль не выбрана"),
        ({}, {"code": "other"}, "ЕСИА отклонила код"),
        ({}, {"state": "0" * 32}, "ответ не на этот запрос"),
        ({"inn": OTHER.inn, "snils": OTHER.snils}, {}, "записи с такими сведениями нет"),
    ],
)
def test_an_answer_that_is_not_good_is_refused_with_the_reason(
    stand: Stand, facts: dict[str, Any], form: dict[str, Any], told: str
) -> None:
    known(stand)
    came_back(stand, **facts)
    returned = {"code": "code", "state": to_esia(stand), "role": "person", **form}
    outcome = stand.act("finish_esia_sign_in", HOME, **returned)
    assert [each.rule for each in outcome.violations] == ["AUTH-10"]
    assert reason(outcome) == told


@pytest.mark.parametrize(
    ("facts", "form", "expected"),
    [
        ({"trusted": False}, {}, ["INT-02 code"]),
        ({}, {"role": "organization"}, ["INT-02 role"]),  # ЕСИА names no organization
        ({"trusted": False}, {"role": "organization"}, ["INT-02 code"]),
    ],
)
def test_access_is_what_esia_gives(
    stand: Stand, facts: dict[str, Any], form: dict[str, Any], expected: list[str]
) -> None:
    known(stand)
    came_back(stand, **facts)
    returned = {"code": "code", "state": to_esia(stand), "role": "person", **form}
    outcome = stand.act("finish_esia_sign_in", HOME, **returned)
    assert (outcome.refusal, broken(outcome)) == ("unauthenticated", expected)


def test_an_answer_works_once(stand: Stand) -> None:
    known(stand)
    came_back(stand)
    form = {"code": "code", "state": to_esia(stand), "role": "person"}
    assert stand.act("finish_esia_sign_in", HOME, **form).state == "signed_in"
    again = stand.act("finish_esia_sign_in", HOME, **form)
    assert (broken(again), reason(again)) == (["AUTH-10 state"], "ответ не на этот запрос")


@pytest.mark.parametrize(("seconds", "state"), [(899.999999, "signed_in"), (900, "refused")])
def test_an_answer_is_fresh_for_a_quarter_of_an_hour(
    stand: Stand, seconds: float, state: str
) -> None:
    known(stand)
    came_back(stand)
    sent = to_esia(stand)
    stand.after(seconds=seconds)
    outcome = stand.act("finish_esia_sign_in", HOME, code="code", state=sent, role="person")
    assert outcome.state == state
    if state == "refused":
        assert reason(outcome) == "ответ устарел"


def test_while_esia_is_silent_nothing_is_refused(stand: Stand) -> None:
    known(stand)
    came_back(stand)
    form = {"code": "code", "state": to_esia(stand), "role": "person"}
    stand.esia.down = True
    assert stand.act("finish_esia_sign_in", HOME, **form).refusal == "later"
    stand.esia.down = False
    assert stand.act("finish_esia_sign_in", HOME, **form).state == "signed_in"


def test_attempts_are_forgotten_after_an_hour(stand: Stand) -> None:
    shown = qr(stand)
    stand.after(minutes=59)
    assert broken(stand.act("finish_qr_sign_in", HOME, qr=shown)) == ["AUTH-08 qr"]
    stand.after(minutes=1)
    assert stand.act("finish_qr_sign_in", HOME, qr=shown).refusal == "absent"


@pytest.mark.parametrize("way", ["signature", "qr", "bank", "esia"])
def test_no_way_lets_a_blocked_account_in(stand: Stand, way: str) -> None:
    known(stand, blocked_at=stand.clock.now())
    customer(stand)
    came_back(stand)
    if way == "signature":
        outcome = by_signature(stand, certificate(stand))
    elif way == "qr":
        shown = qr(stand)
        stand.act("confirm_qr", Actor(account="account-of-0"), qr=shown)
        outcome = stand.act("finish_qr_sign_in", HOME, qr=shown)
    elif way == "bank":
        attempt = ask_bank(stand)
        stand.bank.confirm()
        outcome = stand.act("finish_bank_sign_in", HOME, attempt=attempt)
    else:
        form = {"code": "code", "state": to_esia(stand), "role": "person"}
        outcome = stand.act("finish_esia_sign_in", HOME, **form)
    assert broken(outcome) == ["AUTH-14 account"]
