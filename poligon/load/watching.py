"""Who watches a load test: a bar on a terminal, now and then a line elsewhere."""

import time
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from poligon.terminal import LINE_EVERY_S
from poligon.texts import text
from reports.formatting import duration, number
from rulebook import Language

__all__ = ["LoadWatch", "Shown", "Unwatched"]


class LoadWatch(Protocol):
    """Told what a load test does, in its order; `reach` any number of times in each phase."""

    def phase(self, key: str, span_s: float | None = None, **words: object) -> None:
        """A phase begins: `key` of the table of texts; it takes about `span_s` seconds."""

    def reach(self, passed_s: float, requests: int) -> None:
        """How much of the phase has passed, and how many requests were answered in it."""

    def stop(self) -> None:
        """Nothing more will be told."""


class Unwatched:
    """A watch that shows nothing."""

    def phase(self, key: str, span_s: float | None = None, **words: object) -> None:
        """Nothing."""

    def reach(self, passed_s: float, requests: int) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""


class Shown:
    """Tells `console`."""

    def __init__(self, console: Console, lang: Language) -> None:
        self._console = console
        self._lang = lang
        self._span_s: float | None = None
        self._next_s = 0.0
        self._bar: Progress | None = None

    def phase(self, key: str, span_s: float | None = None, **words: object) -> None:
        """Say which."""
        self.stop()
        self._span_s = span_s
        self._next_s = time.monotonic() + LINE_EVERY_S
        self._say(text(key, self._lang, **words))
        if span_s is not None and self._console.is_terminal:
            self._bar = Progress(
                BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[told]}"),
                console=self._console, transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=span_s, told="")
            self._bar.start()

    def reach(self, passed_s: float, requests: int) -> None:
        """Move on."""
        told = self._told(passed_s, requests)
        if self._bar is not None:
            self._bar.update(self._task, completed=min(passed_s, self._span_s or 0.0), told=told)
        elif time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + LINE_EVERY_S
            self._say(told)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _told(self, passed_s: float, requests: int) -> str:
        words = {
            "passed": duration(passed_s, self._lang),
            "span": duration(self._span_s, self._lang),
            "requests": number(requests, self._lang),
        }
        return text("load_reached", self._lang, **words)

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
