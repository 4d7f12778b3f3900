"""Who may do what with the keys (SEC-02)."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from mocks.core.http import Refusal

__all__ = ["MAY", "PINS", "Operation", "Role", "require_right"]

Role: TypeAlias = Literal["officer", "user", "auditor"]
Operation: TypeAlias = Literal[
    "create", "rotate", "destroy", "list", "show",
    "sign", "verify", "wrap", "unwrap", "read_log", "log_out",
]  # fmt: skip

PINS: Final[Mapping[Role, str]] = {"officer": "20260202", "user": "74185296", "auditor": "36925814"}
"""Those of this stand, in every tenant; no secret."""

_EVERYBODY: Final[frozenset[Role]] = frozenset(PINS)

MAY: Final[Mapping[Operation, frozenset[Role]]] = {
    "create": frozenset({"officer"}),
    "rotate": frozenset({"officer"}),
    "destroy": frozenset({"officer"}),
    "list": frozenset({"officer", "auditor"}),
    "show": _EVERYBODY,
    "sign": frozenset({"user"}),
    "verify": frozenset({"user"}),
    "wrap": frozenset({"user"}),
    "unwrap": frozenset({"user"}),
    "read_log": frozenset({"auditor"}),
    "log_out": _EVERYBODY,
}
"""Assumption: SEC-02 asks for access by role and names no roles."""

_TITLES: Final[Mapping[Role, str]] = {
    "officer": "администратор безопасности",
    "user": "пользователь ключей",
    "auditor": "аудитор",
}


def require_right(role: Role, operation: Operation) -> None:
    """Refusal 403 if `role` may not do that."""
    if role not in MAY[operation]:
        able = ", ".join(_TITLES[each] for each in _TITLES if each in MAY[operation])
        message = f"Роль «{_TITLES[role]}» этого не может, может: {able}"
        raise Refusal(403, "role-denied", message)
