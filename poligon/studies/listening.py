"""Who is told of the runs of a study, once its scenario is read."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from scenarios.completion import CompleteScenario
from sim.studies.listening import Listener, Unheard

__all__ = ["Listening", "unheard"]

Listening = Callable[[CompleteScenario], AbstractContextManager[Listener]]


def unheard(scenario: CompleteScenario) -> AbstractContextManager[Listener]:
    """Nobody is told."""
    return nullcontext(Unheard())
