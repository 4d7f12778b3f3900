"""The verification of a registered organization, from the submission to the last check."""

import base64
import datetime as dt
import json

import pytest

from portal.organizations.organization import Organization
from portal.ports.store import Store
from portal.ports.verification import Agency, Remark
from portal.registration.register_watch import profile_of, reflected
from portal.rules.registration import Reflected, register_changes_arrive
from portal.rules.verification import (
    Changed,
    FastComparison,
    FinishedCheck,
    Submitted,
    change_begins_anew,
    completion_is_told,
    fast_comparison,
    shown_in_verification,
)
from portal.store.unit import Unit
from portal.tasks import Task
from portal.use_case import Actor
from portal.verification.verification import Verification
from tests.portal.applicants import Applicant, applicant, open_account
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))  # a Monday
TICK = dt.timedelta(microseconds=1)
ADDRESS = Remark("address", "Адрес не совпадает с записью реестра")


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Applicant:
    """An application that has just been filed."""
    made = applicant(stand, LEGAL[0])
    made.prepare()
    assert made.register().state == "verifying"
    return made


@pytest.fixture
def checked(stand: Stand, firm: Applicant) -> Applicant:
    """An application that both agencies have."""
    stand.after(minutes=1)
    return firm


def verification(made: Applicant) -> Verification:
    found = Unit(made.stand.store).get(Verification, made.organization)
    assert found is not None
    return found


def organization(made: Applicant) -> Organization:
    found = Unit(made.stand.store).get(Organization, made.organization)
    assert found is not None
    return found


def titles(made: Applicant) -> dict[Agency, str]:
    return {agency: check["title"] for agency, check in made.card().data["checks"].items()}


def told(made: Applicant, about: str) -> list[str]:
    """The channels of letters whose text begins so, in order."""
    letters = made.stand.messenger.letters.values()
    return [letter.channel for letter in letters if letter.text.startswith(about)]


# --- the comparison within minutes (VER-01, VER-08)


def test_from_the_submission_on_it_is_shown_in_verification(firm: Applicant) -> None:
    card = firm.card()
    assert (card.state, card.data["title"], card.violations) == ("verifying", "В проверке", ())
    assert titles(firm) == {"fns": "Ожидание", "pfr": "Ожидание"}
    shown = Submitted(mark=card.data["title"], titles=titles(firm))
    assert shown_in_verification(shown, firm.stand.portal.policy) == ()


def test_a_signed_set_is_confirmed_by_a_document_within_minutes(
    stand: Stand, firm: Applicant
) -> None:
    submitted = stand.clock.now()
    stand.after(seconds=59)
    assert firm.card().data["confirmation"] is None
    stand.after(seconds=1)
    confirmation = firm.card().data["confirmation"]
    document = stand.read("document_content", firm.actor, document=confirmation)
    assert document.data["file_name"] == "Подтверждение регистрации.pdf"
    assert base64.b64decode(document.data["content"]).startswith(b"%PDF-")
    assert told(firm, "Регистрация подтверждена") == ["sms", "email"]
    claim = FastComparison(
        differing=[],
        submitted=submitted,
        compared=stand.clock.now(),
        answering_since=None,
        has_document=True,
    )
    assert fast_comparison(claim, stand.portal.policy) == ()


def test_then_both_agencies_get_the_data(stand: Stand, checked: Applicant) -> None:
    form, record = checked.filed.form, checked.record
    assert [each[0] for each in stand.verification.submitted] == ["fns", "pfr"]
    last, first, patronymic = form.head_name.split(maxsplit=2)
    assert stand.verification.submitted[0][2] == {
        "inn": form.inn,
        "ogrn": form.ogrn,
        "kpp": form.kpp,
        "full_name": form.full_name,
        "address": form.legal_address,
        "registered": record.registered.isoformat(),
        "capital_kopecks": str(record.capital_kopecks),
        "head_last_name": last,
        "head_first_name": first,
        "head_patronymic": patronymic,
        "head_inn": form.head_inn,
    }


def test_a_set_that_differs_by_then_is_queried_and_corrected(stand: Stand, firm: Applicant) -> None:
    stand.registers.change(firm.record.ogrn, address="101000, г. Москва, ул. Новая, д. 1")
    stand.after(minutes=1)
    card = firm.card()
    assert (card.state, broken(card)) == ("remarks", ["VER-08 legal_address"])
    assert card.data["differences"] == [
        {
            "rule": "REG-04",
            "field": "legal_address",
            "text": "в реестре: 101000, г. Москва, ул. Новая, д. 1",
        }
    ]
    sent = stand.messenger.sent_to(firm.filed.form.contact_phone)
    assert sent[-1].endswith("Расхождения: legal_address.")
    assert stand.verification.submitted == []
    again = firm.resubmit(legal_address="101000, г. Москва, ул. Новая, д. 1")
    assert (again.state, again.violations) == ("verifying", ())
    stand.after(minutes=1)
    assert firm.card().violations == ()
    assert len(stand.verification.submitted) == 2


# --- systems that do not answer (VER-09)


def test_a_silent_register_is_waited_for(stand: Stand, firm: Applicant) -> None:
    stand.registers.down = True
    stand.after(minutes=1)
    assert (firm.card().state, broken(firm.card())) == ("verifying", ["VER-09 egrul"])
    stand.after(hours=20)
    assert firm.card().state == "verifying"
    stand.registers.down = False
    stand.after(hours=1)
    assert firm.card().violations == ()
    assert firm.card().data["confirmation"] is not None


@pytest.mark.parametrize("minutes", [0, 31])
def test_a_silent_agency_is_waited_for_before_and_after_it_has_the_case(
    stand: Stand, firm: Applicant, minutes: int
) -> None:
    stand.verification.down = not minutes
    stand.after(minutes=1)
    stand.verification.down = True
    stand.after(minutes=minutes)
    stand.after(hours=50)
    card = firm.card()
    assert card.state == "verifying"
    assert broken(card) == ["VER-09 fns", "VER-09 pfr"]
    stand.verification.down = False
    stand.after(hours=1)
    assert firm.card().violations == ()
    assert [each[0] for each in stand.verification.submitted] == ["fns", "pfr"]


def test_a_case_that_an_agency_has_lost_is_opened_anew(stand: Stand, checked: Applicant) -> None:
    stand.verification.cases.clear()
    stand.after(minutes=30)
    assert [each[0] for each in stand.verification.submitted] == ["fns", "pfr", "fns", "pfr"]
    assert len({each[1] for each in stand.verification.submitted}) == 4
    assert checked.card().state == "verifying"


def test_what_an_agency_says_of_another_organizations_case_counts_for_nothing(
    stand: Stand, checked: Applicant
) -> None:
    for number in tuple(stand.verification.cases):
        stand.verification.of[number] = "7715970401"  # the agency has begun to count anew
    stand.verification.answer("fns", "completed")
    stand.verification.answer("pfr", "completed")
    stand.after(minutes=30)
    assert [each[0] for each in stand.verification.submitted] == ["fns", "pfr", "fns", "pfr"]
    assert checked.card().state == "verifying"


# --- the checks (VER-03, VER-05, VER-07, VER-10)


def test_the_end_of_each_check_is_told_and_after_both_it_is_verified(
    stand: Stand, checked: Applicant
) -> None:
    stand.verification.answer("fns", "completed")
    stand.after(minutes=30)
    assert titles(checked) == {"fns": "Завершено", "pfr": "В процессе"}
    done = FinishedCheck(agency="fns", told=told(checked, "Проверка ФНС завершена"))
    assert completion_is_told(done, stand.portal.policy) == ()
    assert checked.card().state == "verifying"
    stand.verification.answer("pfr", "completed")
    stand.after(minutes=31)
    assert checked.card().state == "verified"
    assert told(checked, "Проверка ПФР завершена") == ["sms", "email"]
    assert told(checked, "Проверка завершена") == ["sms", "email"]
    assert verification(checked).finished == stand.clock.now()


def test_remarks_are_listed_and_corrected_any_number_of_times(
    stand: Stand, checked: Applicant
) -> None:
    for round_ in range(2, 5):
        stand.verification.answer("fns", "remarks", ADDRESS)
        stand.verification.answer("pfr", "completed")
        stand.after(hours=1)
        card = checked.card()
        assert (card.state, broken(card)) == ("remarks", ["VER-03 address"])
        assert card.data["checks"]["fns"]["remarks"] == [
            {"field": "address", "text": "Адрес не совпадает с записью реестра"}
        ]
        again = checked.resubmit()
        assert (again.state, again.data["round"]) == ("verifying", round_)
        stand.after(minutes=1)
    stand.verification.answer("fns", "completed")
    stand.verification.answer("pfr", "completed")
    stand.after(hours=1)
    assert checked.card().state == "verified"


def test_remarks_of_one_agency_do_not_hold_the_other_up(stand: Stand, checked: Applicant) -> None:
    stand.verification.answer("fns", "remarks", ADDRESS)
    stand.after(minutes=30)
    stand.verification.answer("pfr", "completed")
    stand.after(minutes=31)
    assert titles(checked) == {"fns": "Завершено", "pfr": "Завершено"}
    assert checked.card().state == "remarks"


def test_an_agency_is_asked_seldom_until_checks_end_as_a_rule(
    stand: Stand, checked: Applicant
) -> None:
    begun, asked = verification(checked).begun, []
    for _ in range(9):
        planned = Unit(stand.store).get(Task, f"poll_agency/{checked.organization}/fns")
        assert planned is not None
        asked.append((planned.due - begun) // dt.timedelta(minutes=1))
        stand.clock.move(planned.due - stand.clock.now())
        stand.portal.tick()
    # Half an hour after it was sent, twice as late each time, after a day a twelfth later.
    assert asked == [31, 62, 124, 248, 496, 992, 1440, 1560, 1690]


def test_an_officers_query_is_sent_to_the_person_in_charge_and_waits_for_an_answer(
    stand: Stand, checked: Applicant
) -> None:
    stand.verification.answer("pfr", "clarification", Remark("full_name", "Уточните название"))
    stand.after(minutes=30)
    card = checked.card()
    assert (card.state, broken(card)) == ("remarks", ["VER-10 answer"])
    assert "Уточните название" in stand.messenger.sent_to(checked.filed.form.contact_phone)[-1]
    unanswered = checked.resubmit(answer=" ")
    assert (unanswered.refusal, broken(unanswered)) == ("wrong", ["VER-10 answer"])
    stand.after(days=2)
    assert checked.card().state == "remarks"
    assert checked.resubmit(answer="Название по уставу").state == "verifying"
    stand.after(minutes=1)
    assert ("pfr", "Название по уставу") in stand.verification.replies
    assert titles(checked)["pfr"] == "Ожидание"


# --- changes during the verification (VER-01, VER-04)


def test_changed_data_are_verified_from_the_beginning(stand: Stand, checked: Applicant) -> None:
    before = verification(checked)
    stand.after(days=1)
    again = checked.resubmit(site="https://firm.test")
    assert again.state == "verifying"
    after = verification(checked)
    stand.after(minutes=1)
    agencies = [each[0] for each in stand.verification.submitted[2:]]
    claim = Changed(before=before.round, after=after.round, agencies=agencies)
    assert change_begins_anew(claim, stand.portal.policy) == ()
    assert after.due - before.due == dt.timedelta(days=1)


def test_what_an_agency_says_of_the_data_before_a_change_counts_no_more(
    stand: Stand, checked: Applicant
) -> None:
    stand.verification.answer("fns", "remarks", ADDRESS)
    checked.resubmit(site="https://firm.test")
    stand.after(hours=1)
    assert checked.card().violations == ()
    assert checked.card().state == "verifying"


def test_the_same_data_are_not_verified_once_more(stand: Stand, checked: Applicant) -> None:
    same = checked.resubmit()
    assert (same.refusal, broken(same)) == ("state", ["VER-01"])
    assert verification(checked).round == 1


def test_a_correction_is_checked_by_the_rules_of_registration(
    stand: Stand, checked: Applicant
) -> None:
    wrong = checked.resubmit(phone="8", ogrn=applicant(stand, LEGAL[1]).filed.form.ogrn)
    assert broken(wrong) == ["ID-09 phone", "REG-02 ogrn"]
    assert verification(checked).round == 1


def test_a_verified_organization_is_not_sent_again(stand: Stand, checked: Applicant) -> None:
    stand.verification.answer("fns", "completed")
    stand.verification.answer("pfr", "completed")
    stand.after(hours=1)
    assert checked.resubmit(site="x").refusal == "state"


# --- the guaranteed term (VER-02, VER-06)


def test_the_term_is_five_working_days_and_then_priority_is_raised(
    stand: Stand, checked: Applicant
) -> None:
    due = verification(checked).due
    # 20 April 2026 is a Monday: the term ends with the last moment of Monday 27 April.
    assert due.isoformat() == "2026-04-27T23:59:59.999999+03:00"
    stand.clock.move_to(due)
    early = stand.act("raise_priority", checked.actor, organization=checked.organization)
    assert (early.refusal, broken(early)) == ("state", ["VER-06 due"])
    assert checked.card().violations == ()
    stand.clock.move(TICK)
    assert broken(checked.card()) == ["VER-02 due"]
    raised = stand.act("raise_priority", checked.actor, organization=checked.organization)
    assert raised.state == "urgent"
    stand.portal.tick()
    assert len(stand.verification.hurried) == 2
    assert checked.card().data["urgent"] is True


def test_a_check_that_is_over_is_not_hurried(stand: Stand, checked: Applicant) -> None:
    stand.verification.answer("fns", "completed")
    stand.after(days=9)
    stand.act("raise_priority", checked.actor, organization=checked.organization)
    stand.portal.tick()
    assert [number.partition("-")[0] for number in stand.verification.hurried] == ["pfr"]


def test_a_silent_agency_is_hurried_once_it_answers(stand: Stand, checked: Applicant) -> None:
    stand.after(days=9)
    stand.verification.down = True
    stand.act("raise_priority", checked.actor, organization=checked.organization)
    stand.after(hours=5)
    assert stand.verification.hurried == []
    stand.verification.down = False
    stand.after(hours=1)
    assert len(stand.verification.hurried) == 2


# --- who sees it


def test_the_card_of_another_is_not_there_and_the_attempt_is_noted(
    stand: Stand, firm: Applicant
) -> None:
    stranger = open_account(stand, COUNTRY.person(999))
    for outcome in (
        stand.read("registration", stranger, organization=firm.organization),
        stand.act("raise_priority", stranger, organization=firm.organization),
    ):
        assert outcome.refusal == "absent"
    lines = [json.loads(each.body) for each in stand.store.journal(firm.organization)]
    assert [each["result"] for each in lines[-2:]] == ["another's", "another's"]
    assert stand.read("registration", Actor(), organization=firm.organization).refusal == (
        "unauthenticated"
    )


def test_applications_are_listed_for_who_has_filed_them(stand: Stand, firm: Applicant) -> None:
    items = stand.read("registrations", firm.actor).data["items"]
    assert [(each["organization"], each["title"]) for each in items] == [
        (firm.organization, "В проверке")
    ]


# --- changes of the register (REG-15)


def test_a_change_of_the_register_reaches_the_profile_and_is_told(
    stand: Stand, checked: Applicant
) -> None:
    stand.registers.change(
        checked.record.ogrn, address="101000, г. Москва, ул. Новая, д. 1", standing="liquidating"
    )
    stand.after(hours=1)
    told_by = told(checked, "Запись организации в ЕГРЮЛ изменилась")
    claim = Reflected(
        record=reflected(stand.registers.records[0]),
        profile=profile_of(organization(checked)),
        told=told_by,
    )
    assert register_changes_arrive(claim, stand.portal.policy) == ()
    assert told_by == ["sms", "email"]
    assert organization(checked).requisites.legal_address == "101000, г. Москва, ул. Новая, д. 1"
    assert organization(checked).standing == "liquidating"
    stand.after(hours=1)
    assert len(told(checked, "Запись организации в ЕГРЮЛ изменилась")) == 2


def test_a_change_waits_while_the_register_is_silent(stand: Stand, checked: Applicant) -> None:
    stand.registers.change(checked.record.ogrn, head_name="Иванов Иван Иванович")
    stand.registers.down = True
    stand.after(hours=3)
    assert organization(checked).requisites.head_name == checked.filed.form.head_name
    stand.registers.down = False
    stand.after(hours=1)
    assert organization(checked).requisites.head_name == "Иванов Иван Иванович"
