"""Progress of a study on standard error: a bar on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Callable
from typing import Final

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from poligon.interruption import heed
from poligon.studies.listening import Listening
from poligon.terminal import LINE_EVERY_S, Terminal
from poligon.texts import PROCESSES, text
from reports.formatting import moment
from reports.phrases import Nouns
from rulebook import Language
from scenarios.completion import CompleteScenario
from world.calendar import Calendar

__all__ = ["RUNS", "StudyProgress", "progress_titled"]

RUNS: Final = Nouns(("прогон", "прогона", "прогонов"), ("run", "runs"))


def progress_titled(title_of: Callable[[CompleteScenario], str], lang: Language) -> Listening:
    """Progress on standard error under the title of the first scenario."""

    def listening(scenario: CompleteScenario) -> "StudyProgress":
        title = title_of(scenario)
        return StudyProgress(Terminal(stderr=True), title, scenario.calendar, lang)

    return listening


class StudyProgress:
    """A listener of a study named `title` that tells a console; a context that tidies up."""

    def __init__(self, console: Terminal, title: str, calendar: Calendar, lang: Language) -> None:
        self._console = console
        self._title = title
        self._calendar = calendar
        self._lang = lang
        self._point = ""
        self._done = 0
        self._reached: dict[int, int] = {}
        self._next_s = time.monotonic() + LINE_EVERY_S
        self._bar: Progress | None = None

    def __enter__(self) -> "StudyProgress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, runs: int | None, workers: int) -> None:
        """Say what runs."""
        known = {
            "name": self._title,
            "workers": PROCESSES.counted(workers, self._lang),
        }
        if runs is None:
            self._console.say(text("study_starts_open", self._lang, **known))
        else:
            runs_told = RUNS.counted(runs, self._lang)
            self._console.say(text("study_starts", self._lang, **known, runs=runs_told))
        if self._console.is_terminal:
            self._bar = Progress(
                BarColumn(), TextColumn("{task.fields[done]}"), TimeElapsedColumn(),
                TextColumn("{task.fields[told]}"), console=self._console, transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=runs, done="", told="")
            self._total = runs
            self._bar.start()

    def point(self, name: str) -> None:
        """The next point."""
        self._point = name
        self._reached.clear()
        self._show()

    def compiling(self) -> None:
        """Say so, above the bar if there is one."""
        self._console.say(text("compiling", self._lang))

    def reach(self, number: int, us: int) -> None:
        """Move on within runs."""
        heed()
        if us > 0:
            self._reached[number] = us
        self._show()

    def run(self) -> None:
        """One more run is there."""
        heed()
        self._done += 1
        self._show()

    def _show(self) -> None:
        if self._bar is not None:
            total = "" if self._total is None else f"/{self._total}"
            self._bar.update(
                self._task, completed=self._done, done=f"{self._done}{total}",
                told=escape(self._told()),
            )  # fmt: skip
        elif time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + LINE_EVERY_S
            self._console.say(text("study_point", self._lang, point=self._told(), done=self._done))

    def _told(self) -> str:
        if not self._reached:
            return self._point
        number = max(self._reached)
        when = moment(self._calendar.local(self._reached[number]), self._lang)
        return text("study_reached", self._lang, point=self._point, number=number + 1, moment=when)
