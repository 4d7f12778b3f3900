"""The event log as Parquet, by PyArrow (the optional extra `parquet`).

Columns are typed; times are instants that bear the scenario's zone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engines.recording import VISIT, Block
from sim.experiments.visit_rows import COLUMNS, OUTCOMES, VisitNames
from sim.model.model import Model

__all__ = ["ParquetPart", "join_parquet"]

_ROW_GROUP = 131_072  # rows: readers like groups of this order; this is what is held in memory


class ParquetPart:
    """Rows of one replication as a stream of Arrow batches; writes as it goes."""

    def __init__(self, path: Path, model: Model, number: int) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an optional extra

        self._arrow = pa
        self._names = VisitNames(model)
        self._number = number
        self._moment = pa.timestamp("us", tz=self._names.timezone)
        self._schema = _schema(pa, self._moment)
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_stream(self._file, self._schema)

    def visits(self, block: Block) -> None:
        """Write rows of `VISIT` columns."""
        pa, names = self._arrow, self._names
        start = block[:, VISIT.START]
        columns = [
            pa.array(np.full(len(block), self._number, np.int32)),
            self._words(names.journeys, block[:, VISIT.JOURNEY]),
            pa.array(block[:, VISIT.NUMBER]),
            self._words(names.nodes, block[:, VISIT.NODE]),
            pa.array(block[:, VISIT.VISIT].astype(np.int32)),
            pa.array(block[:, VISIT.ATTEMPT].astype(np.int32)),
            self._words(names.stations, block[:, VISIT.STATION]),
            self._moments(block[:, VISIT.ENTER]),
            self._moments(start, start < 0),
            self._moments(block[:, VISIT.END]),
            self._words(OUTCOMES, block[:, VISIT.OUTCOME]),
        ]
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))

    def _words(self, names: list[str], numbers: npt.NDArray[np.int64]) -> Any:
        return self._arrow.array(np.array([*names, ""], object)[numbers], self._arrow.string())

    def _moments(self, us: Block, absent: npt.NDArray[np.bool_] | None = None) -> Any:
        numbers = self._arrow.array(us + self._names.start_us, mask=absent)
        return numbers.cast(self._arrow.timestamp("us")).cast(self._moment)

    def cases(self, block: Block) -> None:
        """Cases have no row of their own."""

    def __enter__(self) -> "ParquetPart":
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.close()
        self._file.close()


def join_parquet(path: Path, parts: list[Path]) -> None:
    """One Parquet file of `parts` in their order; they are removed."""
    import pyarrow as pa  # noqa: PLC0415 - an optional extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pa.OSFile(str(parts[0]), "rb") as first:
        schema = pa.ipc.open_stream(first).schema
    with pq.ParquetWriter(path, schema) as writer:
        waiting: list[Any] = []
        rows = 0
        for batch in _batches(pa, parts):
            waiting.append(batch)
            rows += batch.num_rows
            if rows >= _ROW_GROUP:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting, rows = [], 0
        if rows:
            writer.write_table(pa.Table.from_batches(waiting))


def _batches(pa: Any, parts: list[Path]) -> Iterator[Any]:
    for part in parts:
        with pa.OSFile(str(part), "rb") as file:
            yield from pa.ipc.open_stream(file)
        part.unlink()


def _schema(pa: Any, moment: Any) -> Any:
    types = {
        "replication": pa.int32(), "case": pa.int64(), "visit": pa.int32(), "attempt": pa.int32(),
        "enter": moment, "start": moment, "end": moment,
    }  # fmt: skip
    return pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
