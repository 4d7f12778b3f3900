"""Who watches a simulation: told when it starts, how far replications are, and when one is done."""

from typing import Protocol

from scenarios.completion import CompleteScenario

__all__ = ["Silent", "Watch"]


class Watch(Protocol):
    """Called in the order of its methods, those between start and stop any number of times."""

    def start(self, scenario: CompleteScenario, replications: int, jobs: int) -> None:
        """The scenario is loaded; at least `replications` will run in `jobs` processes."""

    def compile(self) -> None:
        """The engine is compiled before it can run here: that takes some twenty seconds."""

    def pilot(self, number: int, us: int) -> None:
        """Pilot replication `number`, for an automatic warm-up, has reached `us` (µs of model
        time)."""

    def reach(self, number: int, us: int) -> None:
        """Replication `number` has reached `us` (µs of model time)."""

    def done(self, number: int) -> None:
        """Replication `number` is over; they end in the order of their numbers."""

    def stop(self) -> None:
        """Nothing more will be told, after success and failure alike."""


class Silent:
    """A watch that shows nothing."""

    def start(self, scenario: CompleteScenario, replications: int, jobs: int) -> None:
        """Nothing."""

    def compile(self) -> None:
        """Nothing."""

    def pilot(self, number: int, us: int) -> None:
        """Nothing."""

    def reach(self, number: int, us: int) -> None:
        """Nothing."""

    def done(self, number: int) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""
