"""Who listens to a study: told of its points and their runs as they go."""

from typing import Protocol

__all__ = ["Listener", "Unheard"]


class Listener(Protocol):
    """`begin` comes first, then for each point `point`, `reach` and `run` any number of times;
    `compiling` when the engine must be compiled before it can run."""

    def begin(self, runs: int | None, workers: int) -> None:
        """`runs` replications will be made at most (None: nobody knows) by `workers` processes."""

    def point(self, name: str) -> None:
        """Runs of the point `name` come next."""

    def compiling(self) -> None:
        """The engine is compiled first, once for a version."""

    def reach(self, number: int, us: int) -> None:
        """Replication `number` of the point has reached `us` (µs of model time)."""

    def run(self) -> None:
        """One more replication is there, made now or kept by an earlier study."""


class Unheard:
    """A listener that nobody hears."""

    def begin(self, runs: int | None, workers: int) -> None:
        """Nothing."""

    def point(self, name: str) -> None:
        """Nothing."""

    def compiling(self) -> None:
        """Nothing."""

    def reach(self, number: int, us: int) -> None:
        """Nothing."""

    def run(self) -> None:
        """Nothing."""
