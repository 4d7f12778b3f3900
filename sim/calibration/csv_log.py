"""Event logs as CSV: a row per event, or per activity with its start; columns found by their names.

The log of `poligon simulate --events csv` is known by its columns.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from sim.calibration.log_problems import LogError, LogProblem
from sim.calibration.moments import MixedZones, Moments
from sim.calibration.raw_events import ABSENT, TRANSITIONS, RawEvents
from sim.experiments.visit_rows import COLUMNS

__all__ = ["ROLES", "read_csv"]

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("case:concept:name", "case", "case_id", "caseid", "case id", "trace", "обращение",
             "дело", "номер дела", "номер обращения", "заявка"),
    "activity": ("concept:name", "activity", "activity_name", "task", "event", "node", "действие",
                 "шаг", "операция", "этап", "активность"),
    "time": ("time:timestamp", "time", "timestamp", "complete_timestamp", "complete timestamp",
             "end", "end_time", "end time", "end_timestamp", "completed", "finish", "время",
             "окончание", "конец", "дата"),
    "start": ("start_timestamp", "start timestamp", "start", "start_time", "start time", "started",
              "начало"),
    "enter": ("enter", "enqueued", "enabled_time", "scheduled", "поступление"),
    "resource": ("org:resource", "resource", "user", "station", "исполнитель", "ресурс",
                 "сотрудник"),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
    "instance": ("concept:instance", "instance"),
    "journey": ("journey", "путь"),
}  # fmt: skip
ROLES: Final = tuple(_NAMES)
"""What a column can be; the first three every log needs."""

_NEEDED: Final = ("case", "activity", "time")
_DELIMITERS: Final = ",;\t|"
_WHOLE: Final = frozenset(COLUMNS)
_LONGEST_FIELD: Final = 1_000_000  # characters


def read_csv(
    stream: IO[str], path: Path, raw: RawEvents, moments: Moments, columns: Mapping[str, str]
) -> None:
    """Read all rows into `raw`; `columns` names the column of a role where its name is unusual.

    LogError with file, line and key of what cannot be read.
    """
    table = _Table(stream, path, moments, columns)
    try:
        for row in table.rows():
            _keep(row, table, raw)
    except csv.Error:
        raise table.error("log_csv") from None
    except UnicodeDecodeError:
        raise table.error("log_encoding") from None


class _Table:
    """Rows of a CSV file by roles."""

    def __init__(
        self, stream: IO[str], path: Path, moments: Moments, columns: Mapping[str, str]
    ) -> None:
        self._path = path
        self._moments = moments
        self._rows: Any = None
        try:
            first = stream.readline()
        except UnicodeDecodeError:
            raise self.error("log_encoding") from None
        self._stream = stream
        delimiter = max(_DELIMITERS, key=first.count)
        try:
            header = next(csv.reader([first], delimiter=delimiter, strict=True), [])
        except csv.Error:
            raise self.error("log_csv") from None
        self.header = [title.strip() for title in header]
        if not any(self.header):
            raise self.error("log_empty")
        self._delimiter = delimiter
        self.is_poligon = set(self.header) >= _WHOLE
        self.places = self._found(columns)

    @property
    def line(self) -> int:
        """The line of the file that was read last."""
        return 1 + (0 if self._rows is None else self._rows.line_num)

    def rows(self) -> Iterator[list[str]]:
        """Rows after the header."""
        csv.field_size_limit(_LONGEST_FIELD)
        self._rows = csv.reader(self._stream, delimiter=self._delimiter, strict=True)
        yield from self._rows

    def error(self, code: str, key: str = "", **params: object) -> LogError:
        """The problem `code` at the present line."""
        return LogError([LogProblem(code, str(self._path), self.line, key=key, params=params)])

    def time(self, role: str, text: str) -> int:
        """The time of a cell; ABSENT if it is empty."""
        if not text:
            return ABSENT
        key = self.header[self.places[role]]
        try:
            return self._moments.read(text)
        except MixedZones as mixed:
            raise self.error("log_mixed_zones", key, got=text, expected=mixed.expected) from None
        except (ValueError, OverflowError):
            raise self.error("log_time", key, got=text) from None

    def _found(self, columns: Mapping[str, str]) -> dict[str, int]:
        shown = ", ".join(self.header[:40])
        plain = [title.casefold() for title in self.header]
        places = {}
        for role, name in columns.items():
            if name not in self.header:
                raise self.error("log_no_column", f"--columns {role}", got=name, header=shown)
            places[role] = self.header.index(name)
        if self.is_poligon and not columns:
            found = {"activity": "node", "time": "end", "resource": "station"}
            same = ("case", "journey", "enter", "start", "outcome", "replication", "visit")
            found |= {name: name for name in (*same, "attempt")}
            return {role: self.header.index(name) for role, name in found.items()}
        for role, names in _NAMES.items():
            free = [name for name in names if name in plain]
            free = [name for name in free if plain.index(name) not in places.values()]
            if role not in places and free:
                places[role] = plain.index(free[0])
        for role in _NEEDED:
            if role not in places:
                raise self.error("log_column", role=role, wanted=role, header=shown)
        return places


def _keep(row: list[str], table: _Table, raw: RawEvents) -> None:
    if not row:
        return
    places = table.places

    def cell(role: str) -> str:
        place = places.get(role)
        return row[place].strip() if place is not None and place < len(row) else ""

    line = table.line
    for role in _NEEDED:
        if not cell(role):
            raw.repairs.add(f"no_{role}", line)
            return
    time, enter = table.time("time", cell("time")), table.time("enter", cell("enter"))
    start = table.time("start", cell("start"))
    case, instance = cell("case"), cell("instance")
    transition = TRANSITIONS["complete"]
    if word := cell("lifecycle").casefold():
        if word not in TRANSITIONS:
            raw.repairs.add("other_transition", line)
            return
        transition = TRANSITIONS[word]
    if "outcome" in places:
        if cell("replication") != "0":
            raw.repairs.add("other_replications", line)
            return
        case = f"{cell('journey')}/{case}"
        instance = f"{cell('visit')}/{cell('attempt')}"
        if not _served(cell("outcome"), raw, raw.case(case, cell("journey")), line):
            return
    raw.add(
        raw.case(case, cell("journey")),
        cell("activity"),
        time,
        line,
        transition=transition,
        resource=cell("resource"),
        instance=instance,
        start=start,
        enter=enter,
    )


def _served(outcome: str, raw: RawEvents, case: int, line: int) -> bool:
    """Whether a visit of a model counts as an activity; otherwise it is counted as left out."""
    if outcome == "served":
        return True
    if outcome == "unfinished":
        raw.cut_off(case)
    raw.repairs.add("held" if outcome == "held" else "not_served", line)
    return False
