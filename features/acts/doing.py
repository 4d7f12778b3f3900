"""Acts that have to succeed, because a scenario only begins after them."""

from collections.abc import Mapping
from typing import Any

from features.acts.act import ACTS
from features.driver import Outcome
from features.personas import Persona
from features.scene import Scene, told

__all__ = ["done"]


def done(
    scene: Scene, persona: Persona, phrase: str, changes: Mapping[str, Any] | None = None
) -> Outcome:
    """Let the persona do the act of that phrase; AssertionError if it is not accepted."""
    outcome = scene.do(persona, ACTS[phrase], changes)
    assert outcome.accepted, f"«{persona.name}» {phrase}: не удалось, {told(outcome)}"
    return outcome
