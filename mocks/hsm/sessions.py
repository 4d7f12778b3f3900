"""Sessions of the module: a role's PIN opens one, wrong ones lock the role."""

from collections import Counter, OrderedDict
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.hsm.roles import PINS, Role
from world.microseconds import MINUTE_US, SECOND_US

__all__ = ["LOCK_US", "MOST_WRONG_PINS", "SESSION_US", "Session", "Sessions", "no_session"]

# Assumptions, all of them.
SESSION_US: Final = 15 * MINUTE_US
MOST_WRONG_PINS: Final = 3  # in a row
LOCK_US: Final = 15 * MINUTE_US
_MOST_SESSIONS: Final = 1_000  # the latest


@dataclass(frozen=True, slots=True)
class Session:
    """What a login has opened: it lasts to `until_us`; `number` counts from 1 in the tenant."""

    number: int
    token: str
    role: Role
    until_us: int


class Sessions:
    """Sessions of one module by their tokens."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._opened = 0
        self._wrong: Counter[Role] = Counter()
        self._locked_until_us: dict[Role, int] = {}

    def open(self, role: Role, pin: str, key: DrawKey, now_us: int) -> Session:
        """A session for the right PIN; Refusal 401 for a wrong one, 423 while the role is
        locked."""
        left_us = self._locked_until_us.get(role, now_us) - now_us
        if left_us > 0:
            message = "Слишком много неверных PIN, вход временно закрыт"
            raise Refusal(423, "pin-locked", message, retry_after_s=-(-left_us // SECOND_US))
        if not compare_digest(pin.encode(), PINS[role].encode()):
            raise self._wrong_pin(role, now_us)
        del self._wrong[role]
        self._opened += 1
        token = "".join(f"{key.word(f'session/{role}/{half}'):016x}" for half in range(2))
        session = Session(self._opened, token, role, now_us + SESSION_US)
        self._sessions[token] = session
        if len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def find(self, token: str, now_us: int) -> Session:
        """The session of that token; Refusal 401 if there is none or its time is over."""
        session = self._sessions.get(token)
        if session is None:
            raise no_session()
        if now_us >= session.until_us:
            raise _unauthorized("session-expired", "Сеанс истёк: войдите с PIN снова")
        return session

    def close(self, session: Session) -> None:
        """End it."""
        del self._sessions[session.token]

    def _wrong_pin(self, role: Role, now_us: int) -> Refusal:
        self._wrong[role] += 1
        left = MOST_WRONG_PINS - self._wrong[role]
        if not left:
            del self._wrong[role]
            self._locked_until_us[role] = now_us + LOCK_US
        return Refusal(401, "wrong-pin", f"Неверный PIN, осталось попыток: {left}", field="pin")


def no_session() -> Refusal:
    """The refusal of a request whose session there is not."""
    return _unauthorized("no-session", "Сеанс не открыт: войдите с PIN")


def _unauthorized(code: str, message: str) -> Refusal:
    return Refusal(401, code, message, headers={"WWW-Authenticate": "Bearer"})
