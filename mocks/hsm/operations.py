"""The way of every operation: session, right, work, and a line of the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call, Handler
from mocks.hsm.module import HsmModule
from mocks.hsm.roles import Operation, Role, require_right
from mocks.hsm.sessions import Session, no_session
from signatures.gost import GostUnavailable
from signatures.key_store import KeyStoreRefused

__all__ = ["SEALED", "SESSION_LOST", "Who", "Work", "guarded", "logged"]

SEALED, SESSION_LOST = "sealed", "session_lost"

_STATUSES: Final[Mapping[str, int]] = {
    "no-such-key": 404,
    "no-such-version": 404,
    "key-exists": 409,
    "old-version": 409,
    "wrong-use": 409,
    "destroyed": 410,
    "too-many": 507,
}
_WRONG_FIELD: Final = 422  # of every other code
_LONGEST_NAME: Final = 64  # characters; no key has more

Work: TypeAlias = Callable[[Call, HsmModule, Session], Answer]
"""What is done for a session that has the right to it."""


@dataclass(slots=True)
class Who:
    """Who attempts something, as far as that is known yet."""

    role: Role | None = None
    session: int | None = None


def guarded(operation: Operation, work: Work) -> Handler:
    """`work` for sessions whose role may do `operation`: Refusal 401, 403, those of the store."""

    def handle(call: Call) -> Answer:
        def attempt(module: HsmModule, who: Who) -> Answer:
            session = _session(call, module)
            who.role, who.session = session.role, session.number
            require_right(session.role, operation)
            return work(call, module, session)

        return logged(call, operation, attempt)

    return handle


def logged(call: Call, operation: str, attempt: Callable[[HsmModule, Who], Answer]) -> Answer:
    """What `attempt` answers; the log says how it ended. Refusal 503 while the module is sealed:
    then there is no log either."""
    if call.hit(SEALED):
        raise Refusal(503, "sealed", "Модуль опечатан и не выполняет запросов")
    module = call.tenant.state(HsmModule)
    who = Who()
    outcome = "done"
    try:
        return attempt(module, who)
    except Refusal as refusal:
        outcome = refusal.code
        raise
    except KeyStoreRefused as refused:
        outcome = refused.code
        status = _STATUSES.get(refused.code, _WRONG_FIELD)
        raise Refusal(status, refused.code, refused.message) from None
    except GostUnavailable as missing:
        outcome = "gost-unavailable"
        raise Refusal(503, outcome, f"ГОСТ здесь не работает: {missing}") from None
    finally:
        name = call.values.get("name")
        line = {
            "role": who.role,
            "session": who.session,
            "operation": operation,
            "key": None if name is None else name[:_LONGEST_NAME],
            "outcome": outcome,
        }
        module.note(line, call.key, call.now_us)


def _session(call: Call, module: HsmModule) -> Session:
    scheme, _, token = (call.request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer":
        raise no_session()
    session = module.sessions.find(token.strip(), call.now_us)
    if call.hit(SESSION_LOST):
        module.sessions.close(session)
        raise no_session()
    return session
