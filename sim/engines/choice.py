"""Which engine runs a model: both give the same record and the same `Run`."""

from collections.abc import Callable
from typing import Literal

from sim.engines import simpy_engine
from sim.engines.compiled import compilation, engine
from sim.engines.compiled.words import TooLarge, word_sizes
from sim.engines.recording import Sink
from sim.engines.run import Run
from sim.model.model import Model

__all__ = ["Engine", "EngineName", "Unsupported", "chosen", "prepare", "simulate"]

EngineName = Literal["simpy", "compiled"]
Engine = Literal["auto", "simpy", "compiled"]

_FEW_CASES = 50_000
"""So many take SimPy some ten seconds; compiling takes some twenty, but only the first time."""


class Unsupported(ValueError):
    """The compiled engine cannot run this model; `reason` is a key of texts: `judges` (whoever
    decides at its gates is not compiled) or `size`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def chosen(wanted: Engine, model: Model, replications: int) -> EngineName:
    """The engine for `replications` of `model`: `auto` is compiled, but for a few cases and for
    what only SimPy can run. A function of what is to be run alone: not of what is compiled already.

    Raises Unsupported if the compiled engine is `wanted` and cannot.
    """
    if wanted == "simpy":
        return "simpy"
    reason = _unsupported(model)
    if wanted == "compiled":
        if reason is not None:
            raise Unsupported(reason)
        return "compiled"
    expected = sum(stream.expected for a in model.arrivals for stream in a.streams)
    few = expected * replications < _FEW_CASES
    return "simpy" if few or reason is not None else "compiled"


def prepare(name: EngineName, on_compile: Callable[[], None]) -> None:
    """Have the engine ready; `on_compile` is called if it has to be compiled first."""
    if name == "compiled":
        compilation.prepare(on_compile)


def simulate(
    name: EngineName,
    model: Model,
    replication: int,
    sinks: list[Sink],
    warmup_us: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Run:
    """Run one replication on the engine `name`; see `simpy_engine.simulate`."""
    run = engine.simulate if name == "compiled" else simpy_engine.simulate
    return run(model, replication, sinks, warmup_us, on_progress)


def _unsupported(model: Model) -> str | None:
    if model.judges is not None:
        return "judges"
    try:
        word_sizes(model)
    except TooLarge:
        return "size"
    return None
