"""What figures of a scenario depend on that it does not say itself, and who computes them."""

from dataclasses import dataclass
from typing import Literal

from sim.engines.choice import Engine

__all__ = ["Fidelity", "Setting"]

Fidelity = Literal["flow", "twin"]


@dataclass(frozen=True)
class Setting:
    """`scale` multiplies arrival rates and constant capacities; `seed` is of all random numbers
    (None: the scenario's). Figures are the same on every `engine`. Under `fidelity` twin the
    portal's own code decides at gates (docs/twin.md)."""

    scale: float = 1.0
    seed: int | None = None
    engine: Engine = "auto"
    fidelity: Fidelity = "flow"
