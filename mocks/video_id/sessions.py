"""Sessions of video verification: from the link to the operator's conclusion."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.jobs import Job
from mocks.core.moments import moment
from mocks.core.register import Register, new_id
from mocks.core.tenant import Tenant
from mocks.video_id.requests import Claimed, SessionRequest
from mocks.video_id.verdict import Refused, Shown, conclusion
from world.microseconds import MINUTE_US

__all__ = [
    "BAD_VIDEO", "FALSE_REFUSAL", "LOST_RECORDING", "Recording", "Session", "Sessions",
]  # fmt: skip

SERVICE: Final = "video_id"
BAD_VIDEO, FALSE_REFUSAL, LOST_RECORDING = "bad_video", "false_refusal", "lost_recording"

LINK_US: Final = 30 * MINUTE_US
"""Assumption: half an hour to come by a link, from the arranged time on."""

CONVERSATIONS: Final = 3
"""Assumption: how often a conversation that failed technically may be repeated, the first one
included."""

RESCHEDULES: Final = 3
"""Assumption."""

RECORD_YEARS: Final = 5
"""115-ФЗ, art. 7, part 4: what an identification rests on is kept for five years at least."""

CONSENT: Final = "Согласен на видеозапись разговора и обработку изображения лица"

_MOST_SESSIONS: Final = 10_000  # the latest
_MOST_STEPS: Final = 50  # of a session's history, the latest

Status: TypeAlias = Literal[
    "scheduled", "awaiting_applicant", "in_queue", "in_conversation", "repeat_required",
    "verified", "refused", "cancelled", "no_show",
]  # fmt: skip

TITLES: Final[dict[Status, str]] = {
    "scheduled": "Разговор назначен",
    "awaiting_applicant": "Ожидается заявитель",
    "in_queue": "Заявитель ожидает оператора",
    "in_conversation": "Идёт разговор",
    "repeat_required": "Требуется повторный разговор",
    "verified": "Личность подтверждена",
    "refused": "Личность не подтверждена",
    "cancelled": "Отменено",
    "no_show": "Заявитель не явился",
}

WAITING: Final[tuple[Status, ...]] = ("scheduled", "awaiting_applicant", "repeat_required")
"""The applicant is still to come."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A kept video of a conversation, and the consent to it."""

    id: str
    began_us: int
    ended_us: int
    lost: bool


@dataclass(eq=False)
class Session:
    """One verification of `claimed`; `token` is that of the link which works now."""

    id: str
    request_id: str
    claimed: Claimed
    key: DrawKey
    status: Status
    opens_us: int
    token: str = ""
    links: int = 0
    conversations: int = 0
    reschedules: int = 0
    shown: Shown | None = None
    consented_us: int | None = None
    refusal: Refused | None = None
    reason: str | None = None
    recording: Recording | None = None
    job: Job | None = None
    history: list[tuple[int, Status]] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def closes_us(self) -> int:
        """From when on the link no longer works."""
        return self.opens_us + LINK_US


class Sessions:
    """The sessions of one tenant, the latest 10,000. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._sessions: Register[Session] = Register(_MOST_SESSIONS, self._drop)
        self._by_token: dict[str, Session] = {}

    # --- the portal's side

    def create(
        self, asked: SessionRequest, opens_us: int, key: DrawKey, now_us: int
    ) -> tuple[Session, bool]:
        """A session for `asked` and whether it is new; the same request again finds it."""
        found = self._sessions.repeated(asked)
        if found is not None:
            return found, False
        session_id = new_id(key, "session")
        session = Session(session_id, asked.request_id, asked.person, key, "scheduled", opens_us)
        self._sessions.keep(session_id, session, asked)
        self._arrange(session, opens_us, now_us)
        return session, True

    def find(self, session_id: str) -> Session:
        """The session of that id; Refusal 404."""
        session = self._sessions.find(session_id)
        if session is None:
            raise Refusal(404, "no-such-session", f"Нет сеанса {session_id}")
        return session

    def reschedule(self, session: Session, opens_us: int, now_us: int) -> None:
        """Another time and another link; Refusal 409 once the applicant is there, or too often."""
        _require(session, *WAITING)
        if session.reschedules >= RESCHEDULES:
            raise Refusal(409, "too-many-reschedules", f"Перенести можно {RESCHEDULES} раза")
        session.reschedules += 1
        self._arrange(session, opens_us, now_us)

    def cancel(self, session: Session, reason: str, now_us: int) -> None:
        """Call it off, also while the applicant waits; Refusal 409 once they talk."""
        _require(session, *WAITING, "in_queue")
        if session.job is not None:
            self._tenant.jobs(SERVICE).withdraw(session.job, now_us)
        self._close(session, "cancelled", now_us, reason=reason)

    # --- the applicant's side

    def by_token(self, token: str) -> Session:
        """Whose link it is; Refusal 410 if it is nobody's any more."""
        session = self._by_token.get(token)
        if session is None:
            raise Refusal(410, "link-expired", "Ссылка не действует: запросите новую")
        return session

    def join(self, session: Session, shown: Shown, key: DrawKey, now_us: int) -> None:
        """The applicant comes, agrees to the recording and waits for an operator.

        Refusal 409 before the arranged time or a second time, 503 if no waiting place is left.
        """
        if session.status == "scheduled":
            at = moment(self._tenant, session.opens_us)
            raise Refusal(409, "too-early", f"Разговор назначен на {at}")
        _require(session, "awaiting_applicant", "repeat_required")
        job = Job(session.id, key, lambda job: self._talked(session, shown, job))
        if not self._tenant.jobs(SERVICE).submit(job, now_us):
            message = "Все места в очереди к оператору заняты"
            raise Refusal(503, "queue-full", message, retry_after_s=60)
        session.job, session.shown, session.consented_us = job, shown, now_us
        self._forget_link(session)
        self._move(session, "in_queue", now_us)

    def decline(self, session: Session, now_us: int) -> None:
        """The applicant does not agree to the recording, without which there is no conversation."""
        _require(session, *WAITING)
        message = "Заявитель не дал согласия на видеозапись"
        self._close(session, "refused", now_us, Refused("no_consent", message))

    # --- what happens by itself

    def _arrange(self, session: Session, opens_us: int, now_us: int) -> None:
        self._forget_link(session)
        session.links += 1
        session.opens_us = opens_us
        session.token = new_id(session.key, f"link {session.links}").replace("-", "")
        self._by_token[session.token] = session
        agenda, token = self._tenant.agenda, session.token
        session.appointments = [
            agenda.at(session.closes_us, lambda at_us: self._miss(session, token, at_us))
        ]
        if opens_us > now_us:
            self._move(session, "scheduled", now_us)
            session.appointments.append(
                agenda.at(opens_us, lambda at_us: self._open(session, at_us))
            )
        elif session.status != "repeat_required":
            self._move(session, "awaiting_applicant", now_us)

    def _open(self, session: Session, now_us: int) -> None:
        self._move(session, "awaiting_applicant", now_us)

    def _miss(self, session: Session, token: str, now_us: int) -> None:
        if session.token == token:
            self._close(session, "no_show", now_us)

    def _talked(self, session: Session, shown: Shown, job: Job) -> None:
        now_us = self._tenant.now_us if job.ended_us is None else job.ended_us
        session.job = None
        session.conversations += 1
        begun_us = now_us if job.started_us is None else job.started_us
        if job.state == "failed":
            self._repeat(session, "connection_lost", "Связь прервалась", now_us)
            return
        if self._hit(BAD_VIDEO, session):
            self._repeat(session, "bad_video", "Качество видео недостаточно", now_us)
            return
        lost = self._hit(LOST_RECORDING, session)
        number = f"recording {session.conversations}"
        session.recording = Recording(new_id(session.key, number), begun_us, now_us, lost)
        refusal = conclusion(session.claimed, shown, self._tenant.records)
        if refusal is None and self._hit(FALSE_REFUSAL, session):
            refusal = Refused("face_mismatch", "Лицо не похоже на фотографию в паспорте")
        self._close(session, "verified" if refusal is None else "refused", now_us, refusal)

    def _repeat(self, session: Session, code: str, message: str, now_us: int) -> None:
        """Let them talk again by a new link, as often as is allowed."""
        if session.conversations >= CONVERSATIONS:
            self._close(session, "refused", now_us, Refused(code, message))
            return
        session.reason = message
        session.status = "repeat_required"
        self._arrange(session, now_us, now_us)
        self._move(session, "repeat_required", now_us)

    def _close(
        self,
        session: Session,
        status: Status,
        now_us: int,
        refusal: Refused | None = None,
        reason: str | None = None,
    ) -> None:
        session.refusal, session.reason, session.job = refusal, reason, None
        self._forget_link(session)
        self._move(session, status, now_us)

    def _move(self, session: Session, status: Status, now_us: int) -> None:
        session.status = status
        session.history.append((now_us, status))
        del session.history[:-_MOST_STEPS]
        event = {"kind": "session", "session": self.view(session)}
        number = len(session.history)
        event_id = f"{session.id}/{number}/{status}"
        key = session.key.about(f"event {number} {status}")
        self._tenant.feed(SERVICE).publish(event_id, event, key, now_us)

    def _forget_link(self, session: Session) -> None:
        self._by_token.pop(session.token, None)
        session.token = ""
        for appointment in session.appointments:
            appointment.cancel()
        session.appointments = []

    def _drop(self, session: Session) -> None:
        self._forget_link(session)
        if session.job is not None:
            self._tenant.jobs(SERVICE).withdraw(session.job, self._tenant.now_us)

    def _hit(self, kind: str, session: Session) -> bool:
        key = session.key.about(f"conversation {session.conversations}")
        return self._tenant.hit(kind, SERVICE, key)

    # --- reading

    def view(self, session: Session) -> dict[str, Any]:
        """The session as answers and events show it."""
        status = _status(session)
        has_link = bool(session.token)
        return {
            "session_id": session.id,
            "request_id": session.request_id,
            "snils": session.claimed.snils,
            "status": status,
            "status_title": TITLES[status],
            "starts_at": moment(self._tenant, session.opens_us),
            "join_url": f"/video_id/join/{session.token}" if has_link else None,
            "link_expires": moment(self._tenant, session.closes_us) if has_link else None,
            "conversations": session.conversations,
            "conversations_left": CONVERSATIONS - session.conversations,
            "consent": self._consent(session),
            "reason": session.reason,
            "refusal": self._refusal(session),
            "recording_id": None if session.recording is None else session.recording.id,
            "history": [
                {"at": moment(self._tenant, at_us), "status": status}
                for at_us, status in session.history
            ],
        }

    def _consent(self, session: Session) -> dict[str, str] | None:
        if session.consented_us is None:
            return None
        return {"text": CONSENT, "at": moment(self._tenant, session.consented_us)}

    @staticmethod
    def _refusal(session: Session) -> dict[str, Any] | None:
        refusal = session.refusal
        if refusal is None:
            return None
        return {"code": refusal.code, "message": refusal.message, "fields": list(refusal.fields)}


def _status(session: Session) -> Status:
    """Where it stands, told by the work on it while an operator talks."""
    talking = session.job is not None and session.job.state in ("in_service", "suspended")
    return "in_conversation" if talking else session.status


def _require(session: Session, *statuses: Status) -> None:
    if _status(session) not in statuses:
        title = TITLES[_status(session)]
        raise Refusal(409, "wrong-state", f"Сеанс в состоянии «{title}»: действие невозможно")
