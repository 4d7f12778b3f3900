"""Sign-in by a QR code: shown to the browser, confirmed once in the application (AUTH-08)."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.register import new_id
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.esia.addresses import base_path
from mocks.esia.authorization import decline, go_on, with_session
from mocks.esia.errors import Declined
from mocks.esia.login_page import error_page, qr_page
from mocks.esia.login_routes import TOO_LATE
from mocks.esia.logins import Login, Logins
from mocks.esia.sessions import Sessions
from world.identifiers import is_valid_snils
from world.microseconds import SECOND_US
from world.records import Person

__all__ = ["QrCodes", "add_routes"]

State: TypeAlias = Literal["waiting", "confirmed", "declined", "expired", "used"]

_MOST: Final = 10_000  # codes, the latest
_PROBLEMS: Final[dict[State, str]] = {
    "declined": "Вход отклонён в приложении.",
    "expired": "Срок кода истёк.",
    "used": "Код уже использован.",
}


class Confirmation(BaseModel):
    """Whose application it is."""

    model_config = ConfigDict(extra="forbid")

    snils: Annotated[str, Field(max_length=20)]


@dataclass(eq=False, slots=True)
class QrCode:
    """A code for a login; it expires at model time `to_us`."""

    id: str
    login_id: str
    to_us: int
    answer: Literal["waiting", "confirmed", "declined", "used"] = "waiting"
    person: Person | None = None

    def state(self, now_us: int) -> State:
        """Its state; a confirmation must be used in the code's time too."""
        if self.answer in ("waiting", "confirmed") and now_us >= self.to_us:
            return "expired"
        return self.answer


class QrCodes:
    """QR codes of one tenant, the latest 10,000."""

    def __init__(self, _: Tenant) -> None:
        self._codes: OrderedDict[str, QrCode] = OrderedDict()

    def add(self, code: QrCode) -> None:
        """Keep a new one."""
        self._codes[code.id] = code
        if len(self._codes) > _MOST:
            self._codes.popitem(last=False)

    def find(self, code_id: str) -> QrCode:
        """The code of that id; Refusal 404."""
        code = self._codes.get(code_id)
        if code is None:
            raise Refusal(404, "no-such-code", "Такого QR-кода нет")
        return code


def add_routes(service: Service) -> None:
    """Let `service` sign people in by QR codes."""
    service.post("/login/{login_id}/qr")(_make)
    service.get("/login/{login_id}/qr/{qr_id}")(_show_page)
    service.get("/qr/{qr_id}")(_show_state)
    service.post("/app/qr/{qr_id}/confirm")(_confirm)
    service.post("/app/qr/{qr_id}/decline")(_decline)


# --- the browser


def _make(call: Call) -> Answer:
    """A code for a login, to whose page the browser is sent."""
    login = _login(call)
    if login is None:
        return error_page(TOO_LATE, 410)
    code = QrCode(new_id(call.key, "qr"), login.id, call.now_us + _lifetime_s(call) * SECOND_US)
    call.tenant.state(QrCodes).add(code)
    location = f"{base_path(call)}/login/{login.id}/qr/{code.id}"
    return Answer(302, headers=(("Location", location), ("Cache-Control", "no-store")))


def _show_page(call: Call) -> Answer:
    """The code; once it is confirmed, the way goes on."""
    login, code = _login(call), call.tenant.state(QrCodes).find(call.values["qr_id"])
    if login is None or code.login_id != login.id:
        return error_page(TOO_LATE, 410)
    state = code.state(call.now_us)
    if state != "confirmed" or code.person is None:
        return qr_page(call, login, code.id, _lifetime_s(call), _PROBLEMS.get(state, ""))
    code.answer = "used"
    session = call.tenant.state(Sessions).begin(code.person.index, "QR", call.key, call.now_us)
    call.tenant.state(Logins).identify(login, code.person, "QR", call.now_us)
    try:
        return with_session(call, session, go_on(call, login))
    except Declined as declined:
        return decline(call, login, declined)


def _show_state(call: Call) -> Answer:
    """Whether a code was confirmed, for who polls."""
    code = call.tenant.state(QrCodes).find(call.values["qr_id"])
    return json_answer(_view(call, code))


# --- the application


def _confirm(call: Call) -> Answer:
    """The person confirms in the application."""
    asked = call.request.read(Confirmation)
    code = _waiting(call)
    if not is_valid_snils(asked.snils):
        raise Refusal(422, "bad-snils", "СНИЛС: ожидается 11 цифр", field="snils")
    person = call.tenant.records.person_by_snils(asked.snils)
    if person is None:
        raise Refusal(404, "no-such-person", "Учётной записи с этим СНИЛС нет")
    code.person, code.answer = person, "confirmed"
    return json_answer(_view(call, code))


def _decline(call: Call) -> Answer:
    """The person declines."""
    code = _waiting(call)
    code.answer = "declined"
    return json_answer(_view(call, code))


def _waiting(call: Call) -> QrCode:
    code = call.tenant.state(QrCodes).find(call.values["qr_id"])
    match code.state(call.now_us):
        case "waiting":
            return code
        case "expired":
            raise Refusal(410, "expired", "Срок QR-кода истёк")
    raise Refusal(409, "already-answered", "На этот QR-код уже ответили")


def _view(call: Call, code: QrCode) -> dict[str, str]:
    return {
        "qr_id": code.id,
        "state": code.state(call.now_us),
        "expires_at": moment(call.tenant, code.to_us),
    }


def _login(call: Call) -> Login | None:
    return call.tenant.state(Logins).find(call.values["login_id"], call.now_us)


def _lifetime_s(call: Call) -> int:
    return int(call.tenant.policy.number("AUTH-08.qr_ttl_s"))
