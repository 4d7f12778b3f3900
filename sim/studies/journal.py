"""The journal of a study: runs that were made, so that an interrupted one goes on where it was."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Final

from scenarios.completion import CompleteScenario
from sim.experiments.objectives import TermShare
from sim.experiments.setting import Setting
from sim.experiments.sources import FIGURES, LIBRARIES, TWIN, sources_digest
from sim.studies.samples import Sample

__all__ = ["JOURNAL", "Journal", "point_key"]

JOURNAL: Final = "runs.jsonl"
_FORMAT: Final = 1


def point_key(scenario: CompleteScenario, setting: Setting, pilots: int) -> str:
    """What figures of a replication depend on, beside its number, as a digest.

    `pilots` bounds those that an automatic warm-up is taken from. The scenario counts as it was
    read, with data files, defaults and the rule book; so do Poligon's own sources and versions of
    libraries.
    """
    digest = hashlib.sha256()
    automatic = scenario.scenario.warmup == "auto"
    for part in (
        _FORMAT,
        scenario.scenario_hash,
        scenario.scenario,
        sorted(scenario.stations.items()),
        sorted(scenario.journeys.items()),
        sorted(scenario.instants.items()),
        scenario.book.version,
        setting.scale,
        setting.seed,
        pilots if automatic else 0,
        setting.fidelity,
        [version(name) for name in LIBRARIES],
        sources_digest((*FIGURES, *TWIN) if setting.fidelity == "twin" else FIGURES),
    ):
        digest.update(repr(part).encode() + b"\0")
    return digest.hexdigest()


class Journal:
    """A file of runs, one a line, written to as runs end; a context that closes it.

    A line is written by one call of the system and synced; the first one makes the file. What a
    killed process left of a line is not read, and the next line does not touch it; a run is then
    missing, never wrong. Raises OSError if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._runs: dict[str, dict[int, Sample]] = defaultdict(dict)
        content = path.read_bytes() if path.exists() else b""
        self._torn = bool(content) and not content.endswith(b"\n")
        for line in content.split(b"\n"):
            self._read(line)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)

    def samples(self, key: str) -> Mapping[int, Sample]:
        """Known runs of a point by their replication."""
        return self._runs[key]

    def add(self, key: str, sample: Sample) -> None:
        """Keep a run of a point."""
        line = {
            "point": key,
            "replication": sample.number,
            "figures": sample.figures,
            "shares": {name: [s.share, s.undue] for name, s in sample.shares.items()},
        }
        written = json.dumps(line, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        file = self._opened()
        while written:
            written = written[os.write(file, written) :]
        os.fsync(file)
        self._runs[key][sample.number] = sample

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            if self._torn:
                os.write(self._file, b"\n")
        return self._file

    def _read(self, line: bytes) -> None:
        try:
            content = json.loads(line)
            sample = Sample(
                content["replication"],
                content["figures"],
                {name: TermShare(*share) for name, share in content["shares"].items()},
            )
            self._runs[content["point"]][sample.number] = sample
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # torn by a kill, or somebody else's
