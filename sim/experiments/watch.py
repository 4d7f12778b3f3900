"""Who watches an experiment: told when it starts, how far replications are, and of each one."""

from scenarios.completion import CompleteScenario
from sim.experiments.replication import Replication

__all__ = ["Kept", "Watch"]


class Watch:
    """A watch that does nothing with what it is told. Its methods are called in their order, those
    between `start` and `stop` any number of times."""

    def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
        """Nothing is wrong with what was asked for; at least `replications` will run in `workers`
        processes."""

    def compile(self) -> None:
        """The engine is compiled before it can run here: that takes some twenty seconds."""

    def pilot(self, number: int, us: int) -> None:
        """Pilot replication `number`, for an automatic warm-up, has reached `us` (µs of model
        time)."""

    def reach(self, number: int, us: int) -> None:
        """Replication `number` has reached `us` (µs of model time)."""

    def replication(self, replication: Replication) -> None:
        """One more is over; they end in the order of their numbers."""

    def stop(self) -> None:
        """Nothing more will be told, after success and failure alike."""


class Kept(Watch):
    """Keeps the replications in `done`, and lets `watch` know all that it is told."""

    def __init__(self, watch: Watch | None = None) -> None:
        self.done: list[Replication] = []
        self._watch = watch or Watch()

    def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
        """Pass it on."""
        self._watch.start(scenario, replications, workers)

    def compile(self) -> None:
        """Pass it on."""
        self._watch.compile()

    def pilot(self, number: int, us: int) -> None:
        """Pass it on."""
        self._watch.pilot(number, us)

    def reach(self, number: int, us: int) -> None:
        """Pass it on."""
        self._watch.reach(number, us)

    def replication(self, replication: Replication) -> None:
        """Keep it, and pass it on."""
        self.done.append(replication)
        self._watch.replication(replication)

    def stop(self) -> None:
        """Pass it on."""
        self._watch.stop()
