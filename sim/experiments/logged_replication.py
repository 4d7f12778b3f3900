"""What a worker does: one replication, and its part of the event log if one is written."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from scenarios.format import MetricObjective, WithinObjective
from sim.engines.choice import EngineName
from sim.engines.recording import Block
from sim.experiments.event_log import EventLog
from sim.experiments.replication import Replication, replicate
from sim.model.model import Model

__all__ = ["LoggedReplication", "UnwritableLog"]


class UnwritableLog(Exception):
    """The event log cannot be written; `reason` is the system's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class LoggedReplication:
    """The task of a worker: one replication of the model, `first` being its number 0. Raises
    EndlessCase, UnwritableLog."""

    model: Model
    objectives: tuple[WithinObjective | MetricObjective, ...]
    bin_us: int
    warmup_us: int
    events: EventLog | None
    first: int = 0
    engine: EngineName = "simpy"

    def __call__(self, number: int, on_progress: Callable[[int], None]) -> Replication:
        """Run replication `first + number`."""
        number += self.first
        with ExitStack() as parts:
            sinks = (
                []
                if self.events is None
                else [parts.enter_context(_Part(self.events, self.model, number))]
            )
            return replicate(
                self.model,
                number,
                self.objectives,
                self.bin_us,
                self.warmup_us,
                sinks,
                on_progress,
                self.engine,
            )


class _Part:
    """A part of the event log: what fails in writing it is told from other errors of the system,
    say of the display of progress."""

    def __init__(self, events: EventLog, model: Model, number: int) -> None:
        with _writing():
            self._sink = events.sink(model, number)

    def visits(self, block: Block) -> None:
        with _writing():
            self._sink.visits(block)

    def cases(self, block: Block) -> None:
        with _writing():
            self._sink.cases(block)

    def __enter__(self) -> "_Part":
        with _writing():
            self._sink.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        with _writing():
            self._sink.__exit__(kind, *rest)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnwritableLog(error.strerror or str(error)) from error
