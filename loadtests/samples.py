"""Raw samples of a load test: what each request was meant to do, when, and how it was answered.

Locust rounds its percentiles; these files do not. Each worker appends to files of its own, a
record at a time and unbuffered, so that what was written before a kill can be read; a record torn
by it is left out. Times are whole µs of the wall clock since the start of the run, which all
workers share.
"""

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import numpy as np
import numpy.typing as npt

__all__ = [
    "OUTCOMES",
    "PREPARATION",
    "SAMPLE",
    "Acknowledged",
    "JourneyEnd",
    "Note",
    "Outcome",
    "Readiness",
    "Sample",
    "SampleWriter",
    "Unanswered",
    "read_acknowledged",
    "read_journeys",
    "read_notes",
    "read_samples",
    "read_start",
    "read_unanswered",
    "write_start",
]

Outcome = Literal["ok", "refused", "shed", "failed"]
# Their places are the numbers in a file. `refused`: as the defect of the case should be, `detail`
# is the rule; `shed`: 429 or 503 with Retry-After; `failed`: anything else, `detail` is the kind.
OUTCOMES: Final[tuple[Outcome, ...]] = ("ok", "refused", "shed", "failed")

Readiness = Literal["ready", "late", "none"]

PREPARATION: Final = "preparation"
"""The journey that samples of a subject's preparation bear."""

_FILES: Final = {
    "samples": "bin",
    "acknowledged": "jsonl",
    "unanswered": "jsonl",
    "journeys": "jsonl",
    "notes": "jsonl",
}
_START: Final = "start.json"
_LAYOUT: Final = struct.Struct("<5q2HhB24s40s80s")
# One row of a file: the fields of `Sample`; texts are UTF-8, cut to their width.
SAMPLE: Final = np.dtype(
    [
        ("intended_us", "<i8"),
        ("sent_us", "<i8"),
        ("ended_us", "<i8"),
        ("first_us", "<i8"),
        ("entity", "<i8"),
        ("worker", "<u2"),
        ("attempt", "<u2"),
        ("status", "<i2"),
        ("outcome", "u1"),
        ("journey", "S24"),
        ("operation", "S40"),
        ("detail", "S80"),
    ]
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One request. `intended_us` is when it should have left (the arrival for the first request of
    a case), `sent_us` when it did, `ended_us` when the answer was whole; latency is
    `ended_us - intended_us`. `entity` numbers the case within its journey, `attempt` the
    repetitions of a request (0 is the first); `status` is 0 where there was no answer. `first_us`
    is the intended instant of the first attempt (None: of this one): an operation that was shed and
    repeated took `ended_us - first_us` until it was done."""

    intended_us: int
    sent_us: int
    ended_us: int
    journey: str
    entity: int
    operation: str
    status: int
    outcome: Outcome
    detail: str = ""
    attempt: int = 0
    worker: int = 0
    first_us: int | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A submission that the portal has taken: `id` is what it answered, by which the conservation
    check looks for it in the database (`kind`: account, organization, action …)."""

    kind: str
    id: str
    journey: str
    entity: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A submission under the idempotency key `key` of which an answer was lost and none said later
    that it was taken: the portal may have made something of this `kind`, once."""

    kind: str
    key: str
    journey: str
    entity: int
    at_us: int


@dataclass(frozen=True, slots=True)
class JourneyEnd:
    """The end of a case: `completed`, `refused` (a defect that should stop it has), `failed`,
    `abandoned` (the run was over). `person`: somebody was `ready` for it when it came, was prepared
    only then (`late`), or nobody could be (`none`): then it was not walked. `rejected` are the
    rules, parted by spaces, by which gates that no request stands for have sent it back."""

    journey: str
    entity: int
    intended_us: int
    ended_us: int
    ending: Literal["completed", "refused", "failed", "abandoned"]
    person: Readiness = "ready"
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a run leaves out (`what`: a journey, or a share of the mix) and the code of the reason:
    `no-inbox` (codes cannot be read at a foreign target), `no-clock` (nor time be let pass),
    `no-module` (no user walks that journey of the scenario)."""

    what: str
    reason: Literal["no-inbox", "no-clock", "no-module"]


class SampleWriter:
    """Files of one worker in `folder`, which is made if it is not there. A context manager."""

    def __init__(self, folder: Path, worker: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._worker = worker
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._files = {
            name: os.open(folder / f"{name}-{worker}.{kind}", flags, 0o644)
            for name, kind in _FILES.items()
        }

    def write(self, sample: Sample) -> None:
        """Append a sample; its worker is that of the file."""
        os.write(
            self._files["samples"],
            _LAYOUT.pack(
                sample.intended_us,
                sample.sent_us,
                sample.ended_us,
                sample.intended_us if sample.first_us is None else sample.first_us,
                sample.entity,
                self._worker,
                sample.attempt,
                sample.status,
                OUTCOMES.index(sample.outcome),
                sample.journey.encode(),
                sample.operation.encode(),
                sample.detail.encode(),
            ),
        )

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        """Append what the portal has taken."""
        self._append("acknowledged", acknowledged)

    def leave_open(self, unanswered: Unanswered) -> None:
        """Append what the portal may have taken."""
        self._append("unanswered", unanswered)

    def end(self, journey: JourneyEnd) -> None:
        """Append the end of a case."""
        self._append("journeys", journey)

    def note(self, note: Note) -> None:
        """Append what this run does not do."""
        self._append("notes", note)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()

    def _append(self, name: str, record: Acknowledged | Unanswered | JourneyEnd | Note) -> None:
        fields = {name: getattr(record, name) for name in record.__slots__}
        line = json.dumps(fields, ensure_ascii=False) + "\n"
        os.write(self._files[name], line.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_samples(folder: Path) -> npt.NDArray[np.void]:
    """The samples of all workers, an array of `SAMPLE` by intended instant; those of one instant
    by journey, entity and sending. Empty if there are none."""
    parts = [np.zeros(0, SAMPLE)]
    for path in sorted(folder.glob("samples-*.bin")):
        content = path.read_bytes()
        whole = len(content) - len(content) % SAMPLE.itemsize
        parts.append(np.frombuffer(content[:whole], SAMPLE))
    samples = np.concatenate(parts)
    order = np.lexsort(
        (samples["sent_us"], samples["entity"], samples["journey"], samples["intended_us"])
    )
    return samples[order]


def read_acknowledged(folder: Path) -> list[Acknowledged]:
    """What the portal has taken from all workers, in the order of their answers."""
    found = [Acknowledged(**line) for line in _lines(folder, "acknowledged")]
    return sorted(found, key=lambda each: (each.at_us, each.journey, each.entity))


def read_unanswered(folder: Path) -> list[Unanswered]:
    """What the portal may have taken from all workers, in the order of their giving up."""
    found = [Unanswered(**line) for line in _lines(folder, "unanswered")]
    return sorted(found, key=lambda each: (each.at_us, each.journey, each.entity))


def read_journeys(folder: Path) -> list[JourneyEnd]:
    """The ended cases of all workers, by arrival."""
    found = [JourneyEnd(**line) for line in _lines(folder, "journeys")]
    return sorted(found, key=lambda each: (each.intended_us, each.journey, each.entity))


def read_notes(folder: Path) -> list[Note]:
    """What the run left out, each once."""
    return sorted(
        {Note(**line) for line in _lines(folder, "notes")},
        key=lambda each: (each.what, each.reason),
    )


def write_start(folder: Path, epoch_us: int) -> None:
    """Say when the run began (µs of the Unix epoch), from which all samples count."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{_START}.part"  # who waits for the start finds all of it or nothing
    half.write_text(json.dumps({"epoch_us": epoch_us}) + "\n", encoding="utf-8")
    half.replace(folder / _START)


def read_start(folder: Path) -> int | None:
    """When the run began (µs of the Unix epoch); None if it never did."""
    path = folder / _START
    return int(json.loads(path.read_text(encoding="utf-8"))["epoch_us"]) if path.is_file() else None


def _lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Whole lines; the last one may have been torn."""
    for path in sorted(folder.glob(f"{name}-*.jsonl")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(line)
