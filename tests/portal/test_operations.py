"""Maintenance, the state of services, reports of failures."""

import base64
from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import USE_CASES, VIEWS, Actor, Outcome
from tests.portal.people import HOME, KIM, PASSWORD, activated, code_sent_to
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.documents import EICAR
from world.file_formats import FileFormat, file_content

STAFF = Actor(operator="Ольга")
IVAN, OLEG = Actor(account="ivan", session="s1"), Actor(account="oleg", session="s2")
NOON, TWO = "2026-02-02T12:00:00+03:00", "2026-02-02T14:00:00+03:00"
UNTIL_TWO = "до 02.02.2026 14:00"


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(store=store)


def planned(stand: Stand, start: str = NOON, end: str = TWO) -> str:
    outcome = stand.act("plan_maintenance", STAFF, start=start, end=end, reason="Обновление")
    works: str = outcome.data["maintenance"]
    return works


def checked(stand: Stand) -> Outcome:
    """What comes of a use case of no consequence."""
    return stand.act("check_form", kind="legal", inn="7707083893")


# --- maintenance


def test_works_close_the_portal_from_their_beginning_to_their_end(stand: Stand) -> None:
    planned(stand)
    stand.after(hours=1, minutes=59, seconds=59)
    assert checked(stand).refusal is None
    stand.after(seconds=1)
    closed = checked(stand)
    assert (closed.state, closed.refusal, broken(closed)) == ("maintenance", "later", ["OPS-03"])
    assert closed.data == {"until": TWO, "retry_after_s": 7200}
    assert closed.violations[0].reason is not None
    assert closed.violations[0].reason.ru == UNTIL_TWO
    stand.after(hours=1, minutes=59, seconds=59)
    assert checked(stand).data["retry_after_s"] == 1
    stand.after(seconds=1)
    assert checked(stand).refusal is None


def test_of_works_that_overlap_the_latest_end_counts(stand: Stand) -> None:
    planned(stand)
    planned(stand, start="2026-02-02T13:00:00+03:00", end="2026-02-02T15:00:00+03:00")
    stand.after(hours=3, minutes=30)
    assert checked(stand).data["until"] == "2026-02-02T15:00:00+03:00"


def test_works_without_an_end_to_come_are_not_planned(stand: Stand) -> None:
    form = {"start": TWO, "end": TWO, "reason": "Обновление"}
    outcome = stand.act("plan_maintenance", STAFF, **form)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["OPS-03 end"])


def test_only_the_staff_plans_and_ends_works(stand: Stand) -> None:
    works = planned(stand)
    form = {"start": NOON, "end": TWO, "reason": "Обновление"}
    assert stand.act("plan_maintenance", IVAN, **form).refusal == "forbidden"
    assert stand.act("end_maintenance", IVAN, maintenance=works).refusal == "forbidden"


def test_works_that_are_ended_early_close_nothing_any_more(stand: Stand) -> None:
    works = planned(stand)
    stand.after(hours=3)
    ended = stand.act("end_maintenance", STAFF, maintenance=works)
    assert (ended.state, ended.data["end"]) == ("over", "2026-02-02T13:00:00+03:00")
    assert checked(stand).refusal is None
    assert stand.act("end_maintenance", STAFF, maintenance=works).refusal == "state"
    assert journal(stand, works) == [("plan_maintenance", "planned"), ("end_maintenance", "over")]


def test_works_that_have_not_begun_can_be_called_off(stand: Stand) -> None:
    stand.act("end_maintenance", STAFF, maintenance=planned(stand))
    stand.after(hours=3)
    assert checked(stand).refusal is None


def test_works_that_are_over_by_themselves_cannot_be_ended(stand: Stand) -> None:
    works = planned(stand)
    stand.after(hours=4)
    assert stand.act("end_maintenance", STAFF, maintenance=works).refusal == "state"


def test_there_are_no_works_of_that_name(stand: Stand) -> None:
    assert stand.act("end_maintenance", STAFF, maintenance="x").refusal == "absent"


def test_during_works_one_comes_in_and_reads_the_status_of_applications(stand: Stand) -> None:
    activated(stand)
    planned(stand)
    stand.after(hours=3)
    begun = stand.act("sign_in", HOME, login=KIM.phone, password=PASSWORD)
    entered = stand.act(
        "enter_sign_in_code",
        HOME,
        sign_in=begun.data["sign_in"],
        code=code_sent_to(stand, KIM.phone),
    )
    own = Actor(account=entered.data["account"], session=entered.data["session"])
    assert stand.read("registrations", own).state == "shown"
    assert stand.read("registration", own, organization="x").refusal == "absent"
    assert stand.read("my_organizations", own).state == "shown"
    assert broken(stand.read("list_documents", own)) == ["OPS-03"]
    assert stand.act("sign_out", own).refusal is None


def test_what_was_refused_during_works_is_done_under_the_same_key_after_them(
    stand: Stand,
) -> None:
    planned(stand)
    stand.after(hours=2)
    form: dict[str, Any] = {"kind": "legal", "inn": "7707083893"}
    assert stand.act("check_form", key="k", **form).refusal == "later"
    stand.after(hours=2)
    assert stand.act("check_form", key="k", **form).refusal is None


def test_during_works_nothing_stays_open_but_status_coming_in_and_going_out() -> None:
    acts = {name for name, case in USE_CASES.items() if case.during_maintenance}
    views = {name for name, shown in VIEWS.items() if shown.during_maintenance}
    assert views == {
        "service_status",
        "browser",
        "registration",
        "registrations",
        "my_organizations",
        "application_card",
        "applications",
    }
    assert acts == {
        "sign_in",
        "enter_sign_in_code",
        "resend_sign_in_code",
        "confirm_sign_in",
        "continue_sign_in",
        "set_password_and_sign_in",
        "begin_signature_sign_in",
        "sign_in_by_signature",
        "begin_bank_sign_in",
        "finish_bank_sign_in",
        "begin_qr_sign_in",
        "confirm_qr",
        "finish_qr_sign_in",
        "begin_esia_sign_in",
        "finish_esia_sign_in",
        "sign_in_by_profile",
        "sign_out",
    }


# --- the state of services


def test_while_all_works_there_is_nothing_to_tell(stand: Stand) -> None:
    shown = stand.read("service_status")
    assert (shown.state, dict(shown.data), shown.violations) == (
        "working",
        {"maintenance": [], "silent": []},
        (),
    )


def test_maintenance_is_told_before_during_and_not_after(stand: Stand) -> None:
    works = planned(stand)
    line = {"maintenance": works, "start": NOON, "end": TWO, "reason": "Обновление"}
    before = stand.read("service_status")
    assert (before.state, before.violations) == ("working", ())
    assert before.data["maintenance"] == [{**line, "state": "planned"}]
    stand.after(hours=2)
    during = stand.read("service_status")
    assert (during.state, during.refusal, broken(during)) == ("maintenance", None, ["OPS-03"])
    assert during.data["maintenance"] == [{**line, "state": "going_on"}]
    stand.after(hours=2)
    assert stand.read("service_status").data["maintenance"] == []


def test_silent_systems_are_told_by_name_and_that_a_status_may_lag(stand: Stand) -> None:
    stand.health.systems |= {"mvd", "egrul"}
    shown = stand.read("service_status")
    assert (shown.state, broken(shown)) == ("disturbed", ["OPS-07 egrul", "OPS-07 mvd"])
    assert shown.data["silent"] == [
        {"system": "egrul", "title": "ЕГРЮЛ"},
        {"system": "mvd", "title": "База паспортов МВД"},
    ]


# --- reports of failures


def uploaded(
    stand: Stand, kind: FileFormat = "png", actor: Actor = IVAN, comment: bytes = b""
) -> str:
    content = base64.b64encode(file_content(kind, ["Сбой"], comment=comment)).decode()
    outcome = stand.act(
        "upload_document",
        actor,
        context="form",
        document_type="attachment",
        file_name=f"Снимок.{kind}",
        content=content,
    )
    document: str = outcome.data["document"]
    return document


def report(stand: Stand, actor: Actor = IVAN, **changes: Any) -> Outcome:
    form = {
        "happened_at": "2026-02-02T09:58:00+03:00",
        "error_code": "later",
        "description": "Заявка не отправилась",
        **changes,
    }
    return stand.act("report_incident", actor, **form)


def test_a_whole_report_reaches_the_staff_with_its_screenshot(stand: Stand) -> None:
    screenshot = uploaded(stand)
    outcome = report(stand, screenshot=screenshot)
    assert outcome.state == "reported"
    told = {
        "incident": outcome.data["incident"],
        "account": "ivan",
        "happened_at": "2026-02-02T09:58:00+03:00",
        "error_code": "later",
        "screenshot": screenshot,
        "description": "Заявка не отправилась",
        "reported_at": "2026-02-02T10:00:00+03:00",
    }
    assert stand.read("incidents", STAFF).data["items"] == [told]
    content = base64.b64encode(file_content("png", ["Сбой"])).decode()
    one = stand.read("incident", STAFF, incident=told["incident"])
    assert one.data == {**told, "file_name": "Снимок.png", "content": content}


def test_reports_are_listed_from_the_latest_and_by_code(stand: Stand) -> None:
    screenshot = uploaded(stand)
    for code in ("later", "busy"):
        report(stand, screenshot=screenshot, error_code=code)
        stand.after(seconds=1)

    def listed(**query: str) -> list[str]:
        items = stand.read("incidents", STAFF, **query).data["items"]
        return [each["error_code"] for each in items]

    assert listed() == ["busy", "later"]
    assert listed(error_code="later") == ["later"]
    assert listed(error_code="x") == []


def test_a_time_without_an_offset_is_of_the_portals_zone(stand: Stand) -> None:
    report(stand, screenshot=uploaded(stand), happened_at="2026-02-02T09:58")
    (item,) = stand.read("incidents", STAFF).data["items"]
    assert item["happened_at"] == "2026-02-02T09:58:00+03:00"


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00", "9999-12-31T23:59:59-12:00"]
)
def test_a_time_at_the_end_of_all_calendars_is_none(stand: Stand, moment: str) -> None:
    outcome = report(stand, screenshot=uploaded(stand), happened_at=moment)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["OPS-06 happened_at"])
    assert stand.read("incidents", STAFF).data["items"] == []


def test_all_that_is_missing_is_asked_for_at_once_and_nothing_is_kept(stand: Stand) -> None:
    outcome = report(stand, happened_at="вчера", error_code="")
    expected = ["OPS-06 happened_at", "OPS-06 error_code", "OPS-06 screenshot"]
    assert (outcome.refusal, broken(outcome)) == ("wrong", expected)
    assert stand.read("incidents", STAFF).data["items"] == []


def test_neither_a_document_nor_anothers_picture_is_a_screenshot(stand: Stand) -> None:
    for document in (uploaded(stand, "pdf"), uploaded(stand, actor=OLEG), "x"):
        assert broken(report(stand, screenshot=document)) == ["OPS-06 screenshot"]


def test_an_infected_picture_is_no_screenshot(stand: Stand) -> None:
    stand.antivirus.down = True
    screenshot = uploaded(stand, comment=EICAR)
    assert report(stand, screenshot=screenshot).state == "reported"
    stand.antivirus.down = False
    stand.after(minutes=1)
    assert broken(report(stand, screenshot=screenshot)) == ["OPS-06 screenshot"]
    (item,) = stand.read("incidents", STAFF).data["items"]
    assert stand.read("incident", STAFF, incident=item["incident"]).data["content"] is None


def test_reports_are_read_by_the_staff_alone(stand: Stand) -> None:
    assert stand.read("incidents", IVAN).refusal == "forbidden"
    assert stand.read("incident", IVAN, incident="x").refusal == "forbidden"
    assert stand.read("incident", STAFF, incident="x").refusal == "absent"
