"""Single requests at their instants, or by so many clients each of whom sends its next at once:
what `loadtests.validation.probe_driver` is told to do, in a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

__all__ = ["Probe", "ProbeTask"]


@dataclass(frozen=True)
class Probe:
    """A request, `at_us` (of standard time, `loadtests.validation.processor`) after the start;
    `expected` is the status of an answer that is as it should be."""

    operation: str
    method: str
    path: str
    at_us: int = 0
    expected: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class ProbeTask:
    """`probes` for the server at `host`: each at its instant, or with `clients` one after another
    by so many clients, over and over for `duration_s` of the wall. `pieces` is the file that tells
    the speed of the server's processor, at which a piece takes `reference_ns` when it is 1, and
    `elasticity` how the server follows it; clients don't ask it."""

    host: str
    results: str
    probes: Sequence[Probe]
    clients: int = 0
    duration_s: float = 0.0
    pieces: str = ""
    reference_ns: float = 1.0
    elasticity: float = 1.0

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The task of a file."""
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**told, "probes": [Probe(**each) for each in told["probes"]]})
