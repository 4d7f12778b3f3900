"""The register of acts and views: Russian phrases, use cases, payloads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from features.personas import Persona
    from features.scene import Scene

__all__ = ["ACTS", "VIEWS", "Act", "Payload", "Seal", "act", "view"]

Payload: TypeAlias = "Callable[[Persona, Scene], dict[str, Any]]"
Seal: TypeAlias = "Callable[[dict[str, Any], Persona, Scene], None]"


@dataclass(frozen=True)
class Act:
    """An act (or a view) by its `phrase`, the words after the persona's name; `payload` is what
    somebody sends who does it right, before the scenario's table changes it. `seal` is the last
    hand laid on it after that: a signature is over what is really sent."""

    phrase: str
    name: str
    payload: Payload
    seal: "Seal | None" = None


_ACTS: Final[dict[str, Act]] = {}
_VIEWS: Final[dict[str, Act]] = {}
ACTS: Final[Mapping[str, Act]] = MappingProxyType(_ACTS)
"""Acts by phrase, of the modules that have been imported."""
VIEWS: Final[Mapping[str, Act]] = MappingProxyType(_VIEWS)
"""Views by phrase, likewise."""


def act(phrase: str, use_case: str, seal: "Seal | None" = None) -> Callable[[Payload], Payload]:
    """Register the decorated function as the payload of a use case under `phrase`; ValueError for a
    phrase that is taken."""
    return _register(_ACTS, phrase, use_case, seal)


def view(phrase: str, name: str) -> Callable[[Payload], Payload]:
    """Likewise for a view: «видит {phrase}»."""
    return _register(_VIEWS, phrase, name)


def _register(
    register: dict[str, Act], phrase: str, name: str, seal: "Seal | None" = None
) -> Callable[[Payload], Payload]:
    def keep(payload: Payload) -> Payload:
        if phrase in register:
            raise ValueError(f"«{phrase}» is there already, for {register[phrase].name}")
        register[phrase] = Act(phrase, name, payload, seal)
        return payload

    return keep
