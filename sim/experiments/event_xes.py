"""The event log as IEEE XES (1849): a trace per case, start and completion of each visit as events.

Parts of visits (`held`) are left out: a visit suspended at a shift's end has one start and one
completion. A visit that had no server has only a completion. A case that met no station has a trace
without events, if it ended.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from sim.engines.recording import CASE, ENTITY_SHIFT, NUMBER_MASK, VISIT, Block, Outcome
from sim.experiments.visit_rows import OUTCOMES, VisitNames
from sim.model.model import Model

__all__ = ["XES_FOOT", "XES_HEAD", "XesPart"]

_EXTENSIONS = {
    "Concept": "concept",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Time": "time",
}
XES_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849.2016" xes.features="">\n'
    + "".join(
        f'<extension name="{name}" prefix="{prefix}" '
        f'uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in _EXTENSIONS.items()
    )
    + '<global scope="trace">\n<string key="concept:name" value=""/>\n</global>\n'
    '<global scope="event">\n<string key="concept:name" value=""/>\n'
    '<string key="concept:instance" value=""/>\n'
    '<string key="org:resource" value=""/>\n<string key="lifecycle:transition" value="complete"/>\n'
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n</global>\n'
    '<classifier name="Activity" scope="event" keys="concept:name"/>\n'
    '<string key="lifecycle:model" value="standard"/>\n'
)
XES_FOOT = "</log>\n"

_ENDS = np.array(["abandoned", "completed", "unfinished"], object)
_UNFINISHED = 2
_CASES_AT_ONCE = 4096  # enough that numpy pays, few enough that texts take little memory
_Event = tuple[int, int, str]  # µs, place in the record, text


class XesPart:
    """Traces of one replication; a file keeps the record until all of it is there."""

    def __init__(self, path: Path, model: Model, number: int) -> None:
        self._path = path
        self._rows_path = path.with_name(f"{path.name}.rows")
        self._rows = self._rows_path.open("wb")
        self._ended: list[Block] = [np.zeros((0, 2), np.int64)]
        self._names = VisitNames(model)
        self._stations = [quoteattr(name) for name in self._names.stations]
        self._number = number

    def visits(self, block: Block) -> None:
        """Keep rows of `VISIT` columns."""
        self._rows.write(block[block[:, VISIT.OUTCOME] != Outcome.HELD].tobytes())

    def cases(self, block: Block) -> None:
        """Keep how cases ended, from rows of `CASE` columns."""
        whole = block[block[:, CASE.INNER] == 0]
        entity = whole[:, CASE.JOURNEY] << ENTITY_SHIFT | whole[:, CASE.NUMBER]
        self._ended.append(np.column_stack([entity, whole[:, CASE.COMPLETED]]))

    def __enter__(self) -> "XesPart":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._rows.close()
        if kind is None:
            self._write()

    def _write(self) -> None:
        """The traces, in the order of journeys and of arrivals."""
        rows = np.fromfile(self._rows_path, np.int64).reshape(-1, len(VISIT))
        self._rows_path.unlink()
        with self._path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self._traces(rows, np.concatenate(self._ended)))

    def _traces(self, rows: Block, ended: Block) -> Iterator[str]:
        entities = rows[:, VISIT.JOURNEY] << ENTITY_SHIFT | rows[:, VISIT.NUMBER]
        order = np.argsort(entities, kind="stable")  # inside a case the order of the record stays
        entities = entities[order]
        cases = np.union1d(entities, ended[:, 0])
        outcomes = np.full(len(cases), _UNFINISHED)
        outcomes[np.searchsorted(cases, ended[:, 0])] = ended[:, 1]
        begins = np.searchsorted(entities, cases, side="left")
        ends = np.searchsorted(entities, cases, side="right")
        for first in range(0, len(cases), _CASES_AT_ONCE):
            some = slice(first, first + _CASES_AT_ONCE)
            begin, end = begins[some][0], ends[some][-1]
            events = self._events(rows[order[begin:end]])
            bounds = zip(begins[some] - begin, ends[some] - begin, strict=True)
            for case, outcome, of_case in zip(cases[some], outcomes[some], bounds, strict=True):
                yield self._trace_head(int(case), str(_ENDS[outcome]))
                for _, _, text in sorted(chain.from_iterable(events[slice(*of_case)])):
                    yield text
                yield "</trace>\n"

    def _trace_head(self, entity: int, outcome: str) -> str:
        journey = self._names.journeys[entity >> ENTITY_SHIFT]
        number = entity & NUMBER_MASK
        name = f"{self._number}/{journey}/{number}"
        return (
            "<trace>\n"
            f'<string key="concept:name" value={quoteattr(name)}/>\n'
            f'<int key="replication" value="{self._number}"/>\n'
            f'<string key="journey" value={quoteattr(journey)}/>\n'
            f'<string key="outcome" value="{outcome}"/>\n'
        )

    def _events(self, rows: Block) -> list[list[_Event]]:
        """Events of each visit; sorted, a completion goes before what it led to at one instant."""
        enters, starts, ends = (
            self._names.iso(rows[:, column]) for column in (VISIT.ENTER, VISIT.START, VISIT.END)
        )
        events = []
        for place, row in enumerate(rows.tolist()):
            more = (
                f'<date key="enter" value="{enters[place]}"/>\n'
                f'<string key="outcome" value="{OUTCOMES[row[VISIT.OUTCOME]]}"/>\n'
            )
            end = self._event(row, "complete", ends[place], more)
            of_visit = [(row[VISIT.END], 2 * place + 1, end)]
            if row[VISIT.START] >= 0:
                begin = self._event(row, "start", starts[place])
                of_visit.append((row[VISIT.START], 2 * place, begin))
            events.append(of_visit)
        return events

    def _event(self, row: list[int], transition: str, at: str, more: str = "") -> str:
        path = self._names.paths[row[VISIT.NODE]]
        visit, attempt = row[VISIT.VISIT], row[VISIT.ATTEMPT]
        return (
            "<event>\n"
            f'<string key="concept:name" value={quoteattr(path)}/>\n'
            f'<string key="concept:instance" value={quoteattr(f"{path}/{visit}/{attempt}")}/>\n'
            f'<string key="org:resource" value={self._stations[row[VISIT.STATION]]}/>\n'
            f'<string key="lifecycle:transition" value="{transition}"/>\n'
            f'<date key="time:timestamp" value="{at}"/>\n'
            f'<int key="visit" value="{visit}"/>\n'
            f'<int key="attempt" value="{attempt}"/>\n'
            f"{more}</event>\n"
        )
