"""Video verification: links, the operator's conclusion, and what goes wrong with it."""

import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.video_id.service import service
from tests.mocks.asking import ask, ask_json
from world.records import Person

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
COUNTRY = Country([service])  # 10:00 on a Monday in Moscow, operators work from 8 to 22


def country(*kinds: str, times: int | None = None) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        fault = {"id": kind, "service": "video_id", "kind": kind, "times": times or 10**6}
        COUNTRY.tenant().plan_fault(Fault.model_validate(fault))
    return COUNTRY


def person(index: int = 2) -> Person:
    return COUNTRY.tenant().records.person(index)


def claim(of: Person, **changes: str) -> dict[str, Any]:
    claimed = {
        "snils": of.snils,
        "last_name": of.name.last,
        "first_name": of.name.first,
        "patronymic": of.name.patronymic,
        "birth_date": of.birth_date.isoformat(),
    }
    return {"request_id": "r-1", "person": {**claimed, **changes}}


def created(of: Country, body: dict[str, Any] | None = None) -> Any:
    return ask_json(of, "POST", "/video_id/v1/sessions", body or claim(person()))


def appearance(of: Person, **changes: str) -> dict[str, Any]:
    shown = {
        "face": of.snils,
        "passport_series": of.passport.series,
        "passport_number": of.passport.number,
    }
    return {"consent": True, "shown": {**shown, **changes}}


def session(of: Country, session_id: str) -> Any:
    return ask_json(of, "GET", f"/video_id/v1/sessions/{session_id}")


def concluded(of: Country, body: dict[str, Any], seen: dict[str, Any]) -> Any:
    """The session after the conversation, an hour later."""
    new = created(of, body)
    assert ask(of, "POST", new["join_url"], seen).status == 202
    of.tenant().advance(60 * MINUTE_US)
    return session(of, new["session_id"])


def test_an_applicant_with_their_own_passport_is_verified_by_an_operator() -> None:
    of = country()
    new = created(of)
    assert (new["status"], new["starts_at"]) == (
        "awaiting_applicant",
        "2026-02-02T10:00:00.000+03:00",
    )
    assert new["link_expires"] == "2026-02-02T10:30:00.000+03:00"
    assert ask(of, "POST", new["join_url"], appearance(person())).status == 202
    assert session(of, new["session_id"])["status"] == "in_conversation"
    of.tenant().advance(60 * MINUTE_US)
    done = session(of, new["session_id"])
    assert (done["status"], done["refusal"], done["join_url"]) == ("verified", None, None)
    assert done["consent"]["at"] == "2026-02-02T10:00:00.000+03:00"
    assert [step["status"] for step in done["history"]] == [
        "awaiting_applicant",
        "in_queue",
        "verified",
    ]


def test_the_same_request_gives_the_same_session_and_another_content_is_refused() -> None:
    of = country()
    first = ask(of, "POST", "/video_id/v1/sessions", claim(person()))
    again = ask(of, "POST", "/video_id/v1/sessions", claim(person()))
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    other = ask(of, "POST", "/video_id/v1/sessions", claim(person(3)))
    assert (other.status, json.loads(other.body)["error"]) == (409, "request-id-taken")


def test_the_link_works_for_half_an_hour_and_then_the_applicant_has_not_come() -> None:
    of = country()
    new = created(of)
    of.tenant().advance(30 * MINUTE_US - 1)
    assert ask(of, "GET", new["join_url"]).status == 200
    of.tenant().advance(1)
    assert ask(of, "POST", new["join_url"], appearance(person())).status == 410
    assert session(of, new["session_id"])["status"] == "no_show"


@pytest.mark.parametrize(
    ("changed", "shown", "refusal"),
    [
        ({}, {"liveness": "photo"}, ("liveness_failed", [])),
        ({}, {"liveness": "replay"}, ("liveness_failed", [])),
        ({}, {"passport_number": "000000"}, ("document_not_found", [])),
        ({"last_name": "Иванов"}, {}, ("data_mismatch", ["last_name"])),
        ({"birth_date": "1996-02-24"}, {}, ("data_mismatch", ["birth_date"])),
    ],
)
def test_what_the_camera_or_the_passport_shows_leads_to_a_named_refusal(
    changed: dict[str, str], shown: dict[str, str], refusal: tuple[str, list[str]]
) -> None:
    done = concluded(country(), claim(person(), **changed), appearance(person(), **shown))
    assert done["status"] == "refused"
    assert (done["refusal"]["code"], done["refusal"]["fields"]) == refusal


def test_another_face_or_somebody_elses_passport_is_refused() -> None:
    face = concluded(country(), claim(person()), appearance(person(), face=person(3).snils))
    assert face["refusal"]["code"] == "face_mismatch"
    thief = concluded(country(), claim(person()), appearance(person(3)))
    assert thief["refusal"]["code"] == "data_mismatch"
    assert "snils" in thief["refusal"]["fields"]


@pytest.mark.parametrize("restriction", ["lost", "expired", "invalid"])
def test_a_restricted_passport_is_refused_with_its_restriction(restriction: str) -> None:
    of = country()
    of.tenant().records.change_person(2, {"passport": {"restriction": restriction}})
    done = concluded(of, claim(person()), appearance(person()))
    assert done["refusal"]["code"] == f"document_{restriction}"


def test_without_consent_to_the_recording_there_is_no_conversation() -> None:
    of = country()
    new = created(of)
    refused = ask_json(of, "POST", new["join_url"], {**appearance(person()), "consent": False})
    assert (refused["status"], refused["refusal"]["code"]) == ("refused", "no_consent")
    assert refused["consent"] is None


def test_an_arranged_conversation_begins_at_its_time_and_not_before() -> None:
    of = country()
    new = created(of, {**claim(person()), "starts_at": "2026-02-02T12:00:00+03:00"})
    assert new["status"] == "scheduled"
    early = ask(of, "POST", new["join_url"], appearance(person()))
    assert (early.status, json.loads(early.body)["error"]) == (409, "too-early")
    of.tenant().advance(120 * MINUTE_US)
    assert ask(of, "POST", new["join_url"], appearance(person())).status == 202


@pytest.mark.parametrize(
    ("starts_at", "status"),
    [
        ("2026-02-02T09:59:59+03:00", 422),
        ("2026-02-02T10:00:00+03:00", 201),
        ("2026-02-16T10:00:00+03:00", 201),
        ("2026-02-16T10:00:01+03:00", 422),
        ("9999-12-31T23:59:59+00:00", 422),
        ("2026-02-03T10:00:00", 422),
    ],
)
def test_a_conversation_is_arranged_from_now_to_two_weeks_ahead(
    starts_at: str, status: int
) -> None:
    body = {**claim(person()), "starts_at": starts_at}
    assert ask(country(), "POST", "/video_id/v1/sessions", body).status == status


def test_a_rescheduled_session_has_another_link_and_three_changes_at_most() -> None:
    of = country()
    new = created(of)
    path = f"/video_id/v1/sessions/{new['session_id']}/reschedule"
    for hour in (12, 13, 14):
        moved = ask_json(of, "POST", path, {"starts_at": f"2026-02-02T{hour}:00:00+03:00"})
    assert ask(of, "GET", new["join_url"]).status == 410
    assert ask(of, "GET", moved["join_url"]).status == 200
    fourth = ask(of, "POST", path, {"starts_at": "2026-02-02T15:00:00+03:00"})
    assert json.loads(fourth.body)["error"] == "too-many-reschedules"
    of.tenant().advance(4 * 60 * MINUTE_US + 30 * MINUTE_US)
    assert session(of, new["session_id"])["status"] == "no_show"


def test_a_session_is_cancelled_until_the_conversation_begins() -> None:
    of = country()
    new = created(of)
    path = f"/video_id/v1/sessions/{new['session_id']}/cancel"
    cancelled = ask_json(of, "POST", path, {"reason": "выбран другой способ"})
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "выбран другой способ")
    assert ask(of, "GET", new["join_url"]).status == 410
    of = country()
    new = created(of)
    ask(of, "POST", new["join_url"], appearance(person()))
    path = f"/video_id/v1/sessions/{new['session_id']}/cancel"
    assert ask(of, "POST", path, {"reason": "поздно"}).status == 409


def test_at_night_the_applicant_waits_for_the_morning_shift() -> None:
    of = country()
    of.tenant().advance(13 * 60 * MINUTE_US)  # 23:00
    new = created(of)
    ask(of, "POST", new["join_url"], appearance(person()))
    of.tenant().advance(9 * 60 * MINUTE_US - 1)
    assert session(of, new["session_id"])["status"] == "in_queue"
    of.tenant().advance(1)  # 08:00
    assert session(of, new["session_id"])["status"] == "in_conversation"


def test_bad_video_asks_for_a_repetition_by_a_new_link_and_ends_after_the_third() -> None:
    of = country("bad_video")
    new = created(of)
    link = new["join_url"]
    seen = []
    for _ in range(3):
        assert ask(of, "POST", link, appearance(person())).status == 202
        of.tenant().advance(29 * MINUTE_US)
        now = session(of, new["session_id"])
        seen.append((now["status"], now["conversations_left"]))
        link = now["join_url"]
    assert seen == [("repeat_required", 2), ("repeat_required", 1), ("refused", 0)]
    assert now["refusal"]["code"] == "bad_video"


def test_a_repeated_conversation_may_succeed() -> None:
    of = country("bad_video", times=1)
    first = concluded(of, claim(person()), appearance(person()))
    assert first["status"] == "no_show"  # an hour has passed, the new link half an hour ago
    of = country("bad_video", times=1)
    new = created(of)
    ask(of, "POST", new["join_url"], appearance(person()))
    of.tenant().advance(29 * MINUTE_US)
    link = session(of, new["session_id"])["join_url"]
    ask(of, "POST", link, appearance(person()))
    of.tenant().advance(60 * MINUTE_US)
    assert session(of, new["session_id"])["status"] == "verified"


def test_an_outage_breaks_the_connection_and_the_applicant_may_come_again() -> None:
    of = country()
    new = created(of)
    ask(of, "POST", new["join_url"], appearance(person()))
    outage = {"id": "down", "service": "video_id", "kind": "outage", "for": "1m"}
    of.tenant().plan_fault(Fault.model_validate(outage))
    of.tenant().advance(MINUTE_US)
    broken = session(of, new["session_id"])
    assert (broken["status"], broken["reason"]) == ("repeat_required", "Связь прервалась")


def test_a_false_refusal_hits_the_right_person() -> None:
    done = concluded(country("false_refusal"), claim(person()), appearance(person()))
    assert (done["status"], done["refusal"]["code"]) == ("refused", "face_mismatch")


def test_a_recording_is_kept_five_years_with_a_protocol_or_is_lost() -> None:
    of = country()
    done = concluded(of, claim(person()), appearance(person()))
    path = f"/video_id/v1/sessions/{done['session_id']}"
    recording = ask_json(of, "GET", f"{path}/recording")
    assert recording["recording_id"] == done["recording_id"]
    assert (recording["began"], recording["kept_until"]) == (
        "2026-02-02T10:00:00.000+03:00",
        "2031-02-02",
    )
    assert ask(of, "GET", f"{path}/protocol").body.startswith(b"%PDF-")
    of = country("lost_recording")
    done = concluded(of, claim(person()), appearance(person()))
    assert done["status"] == "verified"
    lost = ask(of, "GET", f"/video_id/v1/sessions/{done['session_id']}/recording")
    assert (lost.status, json.loads(lost.body)["error"]) == (410, "recording-lost")


def test_the_feed_tells_every_change_of_a_session() -> None:
    of = country()
    done = concluded(of, claim(person()), appearance(person()))
    events = ask_json(of, "GET", "/video_id/v1/events")["events"]
    assert [event["id"] for event in events] == [
        f"{done['session_id']}/1/awaiting_applicant",
        f"{done['session_id']}/2/in_queue",
        f"{done['session_id']}/3/verified",
    ]
    assert events[-1]["session"] == done


@pytest.mark.parametrize(
    "body",
    [
        {"request_id": "r 1", "person": {}},
        {**claim(person()), "extra": 1},
        claim(person(), snils="72559357433"),
        {"request_id": "r-1"},
    ],
)
def test_wrong_requests_are_refused(body: dict[str, Any]) -> None:
    assert ask(country(), "POST", "/video_id/v1/sessions", body).status == 422
