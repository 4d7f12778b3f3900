"""Faults that only ЕСИА has."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mocks.core.service import Call

__all__ = ["ALTERED_STATE", "LOGIN_UNAVAILABLE", "OWN_FAULTS", "Flaws", "flaws_of"]

WRONG_ISSUER: Final = "wrong_issuer"
WRONG_SIGNATURE: Final = "wrong_signature"
EXPIRED_MARKER: Final = "expired_marker"
ALTERED_STATE: Final = "altered_state"
LOGIN_UNAVAILABLE: Final = "login_unavailable"

OWN_FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        WRONG_ISSUER: "маркеры выданы будто бы другим сервисом (iss)",
        WRONG_SIGNATURE: "подпись маркеров неверна",
        EXPIRED_MARKER: "маркеры выданы уже просроченными",
        ALTERED_STATE: "state в ответе не тот, что прислала система",
        LOGIN_UNAVAILABLE: "вход закрыт на технические работы (ESIA-007008)",
    }
)


@dataclass(frozen=True, slots=True)
class Flaws:
    """What is wrong with the markers that are made for a request."""

    wrong_issuer: bool = False
    wrong_signature: bool = False
    expired: bool = False


def flaws_of(call: Call) -> Flaws:
    """As the plan of faults wants it."""
    return Flaws(
        wrong_issuer=call.hit(WRONG_ISSUER),
        wrong_signature=call.hit(WRONG_SIGNATURE),
        expired=call.hit(EXPIRED_MARKER),
    )
