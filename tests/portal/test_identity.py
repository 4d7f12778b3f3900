"""Confirming who a person is: registers, operator, and the ways around them (ACC-03 to ACC-08)."""

import datetime as dt
import json
from typing import Any

import pytest

from portal.documents.stored_document import StoredDocument
from portal.ports.bank import BankCustomer
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.people import (
    COUNTRY,
    KIM,
    OTHER,
    account_of,
    activated,
    code_sent_to,
    keep,
    known,
)
from tests.portal.wiring import Stand, broken, portal_with

OPERATOR = Actor(operator="Петрова")
PASSPORT = KIM.passport


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="account")
def _account(stand: Stand) -> str:
    return activated(stand)


def document(stand: Stand, owner: str, name: str = "scan") -> str:
    """An uploaded scan; its id."""
    made = StoredDocument(
        id=f"{name}-of-{owner}",
        owner=owner,
        organization=None,
        session="",
        context="form",
        document_type="passport",
        file_name=f"{name}.jpg",
        file_format="jpg",
        size=1,
        digest="0" * 64,
        status="ready",
        uploaded_at=stand.clock.now(),
    )
    if stand.store.get(made.KIND, made.id) is None:
        keep(stand, made)
    return made.id


def form(stand: Stand, account: str, **changes: Any) -> dict[str, Any]:
    typed = {
        "way": "sms_code",
        "snils": KIM.snils,
        "passport_series": PASSPORT.series,
        "passport_number": PASSPORT.number,
        "passport_issued": f"{PASSPORT.issued:%d.%m.%Y}",
        "passport_issued_by": PASSPORT.issued_by,
        **changes,
    }
    if "passport_scan" not in typed:
        typed["passport_scan"] = document(stand, account)
    return typed


def begin(stand: Stand, account: str, **changes: Any) -> Outcome:
    return stand.act("confirm_identity", Actor(account=account), **form(stand, account, **changes))


def shown(stand: Stand, account: str) -> tuple[str, list[str]]:
    """The state of an account and what stands between it and its confirmation."""
    outcome = stand.read("my_account", Actor(account=account))
    return outcome.state, broken(outcome)


def letters(stand: Stand) -> list[str]:
    """Subjects of letters to the person, the code left out."""
    found = [each.subject for each in stand.messenger.letters.values() if each.channel == "email"]
    return [subject for subject in found if subject != "Код подтверждения"]


# --- the automatic check


def test_registers_that_agree_confirm_after_five_minutes(stand: Stand, account: str) -> None:
    outcome = begin(stand, account)
    assert (outcome.state, outcome.data) == (
        "checking",
        {"expected_by": "2026-02-02T10:15:00+03:00"},
    )
    stand.after(minutes=4, seconds=59)
    assert shown(stand, account) == ("checking", ["ACC-04 inn", "ACC-04 passport"])
    stand.after(seconds=1)
    assert shown(stand, account) == ("confirmed", [])
    confirmed = account_of(stand, account)
    assert (confirmed.confirmed_by, confirmed.snils) == ("automatic", KIM.snils)
    assert letters(stand) == ["Личность подтверждена"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"snils": "82285721717"}, ["ID-06 snils"]),
        ({"snils": ""}, ["ACC-04 snils"]),
        ({"passport_series": "509"}, ["ID-14 passport_series"]),
        ({"passport_issued": "1998-04-02"}, ["ID-14 passport_issued"]),
        ({"passport_scan": ""}, ["ACC-04 passport_scan"]),
        ({"passport_scan": "of-nobody"}, ["ACC-04 passport_scan"]),
        ({"way": "friend"}, ["ACC-03 way"]),
        ({"way": "video"}, ["ACC-03 way"]),  # it has a door of its own
        (
            {"snils": "1", "passport_number": "", "passport_scan": ""},
            ["ID-14 passport_number", "ID-06 snils", "ACC-04 passport_scan"],
        ),
    ],
)
def test_a_form_that_is_wrong_begins_no_check(
    stand: Stand, account: str, changes: dict[str, str], expected: list[str]
) -> None:
    assert broken(begin(stand, account, **changes)) == expected
    assert shown(stand, account) == ("active", [])


def test_anothers_scan_is_none(stand: Stand, account: str) -> None:
    foreign = document(stand, known(stand, OTHER))
    assert broken(begin(stand, account, passport_scan=foreign)) == ["ACC-04 passport_scan"]


def test_the_phone_must_have_had_its_code(stand: Stand) -> None:
    made = stand.act(
        "sign_up",
        name=str(KIM.name),
        birth_date=f"{KIM.birth_date:%d.%m.%Y}",
        inn=KIM.inn,
        phone=KIM.phone,
        email=KIM.email,
        password="Zx7!mkpRvb2#",
        channel="email",
    ).data["account"]
    stand.act("activate_account", account=made, code=code_sent_to(stand, KIM.email))
    assert broken(begin(stand, made, way="email_link")) == ["ACC-04 phone"]
    actor = Actor(account=made)
    stand.act("request_contact_code", actor, contact="phone")
    code = code_sent_to(stand, KIM.phone)
    stand.act("confirm_contact", actor, contact="phone", code=code)
    assert begin(stand, made, way="email_link").state == "checking"


def test_without_any_confirmed_contact_functions_are_closed(stand: Stand) -> None:
    account = known(stand, state="active", phone_confirmed=False, email_confirmed=False)
    assert broken(begin(stand, account)) == ["ACC-02 account", "ACC-04 phone"]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("lost", "паспорт числится утраченным"),
        ("expired", "срок действия паспорта истёк"),
        ("invalid", "паспорт недействителен"),
        ("not_found", "паспорта нет в базе МВД"),
    ],
)
def test_a_bad_passport_is_refused_with_the_reason(
    stand: Stand, account: str, verdict: Any, told: str
) -> None:
    stand.mvd.passports[PASSPORT.series, PASSPORT.number] = (verdict, ())
    begin(stand, account)
    stand.after(minutes=5)
    assert shown(stand, account) == ("active", ["ACC-08 passport_number"])
    text = stand.messenger.sent_to(KIM.email)[-1]
    assert text.endswith(told)
    stand.mvd.passports.clear()
    begin(stand, account)
    stand.after(minutes=5)
    assert shown(stand, account) == ("confirmed", [])


def test_a_check_under_way_is_not_begun_twice(stand: Stand, account: str) -> None:
    begin(stand, account)
    again = begin(stand, account)
    assert (again.refusal, again.state, broken(again)) == (
        "state",
        "checking",
        ["ACC-04 inn", "ACC-04 passport"],
    )


@pytest.mark.parametrize(
    ("fns_up_at", "mvd_up_at", "confirmed_at"),
    # Asked in the minutes 5, 6, 7, 8, 10, 13, 19, 30, 52, 95, then once an hour.
    [(0, 0, 5), (7, 0, 7), (0, 9, 10), (0, 10, 10), (20, 30, 30), (600, 90, 635)],
)
def test_a_silent_register_is_asked_after_growing_pauses(
    stand: Stand, account: str, fns_up_at: int, mvd_up_at: int, confirmed_at: int
) -> None:
    begin(stand, account)
    stand.fns.down, stand.mvd.down = True, True
    seen = 0
    for minute in range(confirmed_at + 1):
        stand.fns.down = minute < fns_up_at
        stand.mvd.down = minute < mvd_up_at
        stand.portal.tick()
        if shown(stand, account)[0] == "confirmed":
            seen = minute
            break
        stand.clock.move(dt.timedelta(minutes=1))
    assert seen == confirmed_at


@pytest.mark.parametrize(("minutes", "told"), [(14, 0), (15, 1), (600, 1)])
def test_a_delay_of_a_quarter_of_an_hour_is_told_once(
    stand: Stand, account: str, minutes: int, told: int
) -> None:
    stand.mvd.down = True
    begin(stand, account)
    stand.after(minutes=minutes)
    assert letters(stand) == ["Проверка личности задерживается"] * told
    assert shown(stand, account) == ("checking", ["ACC-04 passport"])


# --- the operator


def differing(stand: Stand, account: str) -> None:
    """A check that has found another name."""
    stand.fns.people[KIM.inn] = ("mismatch", ("name",))
    begin(stand, account)
    stand.after(minutes=5)


def test_a_discrepancy_asks_for_documents(stand: Stand, account: str) -> None:
    differing(stand, account)
    assert shown(stand, account) == ("with_operator", ["ACC-05 name"])
    assert letters(stand) == ["Нужны дополнительные документы"]
    assert stand.read("identity_reviews", OPERATOR).data["reviews"] == []


@pytest.mark.parametrize("verdict", [("not_found", ()), ("mismatch", ("birth_date",))])
def test_every_discrepancy_leads_to_the_operator(stand: Stand, account: str, verdict: Any) -> None:
    stand.fns.people[KIM.inn] = verdict
    stand.mvd.passports[PASSPORT.series, PASSPORT.number] = ("mismatch", ("passport_issued",))
    begin(stand, account)
    stand.after(minutes=5)
    fields = (*(verdict[1] or ("inn",)), "passport_issued")
    assert shown(stand, account) == ("with_operator", [f"ACC-05 {field}" for field in fields])


def send(stand: Stand, account: str, *documents: str) -> Outcome:
    return stand.act("send_identity_documents", Actor(account=account), documents=list(documents))


def test_without_documents_the_operator_gets_nothing(stand: Stand, account: str) -> None:
    differing(stand, account)
    assert broken(send(stand, account)) == ["ACC-05 name"]
    assert broken(send(stand, account, "of-nobody")) == ["ACC-05 name"]


def test_documents_go_to_an_operator_for_a_working_day(stand: Stand, account: str) -> None:
    differing(stand, account)
    sent = send(stand, account, document(stand, account, "diploma"))
    assert sent.data["expected_by"] == "2026-02-03T23:59:59.999999+03:00"
    (review,) = stand.read("identity_reviews", OPERATOR).data["reviews"]
    assert review == {
        "account": account,
        "due": "2026-02-03T23:59:59.999999+03:00",
        "differs": ["name"],
        "documents": [f"diploma-of-{account}"],
    }
    assert shown(stand, account) == ("with_operator", ["ACC-06"])
    accepted = stand.act("decide_identity", OPERATOR, account=account, accepted=True)
    assert accepted.state == "confirmed"
    assert account_of(stand, account).confirmed_by == "operator"
    assert stand.read("identity_reviews", OPERATOR).data["reviews"] == []


def test_an_operator_may_refuse_and_the_person_try_again(stand: Stand, account: str) -> None:
    differing(stand, account)
    send(stand, account, document(stand, account, "diploma"))
    stand.act(
        "decide_identity", OPERATOR, account=account, accepted=False, reason="нечитаемый скан"
    )
    assert shown(stand, account) == ("active", ["ACC-03 way"])
    assert stand.messenger.sent_to(KIM.email)[-1].endswith("нечитаемый скан")
    stand.fns.people.clear()
    begin(stand, account)
    stand.after(minutes=5)
    assert shown(stand, account) == ("confirmed", [])


def test_an_operator_who_is_late_is_told_of_at_the_end_of_the_term(
    stand: Stand, account: str
) -> None:
    differing(stand, account)
    send(stand, account, document(stand, account, "diploma"))
    stand.clock.move_to(dt.datetime.fromisoformat("2026-02-03T23:59:59.999999+03:00"))
    stand.portal.tick()
    assert letters(stand) == ["Нужны дополнительные документы"]
    stand.after(microseconds=1)
    assert letters(stand)[-1] == "Проверка документов задерживается"
    overdue = stand.read("my_account", Actor(account=account)).violations[0]
    assert overdue.reason is not None
    assert overdue.reason.ru == "обещанный срок прошёл"


def test_only_an_operator_decides_and_only_what_is_in_review(stand: Stand, account: str) -> None:
    person = Actor(account=account)
    decision: dict[str, Any] = {"account": account, "accepted": True}
    assert stand.act("decide_identity", person, **decision).refusal == "forbidden"
    assert stand.act("decide_identity", OPERATOR, **decision).refusal == "absent"
    differing(stand, account)
    early = stand.act("decide_identity", OPERATOR, **decision)
    assert (early.refusal, early.state) == ("state", "with_operator")


# --- other ways


HINT = "card:2200123456789012"


def at_bank(stand: Stand, name: str = str(KIM.name)) -> str:
    of = COUNTRY.organization(0)
    stand.bank.customers[HINT] = BankCustomer(inn=of.inn, ogrn=of.ogrn, name=name, phone=KIM.phone)
    attempt: str = stand.act("begin_bank_sign_in", hint=HINT).data["attempt"]
    return attempt


def by_bank(stand: Stand, account: str, attempt: str) -> Outcome:
    return stand.act("confirm_identity_by_bank", Actor(account=account), attempt=attempt)


def test_the_bank_confirms_who_acts_for_its_customer(stand: Stand, account: str) -> None:
    attempt = at_bank(stand)
    assert by_bank(stand, account, attempt).state == "waiting"
    stand.bank.confirm()
    assert by_bank(stand, account, attempt).state == "confirmed"
    assert account_of(stand, account).confirmed_by == "bank_card"


def test_a_customer_who_declines_or_is_another_confirms_nobody(stand: Stand, account: str) -> None:
    attempt = at_bank(stand)
    stand.bank.decline()
    assert broken(by_bank(stand, account, attempt)) == ["ACC-03 way"]
    attempt = at_bank(stand, str(OTHER.name))
    stand.bank.confirm()
    assert broken(by_bank(stand, account, attempt)) == ["ACC-03 way"]
    assert account_of(stand, account).state == "active"


def by_video(stand: Stand, account: str, snils: str = KIM.snils) -> Outcome:
    return stand.act("confirm_identity_by_video", Actor(account=account), snils=snils)


def test_a_conversation_confirms_when_it_has_ended(stand: Stand, account: str) -> None:
    outcome = by_video(stand, account)
    assert outcome.state == "waiting"
    assert outcome.data["address"].startswith("https://video.test/")
    stand.after(hours=1)
    assert account_of(stand, account).state == "active"
    stand.video.end("verified")
    stand.after(minutes=1)
    confirmed = account_of(stand, account)
    assert (confirmed.state, confirmed.confirmed_by, confirmed.snils) == (
        "confirmed",
        "video",
        KIM.snils,
    )


def test_a_conversation_that_did_not_convince_is_told(stand: Stand, account: str) -> None:
    by_video(stand, account)
    stand.video.end("refused", "face_mismatch")
    stand.after(minutes=1)
    assert account_of(stand, account).state == "active"
    assert stand.messenger.sent_to(KIM.email) == ["Видеозвонок: лицо не совпало с паспортом."]


def test_a_silent_video_service_is_waited_for(stand: Stand, account: str) -> None:
    stand.video.down = True
    assert by_video(stand, account).refusal == "later"
    stand.video.down = False
    by_video(stand, account)
    stand.video.end("verified")
    stand.video.down = True
    stand.after(hours=2)
    stand.video.down = False
    stand.after(hours=1)
    assert account_of(stand, account).state == "confirmed"


def test_a_wrong_snils_leads_to_no_conversation(stand: Stand, account: str) -> None:
    assert broken(by_video(stand, account, "1")) == ["ACC-03 way"]


def test_a_service_centre_confirms_in_person_or_does_not(stand: Stand, account: str) -> None:
    refusal = stand.act(
        "confirm_identity_in_person", OPERATOR, inn=KIM.inn, refused_for="паспорт не показан"
    )
    assert broken(refusal) == ["ACC-03 way"]
    visit = stand.act("confirm_identity_in_person", OPERATOR, inn=KIM.inn)
    assert visit.state == "confirmed"
    assert account_of(stand, account).confirmed_by == "visit"
    again = stand.act("confirm_identity_in_person", OPERATOR, inn=KIM.inn)
    assert (again.refusal, again.state) == ("state", "confirmed")
    person = Actor(account=account)
    assert stand.act("confirm_identity_in_person", person, inn=KIM.inn).refusal == "forbidden"


def test_who_is_confirmed_otherwise_meanwhile_stays_so(stand: Stand, account: str) -> None:
    stand.mvd.passports[PASSPORT.series, PASSPORT.number] = ("lost", ())
    begin(stand, account)
    stand.act("confirm_identity_in_person", OPERATOR, inn=KIM.inn)
    stand.after(hours=1)
    assert shown(stand, account) == ("confirmed", [])
    assert letters(stand) == ["Личность подтверждена"]


def test_the_journal_names_every_step(stand: Stand, account: str) -> None:
    differing(stand, account)
    send(stand, account, document(stand, account, "diploma"))
    stand.act("decide_identity", OPERATOR, account=account, accepted=True)
    lines = [json.loads(line.body) for line in stand.store.journal(account)][2:]
    assert [(line["action"], line["result"]) for line in lines] == [
        ("confirm_identity", "checking"),
        ("check_identity", "with_operator"),
        ("send_identity_documents", "received"),
        ("confirm_identity", "confirmed"),
    ]
    assert lines[-1]["operator"] == "Петрова"
