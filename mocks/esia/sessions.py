"""Sessions of people: who has signed in need not do it again for the next system."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Request
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from mocks.esia.grants import Method
from world.microseconds import SECOND_US

__all__ = ["COOKIE", "SESSION_S", "Session", "Sessions"]

COOKIE: Final = "esia_session"

SESSION_S: Final = 10_800
"""How long a session lasts, in seconds; assumption: as long as an id marker."""

_MOST: Final = 10_000  # sessions, the latest


@dataclass(frozen=True, slots=True)
class Session:
    """A person (index) who has signed in at model time `began_us`."""

    id: str
    person: int
    method: Method
    began_us: int


class Sessions:
    """Sessions of one tenant, the latest 10,000."""

    def __init__(self, _: Tenant) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, person: int, method: Method, key: DrawKey, now_us: int) -> Session:
        """The person has signed in."""
        session = Session(new_id(key, "session"), person, method, now_us)
        self._sessions[session.id] = session
        if len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        return session

    def of(self, request: Request, now_us: int) -> Session | None:
        """The session whose cookie has come along, if it still lasts."""
        session = self._sessions.get(_cookie(request))
        if session is None or now_us - session.began_us >= SESSION_S * SECOND_US:
            return None
        return session

    def end(self, request: Request) -> None:
        """The person has signed out."""
        self._sessions.pop(_cookie(request), None)


def _cookie(request: Request) -> str:
    for pair in (request.header("Cookie") or "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""
