"""State machines as tables: what may follow what, and by which event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["StateTable", "WrongState"]

S = TypeVar("S", bound=str)


class WrongState(ValueError):
    """The event is not for this state."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} in state {state}")
        self.state = state
        self.event = event


@dataclass(frozen=True)
class StateTable(Generic[S]):
    """States with their titles, the first one, and transitions by (state, event)."""

    name: str
    titles: Mapping[S, str]
    first: S
    transitions: Mapping[tuple[S, str], S]

    def after(self, state: S, event: str) -> S:
        """The state that `event` leads to; WrongState."""
        try:
            return self.transitions[state, event]
        except KeyError:
            raise WrongState(state, event) from None

    def allows(self, state: S, event: str) -> bool:
        """Whether the event is for that state."""
        return (state, event) in self.transitions
