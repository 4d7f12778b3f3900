"""Routes of video verification: sessions for the portal, a link for the applicant, a record."""

import datetime as dt
from typing import Final

from pydantic import BaseModel, ConfigDict

from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call, Service
from mocks.video_id.requests import (
    LONGEST_AHEAD_DAYS,
    Cancellation,
    Moment,
    SessionRequest,
)
from mocks.video_id.sessions import (
    BAD_VIDEO,
    CONSENT,
    FALSE_REFUSAL,
    LOST_RECORDING,
    RECORD_YEARS,
    SERVICE,
    Recording,
    Session,
    Sessions,
)
from mocks.video_id.verdict import Shown
from world.dates import anniversary
from world.documents import printed_date
from world.file_formats import file_content

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        BAD_VIDEO: "оператор не видит лица или документа: нужен повторный разговор",
        FALSE_REFUSAL: "оператор не узнаёт человека, который пришёл сам (OPS-07)",
        LOST_RECORDING: "видеозапись разговора теряется, заключение остаётся без неё",
    },
)


class Appearance(BaseModel):
    """What the applicant answers about the recording, and what the camera then shows."""

    model_config = ConfigDict(extra="forbid")

    consent: bool
    shown: Shown


# --- the portal


@service.post("/v1/sessions")
def create_session(call: Call) -> Answer:
    """A session for a person: 201; 200 for the same request again."""
    asked = call.request.read(SessionRequest)
    opens_us = call.now_us if asked.starts_at is None else _opens_us(call, asked.starts_at)
    sessions = call.tenant.state(Sessions)
    session, is_new = sessions.create(asked, opens_us, call.key, call.now_us)
    return json_answer(sessions.view(session), 201 if is_new else 200)


@service.get("/v1/sessions/{session_id}")
def show_session(call: Call) -> Answer:
    """Where a session stands."""
    return _shown(call, _session(call))


@service.post("/v1/sessions/{session_id}/reschedule")
def reschedule_session(call: Call) -> Answer:
    """Another time: the old link stops working."""
    asked = call.request.read(Moment)
    session = _session(call)
    opens_us = _opens_us(call, asked.starts_at)
    call.tenant.state(Sessions).reschedule(session, opens_us, call.now_us)
    return _shown(call, session)


@service.post("/v1/sessions/{session_id}/cancel")
def cancel_session(call: Call) -> Answer:
    """Call a session off."""
    asked = call.request.read(Cancellation)
    session = _session(call)
    call.tenant.state(Sessions).cancel(session, asked.reason, call.now_us)
    return _shown(call, session)


@service.get("/v1/sessions/{session_id}/recording")
def show_recording(call: Call) -> Answer:
    """What is known of the video; Refusal 404 before there is one, 410 if it is lost."""
    session, recording = _recording(call)
    ended = call.tenant.clock.calendar.date(recording.ended_us)
    return json_answer(
        {
            "recording_id": recording.id,
            "session_id": session.id,
            "began": moment(call.tenant, recording.began_us),
            "ended": moment(call.tenant, recording.ended_us),
            "kept_until": anniversary(ended, RECORD_YEARS).isoformat(),
        }
    )


@service.get("/v1/sessions/{session_id}/protocol")
def show_protocol(call: Call) -> Answer:
    """The protocol of the conversation as a PDF; refusals as of the video."""
    session, recording = _recording(call)
    result = "личность подтверждена"
    if session.refusal is not None:
        result = f"личность не подтверждена: {session.refusal.message}"
    calendar = call.tenant.clock.calendar
    lines = (
        f"Протокол видеоверификации {session.id}",
        f"СНИЛС заявителя: {session.claimed.snils}",
        f"Дата разговора: {printed_date(calendar.date(recording.began_us))}",
        f"Согласие: {CONSENT}",
        f"Видеозапись: {recording.id}",
        f"Заключение: {result}",
    )
    return Answer(200, file_content("pdf", lines), "application/pdf")


service.get("/v1/events")(feed_page)


# --- the applicant


@service.get("/join/{token}")
def show_link(call: Call) -> Answer:
    """What the applicant sees by the link before agreeing to the recording."""
    session = call.tenant.state(Sessions).by_token(call.values["token"])
    return json_answer(
        {
            "starts_at": moment(call.tenant, session.opens_us),
            "link_expires": moment(call.tenant, session.closes_us),
            "open": session.status != "scheduled",
            "consent_text": CONSENT,
        }
    )


@service.post("/join/{token}")
def join(call: Call) -> Answer:
    """The applicant comes: 202, and an operator takes them in turn."""
    asked = call.request.read(Appearance)
    sessions = call.tenant.state(Sessions)
    session = sessions.by_token(call.values["token"])
    if not asked.consent:
        sessions.decline(session, call.now_us)
        return _shown(call, session)
    sessions.join(session, asked.shown, call.key, call.now_us)
    return json_answer({"session_id": session.id, "status": "in_queue"}, 202)


def _session(call: Call) -> Session:
    return call.tenant.state(Sessions).find(call.values["session_id"])


def _shown(call: Call, session: Session) -> Answer:
    return json_answer(call.tenant.state(Sessions).view(session))


def _recording(call: Call) -> tuple[Session, Recording]:
    session = _session(call)
    if session.recording is None:
        raise Refusal(404, "no-recording", "Видеозаписи разговора ещё нет")
    if session.recording.lost:
        raise Refusal(410, "recording-lost", "Видеозапись разговора утрачена")
    return session, session.recording


def _opens_us(call: Call, starts_at: dt.datetime) -> int:
    now = call.tenant.clock.calendar.local(call.now_us)
    if not dt.timedelta() <= starts_at - now <= dt.timedelta(days=LONGEST_AHEAD_DAYS):
        message = f"starts_at: время не раньше текущего и не дальше {LONGEST_AHEAD_DAYS} дней"
        raise Refusal(422, "bad-time", message, field="starts_at")
    return call.tenant.clock.calendar.instant(starts_at)
