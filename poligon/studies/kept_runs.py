"""Runs that a command keeps in the folder of its report."""

from pathlib import Path

from poligon.folders import writing
from sim.studies.journal import JOURNAL, Journal
from sim.studies.samples import Sample

__all__ = ["KeptRuns"]


class KeptRuns(Journal):
    """The journal in `folder`; both are made by the first run that is kept. What the system
    refuses, at once or with a disk that is full in mid-run, is an UnwritableError of the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with writing(folder):
            super().__init__(folder / JOURNAL)

    def add(self, key: str, sample: Sample) -> None:
        """Keep a run of a point."""
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            super().add(key, sample)
