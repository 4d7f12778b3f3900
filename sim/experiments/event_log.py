"""The event log of an experiment: replications written to parts by whoever runs them, then joined.

A part is in the format of the log already, so joining is copying. The formats: csv and parquet hold
a row per end of a visit (`COLUMNS`), xes holds a trace per case (IEEE 1849).
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfileobj
from typing import Protocol

from sim.engines.recording import VISIT, Block, Sink
from sim.experiments.event_parquet import ParquetPart, join_parquet
from sim.experiments.event_xes import XES_FOOT, XES_HEAD, XesPart
from sim.experiments.visit_rows import COLUMNS, OUTCOMES, VisitNames
from sim.model.model import Model

__all__ = ["COLUMNS", "EventFormat", "EventLog", "LogSink", "missing_extra"]


class EventFormat(StrEnum):
    """Formats of an event log; the value is also the ending of the file's name."""

    CSV = "csv"
    PARQUET = "parquet"
    XES = "xes"


_EXTRAS: Mapping[EventFormat, tuple[str, str]] = {EventFormat.PARQUET: ("pyarrow", "parquet")}


def missing_extra(log_format: EventFormat) -> str | None:
    """The optional extra of the project that `log_format` needs and that is not installed."""
    package, extra = _EXTRAS.get(log_format, ("", ""))
    return extra if package and find_spec(package) is None else None


class LogSink(Sink, Protocol):
    """A sink that is a file: leaving its context finishes it, or drops it after an error."""

    def __enter__(self) -> "LogSink": ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None: ...


class CsvPart:
    """Rows of one replication, without the header; writes as it goes."""

    def __init__(self, path: Path, model: Model, number: int) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._names = VisitNames(model)
        self._number = number

    def visits(self, block: Block) -> None:
        """Write rows of `VISIT` columns."""
        names = self._names
        enters, starts, ends = (
            names.iso(block[:, column]) for column in (VISIT.ENTER, VISIT.START, VISIT.END)
        )
        times = zip(enters, starts, ends, strict=True)
        self._writer.writerows(
            (
                self._number,
                names.journeys[journey],
                case,
                names.nodes[node],
                visit,
                attempt,
                names.stations[station],
                enter,
                start if had_server >= 0 else "",
                end,
                OUTCOMES[outcome],
            )
            for (enter, start, end), (
                journey, case, node, visit, attempt, _, station, _, had_server, _, _, outcome,
            ) in zip(times, block.tolist(), strict=True)
        )  # fmt: skip

    def cases(self, block: Block) -> None:
        """Cases have no row of their own."""

    def __enter__(self) -> "CsvPart":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


_PARTS: Mapping[EventFormat, Callable[[Path, Model, int], LogSink]] = {
    EventFormat.CSV: CsvPart,
    EventFormat.PARQUET: ParquetPart,
    EventFormat.XES: XesPart,
}


@dataclass(frozen=True)
class EventLog:
    """A log in `log_format` under way: `folder` is for its parts, then for the joined file.

    It goes to the workers by pickle.
    """

    log_format: EventFormat
    folder: Path

    def sink(self, model: Model, number: int) -> LogSink:
        """Where replication `number` of `model` writes its record."""
        return _PARTS[self.log_format](self._part(number), model, number)

    def join(self, replications: int) -> Path:
        """One file of the first `replications` parts, which are removed.

        Its bytes do not depend on who wrote the parts, nor on parts of further replications.
        """
        parts = [self._part(number) for number in range(replications)]
        path = self.folder / f"events.{self.log_format}"
        match self.log_format:
            case EventFormat.CSV:
                _join_texts(path, ",".join(COLUMNS) + "\n", parts, "")
            case EventFormat.XES:
                _join_texts(path, XES_HEAD, parts, XES_FOOT)
            case EventFormat.PARQUET:
                join_parquet(path, parts)
        return path

    def _part(self, number: int) -> Path:
        return self.folder / f"part-{number}"


def _join_texts(path: Path, head: str, parts: list[Path], foot: str) -> None:
    with path.open("wb") as file:
        file.write(head.encode())
        for part in parts:
            with part.open("rb") as content:
                copyfileobj(content, file)
            part.unlink()
        file.write(foot.encode())
