"""The model's draw of a request goes on to the registries that the portal asks for its answer, so
that a load test and a simulation share them there too.

It is kept for the thread that answers; work that is done in its own time has none.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

from mocks.core.draw_keys import HEADER, DrawKey, parsed_key
from mocks.core.http import Refusal
from world.attempts import attempt_of, service_k

__all__ = ["draw_marks", "forget_draw", "note_draw"]

_GIVEN: Final[ContextVar[DrawKey | None]] = ContextVar("draw", default=None)


def note_draw(header: str | None) -> None:
    """The request that this thread answers from now on bears that header, or none. One that is not
    four numbers is none."""
    key = None
    if header is not None:
        try:
            key = parsed_key(header)
        except Refusal:
            key = None
    _GIVEN.set(key)


def forget_draw() -> None:
    """What follows is not done for the request."""
    _GIVEN.set(None)


def draw_marks(attempt: int) -> Mapping[str, str]:
    """Headers of an attempt (0 is the first) to ask a registry: each has the draws that the model
    gives to so many attempts later."""
    key = _GIVEN.get()
    if key is None:
        return {}
    return {HEADER: str(replace(key, k=service_k(attempt_of(key.k) + attempt)))}
